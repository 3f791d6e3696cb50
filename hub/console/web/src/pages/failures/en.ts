// What the list of failures says, in English.

import type { Translated } from "@/i18n/language";
import type { nl } from "./nl";

export const en: Translated<typeof nl> = {
  title: "All messages that failed",
  intro: "One line for each message and connection; the newest first.",
  list: "Failed messages",
  none: "Nothing found",
  noneWhy: "There is no failed message that fits this choice.",
  clear: "Clear the choice",
  shown: (count) => `${count} shown`,
  shownMore: (count) => `${count} loaded, there are more`,
  replayChosen: (count) => `Replay plan of ${count} chosen`,
  replayFilter: "Replay plan of this choice",
  filter: {
    state: "State",
    allStates: "All",
    stage: "Connection",
    allStages: "All connections",
    kind: "Kind of message",
    code: "Code",
    zaak: "Zaak",
    text: "Part of the reason",
    since: "From",
    until: "Until",
  },
  column: {
    state: "State",
    reason: "Reason",
    zaak: "Zaak",
    stage: "Connection",
    last: "Last attempt",
    turn: "Turn",
  },
  again: "again",
  attempts: (count, told) => (count === 1 ? "1 attempt" : `${told} attempts`),
};
