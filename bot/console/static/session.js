// The end of a session: warned of before it comes, and mended in place by the same person, with nothing lost.

import { Failed, post } from "./http.js";
import { adopt, left, locked, take } from "./whose.js";
import { toast } from "./alerts.js";

const WARN = 5 * 60_000;

export function session() {
  const dialog = document.getElementById("again");
  const form = document.getElementById("again-form");
  const error = document.getElementById("again-error");
  const other = document.getElementById("again-other");
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel("aftercare-session") : null;
  let warned = null;

  const ask = () => {
    if (dialog.open) return;
    error.textContent = "";
    dialog.showModal();
    document.getElementById("again-password").focus();
  };
  const unwarn = () => {
    warned?.remove();
    warned = null;
  };
  document.addEventListener("signed-out", ({ detail: name }) => {
    document.body.classList.add("locked"); // patients' words are not for whoever passes by
    other.hidden = !name;
    other.querySelector("strong").textContent = name;
    ask();
  });
  document.addEventListener("signed-in", () => {
    unwarn();
    dialog.close();
    document.body.classList.remove("locked");
  });
  dialog.addEventListener("cancel", (event) => {
    if (locked()) event.preventDefault();
  });
  other.querySelector("button").addEventListener("click", () => location.reload());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    error.textContent = "";
    try {
      take(await signIn(new URLSearchParams(new FormData(form))));
    } catch (failure) {
      error.textContent = failure.message;
      return;
    } finally {
      document.getElementById("again-password").value = "";
      const code = document.getElementById("again-code");
      if (code) code.value = "";
    }
    document.dispatchEvent(new CustomEvent("signed-in"));
    tabs?.postMessage("");
  });

  // Nothing but that there is something to ask is told from tab to tab: whose session it is, the server knows.
  tabs?.addEventListener("message", () => adopt());
  tabs?.postMessage("");
  document.addEventListener("visibilitychange", () => { if (!document.hidden) adopt(); });

  const stay = async () => {
    take(await post("/console/session", {}));
    if (left() < WARN) return ask();
    unwarn();
  };
  const look = async () => {
    if (locked()) return;
    if (left() < WARN) await adopt(left() <= 0); // what was done since, here or in another tab, has put the end off
    if (left() >= WARN) return unwarn();
    if (!warned && !locked()) {
      warned = toast(`Your session ends in ${Math.max(1, Math.round(left() / 60_000))} min.`, { button: "Stay signed in", act: stay, stays: 0 });
    }
  };
  setInterval(look, 5000);
  look();
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
}

async function signIn(body) {
  const headers = { "HX-Request": "true", Accept: "application/json" };
  let response;
  try {
    response = await fetch("/console/sign-in", { method: "POST", body, headers, credentials: "same-origin" });
  } catch {
    throw new Failed("The server cannot be reached just now.");
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Failed(answer.error || "That failed on our side. Try again.");
  return answer;
}
