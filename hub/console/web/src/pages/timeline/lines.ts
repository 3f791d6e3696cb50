// The lines of a timeline in days. Pure.

import type { TimelineView } from "@/api/types";
import type { Tone } from "@/components/StatusBadge";

export interface Day {
  readonly date: string;
  readonly lines: readonly TimelineView[];
}

const ZONE = "Europe/Amsterdam";

/** In the order that they have; a day is one of the Netherlands. */
export function daysOf(lines: readonly TimelineView[], locale: string): readonly Day[] {
  const format = new Intl.DateTimeFormat(locale, { timeZone: ZONE, dateStyle: "full" });
  const days = new Map<string, TimelineView[]>();
  for (const line of lines) {
    const date = format.format(new Date(line.at));
    days.set(date, [...(days.get(date) ?? []), line]);
  }
  return [...days].map(([date, of]) => ({ date, lines: of }));
}

const TONES: Readonly<Record<string, Tone>> = {
  mislukt: "bad",
  geparkeerd: "warn",
  afgeleverd: "ok",
  bevestigd: "ok",
  vervallen: "calm",
  "niet-verstrekt": "calm",
  dubbel: "calm",
  drop: "calm",
};

export function toneOf({ what, by }: TimelineView): Tone {
  return TONES[what] ?? (by ? "busy" : "calm");
}
