import { area, storageKey, type Config, type Host, type Panel } from "../shared/contract";
import { launcherStrings } from "../strings/launcher";
import { isRightToLeft } from "../strings/pick";
import { accentProperties } from "./accent";
import { dodgeFocus } from "./dodge";
import launcherCss from "./launcher.css";
import printCss from "./print.css";
import { loadLanguage, loadPanel, script } from "./load";

const NAME = "aftercare-chat";
const ATTRIBUTES = ["api", "accent", "position", "theme", "locale", "title", "heading", "phone", "emergency", "dir", "identity"];
const SVG = "http://www.w3.org/2000/svg";

/** The page's one live element: a second is inert, and a page that swaps its body gets this one back. */
let current: AftercareChat | undefined;

function make<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Record<string, string> = {}, ...children: (Node | string)[]) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function icon(className: string, path: string) {
  const svg = document.createElementNS(SVG, "svg");
  const shape = document.createElementNS(SVG, "path");
  for (const [name, value] of [["class", className], ["viewBox", "0 0 24 24"], ["aria-hidden", "true"]] as const) svg.setAttribute(name, value);
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}

const BUBBLE = "M12 3.2c-5.2 0-9.3 3.5-9.3 8 0 2.5 1.3 4.7 3.3 6.2-.1 1.1-.6 2.2-1.5 3.1-.2.2 0 .6.3.6 1.9-.1 3.6-.8 4.9-1.9.7.1 1.5.2 2.3.2 5.2 0 9.3-3.6 9.3-8.2s-4.1-8-9.3-8ZM8 12.6a1.3 1.3 0 1 1 0-2.6 1.3 1.3 0 0 1 0 2.6Zm4 0a1.3 1.3 0 1 1 0-2.6 1.3 1.3 0 0 1 0 2.6Zm4 0a1.3 1.3 0 1 1 0-2.6 1.3 1.3 0 0 1 0 2.6Z";
const DOWN = "m5.7 8.3 6.3 6.3 6.3-6.3 1.4 1.4-7.7 7.7-7.7-7.7Z";

export class AftercareChat extends HTMLElement implements Host {
  static observedAttributes = ATTRIBUTES;

  config!: Config;
  isOpen = false;
  mount!: HTMLElement;
  enrolment = "";

  #root?: ShadowRoot;
  #frame!: HTMLElement;
  #button!: HTMLButtonElement;
  #badge!: HTMLElement;
  #news!: HTMLElement;
  #failure?: HTMLElement;
  #opener?: HTMLElement;
  #live = new CSSStyleSheet();
  #panel?: Panel;
  #lift = 0;
  #unread = 0;

