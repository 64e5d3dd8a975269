// Injected by build.mjs wherever JSX stands: smaller than the automatic runtime.
export { h, Fragment } from "preact";
