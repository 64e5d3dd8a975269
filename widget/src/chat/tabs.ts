/**
 * Tabs of one site share one connection: whichever holds the lock keeps it and passes on what it hears,
 * so that eight open pages do not use up a browser's six connections to a server.
 * Without Web Locks or BroadcastChannel (sandboxed frames) every tab looks after itself.
 */
export interface TabHandlers {
  /** This tab keeps the connection from now on (or must let it go). */
  lead(leading: boolean): void;
  /** Another tab asks what is known. */
  snapshot(): unknown;
  received(message: unknown): void;
}

interface Envelope {
  type: "ask" | "tell" | "here";
  body?: unknown;
}

const PATIENCE = 1500;

export class Tabs {
  #channel?: BroadcastChannel;
  #abort?: AbortController;
  #release?: () => void;
  #leading = false;
  #heardLeader = false;
  /** The claim by which this tab leads. */
  #held?: () => unknown;
  #asked?: ReturnType<typeof setTimeout>;

  constructor(
    private name: string,
    private handlers: TabHandlers,
  ) {}

  start(): void {
    if (this.#abort) return;
    this.#abort = new AbortController();
    try {
      if (!navigator.locks) throw new Error("no locks");
      const channel = (this.#channel = new BroadcastChannel(this.name));
      channel.onmessage = ({ data }: MessageEvent<Envelope>) => this.#hear(data);
      this.#compete(false);
      this.ask();
    } catch {
      this.#lead(true);
    }
  }

  /** Lets go of everything: a page in the back/forward cache may hold no lock and no channel. */
  stop(): void {
    clearTimeout(this.#asked);
    this.#abort?.abort();
    this.#abort = undefined;
    this.#lead(false);
    this.#release?.();
    this.#release = undefined;
    this.#channel?.close();
    this.#channel = undefined;
  }

  /** To the other tabs, if this one leads. */
  tell(body: unknown): void {
    if (this.#leading) this.#post({ type: "tell", body });
  }

  /** Asks the leader what is known; a leader that does not answer is asleep, and is replaced. */
  ask(): void {
    if (this.#leading || !this.#channel) return;
    this.#heardLeader = false;
    this.#post({ type: "ask" });
    clearTimeout(this.#asked);
    this.#asked = setTimeout(() => {
      if (!this.#leading && !this.#heardLeader && this.#abort) this.#compete(true);
    }, PATIENCE);
  }

  #compete(steal: boolean): void {
    const { signal } = this.#abort!;
    const held = () => {
      if (signal.aborted) return;
      this.#held = held;
      this.#lead(true);
      return new Promise<void>((resolve) => (this.#release = resolve));
    };
    navigator.locks.request(this.name, steal ? { steal } : { signal }, held).catch((error: Error) => {
      if (signal.aborted) return;
      if (error.name !== "AbortError") return this.#lead(true); // no locks for this origin: on our own
      // Stolen by this tab itself, which grew impatient just as it was its turn: it leads with the later claim.
      if (this.#held !== held) return;
      // Stolen while this tab slept: follow, and be ready to lead again.
      this.#lead(false);
      this.#compete(false);
    });
  }

  #lead(leading: boolean): void {
    if (leading === this.#leading) return;
    this.#leading = leading;
    this.handlers.lead(leading);
  }

  #hear({ type, body }: Envelope): void {
    if (type === "ask") {
      if (this.#leading) this.#post({ type: "here", body: this.handlers.snapshot() });
      return;
    }
    this.#heardLeader = true;
    if (!this.#leading) this.handlers.received(body);
  }

  #post(envelope: Envelope): void {
    this.#channel?.postMessage(envelope);
  }
}
