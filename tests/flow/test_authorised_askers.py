"""What an asker gets that may see a part of what it asks, and what is written down of that."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
from lxml import etree

from adapters.brp.simulator.records import VADER
from hub.config.verwerking import Afnemer, Verwerking
from hub.configuration import Configuration
from hub.flow.entrance import Answered
from hub.mapping.compile import load_mappings
from hub.ports.contracts import Inquiry
from hub.testkit.memory import MemoryHub, memory_hub
from hub.wire.stuf.namespaces import STUF
from hub.wire.xml import find
from tests.support.bg_vragen import EXAMPLES, Gesteld, Script, deur
from tests.support.landelijk import deuren, lv01
from tests.support.toy import IN, OUT, ToyTarget, asking_configuration, message, no_client

NOBODY = "999990019"
"""The simulator has nobody of this number."""
VESTIGING, HANDELSNAAM = "000099999990", "De Duinroos"
SOAP = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>{}</s:Body></s:Envelope>'


def said(message: etree._Element, path: str) -> str:
    """Give the text at a path of the object that was found, or why there is none."""
    found = find(message, f"antwoord/object/{path}")
    return "" if found is None else (found.text or found.get(f"{{{STUF}}}noValue") or "")


async def logged(hub: MemoryHub) -> list[dict[str, Any]]:
    return [orjson.loads(each.value) for each in await hub.app.bus.tail(hub.app.topics.verwerkingen(), 100)]


def _kvk(asked: Gesteld, *, named: bool) -> dict[str, Any]:
    names = {"handelsnamen": [{"naam": HANDELSNAAM, "volgorde": 0}], "eersteHandelsnaam": HANDELSNAAM} if named else {}
    if "vestigingsprofielen" in asked.path:
        return {"kvkNummer": "99999990", "vestigingsnummer": VESTIGING, **names}
    if "zoeken" in asked.path:
        branch = {"kvkNummer": "99999990", "vestigingsnummer": VESTIGING, "type": "nevenvestiging", "naam": "Duin"}
        return {"resultaten": [branch], "totaal": 1, "pagina": 1, "resultatenPerPagina": 100}
    return {"kvkNummer": "99999990"}


@pytest.mark.parametrize(
    ("velden", "named", "handelsnaam"),
    [
        (("vestigingen",), True, HANDELSNAAM),
        (("vestigingen.handelsnamen",), True, HANDELSNAAM),
        (("vestigingen.handelsnamen",), False, "nietGeautoriseerd"),
        (("vestigingen.vestigingsnummer",), True, "nietGeautoriseerd"),
    ],
)
async def test_what_one_rule_may_give_is_not_withheld_for_another(
    velden: tuple[str, ...], *, named: bool, handelsnaam: str
) -> None:
    """Who may see the names gets the name; without one there may be the other, that it may not see."""
    may = {"bedrijven": ("kvkNummer", "vestigingen.vestigingsnummer", *velden)}
    question = lv01(
        "vesLv01",
        "VES",
        f"<BG:vestigingsNummer>{VESTIGING}</BG:vestigingsNummer>",
        '<BG:vestigingsNummer xsi:nil="true"/><BG:handelsnaam xsi:nil="true"/>',
    )
    client = Script(lambda asked: _kvk(asked, named=named))
    async with deur(client, afnemers=(Afnemer(zender="1900/BALIE", velden=may),)) as door:
        answer = await door.antwoord(SOAP.format(question).encode())

    assert said(answer, "handelsnaam") == handelsnaam


async def test_what_comes_whatever_is_asked_may_be_asked_alone() -> None:
    """By both doors; it is for whoever may ask, to be careful with the rest."""
    may = (Afnemer(zender="*", velden={"personen": ("burgerservicenummer",)}),)
    scope = '<BG:inp.indicatieGeheim xsi:nil="true"/>'
    async with deuren(afnemers=may) as door:
        number = f"<BG:inp.bsn>{VADER}</BG:inp.bsn>"
        stuf = await door.stuf_message(lv01("npsLv01", "NPS", number, scope))
        rest = await door.rest("personen", {"burgerservicenummers": [VADER], "velden": ["opschortingBijhouding"]})

    assert said(stuf, "inp.indicatieGeheim") in ("0", "7")
    assert rest.status == 200, rest.body
    assert orjson.loads(rest.body)["personen"] == [{}]


_PREFILL = "".join(
    f'<BG:{name} xsi:nil="true"/>'
    for name in (
        "inp.bsn", "geslachtsnaam", "voorvoegselGeslachtsnaam", "voorletters", "voornamen", "aanduidingNaamgebruik",
        "geslachtsnaamPartner", "voorvoegselGeslachtsnaamPartner", "geslachtsaanduiding", "geboortedatum",
        "inp.geboorteplaats", "inp.geboorteLand",
    )
)  # fmt: skip


async def test_an_answer_that_could_not_be_given_is_not_written_down_as_given() -> None:
    """A form about nobody gets a fault: the audit and the Logboek say so, too."""
    nobody = f"<BG:inp.bsn>{NOBODY}</BG:inp.bsn>"
    async with deuren() as door:
        question = lv01("npsLv01-prs-NatuurlijkPersoon", "NPS", nobody, _PREFILL)
        answer = await door.stuf(question.replace("maximumAantal>20", "maximumAantal>1"))
        [line] = await logged(door.hub)
        [account] = await door.hub.app.bus.tail(door.hub.app.topics.audit(), 10)

    assert answer.status == 500
    assert line["status_code"] == "ERROR"
    assert orjson.loads(account.value)["uitkomst"] == "geen-antwoord-te-geven"


async def test_the_address_of_a_child_that_may_not_be_seen_is_not_told_to_be_none() -> None:
    """It is looked up by the number of the child; the rest of what is looked up goes in."""
    child = ("burgerservicenummer", "naam.geslachtsnaam", "naam.voornamen", "geboorte.datum")
    may = ("burgerservicenummer", "naam", "geboorte", "geslacht", *(f"kinderen.{each}" for each in child))
    file = EXAMPLES / "vragen-naar-personen/cases/prefill-KinderenVanAanvrager/input.xml"
    question = file.read_text(encoding="utf-8").replace(NOBODY, VADER)
    async with deuren(afnemers=(Afnemer(zender="*", velden={"personen": may}),)) as door:
        answer = await door.stuf_message(question)

    there = "inp.heeftAlsKinderen/gerelateerde"
    assert said(answer, f"{there}/geslachtsaanduiding") in ("M", "V")
    assert said(answer, f"{there}/verblijfsadres/aoa.postcode") == "nietGeautoriseerd"


class _Zaken(ToyTarget):
    """A zaaksysteem with one zaak, of somebody."""

    async def ask(self, kind: str, question: dict[str, Any], inquiry: Inquiry) -> dict[str, Any]:
        del kind, question, inquiry
        return {"gevonden": [{"zaak": "A", "tekst": "een", "wie": [{"bsn": PERSOON}]}]}


PERSOON = "999990019"
OWN = Verwerking(activiteit="https://register.voorbeeld.nl/verwerkingen/eigen", grondslag="Wmo 2015 art. 5.2.7")
_ROLLEN = """
      - to: "rollen[]"
        each: wie
        rules:
          - {to: betrokkeneType, value: natuurlijk_persoon}
          - {to: natuurlijkPersoon.bsn, from: bsn}
