// The accessibility statement, in English.

import type { Translated } from "@/i18n/language";
import type { nl } from "./nl";

export const en: Translated<typeof nl> = {
  title: "Accessibility",
  intro:
    "The console of the Zaakhub is made to be used by everybody: with a mouse, a keyboard, magnification or a screen reader.",
  status: "How it stands",
  statusText:
    "The console is tested against WCAG 2.2, level A and AA (EN 301 549). Its makers do that themselves, at every change: with axe on every page in both languages, with a walk through it without a mouse, and at 400% zoom. No independent party has examined it yet; that is why its status is ‘partially conforms’.",
  how: "What you may expect",
  points: {
    keyboard: "Everything can be done with the keyboard. ? shows the shortcuts; you can turn them off.",
    colour: "Colour is never the only sign: there is always a word with it.",
    zoom: "At 400% zoom everything stands below each other and nothing has to be scrolled sideways, but for what is within a message or a mapping.",
    table: "The map of data flows is there as a table too.",
    motion: "Motion follows the setting of your computer.",
  },
  known: "What is not right yet",
  knownPoints: {
    editor:
      "Messages and mappings stand in a text editor (CodeMirror). A screen reader reads it line by line; the colours of its markup are not read aloud.",
    language: "What the hub itself says of a failure is in English, also when the console is in Dutch.",
  },
  tell: "Does something stand in your way?",
  tellText:
    "Tell the administrator of the Zaakhub of your municipality. Your municipality publishes the statement for its own environment in the register of accessibility statements.",
};
