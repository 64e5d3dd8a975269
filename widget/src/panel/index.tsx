import { h, render } from "preact";
import { Chat } from "../chat/chat";
import type { Host, Panel } from "../shared/contract";
import { registry } from "../shared/registry";
import { isRightToLeft } from "../strings/pick";
import { Composer } from "./composer";
import { Header, TITLE_ID } from "./header";
import { Log, NOTICE_ID } from "./log";
import panelCss from "./panel.css";
import printCss from "./print.css";
import { Status } from "./status";

/** Where the panel fills the window and is modal; panel.css and launcher.css say the same. */
const FULL_SCREEN = "(max-width: 480px), (max-height: 480px)";

function mountPanel(host: Host): Panel {
  host.addStyles(panelCss);
  host.addPrintStyles(printCss);
  const viewport = host.addStyles("");
  const fullScreen = matchMedia(FULL_SCREEN);
  const touch = matchMedia("(pointer: coarse)");
  let reattached = 0;
  let dialog: HTMLDialogElement;

  const draw = () =>
    render(
      <dialog
        class="panel"
        ref={(node) => void (node && (dialog = node as HTMLDialogElement))}
        aria-labelledby={TITLE_ID}
        aria-describedby={chat.older ? undefined : NOTICE_ID}
        tabIndex={-1}
        lang={chat.language}
        dir={isRightToLeft(chat.language) ? "rtl" : host.config.dir}
        onKeyDown={onKeyDown}
        onCancel={(event) => {
          event.preventDefault();
          host.close();
        }}
        onClick={keepFocus}
      >
        <Header chat={chat} host={host} />
        <Status chat={chat} />
        <Log chat={chat} reattached={reattached} />
        <Composer chat={chat} />
      </dialog>,
      host.mount,
    );
  const chat = new Chat(host, draw);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    host.close();
  };

  /** A pressed quick reply is gone or disabled: the keyboard goes on in the composer, not at the page's top. */
  const keepFocus = () => {
    queueMicrotask(() => {
      const { activeElement } = host.mount.getRootNode() as ShadowRoot;
      if (dialog.open && (!activeElement || (activeElement as HTMLButtonElement).disabled)) focusInside();
    });
  };

  const focusInside = () => {
    // On a phone the keyboard would cover the greeting and the notice.
    const target = touch.matches || fullScreen.matches ? dialog : dialog.querySelector("textarea")!;
    target.focus({ preventScroll: true });
  };

  const show = () => {
    if (dialog.open) dialog.close();
    if (fullScreen.matches) dialog.showModal();
    else dialog.show();
  };

  /** Phones: the keyboard covers the window without shrinking it; the panel keeps to what is left. */
  const fit = () => {
    const seen = window.visualViewport;
    const inUse = host.isOpen && fullScreen.matches && seen && seen.scale < 1.05;
    viewport.replaceSync(inUse ? `.panel:modal{height:${seen.height}px;top:${seen.offsetTop}px}` : "");
  };
  visualViewport?.addEventListener("resize", fit);
  visualViewport?.addEventListener("scroll", fit);
  fullScreen.addEventListener("change", () => {
    if (!host.isOpen) return;
    const focused = (host.mount.getRootNode() as ShadowRoot).activeElement as HTMLElement | null;
    show();
    focused?.focus();
    fit();
  });

  draw();
  return {
    opened() {
      chat.opened();
      show();
      fit();
      focusInside();
    },
    closed() {
      dialog.close();
      chat.changed();
    },
    configChanged: () => chat.configChanged(),
    reattached() {
      reattached++;
      if (host.isOpen) show();
      draw();
    },
  };
}

registry().mountPanel = mountPanel;
