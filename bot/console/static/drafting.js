// What is being written, kept on the server while it is written.

import { post } from "./http.js";

export function drafting(form, { id, kind, foot, usual, busy }) {
  const { text, key } = form.elements;
  const address = `/console/conversations/${id}/draft`;
  const fields = () => ({ kind, key: key.value, text: text.value });
  let kept = text.value;
  let waiting;

  async function save() {
    if (busy()) return;
    if (text.value === kept) {
      foot.textContent = usual;
      return;
    }
    const now = text.value;
    try {
      await post(address, fields());
      kept = now;
      if (text.value === now) foot.textContent = now.trim() ? "Draft kept" : usual;
    } catch {
      foot.textContent = "Draft not kept yet: the server cannot be reached";
      waiting = setTimeout(save, 4000);
    }
  }

  text.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(save, 700);
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
    stop: () => clearTimeout(waiting),
    sent: (next, was) => {
      key.value = next;
      text.value = text.value === was ? "" : text.value;
      kept = "";
      foot.textContent = usual;
    },
    over: () => text.value.length - Number(text.dataset.most),
  };
}
