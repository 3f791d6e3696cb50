// Where the elements of an XML text stand: which path of local names is on which line. Pure; it reads well-formed text and
// what is not, and gives what can be made of it.

// Every piece ends where the next may begin: however broken the text is, no part of it is read twice.
const PIECE =
  /<!--[\s\S]*?(?:-->|$)|<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<\?[\s\S]*?(?:\?>|$)|<(\/?)([^\s/<>!?]+)(?:"[^"<]*"|'[^'<]*'|[^<>"'])*?(\/?)>|\n/g;

/** Nothing of ours nests deeper; a path of what does would fill the memory. */
const DEPTH_MAX = 200;

/** `Envelope/Body/object/naam` → the lines where such an element begins, in order. */
export function xmlPlaces(text: string): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  const open: string[] = [];
  let line = 1;
  for (const [piece, close, name, empty] of text.matchAll(PIECE)) {
    if (open.length > DEPTH_MAX) break;
    if (name === undefined) {
      line += piece.split("\n").length - 1;
      continue;
    }
    if (close) {
      open.pop();
    } else {
      open.push(name.slice(name.indexOf(":") + 1));
      const path = open.join("/");
      const lines = found.get(path);
      if (lines) lines.push(line);
      else found.set(path, [line]);
      if (empty) open.pop();
    }
    line += piece.split("\n").length - 1;
  }
  return found;
}

/** The lines of a source as a rule names it, from the body of the message on: `object/isVan/gerelateerde/code`. */
export function linesOf(places: ReadonlyMap<string, readonly number[]>, source: string): readonly number[] {
  const wanted = source.replace(/\[\d+\]/g, "").replace(/\/?@[^/]*$/, "");
  if (wanted === "") return [];
  return [...places].flatMap(([path, lines]) => (path === wanted || path.endsWith(`/${wanted}`) ? lines : []));
}
