import type { ClinicInfo } from "../shared/contract";
import type { Api } from "./api";
import { parse } from "./parse";
import type { Storage } from "./storage";

const FRESH = 5 * 60_000;

/**
 * The clinic's own details: its name, greeting, telephone. Kept between visits, so that the telephone
 * number can be shown when the server cannot.
 */
export class Clinic {
  info: ClinicInfo | null;
  failed = false;
  #fetched = 0;
  #timer?: ReturnType<typeof setTimeout>;

  constructor(
    private api: Api,
    private storage: Storage,
    private changed: () => void,
    private wanted: () => boolean,
  ) {
    this.info = parse<ClinicInfo>(storage.get("clinic"));
  }

  /** Fetches where what is known is old; tries again by itself while anybody looks. */
  async refresh(now = false): Promise<void> {
    if (!now && !this.failed && Date.now() - this.#fetched < FRESH) return;
    clearTimeout(this.#timer);
    try {
      this.info = await this.api.info();
      this.#fetched = Date.now();
      this.failed = false;
      this.storage.set("clinic", JSON.stringify(this.info));
    } catch {
      this.failed = true;
      this.#timer = setTimeout(() => this.wanted() && void this.refresh(), 5000 + Math.random() * 5000);
    }
    this.changed();
  }
}
