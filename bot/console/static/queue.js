// The queue: live, but never moving under the pointer or the focus.

import { fragment } from "./http.js";
import { morph, morphParts } from "./morph.js";
import { paced } from "./live.js";

export function queue() {
  const rows = document.getElementById("rows");
  const bar = document.getElementById("new-bar");
  let waiting = null;

  const held = () => rows.contains(document.activeElement) || (matchMedia("(hover: hover)").matches && rows.matches(":hover"));
  const apply = () => {
    if (!waiting) return;
    const link = rows.contains(document.activeElement) ? document.activeElement.closest("li").id : "";
    morphParts(waiting);
    waiting = null;
    bar.hidden = true;
    if (link) document.getElementById(link)?.querySelector("a").focus();
  };

  function hold(body) {
    const fresh = body.querySelector("#rows");
    morphParts(body, ["rows"]);
    const ids = new Set([...fresh.children].map((row) => row.id));
    for (const row of rows.children) {
      const now = ids.has(row.id) && fresh.querySelector(`#${row.id}`);
      if (now) morph(row, now);
      row.classList.toggle("gone", !now);
    }
    const here = [...rows.children].map((row) => row.id);
    const added = [...ids].filter((id) => !here.includes(id)).length;
    const moved = here.join() !== [...ids].join();
    waiting = moved ? body : null;
    bar.hidden = !moved;
    const words = added ? `${added} new – refresh` : "The order has changed – refresh";
    if (moved && bar.textContent !== words) bar.textContent = words;
  }

  const refresh = paced(async () => {
    try {
      const body = await fragment(location.href);
      if (!held()) {
        waiting = body;
        apply();
      } else hold(body);
    } catch { /* the line under the tabs says that the page is not live; what is shown stays */ }
  }, 700);

  bar.addEventListener("click", apply);
  for (const leaving of ["pointerleave", "focusout"]) {
    rows.addEventListener(leaving, () => setTimeout(() => { if (!held()) apply(); }, 400));
  }
  rows.addEventListener("click", (event) => remember(event.target.closest("li")));
  setInterval(refresh, 20_000);

  const narrow = () => document.getElementById("narrow");
  document.addEventListener("change", (event) => {
    if (!narrow().contains(event.target)) return;
    const chosen = [...new FormData(narrow())].filter(([, value]) => value);
    location.assign(`/console${chosen.length ? `?${new URLSearchParams(chosen)}` : ""}`);
  });

  if (history.state?.scroll) rows.closest("main").scrollTop = history.state.scroll;
  const last = history.state?.row && document.getElementById(history.state.row);
  last?.querySelector("a").focus({ preventScroll: Boolean(history.state?.scroll) });

  const step = (by) => {
    const links = [...rows.querySelectorAll(".row-link")];
    const at = links.indexOf(document.activeElement);
    const next = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + by))];
    next?.focus();
    if (next) remember(next.closest("li"));
  };
  return { refresh, keys: { j: () => step(1), k: () => step(-1), ".": apply } };
}

function remember(row) {
  if (row) history.replaceState({ row: row.id, scroll: row.closest("main").scrollTop }, "");
}
