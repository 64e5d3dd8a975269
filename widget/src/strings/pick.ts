export const languageOf = (locale: string) => locale.toLowerCase().split("-")[0]!;

/** The table of the locale's language, or English, or what there is; with the language's code. */
export function pick<T>(tables: Record<string, T>, locale: string): [string, T] {
  const language = [languageOf(locale), "en", Object.keys(tables)[0]!].find((code) => Object.hasOwn(tables, code))!;
  return [language, tables[language]!];
}

const RIGHT_TO_LEFT = /^(ar|he|fa|ur|ps|sd|yi|dv|ckb)\b/i;
export const isRightToLeft = (locale: string) => RIGHT_TO_LEFT.test(locale);
