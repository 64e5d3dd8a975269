import { area, type ClinicInfo, type Host, type ServerMessage } from "../shared/contract";
import { panelStrings, type Words } from "../strings/panel";
import { Api } from "./api";
import { Clinic } from "./clinic";
import { Conversation } from "./conversation";
import { personOf } from "./identity";
import type { Message } from "./items";
import { Link } from "./link";
import type { Outbox } from "./outbox";
import { Sending } from "./sending";
import { Session } from "./session";
import { chime } from "./sound";
import { Storage } from "./storage";
import type { StreamState } from "./stream";
import { listenAround } from "./surroundings";

export type Trouble = "reconnecting" | "offline" | "down" | null;

/** A conversation with its key, its connection to the server, and what is on its way there. */
export abstract class Connected extends Conversation {
  trouble: Trouble = null;
  expired = false;
  /** Said to screen readers once. */
  notice = "";
  draft = "";
  photo: File | null = null;

  readonly outbox: Outbox;
  protected storage: Storage;
  protected session: Session;
  protected api: Api;
  protected clinic: Clinic;
  protected sending: Sending;
  protected link?: Link;
  #person = "";
  #unread = 0;
  #scheduled = false;
  /** While opening failed: when it is tried again. */
  #unopened?: ReturnType<typeof setTimeout>;

