// A clinic's accent colour, made safe to read: text on it keeps 4.5:1 (links in it: launcher.css).

type Rgb = [number, number, number];

const parse = (hex: string): Rgb => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) as Rgb;
function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((part) => {
    const s = part / 255;
    return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Custom properties for a `#rrggbb` accent; nothing for anything else. */
export function accentProperties(accent: string): string {
  if (!/^#[0-9a-f]{6}$/i.test(accent)) return "";
  const dark = 1.05 / (luminance(parse(accent)) + 0.05) >= 4.5;
  return `--accent:${accent};--on-accent:${dark ? "#fff" : "#000"};--deep:${dark ? "#000" : "#fff"};`;
}