"""
_UNREAD = "  - {path: zaken/rollen, reason: the asker knows who it is}"


def _with_rollen(folder: Path, **said_: Any) -> Configuration:  # noqa: ANN401 - any key
    target = _Zaken()
    configuration = asking_configuration(folder, target, **said_)
    for name, rule in ((f"{OUT}/nl.zaken.zaken-opvragen.v1.antwoord", _ROLLEN), (f"{IN}/vraag.antwoord", _UNREAD)):
        file = folder / f"{name}.map.yaml"
        file.write_text(f"{file.read_text(encoding='utf-8').rstrip()}\n{rule.strip(chr(10))}\n", encoding="utf-8")
    mappings = {name: load_mappings(folder / name, root=folder) for name in (IN, OUT)}
    return configuration._replace(mappings=configuration.mappings | mappings)


@pytest.mark.parametrize("own", [None, OWN])
async def test_who_is_in_a_zaak_that_was_asked_for_is_written_down(tmp_path: Path, own: Verwerking | None) -> None:
    """For the processing activity of the asker, or else that of the connection."""
    afnemers = (Afnemer(zender="S", velden={"personen": ("naam",)}, verwerking=own),) if own else ()
    configuration = _with_rollen(tmp_path, afnemers=afnemers)
    async with memory_hub(configuration, no_client) as hub:
        body = message("A", "", reference="v1", kind="vraag", expects="antwoord")
        received = await hub.converse(body, connection=IN)
        [line] = await logged(hub)
        person = hub.app.keys.unsealed(line["attributes"]["dpl.core.data_subject_id"])

    assert isinstance(received, Answered), received
    assert person.reveal() == PERSOON
    verwerking = own or configuration.connections[IN].verwerking
    assert verwerking is not None
    assert line["attributes"]["dpl.core.processing_activity_id"] == verwerking.activiteit


async def test_a_zaak_of_nobody_is_not_written_down(tmp_path: Path) -> None:
    """There is nobody whose data it was."""
    target = ToyTarget()
    target.effects.append(("A", "een"))
    async with memory_hub(asking_configuration(tmp_path, target), no_client) as hub:
        await hub.converse(message("A", "", reference="v1", kind="vraag", expects="antwoord"), connection=IN)

        assert await logged(hub) == []
