import type { Api } from "./api";
import { patience } from "./patience";

export interface StreamEvent {
  id: string;
  event: string;
  data: string;
}

/** How many of the newest messages a conversation begins with. */
const FIRST = 30;

/** `live`: bytes are arriving. `lost`: trying again by itself. `expired`: the token no longer counts. */
export type StreamState = "connecting" | "live" | "lost" | "expired";

const SILENCE = 40_000; // the server says something every 15 s

/**
 * Server-sent events over fetch, which can send the token in a header (EventSource cannot).
 * Reconnects with jittered exponential back-off and asks for what was missed.
 */
export class EventStream {
  lastId = "";
  #attempt = 0;
  #abort?: AbortController;
  #timer?: ReturnType<typeof setTimeout>;
  #running = false;

  constructor(
    private api: Api,
    private token: () => string | null,
    private onEvent: (event: StreamEvent) => void,
    private onState: (state: StreamState, attempt: number) => void,
  ) {}

  start(): void {
    if (this.#running) return;
    this.#running = true;
    void this.#connect();
  }

  stop(): void {
    this.#running = false;
    clearTimeout(this.#timer);
    this.#abort?.abort();
  }

  /** The network is said to be back: do not sit out the rest of a wait. */
  hurry(): void {
    if (!this.#running || !this.#timer) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#connect(), Math.random() * 500);
  }

  /** The network is said to be gone: do not wait for silence to prove it. */
  drop(): void {
    this.#abort?.abort();
  }

  async #connect(): Promise<void> {
    this.#timer = undefined;
    const abort = (this.#abort = new AbortController());
    let watchdog: ReturnType<typeof setTimeout> | undefined;
    const heard = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => abort.abort(), SILENCE);
    };
    this.onState("connecting", this.#attempt);
    heard();
    let wait = 0;
    try {
      const response = await fetch(this.api.url(`events?newest=${FIRST}`), {
        headers: { ...this.api.headers(this.token()), Accept: "text/event-stream", ...(this.lastId ? { "Last-Event-ID": this.lastId } : {}) },
        cache: "no-store",
        credentials: "omit",
        signal: abort.signal,
      });
      if (response.status === 401) {
        this.#running = false;
        return this.onState("expired", 0);
      }
      if (response.ok && response.body) {
        this.onState("live", 0);
        const began = Date.now();
        await this.#read(response.body, heard);
        // A server that accepts and hangs up at once must not be asked ever faster.
        if (Date.now() - began > 2000) this.#attempt = 0;
      } else wait = 1000 * (Number(response.headers.get("Retry-After")) || 0);
    } catch {
      // Aborted, refused or cut off: all alike, try again.
    } finally {
      clearTimeout(watchdog);
    }
    if (!this.#running) return;
    this.#attempt++;
    this.onState("lost", this.#attempt);
    this.#timer = setTimeout(() => void this.#connect(), Math.max(wait, patience(this.#attempt)));
  }

  async #read(body: ReadableStream<Uint8Array>, heard: () => void): Promise<void> {
    const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
    let rest = "";
    let event: StreamEvent = { id: "", event: "message", data: "" };
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      heard();
      const lines = (rest + value).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop()!;
      for (const line of lines) {
        if (!line) {
          if (event.data) {
            if (event.id) this.lastId = event.id;
            this.onEvent(event);
          }
          event = { id: "", event: "message", data: "" };
          continue;
        }
        const [, field, text] = /^([^:]*):? ?(.*)/s.exec(line)!;
        if (field === "data") event.data += (event.data ? "\n" : "") + text;
        else if (field === "event" || field === "id") event[field] = text!;
      }
    }
  }
}
