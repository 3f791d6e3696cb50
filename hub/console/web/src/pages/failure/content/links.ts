// Which lines of the three shapes belong together, by what the mappings did. Pure.

import type { Content, FieldTrace, Pane } from "@/api/types";
import { jsonPlaces, type JsonPlaces } from "./places";
import { linesOf, xmlPlaces } from "./xmlPlaces";

export const SHAPES = ["raw", "event", "request"] as const;
export type ShapeName = (typeof SHAPES)[number];

export interface Line {
  readonly shape: ShapeName;
  readonly line: number;
}

/** What one rule did, with the lines that it read and the lines that it wrote. */
export interface Link {
  readonly id: string;
  readonly from: ShapeName;
  readonly to: ShapeName;
  readonly field: FieldTrace;
  readonly reads: readonly number[];
  readonly writes: readonly number[];
}

export function linksOf(content: Content): readonly Link[] {
  const event = placesOf(content.event);
  const request = placesOf(content.request);
  const inMessage = readerOf(content);
  const made = (
    from: ShapeName,
    to: ShapeName,
    fields: readonly FieldTrace[],
    reads: (field: FieldTrace) => readonly number[],
    writes: JsonPlaces | null,
  ): Link[] =>
    fields.map((field, at) => ({
      id: `${to}-${at}`,
      from,
      to,
      field,
      reads: reads(field),
      writes: writesOf(field, writes),
    }));
  return [
    ...made("raw", "event", content.toEvent?.fields ?? [], inMessage, event),
    ...made("event", "request", content.toRequest?.fields ?? [], (field) => readsOf(field, event), request),
  ];
}

/** A message that came in one long line is shown in many: then the lines of the trace say nothing, and its paths do. */
const LAID_OUT_LINES = 3;

function readerOf({ raw, toEvent }: Content): (field: FieldTrace) => readonly number[] {
  if (raw.text === null || toEvent === null) return () => [];
  if (raw.media === "application/json") {
    const places = placesOf(raw);
    return (field) => readsOf(field, places);
  }
  const lines = toEvent.fields.map(({ line }) => line);
  const laidOut = Math.max(0, ...lines) < LAID_OUT_LINES && raw.text.split("\n").length > LAID_OUT_LINES;
  if (!laidOut) return ({ line }) => (line > 0 ? [line] : []);
  const places = xmlPlaces(raw.text);
  return (field) => (field.line > 0 ? chosenOf(field, linesOf(places, field.source)) : []);
}

/** Of as many places as there are items: that with the number of the target. */
function chosenOf({ target }: FieldTrace, lines: readonly number[]): readonly number[] {
  const at = lines[Number(/\[(\d+)\]/.exec(target)?.[1] ?? 0)];
  return lines.length > 1 && at !== undefined ? [at] : lines;
}

function placesOf(pane: Pane): JsonPlaces | null {
  return pane.media === "application/json" && pane.text !== null ? jsonPlaces(pane.text) : null;
}

function writesOf({ target, hasValue }: FieldTrace, places: JsonPlaces | null): readonly number[] {
  const line = hasValue ? places?.lineOf.get(target) : undefined;
  return line === undefined ? [] : [line];
}

/** A source names fields without the numbers of items: `zaak/rollen/naam`, or several with `|` between. */
function readsOf({ source, target }: FieldTrace, places: JsonPlaces | null): readonly number[] {
  if (places === null || source === "") return [];
  const wanted = source.split("|").map((one) =>
    one
      .trim()
      .replaceAll("/", ".")
      .replace(/\[\d+\]/g, ""),
  );
  const found = wanted.flatMap((path) => places.all.get(path) ?? []);
  // Of many items the one with the number of the target: item for item is how mappings go through a list.
  const number = /\[\d+\]/.exec(target)?.[0];
  const same = number === undefined ? [] : found.filter(({ path }) => /\[\d+\]/.exec(path)?.[0] === number);
  return (same.length > 0 ? same : found).map(({ line }) => line);
}

/** The rules that a line takes part in, and those that carry on from there: from message to event to request. */
export function linksAt(links: readonly Link[], { shape, line }: Line): readonly Link[] {
  const touching = links.filter(
    (link) => (link.from === shape && link.reads.includes(line)) || (link.to === shape && link.writes.includes(line)),
  );
  const onward = touching.flatMap((link) => neighboursOf(links, link));
  return [...new Set([...touching, ...onward])];
}

/** The rules before and after one: what it read was written by them, or the other way round. */
export function neighboursOf(links: readonly Link[], link: Link): readonly Link[] {
  return links.filter((other) => other !== link && areNeighbours(other, link));
}

function areNeighbours(one: Link, other: Link): boolean {
  if (one.to === other.from) return one.writes.some((line) => other.reads.includes(line));
  if (other.to === one.from) return other.writes.some((line) => one.reads.includes(line));
  return false;
}

export interface Marked {
  readonly sources: ReadonlySet<number>;
  readonly targets: ReadonlySet<number>;
}

/** What must stand out in one shape. */
export function marksIn(links: readonly Link[], shape: ShapeName): Marked {
  return {
    sources: new Set(links.filter(({ from }) => from === shape).flatMap(({ reads }) => reads)),
    targets: new Set(links.filter(({ to }) => to === shape).flatMap(({ writes }) => writes)),
  };
}

/** The rule that stopped, if one did: the first thing that a person wants to see. */
export function failedLink(links: readonly Link[], failure: string): Link | null {
  if (failure === "") return null;
  const refused = links.filter(({ field }) => !field.hasValue && field.steps.some((step) => step.refused !== ""));
  return (
    refused[0] ??
    links.find(({ field }) => !field.hasValue && field.target !== "" && failure.includes(field.target)) ??
    null
  );
}

/** The rule that made the field which a target names in its refusal: `omschrijving: max_length`. */
export function namedLink(links: readonly Link[], reason: string): Link | null {
  const words = new Set(reason.split(/[^\p{L}\p{N}_]+/u));
  const named = links.filter(
    ({ to, field }) => to === "request" && field.hasValue && words.has(field.target.split(".").at(-1) ?? ""),
  );
  // A target names the fields of what it was given, not those of a thing inside it: the shortest path.
  const steps = ({ field }: Link) => field.target.split(".").length;
  return named.toSorted((one, other) => steps(one) - steps(other))[0] ?? null;
}
