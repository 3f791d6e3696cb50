// What the page of alerts says, in Dutch.

export const nl = {
  title: "Meldingen",
  intro: "Waarvoor de hub iemand waarschuwde: één keer toen het begon en één keer toen het over was.",
  none: "Geen meldingen",
  noneWhy: "De hub heeft nog niemand hoeven waarschuwen.",
  kind: "Wat",
  kinds: {
    faalt: "Er mislukt te veel",
    stil: "Er komt niets meer",
    achterstand: "De achterstand groeit",
    certificaat: "Een certificaat verloopt",
  },
  connection: "Koppeling",
  stands: "Stand",
  open: "Nu",
  closed: "Voorbij",
  since: "Sinds",
  until: "Tot",
  detail: "Bijzonderheden",
  told: "Gemeld aan",
  nobody: "niemand",
  ways: { mail: "mail", webhook: "webhook" },
};
