import type { ServerMessage } from "../shared/contract";
import { fromServer, isMessage, markUsed, place, type Item, type Line, type Message } from "./items";

/** A handoff and the server's own words about it, this close together, are told once. */
const SAME_NEWS = 5_000;

/** The messages of one conversation and the lines between them, in order, each once. */
export class Thread {
  items: Item[] = [];
  #known = new Map<number, ServerMessage>();
  #systemSaid = { text: "", at: 0 };
  #lines = 0;

  get messages(): ServerMessage[] {
    return [...this.#known.values()];
  }

  get lines(): Line[] {
    return this.items.filter((item) => !isMessage(item)) as Line[];
  }

  /** The server's number of the last message; 0 without any. */
  get newest(): number {
    return Math.max(0, ...this.#known.keys());
  }

  get oldest(): number {
    return Math.min(...this.#known.keys());
  }

  put(item: Item): void {
    this.items = place(this.items, item);
  }

  /** Takes in what the server told. Out: whether it is new, and the patient's own message that it confirms. */
  take(message: ServerMessage): { fresh: boolean; own?: Message } {
    if (this.#known.has(message.id)) return { fresh: false };
    this.#known.set(message.id, message);
    const own = this.items.find(
      (item): item is Message => isMessage(item) && (item.id === message.id || (!!item.clientId && item.clientId === message.client_message_id)),
    );
    if (own) {
      Object.assign(own, { id: message.id, at: message.at, delivery: "sent", problem: undefined, progress: undefined, hopeless: false });
      if (message.text) own.text = message.text;
    }
    this.put(own ?? fromServer(message));
    markUsed(this.items);
    if (message.author === "system") {
      this.#systemSaid = { text: message.text, at: Date.now() };
      this.items = this.items.filter(
        (item) => isMessage(item) || !item.mentions || Date.now() - Date.parse(item.at) > SAME_NEWS || !message.text.includes(item.mentions),
      );
    }
    return { fresh: true, own };
  }

  /** A line of ours after the last message; not where the server has just said the same of `mentions`. */
  tell(text: string, mentions?: string): void {
    if (mentions && Date.now() - this.#systemSaid.at < SAME_NEWS && this.#systemSaid.text.includes(mentions)) return;
    const id = this.newest;
    this.put({ type: "line", key: `line ${id} ${++this.#lines}`, id, text, at: new Date().toISOString(), ...(mentions ? { mentions } : {}) });
  }

  remove(message: Message): void {
    this.items = this.items.filter((item) => item !== message);
  }

  /** Forgets the conversation; what the server has not got stays if `keepUnsent`. */
  forget(keepUnsent: boolean): void {
    this.#known.clear();
    this.items = keepUnsent ? this.items.filter((item) => isMessage(item) && item.id === null) : [];
  }
}
