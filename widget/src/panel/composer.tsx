import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { MAX_TEXT, type Chat } from "../chat/chat";
import { ACCEPT, problemOf } from "../chat/photo";
import { Thumbnail } from "./bubble";
import { Camera, Close, Send } from "./icons";

/** How close to the limit the counter appears. */
const COUNT_FROM = MAX_TEXT - 400;

export function Composer({ chat }: { chat: Chat }) {
  const { words, draft, photo } = chat;
  const area = useRef<HTMLTextAreaElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const attach = useRef<HTMLButtonElement>(null);
  const [tray, setTray] = useState(false);
  const [error, setError] = useState("");

  useLayoutEffect(() => {
    // Browsers without field-sizing: grow by hand.
    const box = area.current!;
    if (CSS.supports("field-sizing", "content")) return;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight + 2}px`;
  }, [draft]);

  const take = (file: File | undefined) => {
    if (!file) return;
    const problem = problemOf(file);
    if (problem) {
      const text = words[problem];
      setError(typeof text === "string" ? text : text((file.size / 1e6).toFixed(1)));
      setTray(true);
      return;
    }
    setError("");
    setTray(false);
    chat.photo = file;
    chat.changed();
    area.current!.focus();
  };

  const dropPhoto = () => {
    chat.photo = null;
    chat.changed();
    attach.current!.focus();
  };

  const left = MAX_TEXT - draft.length;
  const send = () => {
    const text = draft.trim();
    area.current!.focus();
    if (text.length > MAX_TEXT) return setError(words.tooLong);
    if (!text && !photo) return;
    setError("");
    setTray(false);
    chat.draft = "";
    chat.photo = null;
    if (photo) chat.sendPhoto(photo, text);
    else chat.sendText(text);
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {error && (
        <p class="composer-error" role="alert">
          {error}
        </p>
      )}
      {tray && (
        <div
          class="tray"
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            event.stopPropagation();
            event.preventDefault();
            setTray(false);
            setError("");
            attach.current!.focus();
          }}
        >
          <p id="photo-limits">
            <b>{words.photoLimits}</b> {words.photoTip}
          </p>
          <button type="button" class="solid" aria-describedby="photo-limits" onClick={() => input.current!.click()}>
            {words.choose}
          </button>
          <button
            type="button"
            onClick={() => {
              setTray(false);
              setError("");
              attach.current!.focus();
            }}
          >
            {words.cancel}
          </button>
        </div>
      )}
      {photo && (
        <div class="file picked">
          <Thumbnail file={photo} key={photo.name + photo.lastModified} />
          <span class="file-name">
            <b>{words.photo}</b>
            <span dir="auto">{photo.name}</span>
            <span>{(photo.size / 1e6).toFixed(1)} MB</span>
          </span>
          <button type="button" class="round" aria-label={words.removePhoto} onClick={dropPhoto}>
            <Close />
          </button>
        </div>
      )}
      <input
        ref={input}
        type="file"
        hidden
        accept={ACCEPT}
        aria-label={words.choose}
        onChange={(event) => {
          const box = event.currentTarget as HTMLInputElement;
          take(box.files?.[0]);
          box.value = "";
        }}
      />
      <div class="write">
        <button ref={attach} type="button" class="round" aria-label={words.attach} aria-expanded={tray} onClick={() => setTray(!tray)}>
          <Camera />
        </button>
        <textarea
          ref={area}
          rows={1}
          dir="auto"
          enterkeyhint="send"
          aria-label={words.write}
          aria-invalid={left < 0}
          aria-describedby={left < MAX_TEXT - COUNT_FROM ? "count" : undefined}
          placeholder={photo ? words.caption : words.placeholder}
          value={draft}
          onInput={(event) => {
            chat.draft = (event.currentTarget as HTMLTextAreaElement).value;
            if (error) setError("");
            chat.changed();
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
            event.preventDefault();
            send();
          }}
          onPaste={(event) => {
            const file = event.clipboardData?.files[0];
            if (!file) return;
            event.preventDefault();
            take(file);
          }}
        />
        <button type="submit" class="send" aria-label={words.send} data-ready={!!(draft.trim() || photo) && left >= 0}>
          <Send />
        </button>
      </div>
      {draft.length > COUNT_FROM && (
        <p id="count" class={left < 0 ? "count over" : "count"}>
          {left < 0 ? words.over(-left) : words.left(left)}
        </p>
      )}
    </form>
  );
}
