import { expect, test } from "vitest";
import { tokens } from "./tokens";

const kinds = (line: string, media: "application/xml" | "application/json") =>
  tokens(line, media).map(({ kind, text }) => [kind, text]);

test("of XML names, attributes, values and text are told apart", () => {
  expect(kinds('<ZKN:naam nil="true">Jan</ZKN:naam>', "application/xml")).toEqual([
    ["sign", "<"],
    ["name", "ZKN:naam"],
    ["text", " "],
    ["word", "nil"],
    ["text", "="],
    ["value", '"true"'],
    ["sign", ">"],
    ["text", "Jan"],
    ["sign", "</"],
    ["name", "ZKN:naam"],
    ["sign", ">"],
  ]);
});

test("a hidden value is seen as hidden", () => {
  expect(kinds('"naam": "***",', "application/json")).toContainEqual(["hidden", '"***"']);
  expect(kinds("<a>***</a>", "application/xml")).toContainEqual(["hidden", "***"]);
});

test("nothing of a line is lost, whatever stands in it", () => {
  for (const line of ["<a <b> \"'", '"\\', "}{ <script>alert(1)</script>", ""]) {
    expect(
      tokens(line, "application/xml")
        .map(({ text }) => text)
        .join(""),
    ).toBe(line);
    expect(
      tokens(line, "application/json")
        .map(({ text }) => text)
        .join(""),
    ).toBe(line);
  }
});
