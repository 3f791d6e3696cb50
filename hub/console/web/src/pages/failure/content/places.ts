// Where the fields of a JSON text stand: which path is on which line. Pure.

export interface Place {
  readonly path: string;
  /** From 1. */
  readonly line: number;
}

export interface JsonPlaces {
  /** `zaak.rollen[0].naam` → its line. */
  readonly lineOf: ReadonlyMap<string, number>;
  /** `zaak.rollen.naam` → each of them. */
  readonly all: ReadonlyMap<string, readonly Place[]>;
}

/** Every string, sign and bare word; what is no JSON gives what can be made of it, and no part of it is read twice. */
const TOKEN = /"(?:[^"\\\n]|\\.)*"?|[{}[\]:,]|[^\s{}[\]:,"]+|\n/g;

/** Nothing of ours nests deeper; a path of what does would fill the memory. */
const DEPTH_MAX = 200;

interface Level {
  readonly path: string;
  /** -1 in an object. */
  item: number;
  name: string;
}

export function jsonPlaces(text: string): JsonPlaces {
  const lineOf = new Map<string, number>();
  const all = new Map<string, Place[]>();
  const levels: Level[] = [];
  let line = 1;
  let key: { readonly name: string; readonly line: number } | null = null;
  let begins = true;

  const here = (): string => {
    const level = levels.at(-1);
    if (level === undefined) return "";
    if (level.item >= 0) return `${level.path}[${level.item}]`;
    return level.path ? `${level.path}.${level.name}` : level.name;
  };
  const note = (at: number) => {
    const path = here();
    if (path === "" || lineOf.has(path)) return;
    lineOf.set(path, at);
    const general = path.replace(/\[\d+\]/g, "");
    const places = all.get(general);
    if (places) places.push({ path, line: at });
    else all.set(general, [{ path, line: at }]);
  };

  for (const [token] of text.matchAll(TOKEN)) {
    const level = levels.at(-1);
    if (levels.length > DEPTH_MAX) break;
    if (token === "\n") {
      line += 1;
    } else if (token === ":") {
      if (level && key) level.name = key.name;
      begins = true;
    } else if (token === ",") {
      if (level && level.item >= 0) level.item += 1;
      begins = level !== undefined && level.item >= 0;
      key = null;
    } else if (token === "}" || token === "]") {
      levels.pop();
      key = null;
      begins = false;
    } else if (level?.item === -1 && key === null && token.startsWith('"')) {
      key = { name: unquoted(token), line };
      begins = false;
    } else if (begins) {
      note(key?.line ?? line);
      if (token === "{" || token === "[") {
        levels.push({ path: here(), item: token === "[" ? 0 : -1, name: "" });
        key = null;
        begins = token === "[";
      } else {
        begins = false;
      }
    }
  }
  return { lineOf, all };
}

function unquoted(token: string): string {
  try {
    return JSON.parse(token) as string;
  } catch {
    return token.slice(1, -1);
  }
}
