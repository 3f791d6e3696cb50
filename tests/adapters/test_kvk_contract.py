"""What the adapter asks of the KVK, and what the simulator says, is what the published APIs have.

Needs the reference data. The published test companies are asked too. Of Naamgeving no file is at hand.
"""

from __future__ import annotations

import csv
import json
from datetime import timedelta
from functools import cache
from http import HTTPStatus
from typing import Any

import pytest

from adapters.kvk.lookup import create as create_lookup
from adapters.kvk.options import InboundOptions, Options
from adapters.kvk.poll import create as create_poll
from adapters.kvk.signaal import KINDS, Signaal
from adapters.kvk.simulator import ABONNEMENT, BASE, INSCHRIJVINGEN, KEY, KEY_HEADER, Gedrag, Inschrijving, create
from hub.clock import SystemClock
from tests.support.openapi import OpenApi
from tests.support.shared import SHARED, cases_of, needs_shared
from tests.support.source import Called, Source

pytestmark = [needs_shared, pytest.mark.shared]

KVK = SHARED / "standards" / "kvk"
QUESTION = "nl.bedrijven.bedrijven-opvragen.v1"
FILES = {
    "v2/zoeken": ("kvk-zoeken-2.0.0.openapi.yaml", "v2/"),
    "v1/basisprofielen": ("kvk-basisprofiel-1.5.0.openapi.yaml", "v1/"),
    "v1/vestigingsprofielen": ("kvk-vestigingsprofiel-1.4.openapi.yaml", ""),
}


@cache
def api(file: str) -> OpenApi:
    # The published answers have statutaireNaam in a Vestigingsprofiel, and _links where the file has links.
    return OpenApi(KVK / file, besides=frozenset({"statutaireNaam", "_links"}))


def source(data: tuple[Inschrijving, ...] = INSCHRIJVINGEN) -> Source:
    return Source(create(data=data), base=BASE, headers={KEY_HEADER: KEY})


def wrong_with(call: Called) -> list[str]:
    for begin, (file, base) in FILES.items():
        if call.path.startswith(begin):
            path = call.path.removeprefix(base)
            wrong = api(file).wrong_with_request(call.method, path, call.query, call.headers)
            # Problems come as application/json, where some files have them as hal+json; one has no problems at all.
            body, status = json.loads(call.answer.body), call.answer.status
            if status == 200 or "vestigingsprofiel" not in file:
                wrong += api(file).wrong_with_answer(call.method, path, status, "application/hal+json", body)
            return wrong
    return [] if call.path.startswith("v1/naamgevingen/kvknummer/") else [f"{call.path}: of no API"]


def wrong(far: Source) -> list[str]:
    return [each for call in far.called for each in wrong_with(call)]


async def test_every_call_and_every_answer_is_one_of_the_apis() -> None:
    """Each company by each way of asking, for each kind of field, and a check."""
    far = source()
    lookup = create_lookup(Options(afgeschermde_adressen=True))
    wanted = [
        None, ["naam"], ["eigenaar"], ["hoofdvestiging.adressen"], ["statutaireNaam", "hoofdvestiging.rsin"],
        ["vestigingen"], ["vestigingen.adressen.volledigAdres"], ["vestigingen.handelsnamen"],
    ]  # fmt: skip
    for each in INSCHRIJVINGEN:
        if each.busy:
            continue
        kvk = {"kvkNummer": each.basisprofiel["kvkNummer"]}
        questions: list[dict[str, Any]] = [
            kvk,
            {**kvk, "inclusiefInactieve": True},
            {"naam": each.basisprofiel["naam"]},
        ]
        questions += [{**kvk, "type": kind} for kind in ("hoofdvestiging", "nevenvestiging", "rechtspersoon")]
        for profiel in each.profielen:
            adres = profiel["adressen"][0]
            questions.append({"vestigingsnummer": profiel["vestigingsnummer"]})
            questions.append({name: adres[name] for name in ("postcode", "huisnummer")})
            questions.append({name: adres[name] for name in ("straatnaam", "plaats")})
        for question in questions:
            for velden in wanted:
                await far.ask(lookup, QUESTION, velden=velden, **question)
    await lookup.check(far)

    assert wrong(far) == []
    assert {call.answer.status for call in far.called} == {200, 404}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 500])
@pytest.mark.parametrize("path", ["v2/zoeken", "v1/basisprofielen/99990002"])
async def test_every_problem_is_one_of_the_apis(status: int, path: str) -> None:
    """Also those that the simulator gives on order."""
    far = source()
    far.simulator.misbehave(Gedrag(kind="answer", status=status))
    await far.request("GET", "kvk", path, query={"kvkNummer": "99990002"} if "zoeken" in path else {})

    assert wrong(far) == []


async def test_the_mutatieservice_is_asked_as_it_is_known_to_be_and_so_answers_the_simulator() -> None:
    """By the reconstruction of its OpenAPI: the official file is behind a login."""
    simulator = create()
    far = Source(simulator, base=BASE, headers={KEY_HEADER: KEY})
    for soort in ("SignaalNieuweInschrijving", "SignaalAdreswijziging_2025_01"):
        simulator.mutaties.signal("99990002", soort)
    signaal = simulator.mutaties.signal("99990002", "SignaalGewijzigdeVestiging", vestigingsnummer="999900000022")
    now = SystemClock().now()
    polling = create_poll(InboundOptions())
    found = [each async for each in polling.find(far, since=now - timedelta(days=1), now=now + timedelta(hours=1))]
    await far.request("GET", "kvk", f"v1/abonnementen/{ABONNEMENT}/signalen/{signaal['id']}")
    for status in (401, 403):
        simulator.misbehave(Gedrag(kind="answer", status=status))
        await far.request("GET", "kvk", "v1/abonnementen")
    await far.request("GET", "kvk", f"v1/abonnementen/{ABONNEMENT}", query={"vanaf": "gisteren"})
    await far.request("GET", "kvk", f"v1/abonnementen/{ABONNEMENT.replace('1', '9')}")

    assert len(found) == 3
    file = OpenApi(KVK / "kvk-mutatieservice-reconstructie.openapi.yaml")
    asked = [each for each in far.called if each.answer.status != HTTPStatus.BAD_REQUEST]
    wrong = [w for each in asked for w in file.wrong_with_request(each.method, each.path, each.query, each.headers)]
    for each in far.called:
        body = json.loads(each.answer.body)
        wrong += file.wrong_with_answer(each.method, each.path, each.answer.status, "application/json", body)
    assert wrong == []


