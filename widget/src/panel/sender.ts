import type { Chat } from "../chat/chat";
import type { Message } from "../chat/items";
import type { Seen } from "../shared/contract";

/** Who wrote a message, in words: what a screen reader says before it, and a transcript. */
export function senderOf(message: Pick<Message, "author" | "name" | "role">, chat: Chat): string {
  const { words, info } = chat;
  const { author, name, role } = message;
  if (author === "patient") return words.you;
  if (author === "system") return info?.clinic ?? words.clinic;
  const nurse = author === "clinician";
  return `${name || (nurse ? words.clinician : info?.assistant || words.assistant)}, ${nurse ? role || words.clinicianRole : words.automated}`;
}

/** A member of the team who read the patient's words: "Ana García, Nurse". */
export const readerOf = ({ name, role }: Seen): string => (role ? `${name}, ${role}` : name);
