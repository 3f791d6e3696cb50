// Makes what a message holds safe to look at: what would reorder, hide or break a line is told by its code point.
// Pure. Whatever it gives is shown as text.

/** Controls but for line end and tab, soft hyphen, zero width, marks and overrides of direction, line separators, BOM, tags. */
const UNSEEN =
  // eslint-disable-next-line no-control-regex, no-misleading-character-class -- these are what we look for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

export interface Piece {
  readonly text: string;
  /** Stands for one character that would not have been seen. */
  readonly unseen: boolean;
}

export function pieces(text: string): readonly Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(UNSEEN)) {
    if (match.index > at) found.push({ text: text.slice(at, match.index), unseen: false });
    const point = (match[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    found.push({ text: `U+${point}`, unseen: true });
    at = match.index + match[0].length;
  }
  if (at < text.length) found.push({ text: text.slice(at), unseen: false });
  return found;
}

/** Cut what is too long to lay out: a browser stands still on a line of megabytes. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  // Never between the halves of a character.
  const last = text.charCodeAt(length - 1);
  return `${text.slice(0, last >= 0xd800 && last < 0xdc00 ? length - 1 : length)}…`;
}
