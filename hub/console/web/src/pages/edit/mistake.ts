// Where a text stops being JSON: browsers only say that it is none. Pure.

const SPACE = /[ \t\n\r]*/y;
// eslint-disable-next-line no-control-regex -- JSON has none of them in a string
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const WORD = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** The line of the first mistake, from 1; 0 when there is none. */
export function lineOfMistake(text: string): number {
  const reader = new Reader(text);
  const right = reader.value() && reader.atEnd();
  return right ? 0 : text.slice(0, reader.at).split("\n").length;
}

class Reader {
  at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  value(): boolean {
    this.#skip();
    if (this.#sign("{")) return this.#items("}", () => this.#take(STRING) && this.#sign(":") && this.value());
    if (this.#sign("[")) return this.#items("]", () => this.value());
    return this.#take(STRING) || this.#take(WORD);
  }

  atEnd(): boolean {
    this.#skip();
    return this.at === this.#text.length;
  }

  #items(end: string, item: () => boolean): boolean {
    if (this.#sign(end)) return true;
    do {
      this.#skip();
      if (!item()) return false;
    } while (this.#sign(","));
    return this.#sign(end);
  }

  #sign(sign: string): boolean {
    this.#skip();
    if (this.#text[this.at] !== sign) return false;
    this.at += 1;
    return true;
  }

  #skip(): void {
    this.#take(SPACE);
  }

  #take(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.#text);
    if (found === null) return false;
    this.at = pattern.lastIndex;
    return true;
  }
}
