import { h } from "preact";
import type { Chat } from "../chat/chat";
import { telephone } from "../chat/text";
import { Alert, Info } from "./icons";
import { Today } from "./today";

/** One strip below the header: what is wrong, what is kept, what to do; or who has been told. */
export function Status({ chat }: { chat: Chat }) {
  const { words, trouble, expired, info } = chat;
  const text = expired ? words.expired : trouble ? words[trouble] : "";
  // In an emergency nothing stands before the number to call.
  const told = chat.openCase && chat.openCase !== "emergency" && chat.owner.owner === "bot";
  return (
    <div class="statuses">
      <div role="status">
        {text && (
          <div class={`strip ${expired || trouble === "down" ? "bad" : "warn"}`}>
            <Alert />
            <div>
              <p>{text}</p>
              <p class="strip-actions">
                <button type="button" onClick={() => (expired ? chat.startNew() : chat.retryConnection())}>
                  {expired ? words.startNew : words.retryConnect}
                </button>
                {chat.phone && (expired || trouble !== "reconnecting") && <a href={telephone(chat.phone)}>{words.callNumber(chat.phone)}</a>}
              </p>
            </div>
          </div>
        )}
        {!text && told && (
          <div class="strip told">
            <Info />
            <p>
              {words.caseOpen} {info && !info.open_now && words.shut}
            </p>
          </div>
        )}
      </div>
      <div class="sr" role="status">
        {chat.notice}
      </div>
      <Today chat={chat} />
    </div>
  );
}
