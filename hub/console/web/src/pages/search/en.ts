// What the search page says, in English.

import type { Translated } from "@/i18n/language";
import type { nl } from "./nl";

export const en: Translated<typeof nl> = {
  title: "Search",
  intro: "Find a message. Everything that you fill in must hold.",
  field: {
    zaak: "Zaak",
    document: "Document",
    reference: "Reference number",
    sender: "Sender",
    connection: "Connection",
    allConnections: "All connections",
    kind: "Kind of message",
    state: "What became of it",
    allStates: "All",
    since: "From",
    until: "Until",
    text: "Part of the reason of failure",
  },
  state: {
    geaccepteerd: "Accepted",
    afgeleverd: "Delivered",
    mislukt: "Failed",
    vervallen: "Dropped",
    geweigerd: "Refused",
    dubbel: "Sent twice",
  },
  search: "Search",
  clear: "Clear",
  nothingGiven: "Fill in one field at least.",
  person: "Search by person",
  personWhat:
    "What does the hub have of one resident? This search and its reason are in the audit. The BSN is kept nowhere.",
  bsn: "BSN",
  bsnWrong: "This is no valid BSN.",
  reason: "Reason",
  reasonHint: "For example the number of a request for access.",
  searchPerson: "Search by BSN",
  personShown: "Searched by BSN",
  forget: "Forget",
  results: "Messages that were found",
  none: "Nothing found",
  noneWhy: "No message fits all that you filled in.",
  noneYet: "Nothing found yet",
  noneYetWhy: "The newest messages do not fit. Older ones were not looked at yet.",
  further: "Search on",
  begin: "Fill in what you know",
  beginWhy: "The number of a zaak or a reference number is enough.",
  column: { what: "Message", zaak: "Zaak", from: "From", state: "What became of it", at: "Received" },
};
