import type { Host } from "../shared/contract";
import type { Words } from "../strings/panel";
import type { Api, Failure } from "./api";
import type { Message } from "./items";
import { Outbox } from "./outbox";
import { uuid } from "./uuid";

/** What sending needs of the conversation, and tells it. */
export interface SendingHandlers {
  words(): Words;
  token(): string | null;
  /** The server began a conversation: the first, or one in place of `old`, which it no longer knows. */
  begun(session: { token: string; conversation_id: unknown }, old: string | null): void;
  /** A message is new or has got its number: it is to be put where it belongs. */
  place(message: Message): void;
  /** The server took a message, or opened the conversation. */
  delivered(): void;
  failed(message: Message, failure: Failure): void;
  expired(): void;
  changed(): void;
}

/** The patient's words on their way to the server. */
export class Sending {
  readonly outbox: Outbox;
  #starting?: Promise<string>;

  constructor(
    private api: Api,
    private host: Pick<Host, "config" | "enrolment">,
    private on: SendingHandlers,
  ) {
    this.outbox = new Outbox((message, signal) => this.#deliver(message, signal), {
      changed: () => on.changed(),
      delivered: (message, id) => this.#delivered(message, id),
      failed: (message, failure) => this.#failed(message, failure),
      expired: () => on.expired(),
    });
  }

  send(part: Pick<Message, "text"> & Partial<Message>): void {
    const clientId = uuid();
    const message: Message = {
      type: "message", key: clientId, clientId, id: null, author: "patient", name: null, role: null,
      buttons: [], kind: "text", at: new Date().toISOString(), ...part,
    };
    this.on.place(message);
    this.outbox.add(message);
    this.on.changed();
  }

  async #deliver(message: Message, signal: AbortSignal): Promise<number | null> {
    const token = await this.#ensureToken();
    const { clientId, text, button, file } = message;
    signal.throwIfAborted();
    if (file) {
      const form = new FormData();
      form.append("client_message_id", clientId!);
      if (text) form.append("text", text);
      form.append("file", file, file.name);
      const progress = (share: number) => {
        message.progress = share;
        this.on.changed();
      };
      return (await this.api.upload(token, form, progress, signal)).message_id ?? null;
    }
    return (await this.api.send(token, { client_message_id: clientId, ...(button ? { button } : { text }) })).message_id;
  }

  /** Opens the conversation, beginning it where there is none; in it, what the clinic's link says. */
  async open(): Promise<void> {
    await this.#starting;
    await this.#begin();
  }

  #ensureToken(): Promise<string> {
    const token = this.on.token();
    return token ? Promise.resolve(token) : this.#begin();
  }

  #begin(): Promise<string> {
    const { host, on } = this;
    const old = on.token();
    const { enrolment, config } = host;
    return (this.#starting ??= this.api
      .start(old, enrolment, config.identity)
      .then((session) => {
        if (host.enrolment === enrolment) host.enrolment = "";
        on.delivered();
        if (session.token !== old) on.begun(session, old);
        return on.token()!;
      })
      .finally(() => (this.#starting = undefined)));
  }

  #delivered(message: Message, id: number | null): void {
    message.delivery = "sent";
    message.progress = undefined;
    if (id !== null && message.id === null) {
      message.id = id;
      this.on.place(message);
    }
    this.on.delivered();
    this.on.changed();
  }

  #failed(message: Message, failure: Failure): void {
    const words = this.on.words();
    message.progress = undefined;
    message.problem =
      failure.kind === "rate" ? words.errRate(failure.seconds)
      : failure.kind === "timeout" ? words.errTimeout
      : failure.kind === "server" ? words.errServer
      : failure.kind !== "refused" ? undefined
      : failure.status === 413 ? words.errTooBig
      : failure.status === 415 ? words.photoWrongType
      : failure.said || words.errRefused;
    this.on.failed(message, failure);
    this.on.changed();
  }
}
