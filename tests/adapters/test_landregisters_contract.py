"""What the adapters ask of WOZ and BRK, and what the simulators say, is what the published APIs have.

Needs the reference data. The published test objects are asked too, and the recorded answers of the Kadaster.
"""

from __future__ import annotations

import json
from functools import cache
from http import HTTPStatus
from typing import Any

import orjson
import pytest

from adapters.brk.simulator import FIELDS as BRK_FIELDS
from adapters.brk.simulator import ORGANISATIES, ZAKEN, Zaak
from adapters.brk.velden import gevraagd
from adapters.woz.simulator import FIELDS as WOZ_FIELDS
from adapters.woz.simulator import OBJECTEN
from hub.event.kadaster import OnroerendeZakenAntwoord
from hub.event.velden import velden_of
from hub.event.woz import WozObjectenAntwoord
from hub.ports.simulator import Gedrag
from tests.adapters.test_landregisters_answers import mapping_of
from tests.support.landregisters import BRK, REGISTERS, WOZ, Far, Register
from tests.support.openapi import OpenApi, published
from tests.support.openapi_body import Bodies
from tests.support.shared import SHARED, cases_of, needs_shared

pytestmark = [needs_shared, pytest.mark.shared]

STANDARDS = SHARED / "standards"
PATH = "kadastraalonroerendezaken"
SCHEMAS = {
    "kadastraalOnroerendeZaken": "KadastraalOnroerendeZaak",
    "zakelijkGerechtigden": "ZakelijkGerechtigde",
    "hypotheken": "Hypotheek",
    "beslagen": "Beslag",
    "privaatrechtelijkeBeperkingen": "Aantekening",
    "publiekrechtelijkeBeperkingen": "PubliekrechtelijkeBeperking",
    "kadasterNietNatuurlijkPersonen": "KadasterNietNatuurlijkPersoon",
}


def api(register: Register) -> OpenApi:
    return published(*register.spec)


@cache
def bodies() -> Bodies:
    return Bodies(STANDARDS.joinpath(*BRK.spec))


def wrong_with(far: Far) -> list[str]:
    wrong: list[str] = []
    for call, request in zip(far.called, far.simulator.requests, strict=True):
        body, media = json.loads(call.answer.body), call.answer.headers["content-type"]
        assert call.answer.headers["api-version"]
        wrong += api(far.register).wrong_with_request(call.method, call.path, call.query, call.headers)
        wrong += api(far.register).wrong_with_answer(call.method, call.path, call.answer.status, media, body)
        if call.method == "POST":
            wrong += bodies().wrong_with_request(f"/{call.path}", orjson.loads(request.body))
    return wrong


async def test_every_call_to_the_woz_and_every_answer_is_one_of_the_api() -> None:
    """Each object by each way of asking, whole, for each field alone, and a check."""
    far = Far(WOZ, WOZ.simulator.create(page_size_max=10))
    for each in OBJECTEN[:5]:
        address = each["aanduiding"]
        owner = each.get("belanghebbendeEigenaar", {})
        questions: list[dict[str, Any]] = [{"identificatie": each["identificatie"]}]
        questions += [{name: owner[name]} for name in ("rsin", "kvkNummer") if name in owner]
        questions += [{"adresseerbaarObjectIdentificatie": thing} for thing in each.get("pandIdentificaties", ())]
        if "huisnummer" in address:
            letters = {name: address.get(name) for name in ("huisletter", "huisnummertoevoeging")}
            questions.append({"postcode": address["postcode"], "huisnummer": address["huisnummer"], **letters})
            questions.append({"nummeraanduidingIdentificatie": address["nummeraanduidingIdentificatie"]})
        for question in questions:
            for velden in (None, ["waarden"], ["belanghebbendeEigenaar.naam", "aanduiding.postcode"]):
                await far.answer(**question, velden=velden)
    for veld in velden_of(WOZ.model):
        await far.answer(rsin="999930011", velden=[veld])
    await WOZ.lookup.check(far)

    assert wrong_with(far) == []
    assert {call.answer.status for call in far.called} == {200, 404}


