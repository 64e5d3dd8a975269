import { registry } from "../shared/registry";
import type { PanelStrings } from "./en";
import { pick } from "./pick";

export type Words = PanelStrings;

/** The language actually used (for `lang`), and its strings. */
export const panelStrings = (locale: string): [string, Words] => pick(registry().strings, locale);
