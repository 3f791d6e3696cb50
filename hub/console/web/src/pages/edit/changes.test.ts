import { expect, test } from "vitest";
import { changesOf, fieldsOf, requestOf, Unreadable, type Fields } from "./changes";

function fields(value: unknown): Fields {
  return fieldsOf(JSON.stringify(value), "application/json") ?? new Map();
}

const EDITED = { failure: "f", part: "gebeurtenis", reason: "mend it", text: "{}" } as const;

test("another value of a field is sent as that field alone", () => {
  const changes = changesOf(fields({ a: { b: [{ c: 1 }] }, d: "x" }), fields({ a: { b: [{ c: 2 }] }, d: "x" }));
  expect(requestOf({ ...EDITED, changes })).toEqual({
    failure: "f",
    part: "gebeurtenis",
    reason: "mend it",
    changes: { "a.b[0].c": 2 },
  });
});

test("a field too many or too few is sent as a whole text", () => {
  const changes = changesOf(fields({ a: 1, b: 2 }), fields({ a: 1 }));
  expect(changes).toMatchObject([{ path: "b", kind: "weg" }]);
  expect(requestOf({ ...EDITED, changes })).toMatchObject({ text: "{}" });
});

test("null is a value, and not the same as the word", () => {
  expect(changesOf(fields({ a: null }), fields({ a: "null" }))).toHaveLength(1);
});

test("what cannot be read says on which line", () => {
  const wrong = () => fieldsOf('{\n  "a": 1,\n  "b": x\n}', "application/json");
  expect(wrong).toThrow(Unreadable);
  expect(wrong).toThrow("line 3");
});

test("what nests without end is no disaster", () => {
  const deep = "[".repeat(100_000);
  expect(() => fieldsOf(deep + "]".repeat(100_000), "application/json")).toThrow(Unreadable);
  expect(() => fieldsOf(deep, "application/json")).toThrow(Unreadable);
});
