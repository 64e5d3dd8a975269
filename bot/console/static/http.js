// Asking the server. A session that has ended is said once, as an event; nothing on the page is lost by it.

export class Failed extends Error {
  constructor(message, status = 0, body = {}) {
    super(message);
    this.status = status;
    this.body = body;
  }
}

const meta = (name) => document.querySelector(`meta[name="${name}"]`);
export const csrf = () => meta("csrf").content;

// The session's end by this computer's clock, however wrong that is: the server says how many seconds are left.
let endsAt = Date.now() + 1000 * meta("session-left").content;
export const sessionEnds = () => endsAt;
export const ends = ({ left }) => { if (left !== undefined) endsAt = Date.now() + 1000 * left; };

export function renew({ csrf: token, left }) {
  meta("csrf").content = token;
  ends({ left });
  for (const field of document.querySelectorAll('input[name="csrf"]')) field.value = token;
}

async function ask(address, options, deadline) {
  let response;
  try {
    response = await fetch(address, {
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(deadline),
      ...options,
    });
  } catch {
    throw new Failed("The server cannot be reached just now.");
  }
  if (response.status === 401) {
    document.dispatchEvent(new CustomEvent("signed-out"));
    throw new Failed("Sign in again; what you wrote is kept.", 401);
  }
  return response;
}

export async function fragment(address) {
  const response = await ask(address, { headers: { "HX-Request": "true", Accept: "text/html" } }, 10_000);
  if (!response.ok) throw new Failed("The page could not be brought up to date.", response.status);
  return new DOMParser().parseFromString(await response.text(), "text/html").body;
}

export async function read(address) {
  const response = await ask(address, { headers: { "HX-Request": "true", Accept: "application/json" } }, 10_000);
  if (!response.ok) throw new Failed("That could not be read.", response.status);
  return response.json();
}

export function post(address, fields, { keepalive = false, deadline = 15_000 } = {}) {
  return send(address, { body: new URLSearchParams(fields), keepalive }, deadline);
}

export function upload(address, file, signal) {
  const body = new FormData();
  body.append("file", file);
  return send(address, { body, signal: AbortSignal.any([signal, AbortSignal.timeout(180_000)]) });
}

async function send(address, options, deadline = 0) {
  const headers = { "X-CSRF-Token": csrf(), "HX-Request": "true", Accept: "application/json" };
  const response = await ask(address, { method: "POST", headers, ...options }, deadline);
  if (response.status === 204) return {};
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Failed(body.error || "That failed on our side. Nothing you wrote is lost; try again.", response.status, body);
  return body;
}
