// Reviewing with few clicks: topics and signs are chosen from a list that narrows as one types; arrows go through it.

export function review() {
  for (const picker of document.querySelectorAll("[data-picker]")) choosing(picker);
  for (const link of document.querySelectorAll("[data-pick]")) {
    link.setAttribute("aria-haspopup", "dialog");
    link.addEventListener("click", (event) => {
      event.preventDefault();
      open(link.dataset.pick, link.closest("[data-item]").dataset.item);
    });
  }
  return {
    refresh() {},
    keys: {
      j: () => go(1),
      k: () => go(-1),
      f: () => item()?.querySelector('[data-key="f"]')?.click(),
      w: () => item()?.querySelector('[data-pick="pick-topic"]')?.click(),
      m: () => item()?.querySelector('[data-pick="pick-sign"]')?.click(),
    },
  };
}

const items = () => [...document.querySelectorAll("[data-item]")];
const item = () => document.activeElement?.closest("[data-item]") ?? items()[0];

function go(step) {
  const all = items();
  const at = all.indexOf(document.activeElement?.closest("[data-item]"));
  const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function open(id, number) {
  const dialog = document.getElementById(id);
  const picker = dialog.querySelector("[data-picker]");
  picker.action = `/console/review/${number}`;
  const search = picker.querySelector("[data-search]");
  search.value = "";
  search.dispatchEvent(new Event("input"));
  dialog.showModal();
  search.focus();
}

function choosing(picker) {
  const search = picker.querySelector("[data-search]");
  const found = picker.querySelector("[data-found]");
  const choices = [...picker.querySelectorAll("[data-words]")];
  const shown = () => choices.filter((choice) => !choice.hidden).map((choice) => choice.firstElementChild);
  search.addEventListener("input", () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const choice of choices) choice.hidden = !words.every((word) => choice.dataset.words.includes(word));
    const count = shown().length;
    found.textContent = !words.length ? "" : count ? `${count} found` : "None found: try another word";
  });
  picker.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target === search) {
      event.preventDefault(); // a form with many buttons would take its first
      const [only, ...others] = shown();
      if (only && search.value.trim() && !others.length) only.click();
      else only?.focus();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = shown();
    const at = all.indexOf(document.activeElement) + step;
    (at < 0 ? search : all[Math.min(at, all.length - 1)] ?? search).focus();
  });
}
