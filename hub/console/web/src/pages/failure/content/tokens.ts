// The colours of a line of XML or JSON: which part of it is a name, a value, a sign. Pure; it reads line by line, so that
// a message of any size can be shown.

import type { Pane } from "@/api/types";

export type TokenKind = "name" | "value" | "word" | "sign" | "hidden" | "text";

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

const XML = /(?<sign><\/?|\/?>|<\?|\?>)|(?<name>(?<=<\/?)[\w:.-]+)|(?<word>[\w:.-]+(?==))|(?<value>"[^"]*"|'[^']*')/g;
const JSON_LINE =
  /(?<name>"(?:[^"\\]|\\.)*"(?=\s*:))|(?<value>"(?:[^"\\]|\\.)*")|(?<word>\b(?:true|false|null)\b|-?\d[\d.eE+-]*)|(?<sign>[{}[\]:,])/g;
const HIDDEN = /^["']?\*\*\*["']?$/;

const PATTERNS: Partial<Record<Pane["media"], RegExp>> = { "application/xml": XML, "application/json": JSON_LINE };

export function tokens(line: string, media: Pane["media"]): readonly Token[] {
  const pattern = PATTERNS[media];
  if (pattern === undefined) return [{ kind: kindOf(line, "text"), text: line }];
  const found: Token[] = [];
  let at = 0;
  for (const match of line.matchAll(pattern)) {
    if (match.index > at) plain(line.slice(at, match.index), found);
    const groups: Record<string, string | undefined> = match.groups ?? {};
    const kind = Object.keys(groups).find((name) => groups[name] !== undefined) ?? "text";
    found.push({ kind: kindOf(match[0], kind as TokenKind), text: match[0] });
    at = match.index + match[0].length;
  }
  if (at < line.length) plain(line.slice(at), found);
  return found;
}

function plain(text: string, found: Token[]): void {
  found.push({ kind: kindOf(text.trim(), "text"), text });
}

function kindOf(text: string, kind: TokenKind): TokenKind {
  return HIDDEN.test(text) ? "hidden" : kind;
}
