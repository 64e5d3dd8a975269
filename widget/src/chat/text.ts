/** A message in pieces: plain text, and the links that may be followed (https and telephone, nothing else). */
export type Piece = string | { href: string; text: string };

const LINK = /https:\/\/[^\s<>"'`\\]+|\+?\(?\d[\d\s().\u2011-]{5,}\d|\b\d{3}\b/g;
const EMERGENCY = new Set(["999", "112", "911", "111", "000", "061"]);

function phone(found: string, before: string, known: Set<string>): string | null {
  const digits = found.replace(/[^\d+]/g, "");
  if (known.has(digits)) return digits;
  const count = digits.replace("+", "").length;
  // 2026-11-22, 10 000 000 and 14:05 are not telephone numbers; those begin with + or 0.
  return /^(\+|\(?0)/.test(found) && count >= 7 && count <= 15 && !/[\w/.:-]$/.test(before) ? digits : null;
}

export function pieces(text: string, numbers: string[]): Piece[] {
  const known = new Set(numbers.map((number) => number.replace(/[^\d+]/g, "")).filter(Boolean));
  const found: Piece[] = [];
  let done = 0;
  for (const match of text.matchAll(LINK)) {
    let [part] = match;
    let href: string | null;
    let at = match.index;
    if (part.startsWith("(") && !part.includes(")")) {
      // The bracket around a number is no part of it.
      part = part.slice(1);
      at += 1;
    }
    if (part.startsWith("https:")) {
      part = part.replace(/[.,;:!?)\]}»”’]+$/, "");
      href = part[8] ? part : null; // "https://..." alone is none
    } else {
      const number = part.length === 3 ? (known.has(part) || EMERGENCY.has(part) && !/[\w.,£$€-]$/.test(text.slice(0, at)) && !/^([.,]?\d|\s?(mg|ml|mm|%))/.test(text.slice(at + 3)) ? part : null) : phone(part, text.slice(0, at), known);
      href = number && `tel:${number}`;
    }
    if (!href) continue;
    if (at > done) found.push(text.slice(done, at));
    found.push({ href, text: part });
    done = at + part.length;
  }
  if (done < text.length) found.push(text.slice(done));
  return found;
}

export const telephone = (number: string) => `tel:${number.replace(/[^\d+]/g, "")}`;
