export function parse<T>(json: string | null): T | null {
  try {
    return json ? JSON.parse(json) : null;
  } catch {
    return null;
  }
}
