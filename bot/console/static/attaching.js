// Files for the reply: chosen, dropped or pasted, uploaded at once, shown, and removed again before it is sent.

import { Failed, upload } from "./http.js";
import { say } from "./alerts.js";

export function attaching(id, form, { changed, error }) {
  const list = document.getElementById("added");
  const picker = document.getElementById("file");
  const opener = document.getElementById("add-file");
  const most = Number(picker.dataset.most);
  const items = new Map(); // the line of a file, and its pass once it is up
  let locked = false;

  const show = (isGone = false) => {
    form.elements.files.value = [...items.values()].filter(Boolean).join(" ");
    changed(isGone);
  };
  const drop = (line, words) => {
    items.delete(line);
    line.remove();
    if (words) say(words);
    show(true);
  };

  async function take(file) {
    if (locked) { error.textContent = `${file.name} is not added: undo first, or add it to the next reply.`; return; }
    if (items.size >= most) { error.textContent = `One reply takes ${most} files.`; return; }
    if (file.size > Number(picker.dataset.bytes)) { error.textContent = `${file.name} is over 10 MB. Choose a smaller one.`; return; }
    const line = document.createElement("li");
    const state = Object.assign(document.createElement("span"), { className: "soft", textContent: "Uploading…" });
    const remove = Object.assign(document.createElement("button"), { type: "button", className: "link", textContent: "Remove" });
    const stop = new AbortController();
    remove.setAttribute("aria-label", `Remove ${file.name}`);
    remove.addEventListener("click", () => { stop.abort(); drop(line, `${file.name} is removed.`); opener.focus(); });
    line.append(Object.assign(document.createElement("strong"), { textContent: file.name }), state, remove);
    list.append(line);
    items.set(line, "");
    show();
    picture(file).then((shown) => line.prepend(shown));
    try {
      const kept = await upload(`/console/conversations/${id}/files`, file, stop.signal);
      if (!items.has(line)) return;
      items.set(line, kept.pass);
      state.textContent = kept.size < 1e6 ? `${Math.ceil(kept.size / 1000)} kB` : `${(kept.size / 1e6).toFixed(1)} MB`;
      say(`${file.name} is added.`);
      show();
    } catch (failure) {
      if (!(failure instanceof Failed)) throw failure;
      if (items.has(line)) { error.textContent = `${file.name}: ${failure.message}`; drop(line); }
    }
  }
  const takeAll = (files) => {
    error.textContent = "";
    for (const file of files) take(file);
  };

  opener.hidden = false;
  opener.addEventListener("click", () => picker.click());
  picker.addEventListener("change", () => { takeAll([...picker.files]); picker.value = ""; });
  form.addEventListener("paste", (event) => {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    takeAll([...event.clipboardData.files]);
  });
  form.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    form.classList.add("dropping");
  });
  for (const leaving of ["dragleave", "drop"]) form.addEventListener(leaving, () => form.classList.remove("dropping"));
  form.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    takeAll([...event.dataTransfer.files]);
  });

  return {
    any: () => items.size > 0,
    uploading: () => [...items.values()].includes(""),
    lock: (is) => { locked = is; for (const button of list.querySelectorAll("button")) button.disabled = is; },
    sent: () => { items.clear(); list.replaceChildren(); show(); },
  };
}

// On a canvas, since the pages' policy allows no pictures but the server's own.
async function picture(file) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 40;
  canvas.setAttribute("aria-hidden", "true");
  try {
    const image = await createImageBitmap(file);
    const side = Math.min(image.width, image.height);
    canvas.getContext("2d").drawImage(image, (image.width - side) / 2, (image.height - side) / 2, side, side, 0, 0, 40, 40);
    image.close();
  } catch { canvas.hidden = true; } // a PDF, or a picture that this browser cannot show
  return canvas;
}
