import { launcher as en, type LauncherStrings } from "./en";
import { launcher as es } from "./es";
import { languageOf, pick } from "./pick";

/** Every language: the launcher knows its few words of each, and fetches the panel's (`aftercare-es.js`). */
const tables = { en, es };

export const launcherStrings = (locale: string): LauncherStrings => pick(tables, locale)[1];

/** The language whose words must be fetched beside the panel; English is in it. */
export const languageToFetch = (locale: string): string | null => {
  const language = languageOf(locale);
  return language !== "en" && Object.hasOwn(tables, language) ? language : null;
};
