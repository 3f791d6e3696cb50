// A plan that is being made: what stands in the form, read from the address and turned into a request. Pure.

import type { PlanRequest, Selection } from "@/api/types";

export interface Draft {
  readonly failures: readonly string[];
  readonly groups: readonly string[];
  readonly state: NonNullable<Selection["state"]>;
  readonly stage: string;
  readonly zaak: string;
  readonly kind: string;
  readonly code: string;
  readonly text: string;
  readonly since: string;
  readonly until: string;
  readonly mode: NonNullable<PlanRequest["mode"]>;
  readonly superseded: NonNullable<PlanRequest["superseded"]>;
  readonly redirect: string;
  readonly ramp: string;
  readonly perMinute: string;
  readonly stopAt: string;
  readonly reason: string;
}

export const MODES = ["gebeurtenis", "bericht", "verzoek"] as const satisfies readonly Draft["mode"][];
export const TREATMENTS = [
  "overslaan",
  "herhalen",
  "opnieuw-toepassen",
] as const satisfies readonly Draft["superseded"][];
export const STATES = ["mislukt", "afgeleverd", "vervallen"] as const satisfies readonly Draft["state"][];

const STEPS_MAX = 10;
const PER_MINUTE_MAX = 600_000;
const REASON_LENGTH_MIN = 4;

/** Criteria that an address may carry: `/plannen/nieuw?groep=…&koppeling=…`. */
export function draftOf(search: URLSearchParams): Draft {
  const one = (name: string) => search.get(name) ?? "";
  return {
    failures: search.getAll("failure"),
    groups: search.getAll("group"),
    state: STATES.find((state) => state === one("state")) ?? "mislukt",
    stage: one("stage"),
    zaak: one("zaak"),
    kind: one("kind"),
    code: one("code"),
    text: one("text"),
    since: one("since"),
    until: one("until"),
    mode: "gebeurtenis",
    superseded: "overslaan",
    redirect: "",
    ramp: "1, 10, 100",
    perMinute: "600",
    stopAt: "5",
    reason: "",
  };
}

export type Wrong = "nothing" | "ramp" | "perMinute" | "stopAt" | "reason";

/** What is wrong with it; empty when it can be frozen. */
export function wrongIn(draft: Draft): ReadonlySet<Wrong> {
  const wrong = new Set<Wrong>();
  const { stage, zaak, kind, code, text, since, until } = draft;
  const chosen = [stage, zaak, kind, code, text, since, until].some((each) => each.trim() !== "");
  if (!chosen && draft.failures.length + draft.groups.length === 0) wrong.add("nothing");
  if (steps(draft.ramp) === null) wrong.add("ramp");
  if (whole(draft.perMinute, 1, PER_MINUTE_MAX) === null) wrong.add("perMinute");
  if (ratio(draft.stopAt) === null) wrong.add("stopAt");
  if (draft.reason.trim().length < REASON_LENGTH_MIN) wrong.add("reason");
  return wrong;
}

/** Only for a draft with nothing wrong in it. */
export function requestOf(draft: Draft): PlanRequest {
  const given = (text: string) => text.trim() || null;
  return {
    selection: {
      failures: [...draft.failures],
      groups: [...draft.groups],
      state: draft.state,
      stage: given(draft.stage),
      zaak: given(draft.zaak),
      kind: given(draft.kind),
      code: given(draft.code),
      text: given(draft.text),
      since: momentOf(draft.since),
      until: momentOf(draft.until),
    },
    mode: draft.mode,
    superseded: draft.superseded,
    ramp: steps(draft.ramp) ?? [],
    perMinute: whole(draft.perMinute, 1, PER_MINUTE_MAX) ?? 1,
    stopAt: ratio(draft.stopAt) ?? 0,
    redirect: given(draft.redirect),
    reason: draft.reason.trim(),
  };
}

function steps(text: string): number[] | null {
  const words = text.split(/[\s,;]+/).filter(Boolean);
  const read = words.map((word) => whole(word, 1, Number.MAX_SAFE_INTEGER));
  return words.length <= STEPS_MAX && read.every((step) => step !== null) ? read : null;
}

function whole(text: string, least: number, most: number): number | null {
  // Points and spaces between thousands, as people of the Netherlands write them.
  const digits = text.trim().replace(/[. ](?=\d{3}(\D|$))/g, "");
  const value = Number(digits);
  return /^\d+$/.test(digits) && value >= least && value <= most ? value : null;
}

function ratio(text: string): number | null {
  const value = Number(text.trim().replace(",", "."));
  return text.trim() !== "" && value >= 0 && value <= 100 ? value / 100 : null;
}

/** What `datetime-local` gives has no zone: it is the clock of the person at the screen. */
function momentOf(local: string): string | null {
  const at = new Date(local);
  return local === "" || Number.isNaN(at.getTime()) ? null : at.toISOString();
}
