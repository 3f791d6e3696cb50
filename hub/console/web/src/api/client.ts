// How the console talks to the API: every change carries the token of the session and a key of its own, so that a change
// that is sent twice is done once. It refuses to know any route: those are in the files beside it.

import { problemOf } from "./problem";

type Value = string | number | boolean | null | undefined;
export type Query = Readonly<Record<string, Value | readonly string[]>>;

export interface Tagged<T> {
  readonly value: T;
  /** Comes back as `If-Match` with a change of it: two people never overwrite each other. */
  readonly tag: string;
}

interface Sending {
  readonly body?: unknown;
  readonly tag?: string | undefined;
}

let csrf = "";
let onExpired: () => void = () => undefined;

export function carryToken(token: string): void {
  csrf = token;
}

/** Say what must happen when the session has ended. */
export function whenExpired(then: () => void): void {
  onExpired = then;
}

/** A path below `/v1` of parts that may hold anything: each is escaped. */
export function path(...parts: readonly string[]): string {
  return `/v1/${parts.map(encodeURIComponent).join("/")}`;
}

function withQuery(url: string, query: Query | undefined): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (typeof value === "object" && value !== null) value.forEach((one) => search.append(name, one));
    else if (value !== undefined && value !== null && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `${url}?${text}` : url;
}

/** 128 random bits. Not `randomUUID`: that one is missing where a hub in the town hall has no certificate yet. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function exchange<T>(url: string, init: RequestInit): Promise<Tagged<T>> {
  const answer = await fetch(url, { credentials: "same-origin", redirect: "error", ...init });
  if (!answer.ok) {
    if (answer.status === 401) onExpired();
    throw await problemOf(answer);
  }
  const value: unknown = answer.status === 204 ? undefined : await answer.json();
  return { value: value as T, tag: answer.headers.get("etag") ?? "" };
}

export async function getTagged<T>(url: string, query?: Query, signal?: AbortSignal): Promise<Tagged<T>> {
  return exchange<T>(withQuery(url, query), {
    headers: { Accept: "application/json, application/problem+json" },
    ...(signal ? { signal } : {}),
  });
}

export async function get<T>(url: string, query?: Query, signal?: AbortSignal): Promise<T> {
  return (await getTagged<T>(url, query, signal)).value;
}

export async function send<T>(
  method: "POST" | "PUT" | "PATCH",
  url: string,
  sending: Sending = {},
): Promise<Tagged<T>> {
  return exchange<T>(url, {
    method,
    headers: {
      Accept: "application/json, application/problem+json",
      "Content-Type": "application/json",
      "X-CSRF-Token": csrf,
      "Idempotency-Key": newKey(),
      ...(sending.tag ? { "If-Match": sending.tag } : {}),
    },
    body: JSON.stringify(sending.body ?? {}),
  });
}

export async function post<T>(url: string, body?: unknown, tag?: string): Promise<T> {
  return (await send<T>("POST", url, { body, tag })).value;
}
