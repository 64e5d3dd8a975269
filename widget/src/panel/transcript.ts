import type { Chat } from "../chat/chat";
import { isMessage } from "../chat/items";
import { Times } from "../chat/time";
import { senderOf } from "./sender";

/** The conversation as a text file of the patient's own, made here: nothing is asked of the server. */
export function saveTranscript(chat: Chat): void {
  const { words } = chat;
  const times = new Times(chat.region);
  const lines = chat.items.map((item) => {
    if (!isMessage(item)) return `[${times.full(item.at)}] ${item.text}`;
    const what = item.kind === "text" ? "" : `(${words[item.kind === "other" ? "otherFile" : item.kind]}) `;
    const state = item.author === "patient" && item.delivery !== "sent" ? ` (${words.failed})` : "";
    return `[${times.full(item.at)}] ${senderOf(item, chat)}: ${what}${item.text}${state}`;
  });
  const text = [`${words.transcript} · ${chat.info?.clinic ?? words.clinic} · ${times.full(new Date().toISOString())}`, "", ...lines, ""].join("\r\n");
  const url = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/plain;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = "chat.txt";
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