  connectedCallback(): void {
    if (current && current !== this) return this.#yield(current);
    current = this;
    if (this.#root) this.#panel?.reattached();
    else this.#build();
  }

  attributeChangedCallback(): void {
    if (!this.#root) return;
    this.#configure();
    const panel = this.#panel;
    if (panel) void loadLanguage(this.config.assets, this.config.locale).then(() => panel.configChanged(), () => {});
  }

  /** A second element: stands aside, or makes room for the first where the page lost it. */
  #yield(first: AftercareChat): void {
    if (first.isConnected && first.dataset.auto === undefined) return void (this.hidden = true);
    for (const name of ATTRIBUTES) if (this.hasAttribute(name)) first.setAttribute(name, this.getAttribute(name)!);
    delete first.dataset.auto;
    this.replaceWith(first);
  }

  #build(): void {
    for (const name of ATTRIBUTES) {
      const value = script?.dataset[name];
      if (value && !this.hasAttribute(name)) this.setAttribute(name, value);
    }
    this.#root = this.attachShadow({ mode: "open" });
    this.addStyles(launcherCss);
    this.#root.adoptedStyleSheets.push(this.#live);
    this.addPrintStyles(printCss);

    this.mount = make("div", { class: "mount" });
    this.#badge = make("span", { class: "badge", "aria-hidden": "true" });
    this.#button = make("button", { class: "launcher", type: "button", "aria-expanded": "false", "aria-haspopup": "dialog" });
    this.#button.append(icon("i-open", BUBBLE), icon("i-close", DOWN), this.#badge);
    this.#news = make("div", { class: "sr", role: "status" });
    this.#frame = make("div", { class: "frame" }, this.#news, this.#button, this.mount);
    this.#root.append(this.#frame);
    this.#configure();

    this.#button.onclick = () => {
      this.#opener = this.#button;
      this.toggleChat();
    };
    const warm = () => void loadPanel(this.config.assets, this.config.locale).catch(() => {});
    for (const type of ["pointerenter", "focus", "touchstart"]) {
      this.#button.addEventListener(type, warm, { once: true, passive: true });
    }
    dodgeFocus(this.#button, (pixels) => {
      this.#lift = pixels;
      this.#configure();
    });
    document.addEventListener("click", (event) => {
      const opener = (event.target as Element | null)?.closest?.("[data-aftercare-open]");
      if (opener) {
        event.preventDefault();
        this.#opener = opener as HTMLElement;
        void this.openChat();
      }
    });

    // Somebody who has a conversation already hears of new messages while the chat is closed;
    // nobody else's browser stores or sends anything before the first click.
    const key = storageKey(this.config.api, "token");
    const wake = () => void this.#load().catch(() => {});
    try {
      if (area(!!this.config.identity).getItem(key)) ("requestIdleCallback" in window ? requestIdleCallback : setTimeout)(wake);
    } catch {
      // No storage here (sandboxed frame): this chat lasts as long as the page.
    }
    addEventListener("storage", (event) => {
      if (event.key === key && event.newValue) wake();
    });
    this.#followLink();
    addEventListener("hashchange", () => this.#followLink());
  }

  /** The clinic's link leads here with a token in the fragment, which no server sees. It leaves the address bar at once. */
  #followLink(): void {
    if (!location.hash.startsWith("#aftercare=")) return;
    this.enrolment = location.hash.slice(11, 200);
    history.replaceState(history.state, "", location.pathname + location.search);
    if (this.isOpen) this.#panel?.opened();
    else void this.openChat();
  }

  #configure(): void {
    const read = (name: string) => this.getAttribute(name)?.trim() ?? "";
    if (read("title")) {
      // As an attribute of ours it would be a tooltip over the whole chat.
      this.setAttribute("heading", read("title"));
      this.removeAttribute("title");
    }
    const from = script?.src || document.baseURI;
    const api = new URL(read("api") || new URL("/", from).href, document.baseURI).href;
    const locale = read("locale") || document.documentElement.lang || navigator.language || "en";
    const dir = read("dir") || (isRightToLeft(locale) ? "rtl" : read("locale") ? "ltr" : document.documentElement.dir);
    const theme = read("theme");
    this.config = {
      api: api.endsWith("/") ? api : api + "/",
      assets: new URL(".", from).href,
      title: read("heading"),
      phone: read("phone"),
      emergency: read("emergency"),
      identity: read("identity"),
      locale,
      dir: dir === "rtl" ? "rtl" : "ltr",
      theme: theme === "light" || theme === "dark" ? theme : "auto",
    };
    const { dir: direction } = this.config;
    const at = read("position");
    const side = at === "left" || at === "right" ? ((at === "left") === (direction === "ltr") ? "start" : "end") : at === "start" ? "start" : "end";
    this.#frame.dir = direction;
    this.#frame.dataset.theme = this.config.theme;
    this.#frame.dataset.side = side;
    this.#live.replaceSync(`.frame{${accentProperties(read("accent"))}--lift:${this.#lift}px}`);
    this.#label();
  }

  #label(): void {
    const words = launcherStrings(this.config.locale);
    const name = this.isOpen ? words.close : words.open;
    this.#button.setAttribute("aria-label", this.#unread && !this.isOpen ? `${name}, ${words.unread(this.#unread)}` : name);
    this.#button.setAttribute("aria-expanded", String(this.isOpen));
    this.#frame.toggleAttribute("data-open", this.isOpen);
    this.toggleAttribute("open", this.isOpen);
    this.#badge.textContent = this.#unread ? (this.#unread > 9 ? "9+" : String(this.#unread)) : "";
  }

  async #load(): Promise<Panel> {
    if (!this.#panel) {
      const mount = await loadPanel(this.config.assets, this.config.locale);
      this.#panel ??= mount(this);
    }
    return this.#panel;
  }

  toggleChat(): void {
    if (this.isOpen || this.#failure) this.close();
    else void this.openChat();
  }

  /** Also for the page's own buttons: any element with `data-aftercare-open`. */
  async openChat(): Promise<void> {
    if (this.isOpen) return;
    const words = launcherStrings(this.config.locale);
    this.#button.setAttribute("aria-busy", "true");
    const slow = setTimeout(() => (this.#news.textContent = words.loading), 600);
    try {
      const panel = await this.#load();
      this.#clearFailure();
      this.isOpen = true;
      this.#label();
      panel.opened();
    } catch (error) {
      console.error(error);
      this.#showFailure();
    } finally {
      clearTimeout(slow);
      this.#news.textContent = "";
      this.#button.removeAttribute("aria-busy");
    }
  }

  close(): void {
    this.#clearFailure();
    if (this.isOpen) {
      this.isOpen = false;
      this.#label();
      this.#panel?.closed();
    }
    // Back to where the patient was: a button of the page, or the launcher.
    const from = this.#opener?.isConnected ? this.#opener : this.#button;
    from.focus({ preventScroll: true });
  }

  addStyles(css: string): CSSStyleSheet {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    this.#root!.adoptedStyleSheets.push(sheet);
    return sheet;
  }

  /** Chromium does not weigh `@media print` anew in constructable sheets when it prints; so it is done for it. */
  addPrintStyles(css: string): void {
    const sheet = this.addStyles("");
    const printing = (on: boolean) => sheet.replaceSync(on ? css : "");
    const medium = matchMedia("print");
    medium.addEventListener("change", () => printing(medium.matches));
    addEventListener("beforeprint", () => printing(true));
    addEventListener("afterprint", () => printing(false));
  }

  setUnread(count: number, arrived: boolean): void {
    if (count === this.#unread && !arrived) return;
    this.#unread = count;
    this.#label();
    this.#news.textContent = arrived && count && !this.isOpen ? launcherStrings(this.config.locale).unread(count) : "";
  }

  /** The panel's script is out of reach: say so, with the ways to help that need no script. */
  #showFailure(): void {
    const words = launcherStrings(this.config.locale);
    const { phone, emergency } = this.config;
    this.#clearFailure();
    const again = make("button", { type: "button", class: "again" }, words.retry);
    again.onclick = () => void this.openChat();
    const card = make("div", { class: "failure", role: "alert" }, make("strong", {}, words.failed), make("p", {}, words.failedNext));
    if (phone) card.append(make("a", { href: `tel:${phone.replace(/[^\d+]/g, "")}` }, `${words.call}: ${phone}`));
    const number = emergency || "999";
    card.append(make("a", { href: `tel:${number}`, class: "urgent" }, `${words.emergency} ${number}`), again);
    this.#frame.append((this.#failure = card));
    again.focus();
  }

  #clearFailure(): void {
    this.#failure?.remove();
    this.#failure = undefined;
  }
}

/** Makes sure that the page has its one chat, now and after every swap of its body. */
export function install(): void {
  if (!customElements.get(NAME)) customElements.define(NAME, AftercareChat);
  const ensure = () => {
    if (!document.body || current?.isConnected || document.querySelector(NAME)) return;
    if (!current) {
      const element = document.createElement(NAME);
      element.dataset.auto = "";
      document.body.append(element);
    } else document.body.append(current);
  };
  const start = () => {
    const observer = new MutationObserver(() => watch());
    let body: HTMLElement | undefined;
    const watch = () => {
      ensure();
      if (document.body === body) return;
      observer.disconnect();
      observer.observe(document.documentElement, { childList: true });
      if ((body = document.body)) observer.observe(body, { childList: true });
    };
    watch();
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
}
