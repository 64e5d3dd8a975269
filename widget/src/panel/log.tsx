import { Fragment } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Chat } from "../chat/chat";
import { isMessage, type Item } from "../chat/items";
import { sameDay, Times } from "../chat/time";
import { Bubble, Text } from "./bubble";
import { Assistant, Avatar, Down, Info } from "./icons";

export const NOTICE_ID = "notice";
const NEAR_END = 48;

export function Log({ chat, reattached }: { chat: Chat; reattached: number }) {
  const { words, items, typing } = chat;
  const times = useMemo(() => new Times(chat.region), [chat.region]);
  const scroller = useRef<HTMLDivElement>(null);
  const place = useRef({ atEnd: true, top: 0, height: 0, count: 0, last: "" });
  const [below, setBelow] = useState(0);

  const toEnd = (smooth = false) => {
    const box = scroller.current!;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    box.scrollTo({ top: box.scrollHeight, behavior: smooth && !calm ? "smooth" : "instant" });
  };

  const messages = items.filter(isMessage);
  const newest = messages.at(-1);

  useLayoutEffect(() => {
    const was = place.current;
    const grown = messages.length > was.count && newest?.key !== was.last;
    const sentNow = grown && newest?.author === "patient" && newest.id === null;
    if (sentNow) was.atEnd = true;
    if (was.atEnd) {
      if (chat.started) toEnd();
      const bubble = scroller.current!.querySelector(":scope > article:last-of-type") as HTMLElement | null;
      // A long answer is read from its beginning.
      if (grown && !sentNow && !chat.quiet && bubble && bubble.offsetHeight > scroller.current!.clientHeight) {
        scroller.current!.scrollTop = bubble.offsetTop - 8;
        was.atEnd = false;
      }
      if (below) setBelow(0);
    } else if (grown && !chat.quiet) {
      setBelow(below + messages.slice(was.count).filter(({ author }) => author !== "patient").length);
    }
    was.count = messages.length;
    was.last = newest?.key ?? "";
  });

  useLayoutEffect(() => {
    const box = scroller.current!;
    const sizes = new ResizeObserver(() => {
      place.current.height = box.clientHeight;
      if (place.current.atEnd && chat.started) toEnd();
    });
    sizes.observe(box);
    // Paper has no scroll position, but a browser prints from where the box was scrolled to.
    let before = 0;
    addEventListener("beforeprint", () => {
      before = box.scrollTop;
      box.scrollTop = 0;
    });
    addEventListener("afterprint", () => (box.scrollTop = before));
    return () => sizes.disconnect();
  }, []);

  useLayoutEffect(() => {
    if (!reattached) return;
    if (place.current.atEnd && chat.started) toEnd();
    else scroller.current!.scrollTop = place.current.top;
  }, [reattached]);

  const onScroll = () => {
    const box = scroller.current!;
    // The box itself changed size (keyboard, status strip): the browser scrolled, not the reader.
    if (!box.isConnected || box.clientHeight !== place.current.height) return;
    if (matchMedia("print").matches) return;
    place.current.top = box.scrollTop;
    place.current.atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END;
    if (place.current.atEnd && below) setBelow(0);
  };

  return (
    <div class="scroll-frame">
      <div
        class="scroll"
        ref={scroller}
        role="log"
        aria-label={words.log}
        aria-live={chat.quiet ? "off" : "polite"}
        aria-relevant="additions"
        aria-busy={chat.quiet}
        tabIndex={0}
        onScroll={onScroll}
      >
        <Intro chat={chat} />
        {items.map((item, at) => (
          <Fragment key={item.key}>
            {(at === 0 || !sameDay(items[at - 1]!.at, item.at)) && (
              <div class="day">
                <span>{times.day(item.at)}</span>
              </div>
            )}
            {isMessage(item) ? (
              <Bubble chat={chat} message={item} times={times} first={!run(items[at - 1], item)} last={!run(item, items[at + 1])} />
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
        <button type="button" class="pill" onClick={() => toEnd(true)}>
          <Down />
          {words.newBelow(below)}
        </button>
      )}
    </div>
  );
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