async def test_every_call_to_the_brk_and_every_answer_is_one_of_the_api() -> None:
    """Land by each way of asking, with all that is asked for apart, for each field alone, and a check."""
    far = Far(BRK)
    whole = [*BRK.model.model_fields]
    for zaak in ZAKEN[:8]:
        questions: list[dict[str, Any]] = [
            {"identificatie": zaak.zaak["identificatie"]},
            {"kadastraleAanduiding": zaak.zaak["kadastraleAanduiding"]},
            {"kadastraleAanduiding": zaak.code, "inclusiefKadastraalOnroerendeZakenUitSplitsing": True},
        ]
        for adres in zaak.zaak.get("adressen", ()):
            names = ("postcode", "huisnummer", "huisletter", "huisnummertoevoeging")
            questions.append({name: adres.get(name) for name in names})
            questions.append({"nummeraanduidingIdentificatie": adres["nummeraanduidingIdentificatie"]})
        for each in zaak.delen.get("zakelijkGerechtigden", ()):
            kind = {"ingeschreven_natuurlijk_persoon": "burgerservicenummer"}.get(each["persoon"]["type"], "rsin")
            if each["persoon"]["type"].startswith("ingeschreven"):
                questions.append({kind: each["persoon"]["identificatie"]})
        for question in questions:
            for velden in (None, whole, ["zakelijkGerechtigden.persoon.rsin", "aardCultuurBebouwd.omschrijving"]):
                await far.answer(**question, velden=velden)
    for veld in velden_of(BRK.model):
        await far.answer(identificatie=ZAKEN[1].zaak["identificatie"], velden=[veld])
    await far.answer(postcode="9999ZZ")
    await BRK.lookup.check(far)

    assert wrong_with(far) == []
    assert {call.answer.status for call in far.called} == {200, 404}


# The WOZ promises no 503, and neither a 429.
@pytest.mark.parametrize(
    ("register", "status"),
    [(each, status) for each in REGISTERS for status in (400, 401, 403, 404, 406, 500)] + [(BRK, 503)],
    ids=str,
)
async def test_every_problem_is_one_of_the_api(register: Register, status: int) -> None:
    """Also those that the simulator gives on order."""
    far = Far(register)
    far.simulator.misbehave(Gedrag(kind="answer", status=status))
    path = f"wozobjecten/{WOZ.first}" if register is WOZ else f"{PATH}/{BRK.first}"
    await far.request("GET", str(register), path, headers={"Accept": "application/hal+json"})

    assert wrong_with(far) == []


def test_the_fields_that_the_woz_knows_are_those_of_the_schema() -> None:
    """The simulator takes them and no others."""
    assert api(WOZ).paths_of("WozObject") == WOZ_FIELDS


@pytest.mark.parametrize("kind", BRK_FIELDS)
def test_the_fields_that_the_brk_knows_are_those_of_the_schema(kind: str) -> None:
    """The simulator takes them and no others."""
    assert api(BRK).paths_of(SCHEMAS[kind]) == BRK_FIELDS[kind]


def test_every_field_that_can_be_asked_is_a_field_of_the_api() -> None:
    """Of a canonical question, for the WOZ by its own name."""
    assert {*velden_of(WOZ.model)} <= api(WOZ).paths_of("WozObject")
    for veld in velden_of(BRK.model):
        asked = gevraagd([veld], [])
        assert {*asked.zaak} <= BRK_FIELDS["kadastraalOnroerendeZaken"]
        assert {*asked.organisatie} <= BRK_FIELDS["kadasterNietNatuurlijkPersonen"]
        assert all({*fields} <= BRK_FIELDS[deel] for deel, fields in asked.delen.items())


def mocks() -> list[dict[str, Any]]:
    """Give the published WOZ objects."""
    file = STANDARDS / "woz" / "examples" / "woz-mock-testset.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else []


