// Says politely what the inbox counts: a moment after it changed, and never again too soon. Waits are not announced.

import { say } from "./alerts.js";

const SETTLES = 1500; // milliseconds, so that a burst is one sentence
const EVERY = 15_000;

export function announcing() {
  let said = counted();
  let last = -EVERY;
  let waiting = 0;
  const speak = () => {
    waiting = 0;
    if (counted() === said) return;
    said = counted();
    last = performance.now();
    say(`Inbox: ${said}.`);
  };
  document.addEventListener("parts", () => {
    if (waiting || counted() === said) return;
    waiting = setTimeout(speak, Math.max(SETTLES, last + EVERY - performance.now()));
  });
}

function counted() {
  const { open, alarms } = document.getElementById("facts").dataset;
  return `${open} open ${open === "1" ? "case" : "cases"}, ${alarms} urgent and new`;
}
