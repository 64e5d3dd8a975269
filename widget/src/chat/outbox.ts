import { ApiError, type Failure } from "./api";
import type { Message } from "./items";
import { patience } from "./patience";

/** How one message is sent; resolves with the server's number once it is stored. */
export type Deliver = (message: Message, signal: AbortSignal) => Promise<number | null>;

/** Tries of a message that the server answers with an error, before the patient is asked. */
const SERVER_TRIES = 3;

/**
 * The patient's unsent messages, in memory, in order (but words before photos), one at a time. A message keeps its
 * id from the first try to the last, so that the server stores it once however often it arrives.
 */
export class Outbox {
  readonly queue: Message[] = [];
  #busy?: AbortController;
  #timer?: ReturnType<typeof setTimeout>;
  #tries = 0;
  #toldToWait = false;
  paused = false;

  constructor(
    private deliver: Deliver,
    private on: {
      changed(): void;
      delivered(message: Message, id: number | null): void;
      failed(message: Message, failure: Failure): void;
      expired(): void;
    },
  ) {}

  add(message: Message): void {
    message.delivery = "queued";
    // Words may be urgent and wait for no photo, whose upload begins anew after them.
    const photo = message.file ? -1 : this.queue.findIndex(({ file }) => file);
    if (photo < 0) this.queue.push(message);
    else this.queue.splice(photo, 0, message);
    if (!photo) {
      this.queue[1]!.delivery = "queued";
      this.#busy?.abort();
      this.resume();
    } else void this.#pump();
  }

  /** Now, not when the timer rings; `message`, where it had been given up, goes back in first. */
  retry(message?: Message): void {
    if (message && !this.queue.includes(message)) {
      message.hopeless = false;
      message.problem = undefined;
      message.delivery = "queued";
      this.queue.push(message);
      this.queue.sort((a, b) => a.at.localeCompare(b.at));
    }
    this.#tries = 0;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    void this.#pump();
  }

  /** The network is back: as `retry`, but a server that asked for patience gets it. */
  resume(): void {
    if (this.queue.length && !(this.#toldToWait && this.#timer)) this.retry();
  }

  /** Confirmed by the stream before the answer to the request came back, or taken back by the patient. */
  remove(message: Message): void {
    const at = this.queue.indexOf(message);
    if (at < 0) return;
    this.queue.splice(at, 1);
    if (at === 0) this.#busy?.abort();
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#busy?.abort();
    this.queue.length = 0;
  }

  async #pump(): Promise<void> {
    if (this.#busy || this.paused || this.#timer) return;
    for (;;) {
      const message = this.queue[0];
      if (!message || this.paused) return;
      const busy = (this.#busy = new AbortController());
      message.delivery = "sending";
      message.problem = undefined;
      this.on.changed();
      let failure: Failure | undefined;
      let id: number | null = null;
      try {
        id = await this.deliver(message, busy.signal);
      } catch (error) {
        failure = error instanceof ApiError ? error.failure : { kind: "network" };
      }
      this.#busy = undefined;
      if (this.queue[0] !== message) continue; // settled some other way meanwhile
      if (!failure) {
        this.#tries = 0;
        this.queue.shift();
        this.on.delivered(message, id);
        continue;
      }
      if (failure.kind === "expired") {
        message.delivery = "queued";
        this.paused = true;
        this.on.expired();
        return;
      }
      if (failure.kind === "refused" || failure.kind === "cancelled") {
        this.queue.shift();
        message.delivery = "failed";
        message.hopeless = failure.kind === "refused";
        this.on.failed(message, failure);
        continue;
      }
      return this.#later(message, failure);
    }
  }

  #later(message: Message, failure: Failure): void {
    this.#tries++;
    const givingUp = failure.kind !== "network" && failure.kind !== "rate" && this.#tries >= SERVER_TRIES;
    message.delivery = givingUp ? "failed" : "queued";
    this.on.failed(message, failure);
    // Given up: it stays at the head, so that order holds, until the patient or a reconnect says go.
    if (givingUp) return;
    this.#toldToWait = failure.kind === "rate";
    const wait = failure.kind === "rate" ? failure.seconds * 1000 : patience(this.#tries);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#pump();
    }, wait);
  }
}
