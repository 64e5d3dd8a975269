import { h } from "preact";
const glyph = (path: string) => () => (
  <svg viewBox="0 0 24 24" aria-hidden="true" class="icon">
    <path d={path} />
  </svg>
);

export const Close = glyph("M6.4 5 12 10.6 17.6 5 19 6.4 13.4 12 19 17.6 17.6 19 12 13.4 6.4 19 5 17.6 10.6 12 5 6.4Z");
export const More = glyph("M5 14a2 2 0 1 1 0-4 2 2 0 0 1 0 4Zm7 0a2 2 0 1 1 0-4 2 2 0 0 1 0 4Zm7 0a2 2 0 1 1 0-4 2 2 0 0 1 0 4Z");
export const Send = glyph("M3 3.5 21.5 12 3 20.5 5.3 13.3 13 12 5.3 10.7Z");
export const Camera = glyph("M9 4 7 6.5H2v14h20v-14h-5L15 4Zm3 13.5a4 4 0 1 1 0-8 4 4 0 0 1 0 8Zm0-2a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z");
export const Phone = glyph("M7.5 3 10 8 8.2 9.5a12.5 12.5 0 0 0 6.3 6.3L16 14l5 2.5-1 4A17 17 0 0 1 3.5 4Z");
export const Person = glyph("M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-8 8c0-8 16-8 16 0Z");
export const Down = glyph("M11 4h2v11.2l4.6-4.6L19 12l-7 7-7-7 1.4-1.4 4.6 4.6Z");
export const Check = glyph("m9.5 18-5.6-5.6 1.5-1.5 4.1 4.1L18.6 5.9l1.5 1.5Z");
export const Clock = glyph("M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm1 5v3.3l3 1.7-1 1.7-4-2.3V8Z");
export const Alert = glyph("M12 3 22.5 20.5h-21ZM11 9v5h2V9Zm0 6.5v2h2v-2Z");
export const Info = glyph("M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm-1 4h2v2h-2Zm0 4h2v6h-2Z");
export const File = glyph("M5 2.5h8.5l6 6v13H5Zm7.8 1.8v4h4Z");

/** The assistant's face: a comb of three needles over a drop of calm. Drawn, so that nothing is fetched. */
export const Assistant = () => (
  <svg viewBox="0 0 40 40" aria-hidden="true" class="face">
    <path d="M20 6.5c-18 0-18 16-8.6 21.2-.2 1.7-.9 3.2-2.1 4.4-.4.4-.1 1.1.5 1 2.8-.2 5.2-1.2 7.1-2.8 20.1 2 21.1-23.8 3.1-23.8Z" class="face-back" />
    <path d="M12.8 19.5c2.7-5.2 11.7-5.2 14.4 0" class="face-line" />
    <path d="M16 23.6c1.1 1.1 2.5 1.6 4 1.6s2.9-.5 4-1.6M20 10.5v3.4M15.3 11.6l1 3M24.7 11.6l-1 3" class="face-line" />
  </svg>
);

const initialsOf = (name: string) => {
  const words = name.replace(/^(dr|mrs?|ms|nurse|sister|prof)\.?\s+/i, "").split(/\s+/).filter(Boolean);
  return ((words[0]?.[0] ?? "") + (words.length > 1 ? words.at(-1)![0] : "")).toLocaleUpperCase();
};

export function Avatar({ author, name }: { author: string; name: string | null }) {
  return (
    <span class={`avatar ${author}`} aria-hidden="true">
      {author === "clinician" ? (name && initialsOf(name)) || <Person /> : <Assistant />}
    </span>
  );
}