  constructor(
    protected host: Host,
    private draw: () => void,
  ) {
    super();
    this.storage = new Storage(host.config.api, () => !!host.config.identity);
    this.session = new Session(this.storage);
    this.api = new Api(() => host.config.api, () => this.language);
    this.clinic = new Clinic(this.api, this.storage, () => this.#onClinic(), () => host.isOpen);
    this.sending = new Sending(this.api, host, {
      words: () => this.words,
      token: () => this.session.token,
      begun: (session, old) => this.#begun(session, old),
      place: (message) => this.thread.put(message),
      delivered: () => {
        // The server took it, so it is there: no need to sit out the stream's wait.
        this.#unopened = undefined;
        if (this.link?.live) this.setTrouble(null);
        else this.link?.hurry();
      },
      failed: (message, failure) => {
        if (failure.kind === "network" && !this.session.token) this.setTrouble("down");
        if (message.delivery === "failed") this.notice = this.words.notSentAnnounce;
      },
      expired: () => this.#expire(),
      changed: () => this.changed(),
    });
    this.outbox = this.sending.outbox;
    this.#person = personOf(host.config.identity);
    this.session.leaveOthers(this.#person);
    this.#connect();
    this.#listen();
  }

  get language(): string {
    return panelStrings(this.host.config.locale)[0];
  }

  get words(): Words {
    return panelStrings(this.host.config.locale)[1];
  }

  get info(): ClinicInfo | null {
    return this.clinic.info;
  }

  get assistant(): string {
    return this.info?.assistant || this.words.assistant;
  }

  get sound(): boolean {
    return !!this.storage.get("sound");
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

  /** Somebody else may sit here now: then it is their conversation. */
  protected recognise(person: string): void {
    if (person === this.#person) return;
    this.#person = person;
    this.#disconnect();
    this.session.leaveOthers(person);
    this.#reset(false);
    this.#connect();
    if (this.host.isOpen) void this.open();
  }

  /**
   * Goes on with the conversation of a signed-in patient, and opens the clinic's link that led here; tries again by
   * itself while anybody looks.
   */
  protected async open(): Promise<void> {
    const { enrolment, config } = this.host;
    if (!enrolment && (!config.identity || this.session.token)) return;
    try {
      await this.sending.open();
    } catch {
      clearTimeout(this.#unopened);
      this.#unopened = setTimeout(() => this.host.isOpen && void this.open(), 5000 + Math.random() * 5000);
      this.setTrouble("down");
      this.changed();
    }
  }

  #onClinic(): void {
    // With a conversation, its stream tells of trouble; without one, this request is all there is to go by.
    if (!this.session.token) {
      this.setTrouble(this.clinic.failed || this.#unopened ? "down" : null);
      this.endReplaySoon();
    }
    this.changed();
  }

  /** After the token ran out: a new conversation takes what was not sent. */
  startNew(): void {
    this.forget(true);
    this.outbox.paused = false;
    this.outbox.retry();
    this.changed();
  }

  // ---- the connection ----

  /** The server began a conversation, or gave another key to the one there is. */
  #begun({ token, conversation_id }: { token: string; conversation_id: unknown }, old: string | null): void {
    if (old && old === this.session.token) {
      if (conversation_id === this.session.id) return this.session.keep(token, conversation_id, this.#person);
      this.startNew();
    }
    // Another tab may have been quicker: one conversation, not two.
    if (!this.session.token) this.session.keep(token, conversation_id, this.#person);
    this.quiet = false;
    this.#connect();
  }

  #connect(): void {
    if (this.link || !this.session.token) return;
    this.link = new Link(this.api, this.storage.key(String(this.session.id)), () => this.session.token, {
      event: (event) => this.hear(event),
      state: (state, attempt) => this.#onState(state, attempt),
      snapshot: () => this.known,
      known: (known) => this.learn(known),
    });
  }

  #onState(state: StreamState, attempt: number): void {
    if (state === "expired") return this.#expire();
    if (state === "live") {
      this.setTrouble(null);
      this.endReplaySoon();
      this.outbox.resume();
      // One tab asks for all. Should it fail, the old key still opens the chat.
      if (this.link?.leads && this.session.isOld) this.sending.open().catch(() => {});
    } else if (state === "lost") {
      this.setTrouble(attempt > 2 ? "down" : "reconnecting");
      this.setTyping(null);
    }
    this.changed();
  }

  protected arrived(message: ServerMessage, own?: Message): void {
    if (own) this.outbox.remove(own);
    // One tab sounds for all.
    if (message.author !== "patient" && !this.quiet && this.sound && this.link?.leads && (document.hidden || !this.host.isOpen)) chime();
  }

  protected setTrouble(trouble: Trouble): void {
    this.trouble = trouble && !navigator.onLine ? "offline" : trouble;
  }

  #expire(): void {
    this.expired = true;
    this.outbox.paused = true;
    this.setTrouble(null);
    this.#disconnect();
    this.changed();
  }

  #disconnect(): void {
    this.link?.stop();
    this.link = undefined;
  }

  /** Leaves this conversation; unsent messages stay in memory if `keepUnsent`. */
  protected forget(keepUnsent: boolean): void {
    this.#disconnect();
    this.session.forget();
    this.#reset(keepUnsent);
  }

  #reset(keepUnsent: boolean): void {
    this.expired = false;
    this.setTrouble(null);
    if (!keepUnsent) {
      this.outbox.clear();
      this.outbox.paused = false;
      this.draft = "";
      this.photo = null;
    }
    this.empty(keepUnsent);
  }

  // ---- the page, the other tabs, the network ----

  #listen(): void {
    listenAround({
      online: () => {
        this.link?.hurry();
        this.outbox.resume();
        if (this.host.isOpen) void this.clinic.refresh();
      },
      offline: () => this.link?.drop(),
      left: () => this.link?.stop(),
      back: () => this.link?.resume(),
      looked: () => {
        this.link?.check();
        this.changed();
      },
      stored: (key, where, other) => {
        if (key === this.storage.key("seen") || key === this.storage.key("sound")) this.changed();
        if (key !== this.storage.key("token") || !other || where !== area(!!this.#person)) return;
        this.#disconnect();
        this.#reset(true);
        this.outbox.paused = false;
        this.quiet = true;
        this.#connect();
        this.outbox.resume();
        this.changed();
      },
    });
  }

  #countUnread(): void {
    const last = this.thread.newest;
    let seen = Number(this.storage.get("seen"));
    if (this.host.isOpen && !document.hidden && last > seen) this.storage.set("seen", String((seen = last)));
    let count = 0;
    for (const { id, author } of this.thread.messages) if (id > seen && (author === "bot" || author === "clinician")) count++;
    this.host.setUnread(count, count > this.#unread && !this.quiet);
    this.#unread = count;
  }
}
