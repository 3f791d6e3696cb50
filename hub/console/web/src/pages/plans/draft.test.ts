import { expect, test } from "vitest";
import { draftOf, requestOf, wrongIn, type Draft } from "./draft";

const ADDRESS = "group=a&group=b&stage=zaken-naar-zgw&text=B1062";
const right: Draft = { ...draftOf(new URLSearchParams(ADDRESS)), reason: "het zaaktype is er nu" };

test("what was chosen on another page comes along in the address", () => {
  expect(requestOf(right).selection).toMatchObject({
    groups: ["a", "b"],
    stage: "zaken-naar-zgw",
    text: "B1062",
    zaak: null,
  });
  expect(wrongIn(right).size).toBe(0);
});

test("a plan of everything is not made by leaving everything open", () => {
  expect(wrongIn({ ...draftOf(new URLSearchParams()), reason: "alles" })).toEqual(new Set(["nothing"]));
});

test.each([
  ["1, 10, 100", [1, 10, 100]],
  ["1 10", [1, 10]],
  ["5", [5]],
  ["", []],
])("steps %j are %j", (ramp, steps) => {
  expect(requestOf({ ...right, ramp }).ramp).toEqual(steps);
});

test.each(["een", "0", "-1", "1.5", "1,,x", Array(11).fill("1").join()])("steps %j are none", (ramp) => {
  expect(wrongIn({ ...right, ramp })).toEqual(new Set(["ramp"]));
});

test.each([
  ["600", 600],
  ["60.000", 60_000],
  ["1 000", 1_000],
])("%j messages per minute are %d", (perMinute, count) => {
  expect(requestOf({ ...right, perMinute }).perMinute).toBe(count);
});

test.each(["0", "600.001", "veel", "1.5"])("%j messages per minute are none", (perMinute) => {
  expect(wrongIn({ ...right, perMinute })).toEqual(new Set(["perMinute"]));
});

test("a percentage may have a comma", () => {
  expect(requestOf({ ...right, stopAt: "2,5" }).stopAt).toBe(0.025);
  expect(wrongIn({ ...right, stopAt: "101" })).toEqual(new Set(["stopAt"]));
});

test("a moment is of the clock of the person at the screen", () => {
  const local = "2026-03-02T09:00";
  expect(requestOf({ ...right, since: local }).selection.since).toBe(new Date(local).toISOString());
});
