// What the connections come to together, and which of them asks for attention first. Pure.

import type { ConnectionSummary } from "@/api/types";

export interface Totals {
  readonly open: number;
  readonly retrying: number;
  readonly waiting: number;
  readonly zaken: number;
  readonly stopped: number;
  readonly oldestAt: string | null;
}

export function totalsOf(connections: readonly ConnectionSummary[]): Totals {
  const sum = (of: (each: ConnectionSummary) => number) => connections.reduce((total, each) => total + of(each), 0);
  const waiting = connections.map((each) => each.oldestWaitingAt).filter((at) => at !== null);
  return {
    open: sum((each) => each.failuresOpen),
    retrying: sum((each) => each.failuresRetrying),
    waiting: sum((each) => each.lag + each.parked),
    zaken: sum((each) => each.zakenWaiting),
    stopped: connections.filter(standsStill).length,
    oldestAt: waiting.sort()[0] ?? null,
  };
}

export function standsStill(connection: ConnectionSummary): boolean {
  return connection.flow !== "loopt" || connection.breaker === "open";
}

const DAY_MS = 86_400_000;

/** Whole days until a certificate ends; negative when it has. */
export function daysUntil(at: string, now: number): number {
  return Math.floor((new Date(at).getTime() - now) / DAY_MS);
}

/** Trouble first: the hub stopped it, the target is gone, people must act; then by name. */
export function byTrouble(connections: readonly ConnectionSummary[]): readonly ConnectionSummary[] {
  const trouble = (each: ConnectionSummary) =>
    (each.flow === "gestopt" ? 8 : 0) +
    (each.breaker === "open" ? 4 : 0) +
    (each.failuresOpen > 0 ? 2 : 0) +
    (each.flow === "gepauzeerd" ? 1 : 0);
  return connections.toSorted((a, b) => trouble(b) - trouble(a) || a.name.localeCompare(b.name));
}
