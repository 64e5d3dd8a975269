import { useEffect, useRef, useState } from "preact/hooks";
import type { Chat } from "../chat/chat";
import { telephone } from "../chat/text";
import type { Host } from "../shared/contract";
import { Avatar, Close, More, Phone } from "./icons";
import { saveTranscript } from "./transcript";

export const TITLE_ID = "who";

export function Header({ chat, host }: { chat: Chat; host: Host }) {
  const { words, owner, info } = chat;
  const clinic = host.config.title || info?.clinic || words.clinic;
  const nurse = owner.owner === "clinician";
  const name = nurse ? owner.name || words.clinician : info?.assistant || words.assistant;
  return (
    <header>
      <div class="bar">
        <Avatar author={owner.owner} name={owner.name} />
        <div class="who">
          <h2 id={TITLE_ID}>
            <span class="sr">{words.dialog(clinic)}: </span>
            {name}
          </h2>
          <p>
            {nurse ? owner.role || words.clinicianRole : words.automated}
            <span class="clinic"> · {clinic}</span>
          </p>
        </div>
        <Menu chat={chat} />
        <button type="button" class="round" aria-label={words.close} onClick={() => host.close()}>
          <Close />
        </button>
      </div>
      <nav class="help" aria-label={words.help}>
        <button type="button" class="person" onClick={() => chat.askForPerson()}>
          {words.person}
        </button>
        {chat.phone && (
          <a href={telephone(chat.phone)} aria-label={`${words.callClinic}, ${chat.phone}`}>
            <Phone />
            {words.call}
          </a>
        )}
        <a class="urgent" href={telephone(chat.emergency)}>
          {words.emergency} <b>{chat.emergency}</b>
        </a>
      </nav>
    </header>
  );
}

function Menu({ chat }: { chat: Chat }) {
  const { words } = chat;
  const [open, setOpen] = useState<"" | "menu" | "ask">("");
  const toggle = useRef<HTMLButtonElement>(null);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.querySelector("button")?.focus(), [open]);
  const shut = () => {
    setOpen("");
    toggle.current?.focus();
  };
  return (
    <div
      class="menu"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        event.stopPropagation();
        event.preventDefault();
        shut();
      }}
      onFocusOut={(event) => {
        if (open && !(event.currentTarget as Element).contains(event.relatedTarget as Node | null)) setOpen("");
      }}
    >
      <button ref={toggle} type="button" class="round" aria-label={words.menu} aria-expanded={!!open} onClick={() => setOpen(open ? "" : "menu")}>
        <More />
      </button>
      {open && (
        <div class="pop" ref={box} tabIndex={-1}>
          {open === "menu" ? (
            <>
              <button
                type="button"
                disabled={!chat.started}
                onClick={() => {
                  saveTranscript(chat);
                  shut();
                }}
              >
                {words.save}
              </button>
              <button type="button" onClick={() => setOpen("ask")}>
                {words.clear}
              </button>
            </>
          ) : (
            <>
              <p>
                {words.clearAsk} {chat.outbox.queue.length > 0 && words.clearUnsent}
              </p>
              <button
                type="button"
                class="danger"
                onClick={() => {
                  chat.clear();
                  shut();
                }}
              >
                {words.clearYes}
              </button>
              <button type="button" onClick={shut}>
                {words.clearNo}
              </button>
            </>
          )}
        </div>
      )}
    </div>
  );
}
