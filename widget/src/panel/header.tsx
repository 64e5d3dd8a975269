import { h } from "preact";
import type { Chat } from "../chat/chat";
import { telephone } from "../chat/text";
import type { Host } from "../shared/contract";
import { Avatar, Close, Phone } from "./icons";
import { Menu } from "./menu";

export const TITLE_ID = "who";

export function Header({ chat, host }: { chat: Chat; host: Host }) {
  const { words, owner, info } = chat;
  const clinic = host.config.title || info?.clinic || words.clinic;
  const nurse = owner.owner === "clinician";
  const name = nurse ? owner.name || words.clinician : info?.assistant || words.assistant;
  return (
    <div class="head">
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
        {!nurse && (
          <button type="button" class="person" onClick={() => chat.askForPerson()}>
            {words.person}
          </button>
        )}
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
    </div>
  );
}
