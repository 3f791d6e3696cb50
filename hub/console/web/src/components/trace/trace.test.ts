import { expect, test } from "vitest";
import { placeOf, textOf } from "./trace";

test("a rule is named by its file and line", () => {
  expect(placeOf("mappings/_parts/zaak.yaml:12")).toEqual({ file: "mappings/_parts/zaak.yaml", line: 12 });
  expect(placeOf("")).toBeNull();
});

test.each([
  ["B1026", "B1026"],
  [{ jaar: 1960 }, '{"jaar":1960}'],
  [null, "null"],
  [false, "false"],
])("the value %j reads as %j", (value, text) => {
  expect(textOf(value)).toBe(text);
});
