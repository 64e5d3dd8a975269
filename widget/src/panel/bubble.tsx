import { Component, createRef, Fragment, h } from "preact";
import type { Chat } from "../chat/chat";
import type { Message } from "../chat/items";
import { draw } from "../chat/photo";
import { pieces } from "../chat/text";
import type { Times } from "../chat/time";
import { Avatar, Camera, Check, Clock, Alert } from "./icons";
import { senderOf } from "./sender";
import { StaffFile } from "./staff-file";

export function Text({ text, chat }: { text: string; chat: Chat }) {
  return (
    <>
      {pieces(text, [chat.phone, chat.emergency]).map((piece) =>
        typeof piece === "string" ? (
          piece
        ) : piece.href.startsWith("tel:") ? (
          <a href={piece.href} class="tel">
            {piece.text}
          </a>
        ) : (
          <a href={piece.href} target="_blank" rel="noopener noreferrer">
            {piece.text}
          </a>
        ),
      )}
    </>
  );
}

export interface BubbleProps {
  chat: Chat;
  message: Message;
  times: Times;
  /** First and last of a run by the same author: name above the first, time below the last. */
  first: boolean;
  last: boolean;
  /** The last of the patient's messages that the team has read: who read it. */
  seen: string | false;
}

export function Bubble({ chat, message, times, first, last, seen }: BubbleProps) {
  const { author, text, kind, buttons, delivery } = message;
  const { words } = chat;
  const own = author === "patient";
  const sender = senderOf(message, chat);
  if (author === "system") {
    return (
      <div class="line">
        <span class="sr">{sender}: </span>
        <span dir="auto">
          <Text text={text} chat={chat} />
        </span>
      </div>
    );
  }
  return (
    <article class={`row ${own ? "own" : author}${first ? " first" : ""}${last ? " last" : ""}`} aria-live={own ? "off" : undefined}>
      {!own && (first ? <Avatar author={author} name={message.name} /> : <span class="avatar none" />)}
      <div class="stack">
        <div class={first && !own ? "name" : "sr"}>
          <Name sender={sender} />
        </div>
        <div class={`bubble${delivery && delivery !== "sent" ? " pending" : ""}${delivery === "failed" ? " failed" : ""}`}>
          {kind !== "text" && own && <Photo file={message.file} chat={chat} />}
          {message.files?.map((file) => (
            <StaffFile key={file.id} file={file} from={sender} chat={chat} />
          ))}
          {text && (
            <div class="text" dir="auto">
              <Text text={text} chat={chat} />
            </div>
          )}
        </div>
        {buttons.length > 0 && (
          <div class="choices" role="group" aria-label={words.answers}>
            {buttons.map(({ index, title }) => (
              <button
                key={index}
                type="button"
                class={message.used === index ? "chosen" : ""}
                disabled={!chat.mayPress(message)}
                onClick={() => chat.pressButton(message, index)}
              >
                {message.used === index && <Check />}
                {title}
                {message.used === index && <span class="sr"> ({words.chosen})</span>}
              </button>
            ))}
          </div>
        )}
        {own ? <Delivery message={message} chat={chat} times={times} quiet={!last} seen={seen} /> : last && <Stamp at={message.at} times={times} />}
      </div>
    </article>
  );
}

/** "Ana García, Aftercare nurse": the name strong, the rest calm. */
function Name({ sender }: { sender: string }) {
  const at = sender.indexOf(",");
  return (
    <>
      <b>{at < 0 ? sender : sender.slice(0, at)}</b>
      {at >= 0 && <span>{sender.slice(at)}</span>}
      <span class="sr">: </span>
    </>
  );
}

function Stamp({ at, times }: { at: string; times: Times }) {
  return (
    <div class="meta">
      <time dateTime={at}>{times.time(at)}</time>
    </div>
  );
}

function Delivery({ message, chat, times, quiet, seen }: Pick<BubbleProps, "message" | "chat" | "times" | "seen"> & { quiet: boolean }) {
  const { words } = chat;
  const { delivery, progress, problem, hopeless, file } = message;
  const state =
    delivery === "sending" ? (file && progress !== undefined ? words.uploading(Math.round(progress * 100)) : words.sending)
    : delivery === "queued" ? words.queued
    : delivery === "failed" ? words.failed
    : seen ? words.seenBy(seen)
    : words.sent;
  return (
    <>
      {delivery === "sending" && file && <progress aria-label={words.sending} value={progress ?? 0} max={1} />}
      <div class={delivery === "sent" && quiet && !seen ? "sr" : `meta ${delivery}`}>
        {delivery === "failed" ? <Alert /> : delivery === "sent" ? <Check /> : <Clock />}
        <span>{state}</span>
        <time dateTime={message.at}>{times.time(message.at)}</time>
      </div>
      {problem && (
        <p class="problem" dir="auto">
          {problem}
        </p>
      )}
      {(delivery === "failed" || (delivery === "queued" && !quiet) || (delivery === "sending" && file)) && (
        <div class="rescue">
          {delivery === "sending" && file && (
            <button type="button" onClick={() => chat.discard(message, true)}>
              {words.cancel}
            </button>
          )}
          {delivery === "queued" && !quiet && !chat.expired && (
            <button type="button" onClick={() => chat.retry(message)}>
              {words.retryNow}
            </button>
          )}
          {delivery === "failed" && !hopeless && (
            <button type="button" onClick={() => chat.retry(message)}>
              {words.retry}
            </button>
          )}
          {delivery === "failed" && !message.button && (
            <button type="button" onClick={() => chat.discard(message, true)}>
              {words.edit}
            </button>
          )}
          {(delivery === "failed" || (delivery === "queued" && !quiet)) && (
            <button type="button" onClick={() => chat.discard(message)}>
              {words.discard}
            </button>
          )}
        </div>
      )}
    </>
  );
}

/** The patient's own. Once the page was reloaded only its place is left: it is for the team alone. */
function Photo({ file, chat }: { file?: File; chat: Chat }) {
  return (
    <div class="file">
      {file ? <Thumbnail file={file} /> : <span class="thumb"><Camera /></span>}
      <span class="file-name">
        <b>{chat.words.photo}</b>
        {file && <span dir="auto">{file.name}</span>}
      </span>
    </div>
  );
}

/** Keyed by its file: a new file is a new thumbnail. */
export class Thumbnail extends Component<{ file: File }, { drawn: boolean }> {
  #canvas = createRef<HTMLCanvasElement>();

  async componentDidMount() {
    this.setState({ drawn: await draw(this.props.file, this.#canvas.current!) });
  }

  render() {
    const { drawn } = this.state;
    return (
      <span class="thumb">
        <canvas ref={this.#canvas} class={drawn ? "" : "none"} aria-hidden="true" />
        {!drawn && <Camera />}
      </span>
    );
  }
}
