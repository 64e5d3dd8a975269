// The end of a session: warned of before it comes, and mended in place by the same person, with nothing lost.

import { Failed, ends, post, read, renew, sessionEnds } from "./http.js";
import { toast } from "./alerts.js";

const WARN = 5 * 60_000;

export function session() {
  const dialog = document.getElementById("again");
  const form = document.getElementById("again-form");
  const error = document.getElementById("again-error");
  let warned = null;

  const ask = () => {
    if (dialog.open) return;
    error.textContent = "";
    dialog.showModal();
    document.getElementById("again-password").focus();
  };
  document.addEventListener("signed-out", () => {
    document.body.classList.add("locked"); // patients' words are not for whoever passes by
    ask();
  });
  dialog.addEventListener("cancel", (event) => {
    if (document.body.classList.contains("locked")) event.preventDefault();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    error.textContent = "";
    try {
      renew(await signIn(new URLSearchParams(new FormData(form))));
    } catch (failure) {
      error.textContent = failure.message;
      return;
    } finally {
      document.getElementById("again-password").value = "";
      const code = document.getElementById("again-code");
      if (code) code.value = "";
    }
    warned?.remove();
    warned = null;
    dialog.close();
    document.body.classList.remove("locked");
    document.dispatchEvent(new CustomEvent("signed-in"));
  });

  const stay = async () => {
    ends(await post("/console/session", {}));
    if (sessionEnds() - Date.now() < WARN) return ask();
    warned?.remove();
    warned = null;
  };
  const look = async () => {
    // What was done since, here or in another tab, has put the end off: the server knows.
    if (sessionEnds() - Date.now() < WARN && !document.body.classList.contains("locked")) {
      ends(await read("/console/session").catch(() => ({})));
      if (warned && sessionEnds() - Date.now() >= WARN) { warned.remove(); warned = null; }
    }
    const left = sessionEnds() - Date.now();
    if (left <= 0) document.dispatchEvent(new CustomEvent("signed-out"));
    else if (left < WARN && !warned) {
      warned = toast(`Your session ends in ${Math.max(1, Math.round(left / 60_000))} min.`, { button: "Stay signed in", act: stay, stays: 0 });
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