def test_every_published_signal_has_a_kind() -> None:
    """Each of the published list is one of the four that mappings are named after."""
    with (KVK / "mutatieservice-signalen.csv").open(encoding="utf-8", newline="") as file:
        soorten = [each["signaalType"] for each in csv.DictReader(file, delimiter=";")]

    assert len(soorten) == 10
    assert all(Signaal("1", "", "99990002", soort).kind in KINDS for soort in soorten)


def published() -> list[tuple[str, int, dict[str, Any]]]:
    """Give the published exchanges: path, status and body."""
    found = []
    for file in sorted((KVK / "examples" / "exchanges").glob("*.json")):
        for each in json.loads(file.read_text(encoding="utf-8")):
            request, response = each["request"], each["response"]
            query = "".join(f"?{name}={value}" for name, value in request["query"].items())
            found.append((request["path"].removeprefix("/test/api/") + query, response["status"], response["body"]))
    return found


def inschrijvingen() -> tuple[Inschrijving, ...]:
    """Make registrations of the published answers."""
    answers = [(path, body) for path, status, body in published() if status == HTTPStatus.OK]
    profielen = {body["vestigingsnummer"]: body for path, body in answers if "vestigingsprofielen" in path}
    basis = {body["kvkNummer"]: body for path, body in answers if "basisprofielen" in path}
    found = []
    for body in basis.values():
        main = {"indHoofdvestiging": "Ja", "handelsnamen": [], **body["_embedded"]["hoofdvestiging"]}
        found.append(Inschrijving(body, (main,)))
    for profiel in profielen.values():
        eigenaar = {name: profiel[name] for name in ("rsin",) if name in profiel}
        names = ("kvkNummer", "statutaireNaam", "materieleRegistratie", "formeleRegistratiedatum")
        body = {**{name: profiel[name] for name in names}, "naam": profiel["eersteHandelsnaam"]}
        found.append(Inschrijving({**body, "_embedded": {"eigenaar": eigenaar}}, (profiel,)))
    return tuple(found)


def known_whole() -> list[tuple[str, int, dict[str, Any]]]:
    """Give the exchanges but two: the search finds a branch of which no profile is published."""
    return [each for each in published() if "zoeken" not in each[0] or each[1] != HTTPStatus.OK]


@pytest.mark.parametrize("exchange", cases_of(known_whole(), lambda each: each[0]))
async def test_a_published_exchange_is_answered_as_published(exchange: tuple[str, int, dict[str, Any]]) -> None:
    """The simulator with the published companies has their fields, and the codes of what is not there."""
    path, status, body = exchange
    plain, _, query = path.partition("?")
    far = source(inschrijvingen())
    asked = dict(pair.split("=") for pair in query.split("&")) if query else {}
    answer = await far.request("GET", "kvk", plain, query=asked)
    given = json.loads(answer.body)

    assert answer.status == status
    if status == 200:
        plain_fields = {name: value for name, value in body.items() if name not in {"_links", "links", "_embedded"}}
        assert {name: given[name] for name in plain_fields} == plain_fields
    else:
        assert [each["code"] for each in given["fout"]] == [each["code"] for each in body["fout"]]


async def test_the_published_companies_can_be_asked() -> None:
    """An eenmanszaak by number and a BV by its branch; what is not there is an empty answer."""
    far = source(inschrijvingen())
    lookup = create_lookup(Options())
    owner = await far.ask(lookup, QUESTION, kvkNummer="69599084", velden=["eigenaar.rechtsvorm", "handelsnamen"])
    branch = await far.ask(lookup, QUESTION, vestigingsnummer="000037178598", velden=["vestigingen.adressen"])
    nobody = await far.ask(lookup, QUESTION, kvkNummer="90004333", velden=["statutaireNaam"])

    assert owner["bedrijven"][0]["_embedded"]["eigenaar"]["rechtsvorm"] == "Eenmanszaak"
    assert [each["plaats"] for each in branch["bedrijven"][0]["vestigingen"][0]["adressen"]] == ["Rommeldam", "Lollum"]
    assert nobody == {"bedrijven": [], "meer": False}


def test_the_codes_that_are_known_are_those_that_are_published() -> None:
    """Temporary is what the KVK says is temporary; the numbers of the test environment fit what may be asked."""
    from adapters.kvk import calls, vraag  # noqa: PLC0415

    with (KVK / "foutcodes.csv").open(encoding="utf-8") as file:
        codes = {row["code"]: row["tijdelijk"] for row in csv.DictReader(file, delimiter=";")}
    with (KVK / "testomgeving-nummers.csv").open(encoding="utf-8") as file:
        numbers = [(row["soort"], row["nummer"]) for row in csv.DictReader(file, delimiter=";")]

    assert calls._TEMPORARY.keys() == {code for code, temporary in codes.items() if temporary == "ja"}
    assert all(code in codes for code in calls._NOT_DELIVERED)
    for soort, number in numbers:
        assert vraag.Vraag.of({soort: number}).criteria == {soort: number}
