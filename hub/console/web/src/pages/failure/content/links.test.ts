import { expect, test } from "vitest";
import type { Content, FieldTrace, Pane } from "@/api/types";
import { failedLink, linksAt, linksOf, marksIn, namedLink } from "./links";

function field(target: string, source: string, changes: Partial<FieldTrace> = {}): FieldTrace {
  return {
    target,
    source,
    rule: "a.map.yaml:1",
    layer: "",
    line: 0,
    steps: [],
    hasValue: true,
    reason: "",
    ...changes,
  };
}

function json(value: unknown): Pane {
  return { media: "application/json", text: JSON.stringify(value, null, 2), note: "", cut: false, lacks: "" };
}

const CONTENT: Content = {
  message: "m",
  connection: "zaken-naar-zgw",
  masked: true,
  unmaskedUntil: null,
  raw: { media: "application/xml", text: "<a>\n<b/>\n<c/>\n</a>", note: "", cut: false, lacks: "" },
  event: json({ zaak: { naam: "x", rollen: [{ soort: "a" }, { soort: "b" }] } }),
  request: json({ omschrijving: "x", rollen: [{ type: "a" }, { type: "b" }] }),
  toEvent: {
    gives: "event",
    revision: "1",
    failure: "",
    fields: [field("zaak.naam", "object/naam", { line: 3 }), field("zaak.datum", "object/datum", { hasValue: false })],
    unread: [],
  },
  toRequest: {
    gives: "request",
    revision: "1",
    failure: "rollen[1].type: not in the table",
    fields: [
      field("omschrijving", "zaak/naam"),
      field("rollen[0].type", "zaak/rollen/soort"),
      field("zaaktype.omschrijving", "zaak/naam"),
      field("rollen[1].type", "zaak/rollen/soort", { hasValue: false }),
    ],
    unread: [],
  },
};

test("a line of the message leads to the event and on to the request", () => {
  const links = linksAt(linksOf(CONTENT), { shape: "raw", line: 3 });
  expect(links.map(({ field: { target } }) => target)).toEqual(["zaak.naam", "omschrijving", "zaaktype.omschrijving"]);
  expect([...marksIn(links, "event").targets]).toEqual([3]);
  expect([...marksIn(links, "request").targets]).toEqual([2]);
});

test("an item of a list is read where it stands, not at every item", () => {
  const [first] = linksOf(CONTENT).filter(({ field: { target } }) => target === "rollen[0].type");
  expect(first?.reads).toEqual([6]);
});

test("a line that no rule reads has no links", () => {
  expect(linksAt(linksOf(CONTENT), { shape: "raw", line: 2 })).toEqual([]);
});

test("the rule that stopped is found by its target", () => {
  expect(failedLink(linksOf(CONTENT), CONTENT.toRequest?.failure ?? "")?.field.target).toBe("rollen[1].type");
  expect(failedLink(linksOf(CONTENT), "")).toBeNull();
});

test("a message of one line is shown in many, and its fields are found by their path", () => {
  const text = "<object>\n<a/>\n<naam>x</naam>\n</object>";
  const oneLine: Content = {
    ...CONTENT,
    raw: { ...CONTENT.raw, text },
    toEvent: CONTENT.toEvent && { ...CONTENT.toEvent, fields: [field("zaak.naam", "object/naam", { line: 1 })] },
  };
  expect(linksOf(oneLine)[0]?.reads).toEqual([3]);
});

test("the field that a target names in its refusal is found", () => {
  const reason = "zaak aanmaken: the target refuses the content (400; omschrijving: max_length)";
  expect(namedLink(linksOf(CONTENT), reason)?.field.target).toBe("omschrijving");
  expect(namedLink(linksOf(CONTENT), "connection refused")).toBeNull();
});
