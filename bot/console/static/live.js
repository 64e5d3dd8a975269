// One stream of events per browser, whatever the number of tabs: the tab that holds the lock listens and tells the
// others. Each page says when it has heard nothing for too long; until then a new page says that it is connecting.

const SILENT = 10_000;
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
  const take = (type, data) => {
    heard = Date.now();
    show("on");
    if (type !== "beat") hear(type, data);
  };
  channel?.addEventListener("message", ({ data }) => take(data.type, data.data));
  setInterval(() => { if (Date.now() - heard > SILENT) show("stale"); }, 1000);
  addEventListener("offline", () => { if (state) show("stale"); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) hear("caught-up", {}); });

  const lead = () => new Promise(() => listen(lastEvent, (type, data) => {
    channel?.postMessage({ type, data });
    take(type, data);
  }));
  if (channel && navigator.locks) navigator.locks.request("aftercare-console-stream", lead);
  else lead();
}

function listen(lastEvent, tell) {
  let source;
  let heard = Date.now();
  const open = () => {
    heard = Date.now();
    source?.close();
    source = new EventSource(`/console/events?after=${lastEvent}`);
    for (const type of ["change", "presence", "reset", "beat", "signed-out"]) {
      source.addEventListener(type, (event) => {
        heard = Date.now();
        if (event.lastEventId) lastEvent = event.lastEventId;
        if (type === "signed-out") source.close();
        tell(type, JSON.parse(event.data));
      });
    }
  };
  open();
  // A stream that was refused, or sleeps with the machine, is not reopened by the browser.
  setInterval(() => { if (source.readyState === EventSource.CLOSED || Date.now() - heard > SILENT) open(); }, 3000 + Math.random() * 2000);
  addEventListener("online", open);
  document.addEventListener("signed-in", open);
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
