import { expect, test } from "vitest";
import type { PlanView } from "@/api/types";
import { commandsOf, endedOf, stepsOf } from "./progress";

const PLAN = {
  state: "bevroren",
  madeBy: "operator",
  approvedBy: "",
  needsApproval: false,
  ramp: [1, 10],
  step: 0,
  states: { wacht: 8, "inhoud-weg": 2 },
} as unknown as PlanView;
const operator = { name: "operator", may: () => true };

test("what is gone counts as ended: nothing will come of it", () => {
  expect(endedOf(PLAN)).toBe(2);
});

test("a frozen plan has no step that is busy", () => {
  expect(stepsOf(PLAN).map(({ stands }) => stands)).toEqual(["waits", "waits", "waits"]);
});

test("the steps before the present one are done, the last is the others", () => {
  expect(stepsOf({ ...PLAN, state: "gepauzeerd", step: 1 })).toEqual([
    { size: 1, stands: "done" },
    { size: 10, stands: "now" },
    { size: null, stands: "waits" },
  ]);
});

test.each([
  ["bevroren", ["start", "cancel"]],
  ["loopt", ["pause", "cancel"]],
  ["gepauzeerd", ["resume", "cancel"]],
  ["klaar", []],
] as const)("a plan that is %s can be told %j", (state, commands) => {
  expect(commandsOf({ ...PLAN, state }, operator)).toEqual(commands);
});

test("what failed can be planned again", () => {
  const plan = { ...PLAN, state: "klaar", states: { mislukt: 1 } } as PlanView;
  expect(commandsOf(plan, operator)).toEqual(["again"]);
});

test("who made a plan does not approve it, and it does not start before somebody did", () => {
  const plan = { ...PLAN, needsApproval: true };
  expect(commandsOf(plan, operator)).toEqual(["cancel"]);
  expect(commandsOf(plan, { ...operator, name: "collega" })).toEqual(["approve", "cancel"]);
  expect(commandsOf({ ...plan, approvedBy: "collega" }, operator)).toContain("start");
});

test("who may only look is offered nothing", () => {
  expect(commandsOf(PLAN, { name: "lezer", may: () => false })).toEqual([]);
});
