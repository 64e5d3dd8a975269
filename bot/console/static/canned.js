// The clinic's canned replies: "/" in an empty reply or after a space lists them, filled in with the patient's dates.

import { read } from "./http.js";

const TYPED = /(?:^|\s)\/([a-z0-9-]*)$/;

export function canned(id, text) {
  const box = document.getElementById("canned");
  const list = document.getElementById("canned-list");
  const preview = document.getElementById("canned-preview");
  const opener = document.getElementById("canned-open");
  let loading = null;
  let turn = 0; // the list's last opening or closing: what was waited for before it comes too late
  let shown = [];
  let at = 0;
  opener.hidden = false;
  text.setAttribute("aria-controls", "canned-list");
  text.setAttribute("aria-autocomplete", "list");

  const typed = () => TYPED.exec(text.value.slice(0, text.selectionStart));
  const close = () => {
    turn += 1;
    box.hidden = true;
    text.removeAttribute("aria-activedescendant");
    opener.setAttribute("aria-expanded", "false");
  };

  function choose(index) {
    at = index;
    [...list.children].forEach((item, one) => item.setAttribute("aria-selected", String(one === at)));
    const item = list.children[at];
    text.setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
    preview.replaceChildren(...marked(shown[at].text));
    for (const [name, why] of Object.entries(shown[at].missing)) {
      preview.append(Object.assign(document.createElement("span"), { className: "why-not", textContent: `{${name}}: ${why}` }));
    }
  }

  async function open(word) {
    const mine = ++turn;
    if (box.hidden) loading = null; // the session may have been corrected, and a day may have passed
    loading ??= read(`/console/conversations/${id}/replies`).catch((error) => { loading = null; throw error; });
    const replies = await loading;
    if (mine !== turn) return;
    if (!replies.length) {
      shown = [];
      list.replaceChildren();
      preview.textContent = "The clinic has no canned replies yet: write them into replies.yml beside clinic.yml.";
      box.hidden = false;
      return;
    }
    shown = replies.filter((one) => one.name.startsWith(word) || one.title.toLowerCase().includes(word));
    if (!shown.length) return close();
    list.replaceChildren(...shown.map((one, index) => {
      const item = Object.assign(document.createElement("li"), { id: `canned-${index}` });
      item.setAttribute("role", "option");
      item.append(one.title, Object.assign(document.createElement("small"), { textContent: `/${one.name}` }));
      item.addEventListener("pointerdown", (event) => { event.preventDefault(); put(index); });
      item.addEventListener("pointerenter", () => choose(index));
      return item;
    }));
    box.hidden = false;
    opener.setAttribute("aria-expanded", "true");
    choose(0);
  }

  function put(index) {
    const found = typed();
    const end = text.selectionStart;
    const start = found ? end - found[1].length - 1 : end;
    text.setRangeText(shown[index].text, start, end, "end");
    close();
    text.focus();
    text.dispatchEvent(new Event("input"));
    const hole = /\{write_[a-z0-9_]*\}/.exec(text.value);
    if (hole) text.setSelectionRange(hole.index, hole.index + hole[0].length);
  }

  text.addEventListener("input", () => {
    const found = typed();
    if (found) open(found[1]).catch(close);
    else close();
  });
  text.addEventListener("blur", () => setTimeout(() => { if (document.activeElement !== text) close(); }, 150));
  text.addEventListener("keydown", (event) => {
    if (box.hidden || !shown.length) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) choose((at + step + shown.length) % shown.length);
    else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") put(at);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, { capture: true });
  opener.addEventListener("pointerdown", (event) => event.preventDefault());
  opener.addEventListener("click", () => {
    text.focus();
    if (box.hidden) open("").catch(close);
    else close();
  });
}

function marked(words) {
  return words.split(/(\{[a-z][a-z0-9_]*\})/).map((part) =>
    part.startsWith("{") ? Object.assign(document.createElement("mark"), { textContent: part }) : part);
}
