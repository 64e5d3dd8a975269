import type { Registry } from "./contract";

declare global {
  interface Window {
    aftercareWidget?: Registry;
  }
}

/** Where the separately loaded scripts find each other. */
export const registry = (): Registry => (window.aftercareWidget ??= { strings: {} });
