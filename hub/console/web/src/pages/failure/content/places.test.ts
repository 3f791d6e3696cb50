import { expect, test } from "vitest";
import { jsonPlaces } from "./places";

const TEXT = JSON.stringify(
  { zaak: { naam: 'a "b": {', rollen: [{ bsn: null }, { bsn: 1 }], leeg: [], diep: [[1, 2]] }, na: true },
  null,
  2,
);

function lineWith(part: string, nth = 0): number {
  const found = TEXT.split("\n").flatMap((line, at) => (line.includes(part) ? [at + 1] : []));
  return found[nth] ?? -1;
}

test("every field of an object is on the line of its name", () => {
  const { lineOf } = jsonPlaces(TEXT);
  expect(lineOf.get("zaak")).toBe(lineWith('"zaak"'));
  expect(lineOf.get("zaak.naam")).toBe(lineWith('"naam"'));
  expect(lineOf.get("na")).toBe(lineWith('"na":'));
});

test("items of lists are numbered, also in lists of lists", () => {
  const { lineOf } = jsonPlaces(TEXT);
  expect(lineOf.get("zaak.rollen[0].bsn")).toBe(lineWith('"bsn"', 0));
  expect(lineOf.get("zaak.rollen[1].bsn")).toBe(lineWith('"bsn"', 1));
  expect(lineOf.get("zaak.diep[0][1]")).toBe(lineWith("2", 0));
  expect(lineOf.get("zaak.leeg")).toBe(lineWith('"leeg"'));
});

test("items are found together, without their numbers", () => {
  const { all } = jsonPlaces(TEXT);
  expect(all.get("zaak.rollen.bsn")?.map(({ path }) => path)).toEqual(["zaak.rollen[0].bsn", "zaak.rollen[1].bsn"]);
});

test("what is no JSON is no disaster", () => {
  expect(jsonPlaces("<xml>").lineOf.size).toBe(0);
  expect(jsonPlaces('}}]{"a":').lineOf.size).toBe(0);
});

test.each(['\\"', '"a":[', "[[", "{"])("a hundred thousand times %j is read in one go", (part) => {
  expect(jsonPlaces(part.repeat(100_000))).toBeDefined();
});
