// The reply being written. Nothing here replaces the text but the person who writes it, or its safe arrival.

import { post } from "./http.js";
import { say } from "./alerts.js";
import { attaching } from "./attaching.js";
import { canned } from "./canned.js";
import { drafting } from "./drafting.js";

const READ = 900; // milliseconds a new message has to be in sight before a reply counts as written after it
const UNDO = 5000; // milliseconds in which a reply can be taken back

export function composer(id, refresh, inSight) {
  const form = document.getElementById("composer");
  const { text, key, last_seen: lastSeen } = form.elements;
  const send = document.getElementById("send");
  const undo = document.getElementById("undo");
  const error = document.getElementById("composer-error");
  const foot = document.getElementById("composer-note");
  const usual = foot.textContent;
  const state = () => document.getElementById("composer-state").dataset;
  let sending = false;
  let held = null;
  let waits = false; // it was to be sent, and goes once the files that are on their way are added
  const draft = drafting(form, { id, kind: "reply", foot, usual, busy: () => sending });

  const files = attaching(id, form, { error, changed });

  const mine = () => state().mayReply === "yes";
  const buttons = () => {
    send.disabled = !mine() || sending;
    undo.hidden = held === null && !waits;
    text.readOnly = held !== null || waits;
    files.lock(held !== null || sending);
    if (draft.over() > 0) foot.textContent = `${draft.over()} characters too many for one message`;
    for (const field of document.querySelectorAll("[data-case-id]")) field.value = state().case;
  };
  const label = (words) => send.replaceChildren(words, " ", Object.assign(document.createElement("kbd"), { textContent: "Ctrl ⏎" }));
  text.addEventListener("input", buttons);

  function wait() {
    waits = true;
    error.textContent = "";
    say("It is sent once the file is added. It can be undone.");
    label("Waiting for the file…");
    buttons();
  }

  function changed(isGone) {
    const over = waits && (isGone || !files.uploading());
    if (over) {
      waits = false;
      label("Send");
    }
    buttons();
    if (over && !isGone) form.requestSubmit(); // without a file that it was to have it is not sent
  }

  function hold() {
    error.textContent = "";
    held = setTimeout(deliver, UNDO);
    foot.textContent = "Sending in 5 seconds";
    say("Sending in 5 seconds. It can be undone.");
    label("Send now");
    buttons();
  }

  function takeBack() {
    clearTimeout(held);
    held = null;
    waits = false;
    foot.textContent = "Taken back: not sent";
    label("Send");
    buttons();
    text.focus();
  }
  undo.addEventListener("click", takeBack);
  text.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && (held !== null || waits)) { event.preventDefault(); takeBack(); }
  }, { capture: true });
  addEventListener("pagehide", () => {
    if (held !== null) post(form.action, new FormData(form), { keepalive: true }).catch(() => {});
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (sending) return;
    if (!mine()) {
      error.textContent = "Take the conversation over first. Your text is kept.";
      return;
    }
    if (files.uploading()) return wait();
    const empty = !text.value.trim() && !files.any();
    if (held !== null || localStorage.getItem("aftercare.undo") === "off" || empty) deliver();
    else hold();
  });

  async function deliver() {
    clearTimeout(held);
    held = null;
    draft.stop();
    sending = true;
    error.textContent = "";
    label("Sending…");
    buttons();
    const sent = text.value;
    const before = Number(lastSeen.value);
    try {
      const answer = await post(form.action, new FormData(form));
      draft.sent(answer.key, sent);
      files.sent();
      say("Sent.");
    } catch (failure) {
      error.textContent = failure.status
        ? failure.message
        : "It is not certain whether this was sent. Your text is kept, and sending it again does not send it twice.";
      foot.textContent = usual;
      if (failure.body?.last_seen) lastSeen.value = failure.body.last_seen; // they have been told to read first
      if (failure.body?.last_seen > before) await refresh().then(() => showSince(before));
    }
    sending = false;
    label("Send");
    buttons();
    if (document.activeElement === document.body || form.contains(document.activeElement)) text.focus();
    refresh();
  }

  function showSince(message) {
    const lines = [...document.querySelectorAll("#lines .from-patient")].filter((line) => Number(line.dataset.id) > message);
    for (const line of lines) line.classList.add("changed");
    lines[0]?.scrollIntoView({ block: "nearest" });
  }

  function read() {
    const newest = state().newest;
    if (Number(newest) <= Number(lastSeen.value)) return;
    setTimeout(() => { if (inSight() && state().newest === newest) lastSeen.value = newest; }, READ);
  }
  document.getElementById("transcript").addEventListener("scroll", read, { passive: true });
  document.addEventListener("visibilitychange", read);
  canned(id, text);
  buttons();

  return {
    mine,
    focus: () => text.focus(),
    onInput: (work) => text.addEventListener("input", work),
    parts: () => { buttons(); read(); },
  };
}
