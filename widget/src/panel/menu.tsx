import { Component, createRef, Fragment, h, type ComponentChildren } from "preact";
import type { Chat } from "../chat/chat";
import { Check, More } from "./icons";
import { saveTranscript } from "./save";

/** What the chat can do besides talking: keep it, sound, have it deleted, end it. */
export class Menu extends Component<{ chat: Chat }, { open: "" | "menu" | "end" }> {
  state = { open: "" as "" | "menu" | "end" };
  #toggle = createRef<HTMLButtonElement>();
  #box = createRef<HTMLDivElement>();

  componentDidUpdate(_: unknown, before: { open: string }) {
    if (before.open !== this.state.open) this.#box.current?.querySelector<HTMLElement>("button:enabled")?.focus();
  }

  #shut = () => {
    this.setState({ open: "" });
    this.#toggle.current?.focus();
  };

  #item(does: () => unknown, label: ComponentChildren, options: object = {}) {
    const onClick = () => {
      this.#shut();
      void does();
    };
    return (
      <button type="button" onClick={onClick} {...options}>
        {label}
      </button>
    );
  }

  render() {
    const { chat } = this.props;
    const { words, started, sound } = chat;
    const { open } = this.state;
    return (
      <div
        class="menu"
        onKeyDown={(event) => {
          if (event.key !== "Escape" || !open) return;
          event.stopPropagation();
          event.preventDefault();
          this.#shut();
        }}
        onFocusOut={(event) => {
          const to = event.relatedTarget as Node | null;
          if (open && to && !event.currentTarget.contains(to)) this.setState({ open: "" });
        }}
      >
        <button ref={this.#toggle} type="button" class="round" aria-label={words.menu} aria-expanded={!!open} onClick={() => this.setState({ open: open ? "" : "menu" })}>
          <More />
        </button>
        {open && (
          <div class="pop" ref={this.#box} role="group" aria-label={open === "end" ? words.end : words.menu}>
            {open === "menu" ? (
              <>
                {this.#item(() => saveTranscript(chat), words.save, { disabled: !started })}
                {this.#item(async () => (await chat.loadAll()) && print(), words.print, { disabled: !started })}
                <button type="button" aria-pressed={sound} onClick={() => chat.setSound(!sound)}>
                  {words.sound}
                  {sound && <Check />}
                </button>
                <hr />
                {this.#item(() => chat.askDeletion(), words.askDeletion, { disabled: !started || !!chat.trouble || chat.expired })}
                <button type="button" onClick={() => this.setState({ open: "end" })}>
                  {words.end}
                </button>
              </>
            ) : (
              <>
                <p>
                  <b>{words.endAsk}</b>
                </p>
                <p>
                  {words.endMeans} {chat.outbox.queue.length > 0 && words.endUnsent}
                </p>
                {this.#item(() => chat.clear(), words.endYes, { class: "danger" })}
                {this.#item(() => {}, words.endNo)}
              </>
            )}
          </div>
        )}
      </div>
    );
  }
}
