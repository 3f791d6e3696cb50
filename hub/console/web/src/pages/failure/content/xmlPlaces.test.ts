import { expect, test } from "vitest";
import { linesOf, xmlPlaces } from "./xmlPlaces";

const TEXT = `<?xml version="1.0"?>
<soap:Body>
  <!-- <object> -->
  <ZKN:object StUF:x="a>b">
    <ZKN:naam/>
    <ZKN:rol>
      <ZKN:naam>x</ZKN:naam>
    </ZKN:rol>
    <ZKN:rol><ZKN:naam
      nil="true">y</ZKN:naam></ZKN:rol>
  </ZKN:object>
</soap:Body>`;

test("an element is found by its path from the body on", () => {
  const places = xmlPlaces(TEXT);
  expect(linesOf(places, "object/naam")).toEqual([5]);
  expect(linesOf(places, "object/rol/naam")).toEqual([7, 9]);
  expect(linesOf(places, "object/rol[0]/naam/@nil")).toEqual([7, 9]);
});

test("text that is no XML has no places, and does no harm", () => {
  expect(linesOf(xmlPlaces("</a></b><c"), "c")).toEqual([]);
});

test.each(["<!--", '<a "', "<a b='", "<?", "<a>"])("a hundred thousand times %j is read in one go", (part) => {
  expect(xmlPlaces(part.repeat(100_000))).toBeDefined();
});
