import type { ClinicInfo, OlderMessages } from "../shared/contract";
import { parse } from "./parse";

/** Why a request failed, by what can be done about it. */
export type Failure =
  | { kind: "network" } // nothing came back: the request may or may not have arrived
  | { kind: "timeout" }
  | { kind: "cancelled" }
  | { kind: "expired" } // 401: the token is unknown or too old
  | { kind: "rate"; seconds: number } // 429, or 503 with Retry-After
  | { kind: "server" } // 5xx
  | { kind: "refused"; status: number; said: string }; // any other 4xx: the same request will not do

export class ApiError extends Error {
  constructor(readonly failure: Failure) {
    super(failure.kind);
  }
}

const TIMEOUT = 20_000;
/** Of a file, either way, on a slow phone. */
const FILE_TIMEOUT = 180_000;

function failureOf(status: number, retryAfter: string | null, body: string): Failure {
  const seconds = Math.min(600, Math.max(1, Number(retryAfter) || 5));
  if (status === 401) return { kind: "expired" };
  if (status === 429 || (status === 503 && retryAfter)) return { kind: "rate", seconds };
  if (status >= 500) return { kind: "server" };
  const error = parse<any>(body)?.error; // none on a proxy's page
  const said = [error?.message, error?.next].filter((part) => typeof part === "string").join(" ");
  return { kind: "refused", status, said };
}

export class Api {
  constructor(
    private base: () => string,
    private language: () => string,
  ) {}

  url(path: string): string {
    return this.base() + "api/v1/" + path;
  }

  headers(token?: string | null): Record<string, string> {
    return { "Accept-Language": this.language(), ...(token ? { Authorization: `Bearer ${token}` } : {}) };
  }

  async #ask(path: string, init: RequestInit): Promise<Blob> {
    let response: Response;
    let body: Blob;
    try {
      response = await fetch(this.url(path), { cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(TIMEOUT), ...init });
      body = await response.blob();
    } catch (error) {
      throw new ApiError({ kind: (error as Error).name === "TimeoutError" ? "timeout" : "network" });
    }
    if (!response.ok) throw new ApiError(failureOf(response.status, response.headers.get("Retry-After"), await body.text()));
    return body;
  }

  async #json<T>(path: string, init: RequestInit): Promise<T> {
    const body = await this.#ask(path, init);
    try {
      return JSON.parse(await body.text()) as T;
    } catch {
      throw new ApiError({ kind: "server" });
    }
  }

  #post<T>(path: string, token: string | null, body: object): Promise<T> {
    return this.#json(path, {
      method: "POST",
      headers: { ...this.headers(token), "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  }

  info(): Promise<ClinicInfo> {
    return this.#json("widget", { headers: this.headers() });
  }

  /** Begins a conversation, or goes on with the one of `token` or `identity`; `enrolment` is the token of the clinic's link. */
  start(token: string | null, enrolment: string, identity: string): Promise<{ token: string; conversation_id: unknown }> {
    return this.#post("conversations", token, { ...(enrolment && { enrolment }), ...(identity && { identity }) });
  }

  older(token: string, before: number): Promise<OlderMessages> {
    return this.#json(`messages?before=${before}`, { headers: this.headers(token) });
  }

  /** A file that a clinician has sent. */
  file(token: string, id: number): Promise<Blob> {
    return this.#ask(`attachments/${id}`, { headers: this.headers(token), signal: AbortSignal.timeout(FILE_TIMEOUT) });
  }

  /** The assistant asks, in the chat, whether the clinic is to delete it. */
  askDeletion(token: string): Promise<unknown> {
    return this.#post("deletion", token, {});
  }

  send(token: string, body: object): Promise<{ message_id: number }> {
    return this.#post("messages", token, body);
  }

  /** With XMLHttpRequest, which alone tells how far an upload is. */
  upload(token: string, form: FormData, progress: (share: number) => void, signal: AbortSignal): Promise<{ message_id?: number }> {
    return new Promise((resolve, reject) => {
      const fail = (failure: Failure) => reject(new ApiError(failure));
      const request = new XMLHttpRequest();
      request.open("POST", this.url("attachments"));
      for (const [name, value] of Object.entries(this.headers(token))) request.setRequestHeader(name, value);
      request.timeout = FILE_TIMEOUT;
      request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
      request.onerror = () => fail({ kind: "network" });
      request.ontimeout = () => fail({ kind: "timeout" });
      request.onabort = () => fail({ kind: "cancelled" });
      request.onload = () => {
        const { status, responseText } = request;
        if (status < 200 || status > 299) return fail(failureOf(status, request.getResponseHeader("Retry-After"), responseText));
        resolve(parse<{ message_id?: number }>(responseText) ?? {});
      };
      signal.addEventListener("abort", () => request.abort());
      request.send(form);
    });
  }
}
