import { expect, test } from "vitest";
import { lineOfMistake } from "./mistake";

test.each([
  ['{"a": [1, -2.5e3, {"b": null}], "c": "\\u00e9"}', 0],
  ["[]", 0],
  ["{}", 0],
  ['{\n  "a": 1,\n  "b": x\n}', 3],
  ['{\n  "a": 1\n  "b": 2\n}', 3],
  ['{\n  "a": 1,\n}', 3],
  ['{"a": "unfinished\n}', 1],
  ['{"a": 1}\n}', 2],
  ["", 1],
])("%j", (text, line) => {
  expect(lineOfMistake(text)).toBe(line);
});
