import type { CaseTier, Owner, Seen, ServerMessage, TodayPlan } from "../shared/contract";
import type { Words } from "../strings/panel";
import type { Item, Message } from "./items";
import type { Known } from "./link";
import { parse } from "./parse";
import type { StreamEvent } from "./stream";
import { Thread } from "./thread";

const TYPING_LASTS = 15_000;
/** Silence after which the replay of a conversation is taken to be over. */
const REPLAY_PAUSE = 500;

/** What this browser knows of one conversation: all of it told by the server. */
export abstract class Conversation {
  owner: Owner = { owner: "bot", name: null, role: null };
  /** How urgent the open case is; null without one. */
  openCase: CaseTier | null = null;
  /** What the care plan says of today; null until the server told. */
  today: TodayPlan | null = null;
  /** Up to where a member of the team has read; null while nobody has. */
  seen: Seen | null = null;
  /** There are messages before the first that is shown. */
  older = false;
  typing: { author: string; name: string | null } | null = null;
  /** History is being filled in: nothing of it is news. */
  quiet = true;

  protected thread = new Thread();
  #replayTimer?: ReturnType<typeof setTimeout>;
  #typingTimer?: ReturnType<typeof setTimeout>;

  abstract readonly words: Words;
  /** The assistant's name. */
  abstract readonly assistant: string;
  abstract changed(): void;
  /** A message is new here; `own`: the patient's, whose arrival it confirms. */
  protected abstract arrived(message: ServerMessage, own?: Message): void;

  get items(): Item[] {
    return this.thread.items;
  }

  /** All of it, for another tab. */
  protected get known(): Known {
    const { thread, owner, openCase, today, seen, older } = this;
    return { messages: thread.messages, lines: thread.lines, owner, openCase, today, seen, older };
  }

  /** What another tab knows. */
  protected learn({ messages, lines, ...rest }: Known): void {
    for (const message of messages) this.#take(message);
    for (const line of lines) this.thread.put(line);
    Object.assign(this, rest);
  }

  protected hear({ id, event, data }: StreamEvent): void {
    const body = parse<any>(data);
    if (!body) return;
    const news = !this.quiet || !!id;
    if (event === "message") this.#take(body);
    else if (event === "typing") this.setTyping(body.on ? body : null);
    else if (event === "handoff") this.#handOver(body, news);
    else if (event === "today") this.today = body;
    else if (event === "seen") this.seen = body;
    else if (event === "history") this.older = body.more;
    else if (event === "case") {
      if (this.openCase && body.state === "closed" && news) this.thread.tell(this.words.caseClosed);
      this.openCase = body.state === "open" ? (body.tier ?? "urgent") : null;
    }
    if (this.quiet) this.endReplaySoon();
    this.changed();
  }

  protected setTyping(typing: Conversation["typing"]): void {
    clearTimeout(this.#typingTimer);
    this.typing = typing;
    if (typing) {
      this.#typingTimer = setTimeout(() => {
        this.typing = null;
        this.changed();
      }, TYPING_LASTS);
    }
  }

  /** Once the burst of history is over, what comes is news. */
  protected endReplaySoon(): void {
    clearTimeout(this.#replayTimer);
    if (!this.quiet) return;
    this.#replayTimer = setTimeout(() => {
      this.quiet = false;
      this.changed();
    }, REPLAY_PAUSE);
  }

  /** Nothing is known any more; unsent messages stay if `keepUnsent`. */
  protected empty(keepUnsent: boolean): void {
    this.older = false;
    this.openCase = this.today = this.seen = null;
    this.owner = { owner: "bot", name: null, role: null };
    this.setTyping(null);
    this.thread.forget(keepUnsent);
  }

  #take(message: ServerMessage): void {
    const { fresh, own } = this.thread.take(message);
    if (!fresh) return;
    if (message.author !== "patient") this.setTyping(null);
    this.arrived(message, own);
  }

  #handOver(owner: Owner, news: boolean): void {
    const { words, owner: before } = this;
    this.owner = owner;
    this.setTyping(null);
    if (!news || (before.owner === owner.owner && before.name === owner.name)) return;
    const nurse = owner.owner === "clinician";
    const name = owner.name || (nurse ? words.clinician : this.assistant);
    this.thread.tell(nurse ? words.nowClinician(owner.name && owner.role ? `${name} (${owner.role})` : name) : words.nowAssistant(name), name);
  }
}
