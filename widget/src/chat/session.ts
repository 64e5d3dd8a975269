import { parse } from "./parse";
import type { Storage } from "./storage";

/** After so long the server gives another key (bot/channels/web/tokens.py). */
const EXCHANGED_AFTER = 30 * 86_400_000;

interface Kept {
  token: string;
  id: unknown;
  /** Who was signed in on the clinic's portal; empty for visitors. */
  person?: string;
  /** When this browser got the key. */
  since?: number;
}

/** The key to the conversation, as this browser keeps it for all its tabs. */
export class Session {
  constructor(private storage: Storage) {}

  get #kept(): Kept | null {
    return parse(this.storage.get("token"));
  }

  get token(): string | null {
    return this.#kept?.token ?? null;
  }

  get id(): unknown {
    return this.#kept?.id;
  }

  /** It is time to exchange the key. That of a signed-in patient goes with the tab. */
  get isOld(): boolean {
    const kept = this.#kept;
    return !!kept && !kept.person && Date.now() - (kept.since ?? 0) > EXCHANGED_AFTER;
  }

  keep(token: string, id: unknown, person: string): void {
    this.storage.set("token", JSON.stringify({ token, id, person, since: Date.now() } satisfies Kept));
  }

  forget(): void {
    this.storage.set("token", null);
  }

  /** Whoever was signed in on this tab before is not the one who sits here now. */
  leaveOthers(person: string): void {
    if ((this.#kept?.person ?? "") !== person) this.forget();
  }
}
