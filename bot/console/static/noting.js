// A private note beside the reply: another field, another colour, another button.

import { post } from "./http.js";
import { say } from "./alerts.js";
import { drafting } from "./drafting.js";

export function noting(id, refresh) {
  const place = document.getElementById("writing");
  const form = document.getElementById("noting");
  const { text, key } = form.elements;
  const error = document.getElementById("noting-error");
  const foot = document.getElementById("noting-note");
  let sending = false;
  const draft = drafting(form, { id, kind: "note", foot, usual: foot.textContent, busy: () => sending });

  function show(mode) {
    place.dataset.mode = mode;
    for (const button of place.querySelectorAll("[data-mode-is]")) button.setAttribute("aria-pressed", String(button.dataset.modeIs === mode));
    document.getElementById("canned-open").hidden = mode !== "reply";
    document.getElementById(mode === "note" ? "note-text" : "reply-text").focus();
  }
  for (const button of place.querySelectorAll("[data-mode-is]")) button.addEventListener("click", () => show(button.dataset.modeIs));
  if (error.textContent) show("note");

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    draft.stop();
    error.textContent = "";
    const sent = text.value;
    try {
      const answer = await post(form.action, new FormData(form));
      draft.sent(answer.key, sent);
      say("The note is added.");
    } catch (failure) {
      error.textContent = failure.status ? failure.message : "It is not certain whether this was kept. Adding it again does not add it twice.";
    }
    sending = false;
    key.form.elements.text.focus();
    refresh();
  });
  return { show };
}
