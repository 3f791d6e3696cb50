"""hub.flow.reads: what a source without fields is asked, by what the mapping of its answer reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.flow.reads import reads_of
from hub.mapping.compile import load_mappings
from hub.mapping.demand import Reading

MAPPING = """
message: antwoord
gives: antwoord
rules:
  - to: "personen[]"
    each: antwoord/object
    rules:
      - {to: burgerservicenummer, from: bsn}
      - {to: naam.geslachtsnaam, from: naam, when: {path: soort, equals: NPS}}
      - {to: naam.voornamen, first-of: [voornamen, roepnaam]}
      - {to: "naam.inOnderzoek.velden[]", value: geslachtsnaam, when: {path: mark, exists: true}}
      - {to: verblijfplaats.type, value: Adres, when: {path: adres, exists: true}}
      - {to: verblijfplaats.verblijfadres.postcode, from: adres/postcode}
      - {to: geheimhoudingPersoonsgegevens, value: true, when: {path: geheim, exists: true}}
      - {to: leeftijd, value: 1}
  - {to: meer, from: parameters/meer}
"""
ALTIJD = {("antwoord", "object", "geheim")}


@pytest.fixture
def readings(tmp_path: Path) -> tuple[Reading, ...]:
    folder = tmp_path / "bron"
    folder.mkdir()
    (folder / "antwoord.map.yaml").write_text(MAPPING, encoding="utf-8")
    return load_mappings(folder, root=tmp_path)["antwoord"].readings()


@pytest.mark.parametrize(
    ("velden", "names"),
    [
        ([], []),
        (["burgerservicenummer"], ["bsn"]),
        (["naam.geslachtsnaam"], ["naam", "soort", "mark"]),
        (["naam.voornamen"], ["voornamen", "roepnaam", "mark"]),
        (["naam"], ["naam", "soort", "mark", "voornamen", "roepnaam"]),
        (["verblijfplaats.verblijfadres.postcode"], ["adres/postcode", "adres"]),
        (["leeftijd", "gezag"], []),
    ],
)
def test_a_source_is_asked_for_what_fills_the_fields(
    readings: tuple[Reading, ...], velden: list[str], names: list[str]
) -> None:
    """With what their conditions test, what is said of their groups, and what is told of everybody."""
    asked = set(reads_of(readings, "personen", velden))

    assert asked == {("antwoord", "object", *name.split("/")) for name in names} | ALTIJD
