// What the page of one connection says, in Dutch.

export const nl = {
  intro:
    "Alles wat van deze koppeling bekend is, uit de configuratie zelf. Geschikt om af te drukken of bij een aanbesteding te voegen.",
  print: "Afdrukken",
  printed: (at: string, by: string) => `Afgedrukt op ${at} door ${by}`,
  playground: "Naar de proeftuin",
  failures: "Toon mislukkingen",
  now: "Nu",
  flow: "Doorstroming",
  flows: { loopt: "Loopt", gepauzeerd: "Gepauzeerd", gestopt: "Gestopt door de hub", onderhoud: "Onderhoud" },
  direction: "Richting",
  directions: { inbound: "Naar de hub toe", outbound: "Van de hub af", ask: "Beantwoordt vragen" },
  adapter: "Adapter",
  perMinute: "Berichten per minuut",
  lag: "Nog te doen",
  failuresOpen: "Wacht op een mens",
  failuresRetrying: "Wordt opnieuw geprobeerd",
  zaken: "Zaken die wachten",
  breaker: "Zekering naar het doel",
  breakers: { dicht: "Dicht: verzoeken gaan door", open: "Open: het doel wordt ontzien", proef: "Op proef" },
  certificate: "Certificaat geldig tot",
  revision: "Revisie van de mappings",
  messages: "Soorten berichten",
  question: "Vraag",
  answer: "Antwoord",
  source: "Staat in",
};
