import { expect, test } from "vitest";
import type { ConnectionSummary } from "@/api/types";
import { byTrouble, daysUntil, totalsOf } from "./totals";

function connection(name: string, changes: Partial<ConnectionSummary> = {}): ConnectionSummary {
  return {
    name,
    description: "",
    direction: "outbound",
    adapter: "zgw",
    flow: "loopt",
    flowReason: "",
    flowBy: "",
    flowUntil: null,
    breaker: "dicht",
    perMinute: 0,
    failedPerMinute: 0,
    lag: 0,
    oldestWaitingAt: null,
    drainedInS: null,
    failuresOpen: 0,
    failuresRetrying: 0,
    parked: 0,
    zakenWaiting: 0,
    certificateEndsAt: null,
    workers: 1,
    revision: "1",
    ...changes,
  };
}

test("a connection that the hub stopped comes before one that only has failures", () => {
  const shown = byTrouble([
    connection("a"),
    connection("b", { failuresOpen: 9 }),
    connection("c", { flow: "gestopt" }),
  ]);
  expect(shown.map(({ name }) => name)).toEqual(["c", "b", "a"]);
});

test("what waits is what lies on the bus and what is parked, and the oldest is that of all", () => {
  const totals = totalsOf([
    connection("a", { lag: 2, parked: 3, oldestWaitingAt: "2026-11-23T02:00:00Z" }),
    connection("b", { parked: 1, oldestWaitingAt: "2026-11-23T01:00:00Z", breaker: "open" }),
  ]);
  expect(totals).toMatchObject({ waiting: 6, oldestAt: "2026-11-23T01:00:00Z", stopped: 1 });
});

test("a certificate that ended yesterday has less than no days", () => {
  expect(daysUntil("2026-11-22T00:00:00Z", Date.parse("2026-11-23T00:00:00Z"))).toBe(-1);
});
