import { launcher as en, type LauncherStrings } from "./en";
import { launcher as es } from "./es";
import { pick } from "./pick";

/** Every language: the launcher knows its few words of each, and fetches the panel's (`aftercare-es.js`). */
const tables = { en, es };

export const launcherStrings = (locale: string): LauncherStrings => pick<LauncherStrings>(tables, locale)[1];

/** The language whose words the panel needs. */
export const languageToFetch = (locale: string): string => pick<LauncherStrings>(tables, locale)[0];
