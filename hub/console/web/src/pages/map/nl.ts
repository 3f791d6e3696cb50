// What the page of data flows says, in Dutch.

export const nl = {
  title: "Gegevensstromen",
  intro:
    "Welke gegevens van welk systeem naar welk systeem gaan, en over welke koppeling. Getekend uit de configuratie.",
  show: "Weergave",
  asMap: "Kaart",
  asTable: "Tabel",
  mapLabel: "Kaart van gegevensstromen; de tabel toont hetzelfde",
  none: "Er zijn geen koppelingen",
  kinds: { systeem: "Systeem", koppeling: "Koppeling", domein: "Gebeurtenissen" },
  from: "Van",
  to: "Naar",
  messages: "Wat",
  way: "Hoe",
  question: "Vraag en antwoord",
  message: "Bericht",
  failures: (count: string) => `${count} wachten op een mens`,
  edge: (from: string, to: string) => `Van ${from} naar ${to}`,
  legend: "Legenda",
  dashed: "Onderbroken lijn: vraag en antwoord",
  solid: "Doorgetrokken lijn: bericht",
  zoomIn: "Inzoomen",
  zoomOut: "Uitzoomen",
  fit: "Alles in beeld",
  select: "Wijs een systeem of koppeling aan om te zien waarmee het verbonden is.",
  chosen: (name: string) => `Verbonden met ${name}`,
};
