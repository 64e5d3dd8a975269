// One stream of events per browser, whatever the number of tabs: the tab that holds the lock listens and tells the
// others. Each page says when it has heard nothing for too long; until then a new page says that it is connecting.

import { leading } from "./leading.js";

const SILENT = 9_000; // the server is heard every four seconds: ten are not over when a page says that it is not live
const channel = "BroadcastChannel" in window ? new BroadcastChannel("aftercare-console") : null;

export function live(lastEvent, hear) {
  let heard = Date.now();
  let state = "";
  const show = (next) => {
    if (next === state) return;
    const first = state === "";
    state = next;
    const place = document.getElementById("live");
    place.dataset.state = next;
    place.querySelector(".live-text").textContent = next === "on" ? "Live" : "Not live: trying again";
    const stale = document.getElementById("stale");
    stale.hidden = next === "on";
    stale.textContent = next === "on" ? "" : "Not live: what you see may be old. Trying again…";
    document.body.toggleAttribute("data-stale", next !== "on");
    if (next === "on" && !first) hear("caught-up", {});
  };
  const take = ({ type, data, id }) => {
    heard = Date.now();
    if (id) lastEvent = id;
    show("on");
    if (type !== "beat") hear(type, data);
  };
  channel?.addEventListener("message", ({ data }) => take(data));
  const begin = () => listen(() => lastEvent, (news) => {
    channel?.postMessage(news);
    take(news);
  });
  const lead = channel && navigator.locks ? leading("aftercare-console-stream", begin) : { take() {} };
  if (!channel || !navigator.locks) begin();
  // A page that has slept finds out with its first tick. A tab that listens for the others may be frozen.
  setInterval(() => {
    if (Date.now() - heard <= SILENT) return;
    show("stale");
    if (!document.hidden) lead.take();
  }, 1000);
  addEventListener("offline", () => { if (state) show("stale"); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) hear("caught-up", {}); });
}

function listen(after, tell) {
  const over = new AbortController();
  let source;
  let heard;
  const open = () => {
    heard = Date.now();
    source?.close();
    source = new EventSource(`/console/events?after=${after()}`);
    for (const type of ["change", "presence", "reset", "beat", "signed-out"]) {
      source.addEventListener(type, (event) => {
        heard = Date.now();
        if (type === "signed-out") source.close();
        tell({ type, data: JSON.parse(event.data), id: event.lastEventId });
      });
    }
  };
  open();
  // A stream that was refused, or slept with the machine, is not reopened by the browser.
  const refused = setInterval(() => { if (source.readyState === EventSource.CLOSED) open(); }, 3000 + Math.random() * 2000);
  const silent = setInterval(() => { if (Date.now() - heard > SILENT) open(); }, 1000);
  addEventListener("online", open, { signal: over.signal });
  document.addEventListener("signed-in", open, { signal: over.signal });
  return () => {
    over.abort();
    clearInterval(refused);
    clearInterval(silent);
    source.close();
  };
}

// Calls a function soon, never more often than every so many milliseconds, never twice at once.
export function paced(work, every) {
  let wanted = false;
  let running = false;
  return async function go() {
    wanted = true;
    if (running) return;
    running = true;
    while (wanted) {
      wanted = false;
      await work();
      await new Promise((resolve) => setTimeout(resolve, every));
    }
    running = false;
  };
}
