// What the page of alerts says, in English.

import type { Translated } from "@/i18n/language";
import type { nl } from "./nl";

export const en: Translated<typeof nl> = {
  title: "Alerts",
  intro: "What the hub warned somebody of: once when it began and once when it was over.",
  none: "No alerts",
  noneWhy: "The hub did not have to warn anybody yet.",
  kind: "What",
  kinds: {
    faalt: "Too much fails",
    stil: "Nothing comes any more",
    achterstand: "The backlog grows",
    certificaat: "A certificate ends",
  },
  connection: "Connection",
  stands: "State",
  open: "Now",
  closed: "Over",
  since: "Since",
  until: "Until",
  detail: "Particulars",
  told: "Told to",
  nobody: "nobody",
  ways: { mail: "mail", webhook: "webhook" },
};
