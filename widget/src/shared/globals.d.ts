declare module "*.css" {
  const text: string;
  export default text;
}
/** Set by build.mjs: makes a new panel a new address, so a cached one never meets a newer loader. */
declare const PANEL_VERSION: string;
