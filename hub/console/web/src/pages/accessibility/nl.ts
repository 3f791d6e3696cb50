// The accessibility statement, in Dutch.

export const nl = {
  title: "Toegankelijkheid",
  intro:
    "De console van de Zaakhub is gemaakt om door iedereen bediend te worden: met muis, toetsenbord, vergroting of voorleessoftware.",
  status: "Hoe het ervoor staat",
  statusText:
    "De console is getoetst aan WCAG 2.2, niveau A en AA (EN 301 549). Die toetsing doet de bouwer zelf, bij elke wijziging: met axe op elke pagina in beide talen, met een doorloop zonder muis, en met 400% vergroting. Er is nog geen onderzoek door een onafhankelijke partij gedaan; daarom staat de status op ‘voldoet gedeeltelijk’.",
  how: "Wat u kunt verwachten",
  points: {
    keyboard: "Alles kan met het toetsenbord. Met ? ziet u de sneltoetsen; u kunt ze uitzetten.",
    colour: "Kleur is nooit het enige teken: er staat altijd een woord bij.",
    zoom: "Bij 400% vergroting staat alles onder elkaar en hoeft u niet opzij te schuiven, behalve binnen een bericht of een mapping.",
    table: "De kaart van gegevensstromen is er ook als tabel.",
    motion: "Beweging volgt de instelling van uw computer.",
  },
  known: "Wat nog niet goed is",
  knownPoints: {
    editor:
      "Berichten en mappings staan in een tekstvenster (CodeMirror). Voorleessoftware leest dat regel voor regel; de kleuren van de opmaak worden niet voorgelezen.",
    language: "Teksten die de hub zelf maakt over een fout zijn in het Engels, ook als de console Nederlands is.",
  },
  tell: "Loopt u ergens tegenaan?",
  tellText:
    "Meld het aan de beheerder van de Zaakhub in uw gemeente. Uw gemeente publiceert de verklaring voor haar eigen omgeving in het register van toegankelijkheidsverklaringen.",
};