@pytest.mark.parametrize("mock", cases_of(mocks(), lambda each: each["identificatie"]))
async def test_a_published_woz_object_can_be_asked(mock: dict[str, Any]) -> None:
    """By its number and its address; all of it becomes canonical, also where a number is written as a text."""
    far, address = Far(WOZ, WOZ.simulator.create(data=mocks())), mock["aanduiding"]
    said = await far.answer(identificatie=mock["identificatie"])
    names = ("postcode", "huisnummer", "huisletter", "huisnummertoevoeging")
    same = await far.numbers(**{name: address.get(name) for name in names}, velden=["identificatie"])
    mapped = mapping_of(WOZ).run(said, context={"type": WOZ.kind})
    [found] = WozObjectenAntwoord.model_validate(mapped.data).wozObjecten

    assert mock["identificatie"] in same
    assert not mapped.unread
    given = found.model_dump(mode="json", exclude_unset=True)
    named = [each["aanduiding"] for each in mock.get("kadastraalOnroerendeZaken", ()) if "aanduiding" in each]
    for each in named:
        each["perceelnummer"] = int(each["perceelnummer"])
    assert given == {name: value for name, value in mock.items() if name != "_links"}


def exchanges() -> list[tuple[str, dict[str, Any]]]:
    """Give the recorded exchanges of the BRK, each with a name."""
    files = sorted((STANDARDS / "brk" / "examples" / "exchanges").glob("*.json"))
    return [(file.stem, each) for file in files for each in json.loads(file.read_text(encoding="utf-8"))]


def recorded() -> Far:
    """Give a BRK with the land of these exchanges, and who has a right on it."""
    bodies_by_name = {name: each["response"]["body"] for name, each in exchanges()}
    [zaak] = bodies_by_name["BRKCadastralClientTests-client"]["_embedded"][BRK.found]
    rights = bodies_by_name["BRKTitleholdersClientTests-client"]["_embedded"]["zakelijkGerechtigden"]
    delen = {"zakelijkGerechtigden": rights, "hypotheken": [{"identificatie": zaak["hypotheekIdentificaties"][0]}]}
    return Far(BRK, BRK.simulator.create(data=[Zaak(zaak, delen=delen)], organisaties=ORGANISATIES))


def _without_links(part: Any) -> Any:  # noqa: ANN401 - any part of an answer in JSON
    if isinstance(part, list):
        return [_without_links(each) for each in part]
    if isinstance(part, dict):
        return {name: _without_links(each) for name, each in part.items() if name != "_links"}
    return part


@pytest.mark.parametrize("exchange", cases_of(exchanges(), lambda each: each[0]))
async def test_a_recorded_exchange_is_answered_as_recorded(exchange: tuple[str, dict[str, Any]]) -> None:
    """The simulator with the recorded land says the same, but for its links."""
    request, response = exchange[1]["request"], exchange[1]["response"]
    far = recorded()
    path = request["path"].partition("/v2/")[2]
    answer = await far.request(request["method"], "brk", path, query=request["query"])

    assert answer.status == response["status"]
    assert answer.headers["content-type"] == response["contentType"]
    given, said = json.loads(answer.body), response["body"]
    if response["status"] == HTTPStatus.OK:
        assert _without_links(given) == _without_links(said)
    else:
        assert (given["code"], given["title"]) == (said["code"], said["title"])


async def test_the_recorded_land_can_be_asked() -> None:
    """With who has a right on it: each number is told for what it is."""
    far = recorded()
    velden = ["kadastraleAanduiding", "kadastraleGrootte.waarde", "zakelijkGerechtigden"]
    said = await far.answer(postcode="7361EW", huisnummer=21, velden=velden)
    mapped = mapping_of(BRK).run(said, context={"type": BRK.kind})
    [found] = OnroerendeZakenAntwoord.model_validate(mapped.data).kadastraalOnroerendeZaken
    persons = [each.persoon for each in found.zakelijkGerechtigden or () if each.persoon]

    assert not mapped.unread
    assert found.kadastraleGrootte
    assert (found.kadastraleAanduiding, found.kadastraleGrootte.waarde) == ("Beekbergen K 4825", 350)
    assert [(each.identificatie, each.burgerservicenummer) for each in persons] == [
        ("71291440", None), ("71303564", None), (None, "999991905"),
    ]  # fmt: skip
