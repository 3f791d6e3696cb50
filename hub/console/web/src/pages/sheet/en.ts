// What the page of one connection says, in English.

import type { Translated } from "@/i18n/language";
import type { nl } from "./nl";

export const en: Translated<typeof nl> = {
  intro: "All that is known of this connection, from the configuration itself. Fit to print or to add to a tender.",
  print: "Print",
  printed: (at: string, by: string) => `Printed on ${at} by ${by}`,
  playground: "To the playground",
  failures: "Show failures",
  now: "Now",
  flow: "Flow",
  flows: { loopt: "Running", gepauzeerd: "Paused", gestopt: "Stopped by the hub", onderhoud: "Maintenance" },
  direction: "Direction",
  directions: { inbound: "To the hub", outbound: "From the hub", ask: "Answers questions" },
  adapter: "Adapter",
  perMinute: "Messages per minute",
  lag: "Still to do",
  failuresOpen: "Waits for a person",
  failuresRetrying: "Is tried again",
  zaken: "Zaken that wait",
  breaker: "Circuit breaker of the target",
  breakers: { dicht: "Closed: requests go through", open: "Open: the target is spared", proef: "On trial" },
  certificate: "Certificate valid until",
  revision: "Revision of the mappings",
  messages: "Kinds of messages",
  question: "Question",
  answer: "Answer",
  source: "Stands in",
};
