// A conversation's page: live parts around a composer that is never touched.

import { fragment, post } from "./http.js";
import { morphParts } from "./morph.js";
import { paced } from "./live.js";
import { say } from "./alerts.js";
import { composer } from "./composer.js";

export function conversation(main) {
  const id = main.dataset.conversation;
  const scroller = document.getElementById("transcript");
  const pill = document.getElementById("newer");
  const below = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 60;
  const down = () => { scroller.scrollTop = scroller.scrollHeight; pill.hidden = true; };

  const refresh = paced(async () => {
    let body;
    try {
      body = await fragment(location.href.split("#")[0]);
    } catch {
      return; // the rail says that the page is not live; what is shown stays
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
  pill.addEventListener("click", down);
  scroller.addEventListener("scroll", () => { if (below()) pill.hidden = true; }, { passive: true });
  if (!location.hash) down();
  setInterval(refresh, 20_000);
  panes(main, down);
  dialogs();
  actions(refresh);
  presence(id, writing);

  const press = (form) => document.querySelector(`#${form} button`)?.click();
  return {
    refresh,
    concerns: (data) => data.conversation_id === id,
    keys: {
      a: () => press("act-acknowledge"),
      t: () => press("act-take-over"),
      r: () => { show(main, "chat"); writing?.focus(); },
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
    const opener = event.target.closest("[data-opens]");
    if (opener) {
      event.preventDefault();
      document.getElementById(opener.dataset.opens).showModal();
    }
    if (event.target.closest("[data-cancel]")) event.target.closest("dialog").close();
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
      summary.textContent = failure.message;
      summary.hidden = false;
      summary.focus();
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
