"""hub/wire/stuf: what every sector model shares. Tests of the adapters show most of it; here is the rest."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from lxml import etree

from adapters.stuf_bg.definition import definition
from adapters.stuf_bg.forms import elements
from adapters.stuf_bg.inbound import BgInbound
from adapters.stuf_bg.inbound import create as create_bg
from adapters.stuf_bg.options import Options as BgOptions
from adapters.stuf_bg.sector import PREFIXES, SECTOR
from adapters.stuf_zds.inbound import ZdsInbound
from adapters.stuf_zds.inbound import create as create_zds
from adapters.stuf_zds.options import Options as ZdsOptions
from hub.errors import (
    HubError,
    HubUnavailable,
    TargetMisconfigured,
    TargetRefused,
    TargetUnavailable,
    TargetUncertain,
)
from hub.flow.status import status_of
from hub.ports.contracts import MessageRefusal
from hub.wire.schemaset import reached
from hub.wire.stuf.antwoord import ordered, withheld, withhold
from hub.wire.stuf.gesprek import Vrager
from hub.wire.stuf.namespaces import BG, STUF
from hub.wire.stuf.scope import Redenen, within
from hub.wire.stuf.vormen import once
from hub.wire.stuf.vraag import asked_paths
from hub.wire.stuf.weigering import fout_of
from hub.wire.xml import XSI, find, local_name

SPACES = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in PREFIXES.items())


def element(text: str) -> etree._Element:
    return etree.fromstring(f"<x {SPACES}>{text}</x>")[0]


def test_what_is_not_there_says_why() -> None:
    """A pattern is of a path and all below it; anything else that is not there has no value (StUF 03.01 §6.3)."""
    answer = element('<BG:object StUF:entiteittype="NPS"/>')
    asked = '<BG:{0} xsi:nil="true"/>'.format
    scope = element(f"<BG:object>{asked('geboortedatum')}{asked('overlijdensdatum')}{asked('inp.bsn')}</BG:object>")
    form = elements()[f"{{{BG}}}npsLa01"].children["antwoord"].children["object"]
    redenen = Redenen(frozenset(["inp.bsn"]), frozenset(["geb*", "sub.*"]))

    within(answer, scope, form, SECTOR, redenen=redenen)

    said = {local_name(each): each.get(f"{{{STUF}}}noValue") for each in answer}
    assert said == {
        "inp.bsn": "nietGeautoriseerd", "geboortedatum": "nietOndersteund", "overlijdensdatum": "geenWaarde",
    }  # fmt: skip
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


@pytest.mark.parametrize("inbound", [create_bg(BgOptions()), create_zds(ZdsOptions())])
@pytest.mark.parametrize(
    ("error", "code"),
    [
        (TargetUnavailable("away", code="http-503"), "StUF049"),
        (TargetUnavailable("busy", code="http-429"), "StUF049"),
        (TargetUnavailable("away", code="tijdelijk-niet-beschikbaar"), "StUF049"),
        (TargetUncertain("silent", code="geen-antwoord"), "StUF960"),
        (HubUnavailable("the ledger is away", code="ledger"), "StUF049"),
        (TargetRefused("wrong", code="ongeldige-vraag"), "StUF058"),
        (TargetMisconfigured("wrong key", code="niet-gemachtigd"), "StUF058"),
    ],
)
def test_what_goes_by_is_told_as_such(inbound: BgInbound | ZdsInbound, error: HubError, code: str) -> None:
    """By the kind of error, whatever its code: who is told that it will not work does not ask again."""
    refusal = MessageRefusal(error.code, "wrong", "", 0, 500, status_of(error))
    body = f'<BG:npsLv01 xmlns:BG="{BG}"/>'.encode()
    headers = {"soapaction": f'"{BG}/npsLv01"', "content-type": "text/xml"}

    reply = inbound.refused(refusal, body, message_id="m-1", at=datetime(2026, 3, 2, tzinfo=UTC), headers=headers)

    assert f">{code}<" in reply.body.decode()


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
