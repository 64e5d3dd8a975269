// What is being written, kept on the server while it is written.

import { post } from "./http.js";

const PAUSE = 700; // milliseconds without a key
const LONGEST = 1500; // and while somebody writes on without a pause
const SENT = { reply: "You have replied here", note: "You have added a note here" };

export function drafting(form, { id, kind, foot, usual, busy }) {
  const { text, key } = form.elements;
  const error = form.querySelector("[role=alert]");
  const address = `/console/conversations/${id}/draft`;
  const fields = () => ({ kind, key: key.value, text: text.value });
  let kept = text.value;
  let waiting;
  let since = 0; // when what is not kept yet was begun

  async function save() {
    since = 0;
    if (busy()) return;
    if (text.value === kept) {
      foot.textContent = usual;
      return;
    }
    const now = text.value;
    const under = key.value;
    try {
      const answer = await post(address, fields());
      if (!answer.kept) return refused(under);
      kept = now;
      if (text.value === now) foot.textContent = now.trim() ? "Draft kept" : usual;
    } catch {
      foot.textContent = "Draft not kept yet: the server cannot be reached";
      waiting = setTimeout(save, 4000);
    }
  }

  // The server keeps nothing under the key of what was sent: this save was late, or another page has sent since.
  function refused(under) {
    if (busy() || key.value !== under) return;
    foot.textContent = usual;
    error.textContent = `${SENT[kind]} since this was begun, so it is not kept as a draft. If it is still right, send it; else copy it before you leave.`;
  }

  text.addEventListener("input", () => {
    clearTimeout(waiting);
    since ||= performance.now();
    waiting = setTimeout(save, Math.max(0, Math.min(PAUSE, since + LONGEST - performance.now())));
    foot.textContent = "Writing…";
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) document.getElementById("transcript").focus();
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    const button = form.querySelector("button[type=submit]");
    form.requestSubmit(button.disabled ? undefined : button);
  });
  addEventListener("pagehide", () => {
    if (text.value !== kept && !busy()) post(address, fields(), { keepalive: true }).catch(() => {});
  });

  return {
    stop: () => { clearTimeout(waiting); since = 0; },
    sent: (next, was) => {
      key.value = next;
      text.value = text.value === was ? "" : text.value;
      kept = "";
      foot.textContent = usual;
    },
    over: () => text.value.length - Number(text.dataset.most),
  };
}
