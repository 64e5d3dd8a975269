import { area, type CaseTier, type ClinicInfo, type Host, type Owner, type Seen, type ServerMessage, type TodayPlan } from "../shared/contract";
import { panelStrings, type Words } from "../strings/panel";
import { Api } from "./api";
import { Clinic } from "./clinic";
import { personOf } from "./identity";
import { answerable, isMessage, type Item, type Message } from "./items";
import { Link } from "./link";
import type { Outbox } from "./outbox";
import { parse } from "./parse";
import { Sending } from "./sending";
import { chime } from "./sound";
import { Storage } from "./storage";
import type { StreamEvent, StreamState } from "./stream";
import { Thread } from "./thread";

export const MAX_TEXT = 4000;
const TYPING_LASTS = 15_000;
/** Silence after which the replay of a conversation is taken to be over. */
const REPLAY_PAUSE = 500;
/** How long a screen reader needs to have passed over what was put in above. */
const FILLING_PAUSE = 100;

export type Trouble = "reconnecting" | "offline" | "down" | null;

/** One conversation as this browser knows it. The view draws it and calls its verbs. */
export class Chat {
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
  trouble: Trouble = null;
  expired = false;
  /** History is being filled in: nothing of it is news. */
  quiet = true;
  /** Older messages are being put in: they are no news, while what comes meanwhile is. */
  filling = false;
  /** Said to screen readers once. */
  notice = "";
  draft = "";
  photo: File | null = null;

  readonly outbox: Outbox;
  #storage: Storage;
  #api: Api;
  #clinic: Clinic;
  #sending: Sending;
  #link?: Link;
  #thread = new Thread();
  #person = "";
  #fetchingOlder?: Promise<void>;
  #replayTimer?: ReturnType<typeof setTimeout>;
  #typingTimer?: ReturnType<typeof setTimeout>;
  #unread = 0;
  #scheduled = false;

