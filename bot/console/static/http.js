// Asking the server. Nothing on the page is lost by a session that has ended; see whose.js for what it goes on with.

import { adopt, csrf } from "./whose.js";

export class Failed extends Error {
  constructor(message, status = 0, body = {}) {
    super(message);
    this.status = status;
    this.body = body;
  }
}

async function ask(address, options, deadline, again = false) {
  const token = csrf();
  const headers = { "HX-Request": "true", "X-CSRF-Token": token, ...options.headers };
  let response;
  try {
    response = await fetch(address, {
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(deadline),
      ...options,
      headers,
    });
  } catch {
    throw new Failed("The server cannot be reached just now.");
  }
  if (response.status === 401 || response.status === 403) {
    await adopt(response.status === 401);
    if (csrf() !== token && !again) return ask(address, options, deadline, true); // it did nothing with the old token
  }
  if (response.status === 401) throw new Failed("Sign in again; what you wrote is kept.", 401);
  return response;
}

export async function fragment(address) {
  const response = await ask(address, { headers: { Accept: "text/html" } }, 10_000);
  if (!response.ok) throw new Failed("The page could not be brought up to date.", response.status);
  return new DOMParser().parseFromString(await response.text(), "text/html").body;
}

export async function read(address) {
  const response = await ask(address, { headers: { Accept: "application/json" } }, 10_000);
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
  const response = await ask(address, { method: "POST", headers: { Accept: "application/json" }, ...options }, deadline);
  if (response.status === 204) return {};
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Failed(body.error || "That failed on our side. Nothing you wrote is lost; try again.", response.status, body);
  return body;
}
