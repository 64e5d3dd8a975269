import type { CaseTier, Owner, Seen, ServerMessage, TodayPlan } from "../shared/contract";
import type { Api } from "./api";
import type { Line } from "./items";
import { EventStream, type StreamEvent, type StreamState } from "./stream";
import { Tabs } from "./tabs";

/** All that one tab knows of a conversation, for a tab that knows nothing yet. */
export interface Known {
  messages: ServerMessage[];
  lines: Line[];
  owner: Owner;
  openCase: CaseTier | null;
  today: TodayPlan | null;
  seen: Seen | null;
  older: boolean;
}

export interface LinkHandlers {
  event(event: StreamEvent): void;
  state(state: StreamState, attempt: number): void;
  snapshot(): Known;
  known(known: Known): void;
}

type News =
  | { is: "event"; event: StreamEvent }
  | { is: "state"; state: StreamState; attempt: number }
  | { is: "all"; known: Known; lastId: string; state: StreamState; attempt: number };

/** What the server says of one conversation, heard by this tab or by the tab that has the connection. */
export class Link {
  #tabs: Tabs;
  #stream?: EventStream;
  #lastId = "";
  #state: StreamState = "connecting";
  #attempt = 0;

  constructor(
    api: Api,
    name: string,
    token: () => string | null,
    private on: LinkHandlers,
  ) {
    this.#tabs = new Tabs(name, {
      lead: (leading) => {
        this.#stream?.stop();
        this.#stream = undefined;
        if (!leading) return;
        const event = (event: StreamEvent) => {
          this.#tabs.tell({ is: "event", event } satisfies News);
          this.#heard(event);
        };
        const state = (state: StreamState, attempt: number) => {
          this.#tabs.tell({ is: "state", state, attempt } satisfies News);
          this.#became(state, attempt);
        };
        this.#stream = new EventStream(api, token, event, state);
        this.#stream.lastId = this.#lastId;
        this.#stream.start();
      },
      snapshot: (): News => ({ is: "all", known: this.on.snapshot(), lastId: this.#lastId, state: this.#state, attempt: this.#attempt }),
      received: (body) => {
        const news = body as News;
        if (news.is === "event") return this.#heard(news.event);
        if (news.is === "all") {
          this.#lastId = news.lastId;
          this.on.known(news.known);
        }
        this.#became(news.state, news.attempt);
      },
    });
    this.#tabs.start();
  }

  /** Is this the one tab that has the connection? */
  get leads(): boolean {
    return !!this.#stream;
  }

  get live(): boolean {
    return this.#state === "live";
  }

  /** For a page that comes back from the browser's back/forward cache. */
  resume(): void {
    this.#tabs.start();
  }

  stop(): void {
    this.#tabs.stop();
  }

  /** Is the tab with the connection still awake? */
  check(): void {
    this.#tabs.ask();
    this.hurry();
  }

  hurry(): void {
    this.#stream?.hurry();
  }

  drop(): void {
    this.#stream?.drop();
  }

  #heard(event: StreamEvent): void {
    if (event.id) this.#lastId = event.id;
    this.on.event(event);
  }

  #became(state: StreamState, attempt: number): void {
    this.#state = state;
    this.#attempt = attempt;
    this.on.state(state, attempt);
  }
}
