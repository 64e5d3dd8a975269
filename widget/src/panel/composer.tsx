import { Component, createRef, h } from "preact";
import { MAX_TEXT, type Chat } from "../chat/chat";
import { ACCEPT, problemOf } from "../chat/photo";
import { Thumbnail } from "./bubble";
import { Camera, Close, Send } from "./icons";

/** How close to the limit the counter appears. */
const COUNT_FROM = MAX_TEXT - 400;

export class Composer extends Component<{ chat: Chat }, { tray: boolean; error: string }> {
  state = { tray: false, error: "" };
  #area = createRef<HTMLTextAreaElement>();
  #input = createRef<HTMLInputElement>();
  #attach = createRef<HTMLButtonElement>();

  componentDidUpdate() {
    // Browsers without field-sizing: grow by hand.
    const box = this.#area.current!;
    if (CSS.supports("field-sizing", "content")) return;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight + 2}px`;
  }

  #take(file: File | undefined) {
    if (!file) return;
    const { chat } = this.props;
    const problem = problemOf(file);
    if (problem) {
      const text = chat.words[problem];
      return this.setState({ tray: true, error: typeof text === "string" ? text : text((file.size / 1e6).toFixed(1)) });
    }
    this.#calm();
    chat.photo = file;
    chat.changed();
    this.#area.current!.focus();
  }

  #dropPhoto = () => {
    const { chat } = this.props;
    chat.photo = null;
    chat.changed();
    this.#attach.current!.focus();
  };

  #calm() {
    this.setState({ tray: false, error: "" });
  }

  #leaveTray = () => {
    this.#calm();
    this.#attach.current!.focus();
  };

  #send() {
    const { chat } = this.props;
    const { words, draft, photo } = chat;
    const text = draft.trim();
    this.#area.current!.focus();
    if (text.length > MAX_TEXT) return this.setState({ error: words.tooLong });
    if (!text && !photo) return;
    this.#calm();
    chat.draft = "";
    chat.photo = null;
    if (photo) chat.sendPhoto(photo, text);
    else chat.sendText(text);
  }

  render() {
    const { chat } = this.props;
    const { words, draft, photo } = chat;
    const { tray, error } = this.state;
    const left = MAX_TEXT - draft.length;
    return (
      <div class="composer">
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
              this.#leaveTray();
            }}
          >
            <p id="photo-limits">
              <b>{words.photoLimits}</b> {words.photoTip}
            </p>
            <button type="button" class="solid" aria-describedby="photo-limits" onClick={() => this.#input.current!.click()}>
              {words.choose}
            </button>
            <button type="button" onClick={this.#leaveTray}>
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
            <button type="button" class="round" aria-label={words.removePhoto} onClick={this.#dropPhoto}>
              <Close />
            </button>
          </div>
        )}
        <input
          ref={this.#input}
          type="file"
          hidden
          accept={ACCEPT}
          aria-label={words.choose}
          onChange={(event) => {
            const box = event.currentTarget as HTMLInputElement;
            this.#take(box.files?.[0]);
            box.value = "";
          }}
        />
        <div class="write">
          <button ref={this.#attach} type="button" class="round" aria-label={words.attach} aria-expanded={tray} onClick={() => this.setState({ tray: !tray })}>
            <Camera />
          </button>
          <textarea
            ref={this.#area}
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
              if (error) this.setState({ error: "" });
              chat.changed();
            }}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
              event.preventDefault();
              this.#send();
            }}
            onPaste={(event) => {
              const file = event.clipboardData?.files[0];
              if (!file) return;
              event.preventDefault();
              this.#take(file);
            }}
          />
          <button type="button" class="send" aria-label={words.send} onClick={() => this.#send()} data-ready={!!(draft.trim() || photo) && left >= 0}>
            <Send />
          </button>
        </div>
        {draft.length > COUNT_FROM && (
          <p id="count" class={left < 0 ? "count over" : "count"}>
            {left < 0 ? words.over(-left) : words.left(left)}
          </p>
        )}
      </div>
    );
  }
}
