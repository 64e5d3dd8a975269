import { area, storageKey } from "../shared/contract";

/**
 * What is kept in the browser: the token, the number of the last message seen, whether to sound, and the
 * clinic's own contact details. Never a patient's words. Where storage is refused or full, it lasts as long as the page.
 */
export class Storage {
  #memory = new Map<string, string>();

  constructor(
    private api: string,
    private identified: () => boolean,
  ) {}

  key(name: string): string {
    return storageKey(this.api, name);
  }

  get(name: string): string | null {
    const kept = this.#memory.get(name);
    if (kept) return kept;
    try {
      return this.#area(name).getItem(this.key(name));
    } catch {
      return null;
    }
  }

  set(name: string, value: string | null): void {
    this.#memory.delete(name);
    try {
      if (value === null) this.#area(name).removeItem(this.key(name));
      else this.#area(name).setItem(this.key(name), value);
    } catch {
      if (value) this.#memory.set(name, value);
    }
  }

  #area(name: string) {
    return area(name === "token" && this.identified());
  }
}
