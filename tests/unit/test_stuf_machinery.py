"""hub/wire/stuf: what every sector model shares. Tests of the adapters show most of it; here is the rest."""

from __future__ import annotations

import pytest
from lxml import etree

from adapters.stuf_bg.definition import definition
from adapters.stuf_bg.forms import elements
from adapters.stuf_bg.sector import PREFIXES, SECTOR
from hub.wire.schemaset import reached
from hub.wire.stuf.antwoord import ordered, withheld, withhold
from hub.wire.stuf.gesprek import Vrager
from hub.wire.stuf.namespaces import BG, STUF
from hub.wire.stuf.scope import Redenen, within
from hub.wire.stuf.vormen import once
from hub.wire.stuf.vraag import asked_paths
from hub.wire.stuf.weigering import fout_of
from hub.wire.xml import XSI, find

SPACES = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in PREFIXES.items())


def element(text: str) -> etree._Element:
    return etree.fromstring(f"<x {SPACES}>{text}</x>")[0]


def test_a_value_that_the_source_keeps_and_does_not_say_is_unknown() -> None:
    """Anything else that is not there has no value (StUF 03.01 §6.3)."""
    answer = element('<BG:object StUF:entiteittype="NPS"/>')
    scope = element('<BG:object><BG:geboortedatum xsi:nil="true"/><BG:overlijdensdatum xsi:nil="true"/></BG:object>')
    form = elements()[f"{{{BG}}}npsLa01"].children["antwoord"].children["object"]

    within(answer, scope, form, SECTOR, redenen=Redenen(onbekend=frozenset(["geboortedatum"])))

    assert [each.get(f"{{{STUF}}}noValue") for each in answer] == ["waardeOnbekend", "geenWaarde"]
    assert {each.get(f"{{{XSI}}}nil") for each in answer} == {"true"}


def test_what_is_withheld_travels_in_the_answer_and_not_on() -> None:
    """It is said in the bytes of a mapping, and taken out when they are read."""
    bytes_with = withhold(f'<BG:npsLa01 xmlns:BG="{BG}"/>'.encode(), ["inp.bsn", "verblijfsadres/aoa.postcode"])
    message = etree.fromstring(bytes_with)

    assert withheld(message) == {"inp.bsn", "verblijfsadres/aoa.postcode"}
    assert len(message) == 0


def test_objects_are_ordered_by_number_then_text_then_nothing() -> None:
    """9 before 10, and who has no number comes last."""
    found = [element(f"<o><a>{text}</a></o>") for text in ("10", "", "b", "9", "A")]

    assert [find(each, "a").text for each in ordered(found, ["a"])] == ["9", "10", "A", "b", None]  # type: ignore[union-attr]


def test_a_scope_in_a_word_names_no_paths() -> None:
    """Nor does none at all."""
    assert asked_paths(None) is None
    assert asked_paths(element('<BG:object StUF:scope="alles"/>')) is None
    assert asked_paths(element("<BG:object><BG:a><BG:b/></BG:a><BG:c/></BG:object>")) == frozenset(("a/b", "c"))


@pytest.mark.parametrize("code", ["npsLv01-prs-NatuurlijkPersoon", "npslv01-prs-natuurlijkpersoon", "npsLv01"])
def test_a_broken_prefill_question_is_answered_as_a_question(code: str) -> None:
    """Its berichtcode stands in the middle of its name, and may be all that is left of it."""
    asked = Vrager.gleaned(b"<broken", {"soapaction": f'"{BG}/{code}"', "content-type": "text/xml"})

    assert asked.synchroon


def test_who_may_see_nothing_is_told_so() -> None:
    """StUF052, in the code of the standard."""
    assert fout_of("niet-geautoriseerd", synchroon=True).code == "StUF052"
    assert fout_of("wat-anders", synchroon=True).code == "StUF058"


def test_a_definition_is_what_its_entry_leads_to() -> None:
    """Documents of others lie beside it."""
    xs = 'xmlns="http://www.w3.org/2001/XMLSchema"'
    files = {
        "a.xsd": f'<schema {xs}><include schemaLocation="b.xsd"/></schema>'.encode(),
        "b.xsd": f'<schema {xs}><import namespace="x" schemaLocation="c.xsd"/></schema>'.encode(),
        "c.xsd": f'<schema {xs} targetNamespace="x"/>'.encode(),
        "d.xsd": b"not even XML",
    }

    assert list(reached(files, "a.xsd")) == ["a.xsd", "b.xsd", "c.xsd"]


def test_in_a_question_everything_stands_once() -> None:
    """At every depth."""
    relation = once(elements()[f"{{{BG}}}npsLv01"].children["gelijk"]).children["inp.heeftAlsKinderen"]

    assert not relation.many
    assert definition().check(element("<BG:onbekend/>"))
