"""`undo`: the rules of a part done backwards, wherever the part stands."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

import pytest
from lxml import etree

from adapters.stuf_zds.forms import forms
from hub.errors import ConfigurationWrong
from hub.mapping.compile import load_mappings
from hub.mapping.run import Mapping
from tests.support.mapping import Language

NUMMER = """
    rules:
      - {to: rsin, from: nummer, via: [rsin], when: {path: nummer, matches: rsin}}
      - {to: kvkNummer, from: nummer, when: {path: nummer, matches: kvk-nummer}}
    ignore:
      - {path: authentiek, reason: "says where the sender has it from"}
"""


@pytest.fixture
def language(tmp_path: Path) -> Language:
    return Language(tmp_path)


def test_a_part_is_undone_in_each_item(language: Language) -> None:
    """The part knows nothing of the list; its functions are undone, its constants left out."""
    language.part(
        "zaak",
        """
        rules:
          - {to: identificatie, from: identificatie}
          - {to: startdatum, from: startdatum, via: [stuf-datum]}
          - {to: bron, value: StUF}
        """,
    )
    rules = '- {to: "object[]", each: zaken, rules: [{undo: zaak}, {to: soort, value: ZAK}]}'
    zaken = [{"identificatie": "Z-1", "startdatum": "2026-03-12", "bron": "StUF"}, {"identificatie": "Z-2"}]

    mapped = language.run(rules, {"zaken": zaken})

    assert mapped.data["object"] == [
        {"identificatie": "Z-1", "startdatum": "20260312", "soort": "ZAK"},
        {"identificatie": "Z-2", "soort": "ZAK"},
    ]
    assert mapped.unread == ()


def test_a_group_takes_undo_as_it_takes_use(language: Language) -> None:
    """Beside `at` and `each`, without `rules`."""
    language.part("naam", "rules: [{to: naam, from: geslachtsnaam}]")

    mapped = language.run("- {to: persoon, at: wie, undo: naam}", {"wie": {"naam": "Jansen"}})

    assert mapped.data == {"persoon": {"geslachtsnaam": "Jansen"}}


def test_what_a_part_reads_from_the_root_is_not_written(language: Language) -> None:
    """It stands elsewhere in the message; here it counts as unread."""
    language.part(
        "zaak",
        """
        rules:
          - {to: identificatie, from: identificatie}
          - {to: organisatie, from: /stuurgegevens/zender}
          - {to: zender, at: /stuurgegevens, rules: [{to: naam, from: zender}]}
        """,
    )
    zaak = {"identificatie": "Z-1", "organisatie": "9999", "zender": {"naam": "x"}}

    mapped = language.run("- {to: object, at: zaak, undo: zaak}", {"zaak": zaak})

    assert mapped.data == {"object": {"identificatie": "Z-1"}}
    assert mapped.unread == ("zaak/organisatie", "zaak/zender/naam")


def test_of_two_with_one_place_the_first_is_written(language: Language) -> None:
    """An organisation has both numbers, the message has room for one: nothing stops, in the order of the part."""
    language.part("nummer", NUMMER)
    rule = "- {to: object, at: wie, undo: nummer}"

    both = language.run(rule, {"wie": {"rsin": "999990019", "kvkNummer": "99999999"}})
    one = language.run(rule, {"wie": {"kvkNummer": "99999999"}})

    assert both.data == {"object": {"nummer": "999990019"}}
    assert one.data == {"object": {"nummer": "99999999"}}


def test_a_part_may_undo_another(language: Language) -> None:
    """And use it elsewhere: forwards twice over is backwards nowhere."""
    language.part("naam", "rules: [{to: naam, from: geslachtsnaam}]")
    language.part("antwoord", 'rules: [{to: "object[]", each: personen, undo: naam}]')

    mapped = language.run("- {use: antwoord}", {"personen": [{"naam": "Jansen"}]})

    assert mapped.data == {"object": [{"geslachtsnaam": "Jansen"}]}


def test_a_part_that_undoes_itself_is_refused(language: Language) -> None:
    """There is no end to it."""
    language.part("rond", "rules: [{to: x, at: y, undo: rond}]")

    with pytest.raises(ConfigurationWrong, match="uses itself"):
        language.rules("- {undo: rond}")


def test_a_message_gets_a_value_and_the_attributes_beside_it(tmp_path: Path) -> None:
    """In the order of the definition, with the names it has: also where the part stands deep in it."""
    mapping = _written(
        tmp_path,
        part="""
            rules:
              - {to: bestand, from: inhoud, via: [claim]}
              - {to: bestand.naam, from: inhoud/@bestandsnaam}
              - {to: titel, from: titel}
        """,
        rules='- {to: "antwoord.object[]", each: documenten, undo: deel}',
        gives="edcLa01",
    )
    bestand = {"verwijzing": "d-1", "omvang": 4, "sha256": "9f" * 32, "naam": "gevel.png"}

    body = mapping.write({"documenten": [{"titel": "Gevel", "bestand": bestand}]}).body

    titel, inhoud = etree.fromstring(body).iterfind("{*}antwoord/{*}object/*")
    assert (titel.text, inhoud.text) == ("Gevel", f"zaakhub-inhoud:d-1:4:{'9f' * 32}")
    assert list(inhoud.attrib.values()) == ["gevel.png"]


def test_null_that_the_message_cannot_say_is_left_out(tmp_path: Path) -> None:
    """A group that is not nillable; a list whose items need something. What can be empty says geenWaarde."""
    mapping = _written(
        tmp_path,
        part="""
            rules:
              - {to: einddatum, from: einddatum, via: [stuf-datum]}
              - to: eigenschappen[]
                each: extraElementen/extraElement
                rules: [{to: naam, from: "@naam", required: true}]
              - to: bsn
                from: heeftAlsInitiator/gerelateerde/natuurlijkPersoon/inp.bsn
              - to: verblijf
                at: heeftAlsInitiator/gerelateerde/natuurlijkPersoon/verblijfsadres
                rules: [{to: postcode, from: aoa.postcode}]
        """,
        rules='- {to: "antwoord.object[]", each: zaken, undo: deel}',
        gives="zakLa01",
    )
    zaak = {"einddatum": None, "eigenschappen": None, "bsn": "999990019", "verblijf": None}

    body = mapping.write({"zaken": [zaak]}).body

    einddatum, initiator = etree.fromstring(body).iterfind("{*}antwoord/{*}object/*")
    assert "geenWaarde" in einddatum.attrib.values()
    assert [each.text for each in initiator.iter("{*}inp.bsn", "{*}verblijfsadres")] == ["999990019"]


def _written(folder: Path, *, part: str, rules: str, gives: str) -> Mapping:
    root = folder / "mappings"
    (root / "proef" / "_parts").mkdir(parents=True)
    (root / "proef" / "_parts" / "deel.yaml").write_text(dedent(part))
    head = f"message: antwoord\ngives: {gives}\nrules:\n"
    (root / "proef" / "antwoord.map.yaml").write_text(head + indent(rules, "  "))
    return load_mappings(root / "proef", root=root, forms=forms())["antwoord"]
