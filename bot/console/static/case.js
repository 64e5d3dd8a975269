// A conversation's page: live parts around a composer that is never touched.

import { fragment, post } from "./http.js";
import { morphParts } from "./morph.js";
import { paced } from "./live.js";
import { say } from "./alerts.js";
import { composer } from "./composer.js";
import { noting } from "./noting.js";
import { seeing } from "./seen.js";

export function conversation(main) {
  const id = main.dataset.conversation;
  const scroller = document.getElementById("transcript");
  const pill = document.getElementById("newer");
  const below = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 60;
  const down = () => { scroller.scrollTop = scroller.scrollHeight; pill.hidden = true; };
  let atEnd = !location.hash; // and it stays there when a photo is painted or the composer grows

  const refresh = paced(async () => {
    let body;
    try {
      body = await fragment(location.href.split("#")[0]);
    } catch (failure) {
      if (failure.status === 404) location.reload(); // erased: nothing of it stays on the screen
      return; // else the rail says that the page is not live, and what is shown stays
    }
    const followed = below();
    const before = scroller.querySelectorAll(".line").length;
    morphParts(body);
    const added = scroller.querySelectorAll(".line").length - before;
    if (added > 0 && followed) down();
    else if (added > 0) {
      pill.textContent = added === 1 ? "1 new message below" : `${added} new messages below`;
      pill.hidden = false;
    }
    writing?.parts();
  }, 400);

  const writing = document.getElementById("composer") ? composer(id, refresh, () => below() && !document.hidden && main.dataset.pane === "chat") : null;
  if (writing) seeing(id, scroller); // reviewers only read along
  const notes = document.getElementById("noting") ? noting(id, refresh) : null;
  pill.addEventListener("click", down);
  scroller.addEventListener("scroll", () => { atEnd = below(); if (atEnd) pill.hidden = true; }, { passive: true });
  const grows = new ResizeObserver(() => { if (atEnd) down(); });
  for (const one of [scroller, document.getElementById("lines")]) grows.observe(one);
  if (!location.hash) down();
  setInterval(refresh, 20_000);
  panes(main, down);
  dialogs();
  actions(refresh);
  presence(id, writing);

  const press = (form) => document.querySelector(`#${form} button`)?.click();
  const dialog = (name, opener) => { if (document.getElementById(opener)) document.getElementById(name)?.showModal(); };
  return {
    refresh,
    concerns: (data) => data.conversation_id === id,
    keys: {
      a: () => press("act-acknowledge"),
      t: () => { press("act-take-over"); dialog("takeover-dialog", "act-take-from"); },
      r: () => { show(main, "chat"); notes?.show("reply"); },
      n: () => { show(main, "chat"); notes?.show("note"); },
      h: () => dialog("handback-dialog", "act-hand-back"),
      c: () => dialog("close-dialog", "act-close"),
      i: () => dialog("assign-dialog", "more-assign"),
      u: () => dialog("tier-dialog", "more-tier"),
      z: () => dialog("snooze-dialog", "more-snooze"),
    },
  };
}

function show(main, pane) {
  main.dataset.pane = pane;
  for (const button of main.querySelectorAll("[data-shows]")) button.setAttribute("aria-pressed", String(button.dataset.shows === pane));
}

function panes(main, down) {
  for (const button of main.querySelectorAll("[data-shows]")) {
    button.addEventListener("click", () => { show(main, button.dataset.shows); if (button.dataset.shows === "chat") down(); });
  }
  main.addEventListener("click", (event) => { if (event.target.closest('a[href^="#m"]')) show(main, "chat"); });
}

function dialogs() {
  document.addEventListener("click", (event) => {
    const menu = document.querySelector(".menu[open]");
    if (menu && (!menu.contains(event.target) || event.target.closest("a"))) menu.open = false;
    const opener = event.target.closest("[data-opens]");
    if (opener) {
      event.preventDefault();
      document.getElementById(opener.dataset.opens).showModal();
    }
    if (event.target.closest("[data-cancel]")) event.target.closest("dialog").close();
  });
  document.addEventListener("keydown", (event) => {
    const menu = document.querySelector(".menu[open]");
    if (event.key !== "Escape" || !menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

// Forms that call one verb: the page stays, the parts that changed are fetched.
function actions(refresh) {
  const summary = document.getElementById("case-error");
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("[data-act]");
    if (!form) return;
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "yes";
    summary.hidden = true;
    document.title = document.title.replace(/^Error: /, "");
    try {
      await post(form.action, new FormData(form));
      say(form.dataset.act);
      if (form.dataset.closes) {
        document.getElementById(form.dataset.closes).close();
        form.reset();
      }
      form.closest("details")?.removeAttribute("open");
    } catch (failure) {
      const dialog = form.closest("dialog");
      if (dialog) dialog.close();
      const link = Object.assign(document.createElement("a"), { href: `#${dialog?.id ?? (failure.body?.field || "banner")}`, textContent: failure.message });
      if (dialog) link.dataset.opens = dialog.id;
      summary.replaceChildren(link);
      summary.hidden = false;
      summary.focus();
      document.title = `Error: ${document.title.replace(/^Error: /, "")}`;
    }
    delete form.dataset.busy;
    refresh();
  });
}

function presence(id, writing) {
  const tell = (doing, options) => post(`/console/conversations/${id}/presence`, { doing }, options).catch(() => {});
  let typed = 0;
  const here = () => { if (!document.hidden) tell(Date.now() - typed < 4000 ? "typing" : "here"); };
  here();
  setInterval(here, 15_000);
  let stop;
  writing?.onInput(() => {
    if (Date.now() - typed > 3000) {
      typed = Date.now();
      tell("typing");
    }
    clearTimeout(stop);
    stop = setTimeout(() => { typed = 0; tell("here"); }, 5000);
  });
  addEventListener("pagehide", () => tell("left", { keepalive: true }));
  document.addEventListener("visibilitychange", () => tell(document.hidden ? "left" : "here"));
}
