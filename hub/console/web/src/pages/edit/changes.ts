// What a person changed in a text, field by field: only these fields are sent, so that the rest of the message stays as it
// was to the byte. Pure, but for the parser of the browser.

import type { EditPart, EditRequest, Pane } from "@/api/types";
import { lineOfMistake } from "./mistake";

export type Fields = ReadonlyMap<string, unknown>;

export interface FieldChange {
  readonly path: string;
  readonly kind: "anders" | "nieuw" | "weg";
  readonly before: unknown;
  readonly after: unknown;
}

/** A mistake that makes the text unreadable; lines count from 1. */
export class Unreadable extends Error {
  readonly line: number;

  constructor(line: number) {
    super(`line ${line}`);
    this.line = line;
  }
}

/** Every value by its path, as the hub names them; raises Unreadable. Text that is neither JSON nor XML has no fields. */
export function fieldsOf(text: string, media: Pane["media"]): Fields | null {
  try {
    if (media === "application/json") return new Map(fieldsOfJson(readJson(text), ""));
    if (media === "application/xml") return new Map(fieldsOfXml(readXml(text), ""));
    return null;
  } catch (error) {
    // It nests deeper than anything of ours.
    if (error instanceof RangeError) throw new Unreadable(1);
    throw error;
  }
}

export function changesOf(before: Fields, after: Fields): readonly FieldChange[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].flatMap((path): FieldChange[] => {
    const [old, now] = [before.get(path), after.get(path)];
    if (!after.has(path)) return [{ path, kind: "weg", before: old, after: undefined }];
    if (!before.has(path)) return [{ path, kind: "nieuw", before: undefined, after: now }];
    return JSON.stringify(old) === JSON.stringify(now) ? [] : [{ path, kind: "anders", before: old, after: now }];
  });
}

interface Edited {
  readonly failure: string;
  readonly part: EditPart;
  readonly reason: string;
  readonly text: string;
  /** Null when the text has no fields. */
  readonly changes: readonly FieldChange[] | null;
}

/** Other values of the same fields go by field; anything else as a whole. */
export function requestOf({ failure, part, reason, text, changes }: Edited): EditRequest {
  const byField = changes !== null && changes.length > 0 && changes.every(({ kind }) => kind === "anders");
  return byField
    ? { failure, part, reason, changes: Object.fromEntries(changes.map(({ path, after }) => [path, after])) }
    : { failure, part, reason, text };
}

function* fieldsOfJson(value: unknown, path: string): Generator<[string, unknown]> {
  if (Array.isArray(value) && value.length > 0) {
    for (const [at, each] of value.entries()) yield* fieldsOfJson(each, `${path}[${at}]`);
  } else if (typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length > 0) {
    for (const [name, each] of Object.entries(value)) yield* fieldsOfJson(each, path ? `${path}.${name}` : name);
  } else {
    yield [path, value];
  }
}

function* fieldsOfXml(element: Element, path: string): Generator<[string, unknown]> {
  const below = (name: string) => (path ? `${path}.${name}` : name);
  for (const attribute of element.attributes) {
    if (attribute.name !== "xmlns" && attribute.prefix !== "xmlns") {
      yield [below(`@${attribute.localName}`), attribute.value];
    }
  }
  const children = [...element.children];
  if (children.length === 0) yield [path, element.textContent.trim()];
  const seen = new Map<string, number>();
  for (const child of children) {
    const name = child.localName;
    const at = seen.get(name) ?? 0;
    seen.set(name, at + 1);
    const many = children.filter(({ localName }) => localName === name).length > 1;
    yield* fieldsOfXml(child, below(many ? `${name}[${at}]` : name));
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Unreadable(lineOfMistake(text));
  }
}

function readXml(text: string): Element {
  const document = new DOMParser().parseFromString(text, "application/xml");
  const [wrong] = document.getElementsByTagName("parsererror");
  if (wrong) throw new Unreadable(Number(/line (\d+)/i.exec(wrong.textContent)?.[1] ?? 1));
  return document.documentElement;
}
