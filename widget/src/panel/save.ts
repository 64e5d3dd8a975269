import type { Chat } from "../chat/chat";
import { isMessage } from "../chat/items";
import { Times } from "../chat/time";
import { senderOf } from "./sender";

/** The whole conversation as a text file of the patient's own, made here; a phone is asked where to put it. */
export async function saveTranscript(chat: Chat): Promise<void> {
  const whole = await chat.loadAll();
  const { words } = chat;
  const times = new Times(chat.region);
  const lines = chat.items.map((item) => {
    if (!isMessage(item)) return `[${times.full(item.at)}] ${item.text}`;
    const what = item.kind === "photo" ? `(${words.photo}) ` : (item.files ?? []).map(({ name }) => `(${name}) `).join("");
    const state = item.author === "patient" && item.delivery !== "sent" ? ` (${words.failed})` : "";
    return `[${times.full(item.at)}] ${senderOf(item, chat)}: ${what}${item.text}${state}`;
  });
  const head = `${words.transcript} · ${chat.info?.clinic ?? words.clinic} · ${times.full(new Date().toISOString())}`;
  const text = [head, "", ...(whole ? [] : [`(${words.notWhole})`]), ...lines, ""].join("\r\n");
  const file = new File(["\ufeff", text], "chat.txt", { type: "text/plain;charset=utf-8" });
  if (matchMedia("(pointer: coarse)").matches && navigator.canShare?.({ files: [file] })) {
    try {
      return await navigator.share({ files: [file] });
    } catch (error) {
      if ((error as Error).name === "AbortError") return; // the patient changed their mind
    }
  }
  download(file, file.name);
}

/** Gives the browser a file to keep. */
export function download(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
