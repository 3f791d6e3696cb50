// Numbers, moments and durations as people of the Netherlands write them. Pure.

import type { Language } from "./language";

const LOCALES: Record<Language, string> = { nl: "nl-NL", en: "en-GB" };
const ZONE = "Europe/Amsterdam";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export function number(value: number, language: Language, digits = 0): string {
  return new Intl.NumberFormat(LOCALES[language], { maximumFractionDigits: digits }).format(value);
}

/** Day and time to the second, in Dutch time whatever the clock of the machine says. */
export function moment(at: string, language: Language): string {
  return new Intl.DateTimeFormat(LOCALES[language], {
    timeZone: ZONE,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).format(new Date(at));
}

export function clockTime(at: string, language: Language): string {
  return new Intl.DateTimeFormat(LOCALES[language], { timeZone: ZONE, hour: "2-digit", minute: "2-digit" }).format(
    new Date(at),
  );
}

/** "3 minuten geleden", "over 2 dagen": the largest unit that fits. */
export function relative(at: string, now: number, language: Language): string {
  const ms = new Date(at).getTime() - now;
  const size = Math.abs(ms);
  const [unit, length]: [Intl.RelativeTimeFormatUnit, number] =
    size < MINUTE ? ["second", SECOND] : size < HOUR ? ["minute", MINUTE] : size < DAY ? ["hour", HOUR] : ["day", DAY];
  return new Intl.RelativeTimeFormat(LOCALES[language], { numeric: "auto", style: "short" }).format(
    Math.trunc(ms / length),
    unit,
  );
}

/** A length of time in its two largest units: "2 u 5 min". */
export function duration(seconds: number, language: Language): string {
  const hour = language === "nl" ? "u" : "h";
  const units: [number, string][] = [
    [86_400, "d"],
    [3_600, hour],
    [60, "min"],
    [1, "s"],
  ];
  const at = units.findIndex(([length]) => seconds >= length);
  if (at === -1) return "0 s";
  let left = Math.round(seconds);
  return units
    .slice(at, at + 2)
    .map(([length, name]) => {
      const count = Math.floor(left / length);
      left -= count * length;
      return count ? `${count} ${name}` : "";
    })
    .filter(Boolean)
    .join(" ");
}
