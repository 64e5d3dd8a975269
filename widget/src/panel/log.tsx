import { Component, createRef, Fragment, h } from "preact";
import type { Chat } from "../chat/chat";
import { isMessage, type Item } from "../chat/items";
import { sameDay, Times } from "../chat/time";
import { Bubble, Text } from "./bubble";
import { Assistant, Avatar, Down, Info } from "./icons";
import { readerOf } from "./sender";

export const NOTICE_ID = "notice";
/** Pixels from the end that still count as being there, and from the start where older messages are fetched. */
const NEAR_END = 48;
const NEAR_START = 160;

interface LogProps {
  chat: Chat;
  /** Grows when the page took the chat out and put it back. */
  reattached: number;
}

export class Log extends Component<LogProps, { below: number }> {
  state = { below: 0 };
  #scroller = createRef<HTMLDivElement>();
  #times?: Times;
  #region = "";
  /** How the reader had it at the last drawing. */
  #was = { atEnd: true, top: 0, height: 0, count: 0, first: "", last: "", reattached: 0 };
  #sizes = new ResizeObserver(() => {
    this.#was.height = this.#scroller.current!.clientHeight;
    if (this.#was.atEnd && this.props.chat.started) this.#toEnd();
  });

  componentDidMount() {
    const box = this.#scroller.current!;
    this.#sizes.observe(box);
    // Paper has no scroll position, but a browser prints from where the box was scrolled to.
    let before = 0;
    addEventListener("beforeprint", () => {
      before = box.scrollTop;
      box.scrollTop = 0;
    });
    addEventListener("afterprint", () => (box.scrollTop = before));
  }

  /** How far the reader is from the end: what stays the same when older messages come in above. */
  getSnapshotBeforeUpdate() {
    const box = this.#scroller.current!;
    return box.scrollHeight - box.scrollTop;
  }

  componentDidUpdate(_: LogProps, __: unknown, fromEnd: number) {
    const { chat, reattached } = this.props;
    const box = this.#scroller.current!;
    const was = this.#was;
    const messages = chat.items.filter(isMessage);
    const newest = messages.at(-1);
    const first = messages[0]?.key ?? "";
    const grown = messages.length > was.count && newest?.key !== was.last;
    const sentNow = grown && newest?.author === "patient" && newest.id === null;
    if (sentNow) was.atEnd = true;
    if (was.first && first !== was.first && newest?.key === was.last && chat.started) {
      box.scrollTop = box.scrollHeight - fromEnd;
    } else if (was.atEnd) {
      if (chat.started) this.#toEnd();
      const bubble = box.querySelector(":scope > article:last-of-type") as HTMLElement | null;
      // A long answer is read from its beginning.
      if (grown && !sentNow && !chat.quiet && bubble && bubble.offsetHeight > box.clientHeight) {
        box.scrollTop = bubble.offsetTop - 8;
        was.atEnd = false;
      }
      this.#setBelow(0);
    } else if (grown && !chat.quiet) {
      const after = messages.findIndex(({ key }) => key === was.last) + 1;
      this.#setBelow(this.state.below + messages.slice(after).filter(({ author }) => author !== "patient").length);
    }
    if (reattached !== was.reattached) {
      if (was.atEnd && chat.started) this.#toEnd();
      else box.scrollTop = was.top;
    }
    Object.assign(was, { reattached, first, count: messages.length, last: newest?.key ?? "" });
  }

  #setBelow(below: number) {
    if (below !== this.state.below) this.setState({ below });
  }

  #toEnd(smooth = false) {
    const box = this.#scroller.current!;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    box.scrollTo({ top: box.scrollHeight, behavior: smooth && !calm ? "smooth" : "instant" });
  }

  #onScroll = () => {
    const box = this.#scroller.current!;
    const was = this.#was;
    // The box itself changed size (keyboard, status strip): the browser scrolled, not the reader.
    if (!box.isConnected || box.clientHeight !== was.height || matchMedia("print").matches) return;
    was.top = box.scrollTop;
    was.atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END;
    if (was.atEnd) this.#setBelow(0);
    if (box.scrollTop < NEAR_START) void this.props.chat.loadOlder();
  };

  render() {
    const { chat } = this.props;
    const { words, items, typing, region, seen } = chat;
    const { below } = this.state;
    if (region !== this.#region) this.#times = new Times((this.#region = region));
    const times = this.#times!;
    const read = seen && items.filter((item) => isMessage(item) && item.author === "patient" && item.id !== null && item.id <= seen.message_id).at(-1);
    return (
      <div class="scroll-frame">
        <div
          class="scroll"
          ref={this.#scroller}
          role="log"
          aria-label={words.log}
          aria-live={chat.quiet || chat.filling ? "off" : "polite"}
          aria-relevant="additions"
          aria-busy={chat.quiet}
          tabIndex={0}
          onScroll={this.#onScroll}
        >
          {chat.older ? (
            <button type="button" class="older" onClick={() => void chat.loadOlder()}>
              {words.older}
            </button>
          ) : (
            <Intro chat={chat} />
          )}
          {items.map((item, at) => (
            <Fragment key={item.key}>
              {(at === 0 || !sameDay(items[at - 1]!.at, item.at)) && (
                <div class="day">
                  <span>{times.day(item.at)}</span>
                </div>
              )}
              {isMessage(item) ? (
                <Bubble chat={chat} message={item} times={times} first={!run(items[at - 1], item)} last={!run(item, items[at + 1])} seen={!!seen && item === read && readerOf(seen)} />
              ) : (
                <div class="line">
                  <span>{item.text}</span>
                </div>
              )}
            </Fragment>
          ))}
          {typing && (
            <div class="row last typing" aria-hidden="true">
              <Avatar author={typing.author} name={typing.name} />
              <div class="bubble dots" title={words.typing(typing.name || chat.info?.assistant || words.assistant)}>
                <i />
                <i />
                <i />
              </div>
            </div>
          )}
        </div>
        {below > 0 && (
          <button type="button" class="pill" onClick={() => this.#toEnd(true)}>
            <Down />
            {words.newBelow(below)}
          </button>
        )}
      </div>
    );
  }
}

/** Two messages of one author within a few minutes: drawn as one run. */
function run(a: Item | undefined, b: Item | undefined): boolean {
  return !!a && !!b && isMessage(a) && isMessage(b) && a.author === b.author && a.name === b.name && a.author !== "system" && sameDay(a.at, b.at) && Date.parse(b.at) - Date.parse(a.at) < 300_000;
}

function Intro({ chat }: { chat: Chat }) {
  const { words, info } = chat;
  const greeting = info?.greeting;
  const greeted = chat.items.some((item) => isMessage(item) && item.author === "bot" && item.text.trim() === greeting?.trim());
  return (
    <div class="intro">
      {info && (
        <>
          <span class="emblem" aria-hidden="true">
            <Assistant />
          </span>
          <p class="clinic-name">{info.clinic}</p>
          <p class="hours">
            <i class={info.open_now ? "on" : ""} />
            {info.open_now ? words.open : words.shut}
          </p>
          <p class="hours">{info.hours_text}
          </p>
        </>
      )}
      <div class="notice" id={NOTICE_ID}>
        <Info />
        <p>
          <b>{words.noticeTitle}. </b>
          <Text text={info?.notice || words.notice(chat.emergency)} chat={chat} />
        </p>
      </div>
      {greeting && !greeted && (
        <article class="row bot first last">
          <Avatar author="bot" name={null} />
          <div class="stack">
            <div class="name">
              <b>{info.assistant}</b>, {words.automated}
              <span class="sr">: </span>
            </div>
            <div class="bubble">
              <div class="text" dir="auto">
                <Text text={greeting} chat={chat} />
              </div>
            </div>
          </div>
        </article>
      )}
      {info && !chat.started && words.starters.length > 0 && (
        <div class="choices starters" role="group" aria-label={words.startersLabel}>
          {words.starters.map((text) => (
            <button type="button" onClick={() => chat.sendText(text)}>
              {text}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
