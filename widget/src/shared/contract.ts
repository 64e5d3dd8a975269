import type { PanelStrings } from "../strings/en";

// What the loader and the panel know of each other, and what the server sends.

/** Read off the element's attributes (or the script tag's data-*). */
export interface Config {
  /** Absolute address that `api/v1/...` is relative to. */
  api: string;
  /** Where the script was served from, with a trailing slash: the panel lies beside it. */
  assets: string;
  title: string;
  phone: string;
  emergency: string;
  /** Whom the clinic's portal has signed in, as a signed token; empty for visitors. */
  identity: string;
  locale: string;
  dir: "ltr" | "rtl";
  theme: "auto" | "light" | "dark";
}

/** The loader, as the panel sees it. */
export interface Host {
  readonly config: Config;
  readonly isOpen: boolean;
  /** Where the panel renders. */
  readonly mount: HTMLElement;
  addStyles(css: string): CSSStyleSheet;
  /** In force only while the page is printed. */
  addPrintStyles(css: string): void;
  close(): void;
  /** The token of the clinic's link that led here, until the panel has brought it to the server. Never stored. */
  enrolment: string;
  /** `arrived`: say that new messages came in, not merely show the count. */
  setUnread(count: number, arrived: boolean): void;
}

/** The panel, as the loader sees it. */
export interface Panel {
  opened(): void;
  closed(): void;
  configChanged(): void;
  /** The page took the element out and put it back (Turbo, htmx): the browser forgot the scroll position. */
  reattached(): void;
}

export type MountPanel = (host: Host) => Panel;

/** `window.aftercareWidget`: how the panel and the languages, once loaded, hand themselves over. */
export interface Registry {
  mountPanel?: MountPanel;
  strings: Record<string, PanelStrings>;
}

export const storageKey = (api: string, name: string) => `aftercare ${api} ${name}`;

/** Where a token lies: that of a signed-in patient goes with the tab. Throws where there is no storage. */
export const area = (identified: boolean) => (identified ? sessionStorage : localStorage);

// ---- the server's words (bot/channels/web) ----

export interface ClinicInfo {
  clinic: string;
  assistant: string;
  greeting: string;
  notice: string;
  emergency_number: string;
  phone: string;
  open_now: boolean;
  hours_text: string;
}

export type Author = "patient" | "bot" | "clinician" | "system";

export interface ServerMessage {
  id: number;
  author: Author;
  name: string | null;
  role: string | null;
  text: string;
  buttons: { index: number; title: string }[];
  /** Patients send nothing else from here. */
  kind: "text" | "photo";
  client_message_id: string | null;
  /** Of a clinician's message. */
  files?: ServerFile[];
  at: string;
}

/** A file that a clinician has sent; fetched with the token, by its id. */
export interface ServerFile {
  id: number;
  name: string;
  /** A media type, told by the server from the bytes. */
  type: string;
  /** In bytes. */
  size: number;
}

/** A page of older messages, oldest first. `more`: there are still older ones. */
export interface OlderMessages {
  messages: ServerMessage[];
  more: boolean;
}

/** A member of the clinic's team had this message, and all before it, on their screen. */
export interface Seen {
  message_id: number;
  name: string;
  role: string | null;
}

export interface TodayItem {
  name: string;
  /** As the assistant would say it: "Minoxidil: from 15:00 tomorrow". */
  said: string;
  only_if: string;
}

/** `recent`: the session is so late that the plan is of interest. `held`: why nothing is fine now. */
export type TodayPlan =
  | { known: false }
  | { known: true; recent: boolean; day: number; fine: TodayItem[]; wait: TodayItem[]; watch: string; held: string };

export type CaseTier = "none" | "routine" | "urgent" | "emergency";

export interface Owner {
  owner: "bot" | "clinician";
  name: string | null;
  role: string | null;
}
