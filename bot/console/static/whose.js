// Whose session the browser has. Another tab may have begun it: this page goes on with it where it is its own member's.

const meta = (name) => document.querySelector(`meta[name="${name}"]`);
export const csrf = () => meta("csrf").content;
export const locked = () => document.body.classList.contains("locked");

// The session's end by this computer's clock, however wrong that is: the server says how many seconds are left.
let endsAt = Date.now() + 1000 * meta("session-left").content;
export const left = () => endsAt - Date.now();

// What the server says of a session of this page's member. Out: whether the page had the token of another one.
export function take({ csrf: token, left: seconds }) {
  endsAt = Date.now() + 1000 * seconds;
  if (token === csrf()) return false;
  meta("csrf").content = token;
  for (const field of document.querySelectorAll('input[name="csrf"]')) field.value = token;
  return true;
}

// Asks whose session it is now, and goes on with it or says that this page's member is signed out. `refused`: their
// session was refused, so that they are signed out too where there is no answer.
let asking = null;
export async function adopt(refused = false) {
  asking ??= look().finally(() => { asking = null; });
  if (!(await asking) && refused) out("");
}

async function look() {
  const token = csrf();
  let now;
  try {
    const response = await fetch("/console/session", {
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(3000),
      headers: { "HX-Request": "true", Accept: "application/json" },
    });
    if (!response.ok && response.status !== 401) return false;
    now = response.ok ? await response.json() : null;
  } catch {
    return false;
  }
  if (token !== csrf()) return true; // they have signed in here meanwhile
  if (String(now?.member) !== meta("member").content) out(now?.name ?? "");
  else if (take(now) || locked()) document.dispatchEvent(new CustomEvent("signed-in"));
  return true;
}

const out = (name) => document.dispatchEvent(new CustomEvent("signed-out", { detail: name }));