  constructor(
    private host: Host,
    private draw: () => void,
  ) {
    this.#storage = new Storage(host.config.api, () => !!host.config.identity);
    this.#api = new Api(() => host.config.api, () => this.language);
    this.#clinic = new Clinic(this.#api, this.#storage, () => this.#onClinic(), () => host.isOpen);
    this.#sending = new Sending(this.#api, {
      words: () => this.words,
      token: () => this.#token,
      identity: () => this.host.config.identity,
      begun: ({ token, conversation_id }, old) => {
        if (old && old === this.#token) this.startNew();
        // Another tab may have been quicker: one conversation, not two.
        if (!this.#token) this.#storage.set("token", JSON.stringify({ token, id: conversation_id, person: this.#person }));
        this.quiet = false;
        this.#connect();
      },
      place: (message) => this.#thread.put(message),
      delivered: () => {
        // The server took it, so it is there: no need to sit out the stream's wait.
        if (this.trouble && this.#link?.live) this.#setTrouble(null);
        else if (this.trouble) this.#link?.hurry();
      },
      failed: (message, failure) => {
        if (failure.kind === "network" && !this.#token) this.#setTrouble("down");
        if (message.delivery === "failed") this.notice = this.words.notSentAnnounce;
      },
      expired: () => this.#expire(),
      changed: () => this.changed(),
    });
    this.outbox = this.#sending.outbox;
    this.#person = personOf(host.config.identity);
    this.#leaveOthers();
    this.#connect();
    this.#listen();
  }

  get items(): Item[] {
    return this.#thread.items;
  }

  get language(): string {
    return panelStrings(this.host.config.locale)[0];
  }

  /** For dates and times: the region too, where the page or the browser names one. */
  get region(): string {
    const { language } = this;
    return [this.host.config.locale, ...navigator.languages].find((locale) => locale.startsWith(`${language}-`)) ?? language;
  }

  get words(): Words {
    return panelStrings(this.host.config.locale)[1];
  }

  get info(): ClinicInfo | null {
    return this.#clinic.info;
  }

  get phone(): string {
    return this.info?.phone || this.host.config.phone;
  }

  get emergency(): string {
    return this.info?.emergency_number || this.host.config.emergency || "999";
  }

  get started(): boolean {
    return this.items.some(isMessage);
  }

  // ---- verbs of the view ----

  /** The patient opened the panel. */
  opened(): void {
    void this.#clinic.refresh();
    this.#link?.check();
    void this.#open();
    this.changed();
  }

  /** The page's attributes changed: perhaps somebody signed in or out. */
  configChanged(): void {
    const person = personOf(this.host.config.identity);
    if (person !== this.#person) {
      this.#person = person;
      this.#disconnect();
      this.#leaveOthers();
      this.#reset(false);
      this.#connect();
      if (this.host.isOpen) void this.#open();
    }
    this.changed();
  }

  /** The patient says: try again now. */
  retryConnection(): void {
    void this.#clinic.refresh(true);
    this.#link?.check();
    void this.#open();
    this.outbox.retry();
  }

  sendText(text: string): void {
    this.#sending.send({ text });
  }

  sendPhoto(file: File, text: string): void {
    this.#sending.send({ file, text, kind: "photo" });
  }

  /** May a quick reply of this message still be pressed? */
  mayPress(asked: Message): boolean {
    return !this.expired && this.owner.owner === "bot" && answerable(this.items, asked);
  }

  pressButton(asked: Message, index: number): void {
    if (asked.id === null || !this.mayPress(asked)) return;
    asked.used = index;
    const title = asked.buttons.find((button) => button.index === index)?.title ?? "";
    this.#sending.send({ text: title, button: { message_id: asked.id, index } });
  }

  /** Begins the sentence that the plan needs; the patient ends it. */
  tellSession(): void {
    this.draft ||= this.words.sessionText;
    this.changed();
  }

  askForPerson(): void {
    const text = this.words.personText;
    if (!this.outbox.queue.some((message) => message.text === text)) this.sendText(text);
  }

  retry(message: Message): void {
    this.outbox.retry(message);
    this.changed();
  }

  /** Takes an unsent message back; its words return to the composer if `edit`. */
  discard(message: Message, edit = false): void {
    this.outbox.remove(message);
    this.#thread.remove(message);
    if (message.button) for (const item of this.items) if (isMessage(item) && item.id === message.button.message_id) item.used = undefined;
    if (edit) {
      this.draft = this.draft ? `${message.text}\n${this.draft}` : message.text;
      if (message.file) this.photo = message.file;
    }
    this.changed();
  }

  /** After the token ran out: a new conversation takes what was not sent. */
  startNew(): void {
    this.#forget(true);
    this.outbox.paused = false;
    this.outbox.retry();
    this.changed();
  }

  /** Brings the page of messages before those that are shown. */
  loadOlder(): Promise<void> {
    return (this.#fetchingOlder ??= this.#fetchOlder().finally(() => (this.#fetchingOlder = undefined)));
  }

  async #fetchOlder(): Promise<void> {
    const token = this.#token;
    if (!token || !this.older) return;
    try {
      const { messages, more } = await this.#api.older(token, this.#thread.oldest);
      if (token !== this.#token) return;
      this.filling = true;
      setTimeout(() => {
        this.filling = false;
        this.changed();
      }, FILLING_PAUSE);
      for (const message of messages) this.#thread.take(message);
      this.older = more;
    } catch {
      // The button stays, to try again.
    }
    this.changed();
  }

  /** The conversation as it is in memory once all of it is; false if some could not be fetched. */
  async loadAll(): Promise<boolean> {
    for (let before = 0; this.older && before !== this.#thread.oldest; ) {
      before = this.#thread.oldest;
      await this.loadOlder();
    }
    return !this.older;
  }

  get sound(): boolean {
    return !!this.#storage.get("sound");
  }

  setSound(on: boolean): void {
    this.#storage.set("sound", on ? "on" : null);
    if (on) chime();
    this.changed();
  }

  /** The assistant answers in the chat: what deletion means, and whether to ask for it. */
  async askDeletion(): Promise<void> {
    try {
      await this.#api.askDeletion(this.#token!);
    } catch {
      this.notice = this.words.errServer;
      this.#setTrouble("down");
      this.#link?.hurry();
    }
    this.changed();
  }

  /** Removes every trace from this device; the clinic keeps its record. */
  clear(): void {
    this.#forget(false);
    for (const name of ["seen", "clinic", "sound"]) this.#storage.set(name, null);
    this.changed();
  }

  changed(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#countUnread();
      this.draw();
    });
  }

  /** Goes on with the conversation of a signed-in patient, and opens the clinic's link that led here. */
  async #open(): Promise<void> {
    const { enrolment, config } = this.host;
    if (!enrolment && (!config.identity || this.#token)) return;
    this.host.enrolment = "";
    try {
      await this.#sending.open(enrolment);
    } catch {
      this.host.enrolment = enrolment;
      this.#setTrouble("down");
      this.changed();
    }
  }

  #onClinic(): void {
    // With a conversation, its stream tells of trouble; without one, this request is all there is to go by.
    if (!this.#token) {
      this.#setTrouble(this.#clinic.failed ? "down" : null);
      this.#endReplaySoon();
    }
    this.changed();
  }

  // ---- hearing ----

  get #session(): { token: string; id: unknown; person?: string } | null {
    return parse(this.#storage.get("token"));
  }

  /** Whoever was signed in on this tab before is not the one who sits here now. */
  #leaveOthers(): void {
    if ((this.#session?.person ?? "") !== this.#person) this.#storage.set("token", null);
  }

  get #token(): string | null {
    return this.#session?.token ?? null;
  }

  #connect(): void {
    if (this.#link || !this.#session) return;
    const { token, id } = this.#session;
    this.#link = new Link(this.#api, this.#storage.key(String(id)), token, {
      event: (event) => this.#onEvent(event),
      state: (state, attempt) => this.#onState(state, attempt),
      snapshot: () => ({
        messages: this.#thread.messages,
        lines: this.#thread.lines,
        owner: this.owner,
        openCase: this.openCase,
        today: this.today,
        seen: this.seen,
        older: this.older,
      }),
      known: ({ messages, lines, ...rest }) => {
        for (const message of messages) this.#onMessage(message);
        for (const line of lines) this.#thread.put(line);
        Object.assign(this, rest);
      },
    });
  }

  #onState(state: StreamState, attempt: number): void {
    if (state === "expired") return this.#expire();
    if (state === "live") {
      this.#setTrouble(null);
      this.#endReplaySoon();
      this.outbox.resume();
    } else if (state === "lost") {
      this.#setTrouble(attempt > 2 ? "down" : "reconnecting");
      this.#setTyping(null);
    }
    this.changed();
  }

  #onEvent({ id, event, data }: StreamEvent): void {
    const body = parse<any>(data);
    if (!body) return;
    const news = !this.quiet || !!id;
    if (event === "message") this.#onMessage(body);
    else if (event === "typing") this.#setTyping(body.on ? body : null);
    else if (event === "handoff") this.#onHandoff(body, news);
    else if (event === "today") this.today = body;
    else if (event === "seen") this.seen = body;
    else if (event === "history") this.older = body.more;
    else if (event === "case") {
      if (this.openCase && body.state === "closed" && news) this.#thread.tell(this.words.caseClosed);
      this.openCase = body.state === "open" ? (body.tier ?? "urgent") : null;
    }
    if (this.quiet) this.#endReplaySoon();
    this.changed();
  }

  #onMessage(message: ServerMessage): void {
    const { fresh, own } = this.#thread.take(message);
    if (!fresh) return;
    if (own) this.outbox.remove(own);
    if (message.author === "patient") return;
    this.#setTyping(null);
    // One tab sounds for all.
    if (!this.quiet && this.sound && this.#link?.leads && (document.hidden || !this.host.isOpen)) chime();
  }

  #onHandoff(owner: Owner, news: boolean): void {
    const { words } = this;
    const before = this.owner;
    this.owner = owner;
    this.#setTyping(null);
    if (!news || (before.owner === owner.owner && before.name === owner.name)) return;
    const nurse = owner.owner === "clinician";
    const name = owner.name || (nurse ? words.clinician : this.info?.assistant || words.assistant);
    this.#thread.tell(nurse ? words.nowClinician(owner.name && owner.role ? `${name} (${owner.role})` : name) : words.nowAssistant(name), name);
  }

  #setTyping(typing: Chat["typing"]): void {
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
  #endReplaySoon(): void {
    clearTimeout(this.#replayTimer);
    if (!this.quiet) return;
    this.#replayTimer = setTimeout(() => {
      this.quiet = false;
      this.changed();
    }, REPLAY_PAUSE);
  }

  #setTrouble(trouble: Trouble): void {
    this.trouble = trouble && !navigator.onLine ? "offline" : trouble;
  }

  #expire(): void {
    this.expired = true;
    this.outbox.paused = true;
    this.#setTrouble(null);
    this.#disconnect();
    this.changed();
  }

  #disconnect(): void {
    this.#link?.stop();
    this.#link = undefined;
  }

  /** Leaves this conversation; unsent messages stay in memory if `keepUnsent`. */
  #forget(keepUnsent: boolean): void {
    this.#disconnect();
    this.#storage.set("token", null);
    this.#reset(keepUnsent);
  }

  #reset(keepUnsent: boolean): void {
    this.expired = this.older = false;
    this.openCase = this.today = this.seen = null;
    this.owner = { owner: "bot", name: null, role: null };
    this.#setTyping(null);
    this.#setTrouble(null);
    if (!keepUnsent) {
      this.outbox.clear();
      this.outbox.paused = false;
      this.draft = "";
      this.photo = null;
    }
    this.#thread.forget(keepUnsent);
  }

  // ---- the page, the other tabs, the network ----

  #listen(): void {
    addEventListener("online", () => {
      this.#link?.hurry();
      this.outbox.resume();
      if (this.host.isOpen) void this.#clinic.refresh();
    });
    addEventListener("offline", () => this.#link?.drop());
    addEventListener("pagehide", () => this.#link?.stop());
    addEventListener("pageshow", (event) => event.persisted && this.#link?.resume());
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) return;
      this.#link?.check();
      this.changed();
    });
    addEventListener("storage", ({ key, oldValue, newValue, storageArea }) => {
      if (key === this.#storage.key("seen") || key === this.#storage.key("sound")) this.changed();
      if (key !== this.#storage.key("token") || newValue === oldValue || storageArea !== area(!!this.#person)) return;
      this.#disconnect();
      this.#reset(true);
      this.outbox.paused = false;
      this.quiet = true;
      this.#connect();
      this.outbox.resume();
      this.changed();
    });
  }

  #countUnread(): void {
    const last = this.#thread.newest;
    let seen = Number(this.#storage.get("seen"));
    if (this.host.isOpen && !document.hidden && last > seen) this.#storage.set("seen", String((seen = last)));
    let count = 0;
    for (const { id, author } of this.#thread.messages) if (id > seen && (author === "bot" || author === "clinician")) count++;
    this.host.setUnread(count, count > this.#unread && !this.quiet);
    this.#unread = count;
  }
}
