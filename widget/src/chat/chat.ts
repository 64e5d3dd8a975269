import { Connected } from "./connected";
import { personOf } from "./identity";
import { answerable, isMessage, type Message } from "./items";
import { chime } from "./sound";

export const MAX_TEXT = 4000;
/** How long a screen reader needs to have passed over what was put in above. */
const FILLING_PAUSE = 100;

/** One conversation on this page. The view draws it and calls its verbs. */
export class Chat extends Connected {
  /** Older messages are being put in: they are no news, while what comes meanwhile is. */
  filling = false;
  #fetchingOlder?: Promise<void>;

  /** For dates and times: the region too, where the page or the browser names one. */
  get region(): string {
    const { language } = this;
    return [this.host.config.locale, ...navigator.languages].find((locale) => locale.startsWith(`${language}-`)) ?? language;
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
    void this.clinic.refresh();
    this.link?.check();
    void this.open();
    this.changed();
  }

  /** The page's attributes changed: perhaps somebody signed in or out. */
  configChanged(): void {
    this.recognise(personOf(this.host.config.identity));
    this.changed();
  }

  /** The patient says: try again now. */
  retryConnection(): void {
    // Another request had failed: what is said arrives all the same.
    if (this.link?.live) this.setTrouble(null);
    void this.clinic.refresh(true);
    this.link?.check();
    void this.open();
    this.outbox.retry();
    this.changed();
  }

  sendText(text: string): void {
    this.sending.send({ text });
  }

  sendPhoto(file: File, text: string): void {
    this.sending.send({ file, text, kind: "photo" });
  }

  /** May a quick reply of this message still be pressed? */
  mayPress(asked: Message): boolean {
    return !this.expired && this.owner.owner === "bot" && answerable(this.items, asked);
  }

  pressButton(asked: Message, index: number): void {
    if (asked.id === null || !this.mayPress(asked)) return;
    asked.used = index;
    const title = asked.buttons.find((button) => button.index === index)?.title ?? "";
    this.sending.send({ text: title, button: { message_id: asked.id, index } });
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
    this.thread.remove(message);
    if (message.button) for (const item of this.items) if (isMessage(item) && item.id === message.button.message_id) item.used = undefined;
    if (edit) {
      this.draft = this.draft ? `${message.text}\n${this.draft}` : message.text;
      if (message.file) this.photo = message.file;
    }
    this.changed();
  }

  /** Brings the page of messages before those that are shown. */
  loadOlder(): Promise<void> {
    return (this.#fetchingOlder ??= this.#fetchOlder().finally(() => (this.#fetchingOlder = undefined)));
  }

  async #fetchOlder(): Promise<void> {
    const { token, id } = this.session;
    if (!token || !this.older) return;
    try {
      const { messages, more } = await this.api.older(token, this.thread.oldest);
      if (id !== this.session.id) return;
      this.filling = true;
      setTimeout(() => {
        this.filling = false;
        this.changed();
      }, FILLING_PAUSE);
      for (const message of messages) this.thread.take(message);
      this.older = more;
    } catch {
      // The button stays, to try again.
    }
    this.changed();
  }

  /** The conversation as it is in memory once all of it is; false if some could not be fetched. */
  async loadAll(): Promise<boolean> {
    for (let before = 0; this.older && before !== this.thread.oldest; ) {
      before = this.thread.oldest;
      await this.loadOlder();
    }
    return !this.older;
  }

  /** A file that a clinician has sent. */
  file(id: number): Promise<Blob> {
    return this.api.file(this.session.token!, id);
  }

  setSound(on: boolean): void {
    this.storage.set("sound", on ? "on" : null);
    if (on) chime();
    this.changed();
  }

  /** The assistant answers in the chat: what deletion means, and whether to ask for it. */
  async askDeletion(): Promise<void> {
    try {
      await this.api.askDeletion(this.session.token!);
    } catch {
      this.notice = this.words.errServer;
      this.setTrouble("down");
      this.link?.hurry();
    }
    this.changed();
  }

  /** Removes every trace from this device; the clinic keeps its record. */
  clear(): void {
    this.forget(false);
    for (const name of ["seen", "clinic", "sound"]) this.storage.set(name, null);
    this.changed();
  }
}
