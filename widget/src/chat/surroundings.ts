import { parse } from "./parse";

export interface SurroundingsHandlers {
  online(): void;
  offline(): void;
  /** The page goes, perhaps into the back/forward cache. */
  left(): void;
  /** The page comes back out of it. */
  back(): void;
  /** The tab is looked at again. */
  looked(): void;
  /** Another tab has written `key`. `other`: it is about another conversation, not merely a newer key to the same. */
  stored(key: string | null, area: Storage | null, other: boolean): void;
}

/** What the page, the network and the browser's other tabs do. */
export function listenAround(on: SurroundingsHandlers): void {
  addEventListener("online", () => on.online());
  addEventListener("offline", () => on.offline());
  addEventListener("pagehide", () => on.left());
  addEventListener("pageshow", (event) => event.persisted && on.back());
  document.addEventListener("visibilitychange", () => document.hidden || on.looked());
  addEventListener("storage", ({ key, oldValue, newValue, storageArea }) => {
    const id = (value: string | null) => parse<{ id?: unknown }>(value)?.id;
    on.stored(key, storageArea, id(oldValue) !== id(newValue));
  });
}
