import { Fragment, h } from "preact";
import type { Chat } from "../chat/chat";
import type { TodayItem } from "../shared/contract";
import { Text } from "./bubble";
import { Down } from "./icons";

/** What may be done today, what waits until when, what to watch for; or, where nobody said when the session was, the offer to say it. */
export function Today({ chat }: { chat: Chat }) {
  const { words, today } = chat;
  // In an emergency nothing stands before the number to call.
  if (!today || chat.openCase === "emergency") return null;
  if (!today.known) {
    if (chat.owner.owner !== "bot" || chat.trouble || chat.expired) return null;
    return (
      <p class="strip strip-actions">
        <button
          type="button"
          onClick={({ currentTarget }) => {
            chat.tellSession();
            currentTarget.closest("dialog")!.querySelector("textarea")!.focus();
          }}
        >
          {words.tellSession}
        </button>
      </p>
    );
  }
  if (!today.recent) return null;
  const list = (title: string, items: TodayItem[]) =>
    items.length > 0 && (
      <>
        <h3>{title}</h3>
        <ul>
          {items.map(({ said, only_if }) => (
            <li>
              {said} <span>{only_if}</span>
            </li>
          ))}
        </ul>
      </>
    );
  const title = words.today(today.day);
  return (
    <details>
      <summary class="strip">
        <b>{title}</b>
        <span>{!today.held && today.wait[0]?.said}</span>
        <Down />
      </summary>
      <div class="today" tabIndex={0} role="group" aria-label={title}>
        <p>{today.held}</p>
        {list(words.fineNow, today.fine)}
        {list(words.waitWith, today.wait)}
        <p>
          <Text text={today.watch} chat={chat} />
        </p>
      </div>
    </details>
  );
}
