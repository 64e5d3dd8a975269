import type { Author, ServerFile, ServerMessage } from "../shared/contract";

export type Delivery = "queued" | "sending" | "sent" | "failed";

export interface Message {
  type: "message";
  /** Stays the same from draft to confirmed, so that the page neither redraws nor re-announces it. */
  key: string;
  id: number | null;
  clientId: string | null;
  author: Author;
  name: string | null;
  role: string | null;
  text: string;
  buttons: ServerMessage["buttons"];
  kind: ServerMessage["kind"];
  at: string;
  /** A clinician's. */
  files?: ServerFile[];
  /** Own messages only. */
  delivery?: Delivery;
  problem?: string;
  /** The same request would be refused again: offer to change it, not to repeat it. */
  hopeless?: boolean;
  file?: File;
  progress?: number;
  button?: { message_id: number; index: number };
  /** Of a message with buttons: the one that was pressed. */
  used?: number;
}

/** Something that happened, told in the conversation: a handoff, a closed case. */
export interface Line {
  type: "line";
  key: string;
  /** The message it follows. */
  id: number;
  text: string;
  at: string;
  /** A name: should the server say the same in its own words, this line gives way. */
  mentions?: string;
}

export type Item = Message | Line;

export const isMessage = (item: Item): item is Message => item.type === "message";
export const isPending = (item: Item): item is Message => isMessage(item) && item.id === null;

export function fromServer(message: ServerMessage): Message {
  const { id, author, name, role, kind, files, at } = message;
  const own = author === "patient";
  return {
    type: "message",
    key: own && message.client_message_id ? message.client_message_id : `m${id}`,
    id, clientId: message.client_message_id, author, name, role, kind, files, at,
    text: message.text ?? "",
    buttons: message.buttons ?? [],
    ...(own ? { delivery: "sent" as const } : {}),
  };
}

/** Puts an item where it belongs: confirmed ones by the server's number, then those still to be sent. */
export function place(items: Item[], item: Item): Item[] {
  const others = items.filter((other) => other.key !== item.key);
  let at = others.length;
  if (item.id !== null) {
    while (at > 0 && (isPending(others[at - 1]!) || others[at - 1]!.id! > item.id)) at--;
  }
  others.splice(at, 0, item);
  return others;
}

/** Marks the buttons that the patient has answered, as far as the transcript tells. */
export function markUsed(items: Item[]): void {
  let asked: Message | undefined;
  for (const item of items) {
    if (!isMessage(item)) continue;
    if (item.buttons.length) asked = item;
    else if (item.author === "patient" && asked && asked.used === undefined) {
      const chosen = asked.buttons.find((button) => button.title.trim() === item.text.trim());
      if (chosen) asked.used = chosen.index;
    }
  }
}

/** Buttons wait for an answer until one is pressed, or until the patient or a clinician says something later. */
export function answerable(items: Item[], asked: Message): boolean {
  const said = (item: Item) => isMessage(item) && (item.author === "patient" || item.author === "clinician");
  return asked.used === undefined && !items.slice(items.indexOf(asked) + 1).some(said);
}
