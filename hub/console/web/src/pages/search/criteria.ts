// What is searched for: from the address, except a BSN, which stands in no address. Pure.

import type { SearchRequest } from "@/api/types";

export const CRITERIA = [
  "zaak",
  "document",
  "reference",
  "sender",
  "connection",
  "kind",
  "state",
  "since",
  "until",
  "text",
] as const;
export type Criteria = Record<(typeof CRITERIA)[number], string>;

export const STATES = ["geaccepteerd", "afgeleverd", "mislukt", "vervallen", "geweigerd", "dubbel"] as const;

export interface Person {
  readonly bsn: string;
  readonly reason: string;
}

const PART = 100;

export function isGiven(criteria: Criteria): boolean {
  return CRITERIA.some((name) => criteria[name] !== "");
}

export function requestOf(criteria: Criteria, person: Person | null, cursor: string | null): SearchRequest {
  const given = (name: keyof Criteria) => criteria[name] || null;
  return {
    zaak: given("zaak"),
    document: given("document"),
    reference: given("reference"),
    sender: given("sender"),
    connection: given("connection"),
    kind: given("kind"),
    state: STATES.find((state) => state === criteria.state) ?? null,
    since: momentOf(criteria.since),
    until: momentOf(criteria.until),
    text: given("text"),
    bsn: person?.bsn ?? null,
    reason: person?.reason ?? null,
    cursor,
    limit: PART,
  };
}

function momentOf(local: string): string | null {
  const at = new Date(local);
  return local === "" || Number.isNaN(at.getTime()) ? null : at.toISOString();
}

const BSN_LENGTH = 9;
const ELEVEN = 11;

/** The test of eleven: the last digit counts against the others. */
export function isBsn(text: string): boolean {
  if (!/^\d{9}$/.test(text)) return false;
  const digits = Array.from(text, Number);
  const sum = digits.reduce((total, digit, at) => total + digit * (at === BSN_LENGTH - 1 ? -1 : BSN_LENGTH - at), 0);
  return sum % ELEVEN === 0 && text !== "000000000";
}
