// Single-key shortcuts: off in fields and dialogs, listed under "?", and they can be switched off.

const on = () => localStorage.getItem("aftercare.keys") !== "off";

export function keys(more) {
  const dialog = document.getElementById("keys");
  const box = document.getElementById("keys-on");
  const button = document.getElementById("show-keys");
  button.hidden = false;
  button.addEventListener("click", () => dialog.showModal());
  box.checked = on();
  box.addEventListener("change", () => localStorage.setItem("aftercare.keys", box.checked ? "on" : "off"));
  const undo = document.getElementById("undo-on");
  undo.checked = localStorage.getItem("aftercare.undo") !== "off";
  undo.addEventListener("change", () => localStorage.setItem("aftercare.undo", undo.checked ? "on" : "off"));
  const all = { "?": () => dialog.showModal(), q: () => { location.href = "/console"; }, "/": () => { location.href = "/console/search"; }, ...more };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !on()) return;
    if (event.target.closest("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) return;
    const act = Object.hasOwn(all, event.key) ? all[event.key] : null;
    if (!act) return;
    event.preventDefault();
    act();
  });
}
