// What a trace says of its fields. Pure.

/** Where a rule stands: the trace says `file:line`. */
export interface RulePlace {
  readonly file: string;
  readonly line: number;
  /** Whether the focus goes there too. */
  readonly focus?: boolean;
}

export function placeOf(rule: string): RulePlace | null {
  const found = /^(.+):(\d+)$/.exec(rule);
  return found === null ? null : { file: found[1] ?? "", line: Number(found[2]) };
}

/** A value of a message as one line of text. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return "null";
  return typeof value === "string" ? value : JSON.stringify(value);
}
