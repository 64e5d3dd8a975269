const glyph = (path: string) => () => (
  <svg viewBox="0 0 24 24" aria-hidden="true" class="icon">
    <path d={path} />
  </svg>
);

export const Close = glyph("M6.4 5 12 10.6 17.6 5 19 6.4 13.4 12 19 17.6 17.6 19 12 13.4 6.4 19 5 17.6 10.6 12 5 6.4Z");
export const More = glyph("M5 14a2 2 0 1 1 0-4 2 2 0 0 1 0 4Zm7 0a2 2 0 1 1 0-4 2 2 0 0 1 0 4Zm7 0a2 2 0 1 1 0-4 2 2 0 0 1 0 4Z");
export const Send = glyph("M3.4 20.4 21.5 12.7c.6-.3.6-1.1 0-1.4L3.4 3.6c-.6-.3-1.2.3-1 .9l2.3 6.3 8.3 1.2-8.3 1.2-2.3 6.3c-.2.6.4 1.2 1 .9Z");
export const Camera = glyph("M9.3 4c-.6 0-1.1.3-1.4.8L7 6.5H4.5A2.5 2.5 0 0 0 2 9v9a2.5 2.5 0 0 0 2.5 2.5h15A2.5 2.5 0 0 0 22 18V9a2.5 2.5 0 0 0-2.5-2.5H17l-.9-1.7A1.6 1.6 0 0 0 14.7 4H9.3ZM12 17.5a4.3 4.3 0 1 1 0-8.6 4.3 4.3 0 0 1 0 8.6Zm0-1.8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z");
export const Phone = glyph("M6.6 3.2c.5-.2 1.1 0 1.4.5l1.7 2.9c.3.5.2 1.1-.2 1.5L8.3 9.3a12.5 12.5 0 0 0 6.4 6.4l1.2-1.2c.4-.4 1-.5 1.5-.2l2.9 1.7c.5.3.7.9.5 1.4l-.8 2.2c-.2.6-.8 1-1.5 1C10.5 20.1 3.9 13.5 3.4 5.5c0-.7.4-1.3 1-1.5l2.2-.8Z");
export const Person = glyph("M12 12a4.3 4.3 0 1 0 0-8.6 4.3 4.3 0 0 0 0 8.6Zm0 2c-4.4 0-8 2.3-8 5.2 0 .8.6 1.4 1.4 1.4h13.2c.8 0 1.4-.6 1.4-1.4 0-2.9-3.6-5.2-8-5.2Z");
export const Down = glyph("M11 4h2v11.2l4.6-4.6L19 12l-7 7-7-7 1.4-1.4 4.6 4.6Z");
export const Check = glyph("m9.5 18-5.6-5.6 1.5-1.5 4.1 4.1L18.6 5.9l1.5 1.5Z");
export const Clock = glyph("M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 16a7 7 0 1 1 0-14 7 7 0 0 1 0 14Zm1-11h-2v5l4 2.4 1-1.7-3-1.7Z");
export const Alert = glyph("M12 3.3c.5 0 .9.2 1.1.6l8.3 14.5c.5.9-.1 2-1.1 2H3.7c-1 0-1.6-1.1-1.1-2l8.3-14.5c.2-.4.6-.6 1.1-.6ZM11 9v5h2V9Zm0 6.5v2h2v-2Z");
export const Info = glyph("M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm-1 4h2v2h-2Zm0 4h2v6h-2Z");
export const File = glyph("M6.5 2.5h7l5 5v12a2 2 0 0 1-2 2h-10a2 2 0 0 1-2-2v-15a2 2 0 0 1 2-2Zm6.3 1.8v4h4Z");

/** The assistant's face: a comb of three needles over a drop of calm. Drawn, so that nothing is fetched. */
export const Assistant = () => (
  <svg viewBox="0 0 40 40" aria-hidden="true" class="face">
    <path d="M20 6.5c-7.7 0-13.5 5.3-13.5 12 0 3.7 1.9 7 4.9 9.2-.2 1.7-.9 3.2-2.1 4.4-.4.4-.1 1.1.5 1 2.8-.2 5.2-1.2 7.1-2.8 1 .2 2 .2 3.1.2 7.7 0 13.5-5.3 13.5-12s-5.8-12-13.5-12Z" class="face-back" />
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
