import { expect, test } from "vitest";
import { isBsn } from "./criteria";

test("a BSN passes the test of eleven", () => {
  expect(isBsn("999990019")).toBe(true);
  expect(isBsn("999990018")).toBe(false);
  expect(isBsn("000000000")).toBe(false);
  expect(isBsn("99999001")).toBe(false);
});
