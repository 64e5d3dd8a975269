// The reply being written. Nothing here replaces the text but the person who writes it, or its safe arrival.

import { post } from "./http.js";
import { say } from "./alerts.js";

const READ = 900; // milliseconds a new message has to be in sight before a reply counts as written after it

export function composer(id, refresh, inSight) {
  const form = document.getElementById("composer");
  const { text, key, last_seen: lastSeen } = form.elements;
  const send = document.getElementById("send");
  const error = document.getElementById("composer-error");
  const note = document.getElementById("composer-note");
  const usual = note.textContent;
  const state = () => document.getElementById("composer-state").dataset;
  let sending = false;
  let kept = text.value;
  let saving;

  const mine = () => state().mayReply === "yes";
  const buttons = () => {
    send.disabled = !mine() || sending;
    const over = text.value.length - Number(text.dataset.most);
    if (over > 0) note.textContent = `${over} characters too many for one message`;
    for (const field of document.querySelectorAll("[data-case-id]")) field.value = state().case;
  };

  async function save() {
    if (text.value === kept || sending) return;
    const now = text.value;
    try {
      await post(`/console/conversations/${id}/draft`, { key: key.value, text: now });
      kept = now;
      if (text.value === now && note.textContent !== usual) note.textContent = "Draft kept";
    } catch {
      note.textContent = "Draft not kept yet: the server cannot be reached";
    }
  }

  text.addEventListener("input", () => {
    clearTimeout(saving);
    saving = setTimeout(save, 700);
    note.textContent = "Writing…";
    buttons();
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit(send.disabled ? undefined : send);
    }
  });
  addEventListener("pagehide", () => {
    if (text.value !== kept && !sending) post(`/console/conversations/${id}/draft`, { key: key.value, text: text.value }, { keepalive: true }).catch(() => {});
  });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    if (!mine()) {
      error.textContent = "Take the conversation over first. Your text is kept.";
      return;
    }
    clearTimeout(saving);
    sending = true;
    error.textContent = "";
    send.textContent = "Sending…";
    buttons();
    const sent = text.value;
    try {
      const answer = await post(form.action, new FormData(form));
      key.value = answer.key;
      text.value = text.value === sent ? "" : text.value;
      kept = "";
      note.textContent = usual;
      say("Sent.");
    } catch (failure) {
      error.textContent = failure.status
        ? failure.message
        : "It is not certain whether this was sent. Your text is kept, and sending it again does not send it twice.";
      if (failure.body?.last_seen) lastSeen.value = failure.body.last_seen; // they have been told to read first
    }
    sending = false;
    send.replaceChildren("Send ", Object.assign(document.createElement("kbd"), { textContent: "Ctrl ⏎" }));
    buttons();
    text.focus();
    refresh();
  });

  function read() {
    const newest = state().newest;
    if (Number(newest) <= Number(lastSeen.value)) return;
    setTimeout(() => { if (inSight() && state().newest === newest) lastSeen.value = newest; }, READ);
  }
  document.getElementById("transcript").addEventListener("scroll", read, { passive: true });
  document.addEventListener("visibilitychange", read);
  buttons();

  return {
    mine,
    focus: () => text.focus(),
    onInput: (work) => text.addEventListener("input", work),
    parts: () => { buttons(); read(); },
  };
}
