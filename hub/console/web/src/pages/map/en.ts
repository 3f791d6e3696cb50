// What the page of data flows says, in English.

import type { Translated } from "@/i18n/language";
import type { nl } from "./nl";

export const en: Translated<typeof nl> = {
  title: "Data flows",
  intro: "Which data goes from which system to which, and over which connection. Drawn from the configuration.",
  show: "Show as",
  asMap: "Map",
  asTable: "Table",
  mapLabel: "Map of data flows; the table shows the same",
  none: "There are no connections",
  kinds: { systeem: "System", koppeling: "Connection", domein: "Events" },
  from: "From",
  to: "To",
  messages: "What",
  way: "How",
  question: "Question and answer",
  message: "Message",
  failures: (count: string) => `${count} wait for a person`,
  edge: (from: string, to: string) => `From ${from} to ${to}`,
  legend: "Legend",
  dashed: "Dashed line: question and answer",
  solid: "Solid line: message",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  fit: "Show everything",
  select: "Point at a system or connection to see what it is tied to.",
  chosen: (name: string) => `Tied to ${name}`,
};
