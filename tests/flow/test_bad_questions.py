"""Questions that go wrong, through a whole hub by both doors: each has its fault of StUF and its problem of REST.

Whatever goes wrong, nothing of who was asked about stands in the fault, in the log or in the audit record.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple
from unittest.mock import Mock

import aiohttp
import orjson
import pytest

from adapters.brp.simulator.records import PERSONEN, STAATLOZE, VADER
from hub.config.policy import ConnectionPolicy
from hub.config.verwerking import Afnemer
from hub.net.failures import failure
from hub.ports.simulator import Gedrag
from hub.wire.stuf.namespaces import STUF
from hub.wire.xml import find, local_name
from tests.support.bg import official
from tests.support.bg_vragen import message_in
from tests.support.landelijk import Bronnen, Deuren, deuren, lv01
from tests.support.shared import SHARED

FIELDS = ("burgerservicenummer", "naam", "geboorte", "verblijfplaats", "gemeenteVanInschrijving")
SCOPE = '<BG:inp.bsn xsi:nil="true"/><BG:geslachtsnaam xsi:nil="true"/>'
VELDEN = ["burgerservicenummer", "naam.geslachtsnaam"]
QUICK = ConnectionPolicy(answer_within_s=0.2)

Prepare = Callable[[Bronnen], object]


class Gevraagd(NamedTuple):
    """Who is asked about, in both ways; `persoonlijk` are the texts that may stand in no fault, log or audit record."""

    stuf: str
    rest: Mapping[str, Any]
    persoonlijk: tuple[str, ...]


def by_number(bsn: str) -> Gevraagd:
    return Gevraagd(f"<BG:inp.bsn>{bsn}</BG:inp.bsn>", {"burgerservicenummers": [bsn]}, (bsn, "Akkerwinde"))


def by_name(naam: str, voornamen: str) -> Gevraagd:
    named = f"<BG:geslachtsnaam>{naam}</BG:geslachtsnaam><BG:voornamen>{voornamen}</BG:voornamen>"
    return Gevraagd(
        f"{named}<BG:inp.gemeenteVanInschrijving>0518</BG:inp.gemeenteVanInschrijving>",
        {"geslachtsnaam": naam, "voornamen": voornamen, "gemeenteVanInschrijving": "0518"},
        (naam, voornamen),
    )


SOMEBODY = by_number(VADER)
NOBODY, ELEVEN = by_number("999990019"), by_number("999910001")
DIACRITICS = by_name("Küçükoğlu", "Jérôme Åke")


class Geval(NamedTuple):
    """What goes wrong, and what is told: a code of StUF, a status and code of REST. Without a code it is an answer."""

    name: str
    prepare: Prepare
    gevraagd: Gevraagd = SOMEBODY
    stuf: str = ""
    status: int = 200
    code: str = ""
    found: int = 0
    retry_after: str = ""
    policy: ConnectionPolicy = ConnectionPolicy()


def order(kind: Any, **said: Any) -> Prepare:  # noqa: ANN401 - of any order
    """Let the BRP misbehave for as long as it is asked."""
    return lambda bronnen: bronnen.brp.misbehave(Gedrag(kind=kind, times=None, **said))


def answers(status: int, **said: Any) -> Prepare:  # noqa: ANN401 - of any order
    return order("answer", status=status, **said)


def breaks(error: Exception) -> Prepare:
    """Let the network fail, as the client of the hub says it."""

    def prepare(bronnen: Bronnen) -> None:
        bronnen.fails = failure(error, safe=False, what="POST personen")

    return prepare


def rotated(bronnen: Bronnen) -> None:
    bronnen.key = "the-key-of-last-month"


def three_of_one_number(bronnen: Bronnen) -> None:
    bronnen.brp.personen = [each for each in PERSONEN if each["burgerservicenummer"] == VADER] * 3


def as_it_is(bronnen: Bronnen) -> None:
    del bronnen


EXPIRED = aiohttp.ClientConnectorCertificateError(
    Mock(host="brp.example", port=443, ssl=True), ssl.SSLCertVerificationError("certificate has expired")
)
DOWN = aiohttp.ClientConnectorError(Mock(host="brp.example", port=443, ssl=True), OSError("refused"))
LATER = "StUF049"
GEVALLEN = (
    Geval("somebody", as_it_is, found=1),
    Geval("unknown", as_it_is, NOBODY),
    Geval("not-11-proof", as_it_is, ELEVEN),
    Geval("diacritics", as_it_is, DIACRITICS, found=1),
    Geval("a-field-the-schema-does-not-know", order("extra"), found=1),
    Geval("three-of-one-number", three_of_one_number, stuf="StUF058", status=400, code="te-veel-gevonden"),
    Geval("down", breaks(DOWN), stuf=LATER, status=503, code="verbinding"),
    Geval("certificate-expired", breaks(EXPIRED), stuf=LATER, status=503, code="tls"),
    Geval("cut", order("cut"), stuf=LATER, status=503, code="verbroken"),
    Geval("half-an-answer", order("half"), stuf=LATER, status=503, code="bron-faalt"),
    Geval("a-page-of-a-proxy", order("garbage"), stuf=LATER, status=503, code="bron-faalt"),
    Geval("fails", answers(500), stuf=LATER, status=503, code="bron-faalt"),
    Geval("not-now", answers(503), stuf=LATER, status=503, code="tijdelijk-niet-beschikbaar"),
    Geval(
        "too-many-questions",
        answers(429, retry_after_s=7),
        stuf=LATER,
        status=429,
        code="te-veel-vragen",
        retry_after="7",
    ),
    Geval("slow", order("slow", seconds=60), stuf="StUF960", status=504, code="te-laat", policy=QUICK),
    Geval("key-rotated", rotated, stuf="StUF058", status=502, code="niet-gemachtigd"),
    Geval("not-ours-to-ask", answers(403), stuf="StUF058", status=502, code="niet-gemachtigd"),
    Geval("moved", answers(404), stuf="StUF058", status=502, code="contract-verbroken"),
)


@pytest.mark.parametrize("geval", GEVALLEN, ids=lambda each: each.name)
async def test_a_question_that_goes_wrong_is_told_and_tells_nothing(
    geval: Geval, capsys: pytest.CaptureFixture[str]
) -> None:
    """By both doors: the code that fits, and nothing of who was asked about."""
    bronnen = Bronnen()
    geval.prepare(bronnen)
    async with deuren(bronnen, afnemers=_afnemers(*FIELDS), policy=geval.policy) as door:
        stuf = await door.stuf(lv01("npsLv01", "NPS", geval.gevraagd.stuf, SCOPE))
        rest = await door.rest("personen", {**geval.gevraagd.rest, "velden": VELDEN})
        audit = await _audit(door)

    message = message_in(stuf.body)
    assert _text(message, "body/code") == geval.stuf
    assert not SHARED.is_dir() or official().validate(message), official().error_log
    # Of a 503 that says nothing itself the door says when to come back.
    later = geval.retry_after or ("5" if geval.status == HTTPStatus.SERVICE_UNAVAILABLE else "")
    assert (rest.status, rest.headers.get("retry-after", "")) == (geval.status, later)
    said = orjson.loads(rest.body)
    if geval.stuf:
        assert rest.headers["content-type"] == "application/problem+json"
        assert said["code"] == geval.code
        _silent(geval, stuf.body.decode(), rest.body.decode())
    else:
        assert len(message.findall("{*}antwoord/{*}object")) == len(said["personen"]) == geval.found
    _silent(geval, audit, "".join(capsys.readouterr()))


async def test_too_many_who_fit_is_told_apart() -> None:
    """The BRP has no pages: ask with more."""
    bronnen = Bronnen()
    one = next(each for each in PERSONEN if each["burgerservicenummer"] == STAATLOZE)
    bronnen.brp.personen = [{**one, "burgerservicenummer": f"9999{number:05}"} for number in range(20_000, 20_011)]
    async with deuren(bronnen, afnemers=_afnemers(*FIELDS)) as door:
        stuf = await door.stuf(lv01("npsLv01", "NPS", DIACRITICS.stuf, SCOPE))
        rest = await door.rest("personen", {**DIACRITICS.rest, "velden": VELDEN})

    message = message_in(stuf.body)
    assert _text(message, "body/code") == "StUF058"
    assert "more is found than the source gives" in _text(message, "body/details")
    assert (rest.status, orjson.loads(rest.body)["code"]) == (400, "te-veel-gevonden")
    for text in DIACRITICS.persoonlijk:
        assert text not in stuf.body.decode() + rest.body.decode()


async def test_what_an_application_may_not_see_is_not_there() -> None:
    """By StUF it is told so of each element; by REST it is left out, as its description says."""
    scope = f'{SCOPE}<BG:geboortedatum xsi:nil="true"/>'
    async with deuren(afnemers=_afnemers("burgerservicenummer", "naam")) as door:
        stuf = await door.stuf_message(lv01("npsLv01", "NPS", SOMEBODY.stuf, scope))
        rest = await door.rest("personen", {**SOMEBODY.rest, "velden": [*VELDEN, "geboorte"]})
        asked = [each.vraag["fields"] for each in door.bronnen.gesteld]

    born = find(stuf, "antwoord/object/geboortedatum")
    assert born is not None
    assert born.get(f"{{{STUF}}}noValue") == "nietGeautoriseerd"
    assert orjson.loads(rest.body)["personen"] == [
        {"burgerservicenummer": VADER, "naam": {"geslachtsnaam": "Akkerwinde"}}
    ]
    assert asked == [VELDEN, VELDEN]


async def test_an_application_that_is_not_authorised_gets_nothing() -> None:
    """The source never hears of it."""
    async with deuren(afnemers=(Afnemer(zender="een-ander", velden={"personen": FIELDS}),)) as door:
        stuf = await door.stuf(lv01("npsLv01", "NPS", SOMEBODY.stuf, SCOPE))
        rest = await door.rest("personen", {**SOMEBODY.rest, "velden": VELDEN})

        assert _text(message_in(stuf.body), "body/code") == "StUF052"
        assert (rest.status, orjson.loads(rest.body)["code"]) == (403, "niet-geautoriseerd")
        assert door.bronnen.gesteld == []
    for text in SOMEBODY.persoonlijk:
        assert text not in stuf.body.decode() + rest.body.decode()


async def test_a_form_that_asks_for_nobody_gets_a_fault() -> None:
    """Prefill has no empty answer."""
    async with deuren() as door:
        question = lv01("npsLv01-prs-NatuurlijkPersoon", "NPS", NOBODY.stuf, _PREFILL)
        given = await door.stuf_message(question.replace("maximumAantal>20", "maximumAantal>1"))

    assert local_name(given) == "Fo02Bericht"
    assert _text(given, "body/code") == "StUF064"


_PREFILL = "".join(
    f'<BG:{name} xsi:nil="true"/>'
    for name in (
        "inp.bsn", "geslachtsnaam", "voorvoegselGeslachtsnaam", "voorletters", "voornamen", "aanduidingNaamgebruik",
        "geslachtsnaamPartner", "voorvoegselGeslachtsnaamPartner", "geslachtsaanduiding", "geboortedatum",
        "inp.geboorteplaats", "inp.geboorteLand",
    )
)  # fmt: skip


def _afnemers(*velden: str) -> tuple[Afnemer, ...]:
    return (Afnemer(zender="*", velden={"personen": velden}),)


def _text(message: Any, path: str) -> str:  # noqa: ANN401 - an element
    found = find(message, path)
    return "" if found is None else found.text or ""


async def _audit(door: Deuren) -> str:
    topics, bus = door.hub.app.topics, door.hub.app.bus
    records = [*await bus.tail(topics.audit(), 100), *await bus.tail(topics.verwerkingen(), 100)]
    assert records
    return "".join(each.value.decode() for each in records)


def _silent(geval: Geval, *said: str) -> None:
    for text in geval.gevraagd.persoonlijk:
        assert not any(text in each for each in said), f"{text} is told"
