// What the explanation of a field says, in both languages.

import { texts } from "@/i18n/language";

export const useTraceTexts = texts(
  {
    rule: "Regel",
    layer: "Laag",
    source: "Bron",
    sourceLine: (line: number) => `regel ${line} van het bericht`,
    raw: "Zoals het kwam",
    steps: "Stappen",
    refused: "weigert",
    value: "Waarde",
    noValue: "geen waarde",
    reason: "Waarom",
    toRule: "Toon de regel",
  },
  {
    rule: "Rule",
    layer: "Layer",
    source: "Source",
    sourceLine: (line: number) => `line ${line} of the message`,
    raw: "As it came",
    steps: "Steps",
    refused: "refuses",
    value: "Value",
    noValue: "no value",
    reason: "Why",
    toRule: "Show the rule",
  },
);
