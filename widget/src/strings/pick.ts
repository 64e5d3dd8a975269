export const languageOf = (locale: string) => locale.toLowerCase().split("-")[0]!;

/** The table of the locale's language, or English, with the language's code. */
export function pick<T>(tables: { en: T } & Record<string, T>, locale: string): [string, T] {
  const language = languageOf(locale);
  return Object.hasOwn(tables, language) ? [language, tables[language]!] : ["en", tables.en];
}

const RIGHT_TO_LEFT = /^(ar|he|fa|ur|ps|sd|yi|dv|ckb)\b/i;
export const isRightToLeft = (locale: string) => RIGHT_TO_LEFT.test(locale);
