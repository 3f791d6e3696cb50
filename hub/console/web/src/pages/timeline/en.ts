// What the timeline of a zaak says, in English.

import type { Translated } from "@/i18n/language";
import type { nl } from "./nl";

export const en: Translated<typeof nl> = {
  title: (zaak) => `Zaak ${zaak}`,
  above: "Timeline over all connections",
  copy: "Copy the number of the zaak",
  list: "What happened to this zaak",
  none: "The hub does not know this zaak",
  noneWhy: "No message about this zaak ever came by, or it was cleaned up.",
  more: "Later",
  failures: "Failed messages of this zaak",
  message: "Look at the message",
  place: "place on the bus",
  revision: (revision) => `mapping ${revision}`,
  by: (who) => `by ${who}`,
  what: {
    geaccepteerd: "Received",
    dubbel: "Received again",
    vertaald: "Translated",
    gepubliceerd: "Put on the bus",
    mislukt: "Failed",
    geparkeerd: "Put in the queue",
    afgeleverd: "Delivered",
    vervallen: "Dropped",
    "niet-verstrekt": "Not for this receiver",
    bevestigd: "Confirmed",
    replay: "Replayed",
    drop: "Dropped by a person",
    edit: "Corrected",
    "edit-propose": "Correction proposed",
    "edit-approve": "Correction approved",
    "edit-reject": "Correction rejected",
    unmask: "Content looked at",
  },
};
