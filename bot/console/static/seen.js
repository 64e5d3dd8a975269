// Tells the server which of the patient's messages were on the screen long enough to be read: the patient reads "Seen".

import { post } from "./http.js";

const READ = 900; // milliseconds in sight

export function seeing(id, scroller) {
  const shown = new Set();
  let told = 0;
  let waiting;

  const covered = () => document.querySelector("dialog[open]") !== null; // what comes in behind a dialog is not read
  const newest = () => Math.max(0, ...[...shown].filter((line) => line.isConnected).map((line) => Number(line.dataset.id)));
  const tell = async () => {
    const message = newest();
    if (document.hidden || covered() || message <= told) return;
    told = message;
    await post(`/console/conversations/${id}/seen`, { message_id: message }).catch(() => { told = 0; });
  };
  const look = () => {
    clearTimeout(waiting);
    if (!document.hidden && !covered() && newest() > told) waiting = setTimeout(tell, READ);
  };
  // Half of a message counts, or half of the window where the message is taller.
  const watcher = new IntersectionObserver((entries) => {
    for (const { target, intersectionRatio, intersectionRect, rootBounds } of entries) {
      const seen = intersectionRatio >= 0.5 || (rootBounds && intersectionRect.height >= rootBounds.height / 2);
      shown[seen ? "add" : "delete"](target);
    }
    look();
  }, { root: scroller, threshold: [0, 0.1, 0.25, 0.5, 0.75, 1] });
  const watched = new WeakSet();
  const parts = () => {
    for (const line of scroller.querySelectorAll(".from-patient")) {
      if (!watched.has(line)) watcher.observe(line);
      watched.add(line);
    }
    for (const line of shown) if (!line.isConnected) shown.delete(line);
    look();
  };
  document.addEventListener("parts", parts);
  document.addEventListener("visibilitychange", look);
  document.addEventListener("close", look, true); // a dialog's
  parts();
}
