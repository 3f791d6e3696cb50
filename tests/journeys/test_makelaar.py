"""A modern application asks with REST and JSON and is answered by a makelaar with StUF-BG, through the whole hub."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal

import orjson
import pytest
from pydantic import TypeAdapter

from adapters.bevragen.simulator import Toepassing
from adapters.stuf_bg.simulator import Makelaar, create
from adapters.stuf_bg.simulator.gegevens import BEDRIJF, GEZIN, ONDERZOCHT, OUDER
from hub.config.access import Access
from hub.config.settings import Settings
from hub.config.verwerking import Afnemer
from hub.configuration import Configuration
from hub.ingress.asgi import Ingress
from hub.mapping.compile import load_mappings
from hub.ports.registry import Registry
from hub.ports.simulator import Gedrag
from hub.testkit.clock import FakeClock
from hub.testkit.memory import memory_hub
from tests.support.asgi import Answer, ask
from tests.support.bg_vragen import EXAMPLES, MAPPINGS, connection_of
from tests.support.makelaar import NAME, leaves, network

DOOR = "vragen-van-toepassingen"
MAG = ("burgerservicenummer", "naam", "geboorte.datum", "verblijfplaats.verblijfadres.postcode", "kinderen")


class Balie:
    """An application at the door, and the makelaar behind the hub."""

    def __init__(self, makelaar: Makelaar, ingress: Ingress) -> None:
        self.makelaar = makelaar
        self._ingress = ingress

    async def vraag(self, what: Literal["personen", "adressen", "bedrijven"], **question: Any) -> Answer:  # noqa: ANN401 - JSON
        """Ask over HTTP."""
        verzoek = Toepassing("zaaksysteem", "geheim").vraag(what, question)
        path = f"/in/{DOOR}/{verzoek.path}"
        return await ask(self._ingress, path, verzoek.body, method="POST", headers=verzoek.headers)

    @property
    def gevraagd(self) -> set[str]:
        """The elements that the makelaar was last asked for."""
        scope = self.makelaar.vragen[-1].find("{*}scope/{*}object")
        assert scope is not None
        return set(leaves(scope))


@asynccontextmanager
async def balie() -> AsyncIterator[Balie]:
    """Run the hub with the examples: one door, one source."""
    registry = Registry()
    basic = TypeAdapter(Access).validate_python({"kind": "basic", "user": "zaaksysteem", "password": "geheim"})
    afnemer = Afnemer(zender="zaaksysteem", velden={"personen": MAG, "bedrijven": ("kvkNummer", "handelsnamen")})
    update = {"access": basic, "asks": NAME, "afnemers": (afnemer,)}
    door, source = connection_of(DOOR).model_copy(update=update), connection_of(NAME)
    asking = {NAME: registry.asking(source)}
    configuration = Configuration(
        settings=Settings(mappings=EXAMPLES),
        connections={DOOR: door, NAME: source},
        inbound={DOOR: registry.inbound(door)},
        outbound={},
        mappings={
            name: load_mappings(EXAMPLES / name, root=MAPPINGS, forms=registry.forms(each.adapter))
            for name, each in {DOOR: door, NAME: source}.items()
        },
        lookups=asking,
        asking=asking,
    )
    makelaar = create(clock=FakeClock())
    async with memory_hub(configuration, lambda _: network(makelaar)) as hub:
        yield Balie(makelaar, Ingress(hub.app, doors=True))


def said(answer: Answer) -> Any:  # noqa: ANN401 - JSON
    return orjson.loads(answer.body)


async def test_a_person_is_asked_in_json_and_answered_from_stuf() -> None:
    """What the application wants, as far as it may see it, is asked of the makelaar; nothing else."""
    async with balie() as desk:
        answer = await desk.vraag(
            "personen", burgerservicenummers=[GEZIN], velden=["naam.geslachtsnaam", "geboorte", "partners", "kinderen"]
        )

        assert answer.status == 200
        assert said(answer)["personen"] == [
            {
                "naam": {"geslachtsnaam": "Zandpoort"},
                "geboorte": {"datum": {"jaar": 1980, "maand": 2, "dag": 11}},
                "kinderen": [
                    {
                        "burgerservicenummer": "999990020",
                        "naam": {"voornamen": "Ces", "voorletters": "C.", "geslachtsnaam": "Duinroos"},
                        "geboorte": {"datum": {"jaar": 2012, "maand": 7, "dag": 5}},
                    }
                ],
            }
        ]
        assert {each for each in desk.gevraagd if not each.startswith("inp.heeftAlsKinderen/")} == {
            "geslachtsnaam",
            "geboortedatum",
            "inp.datumOpschortingBijhouding",
            "inp.redenOpschortingBijhouding",
            "inp.indicatieGeheim",
            "inOnderzoek",
        }


async def test_what_the_hub_needs_to_search_does_not_reach_the_application() -> None:
    """A part of a name is compared, and a number goes on: neither was asked for."""
    async with balie() as desk:
        answer = await desk.vraag("personen", geslachtsnaam="Zand*", postcode="9999ZX", velden=["geboorte.datum"])

        assert said(answer)["personen"] == [
            {"geboorte": {"datum": {"jaar": 1980, "maand": 2, "dag": 11}}},
            {"geboorte": {"datum": {"jaar": 1950}}},
        ]
        assert {"geslachtsnaam", "inp.bsn"} <= desk.gevraagd


async def test_what_is_under_investigation_is_told_of_what_was_asked() -> None:
    """Whatever else of the person is."""
    async with balie() as desk:
        [persoon] = said(await desk.vraag("personen", burgerservicenummers=[ONDERZOCHT], velden=["geboorte.datum"]))[
            "personen"
        ]

    assert persoon["geboorte"]["inOnderzoek"]["velden"] == ["datum", "plaats", "land"]
    assert "naam" not in persoon
    assert persoon["inOnderzoek"]["velden"] == ["burgerservicenummer", "geslacht"]


async def test_a_company_and_an_address_are_answered_from_stuf() -> None:
    """The same source answers all three."""
    async with balie() as desk:
        bedrijven = await desk.vraag("bedrijven", kvkNummer=BEDRIJF, velden=["kvkNummer", "naam", "handelsnamen"])
        adressen = await desk.vraag("adressen", postcode="9999ZX", huisnummer=1, huisletter=None, velden=["korteNaam"])

    assert said(bedrijven)["bedrijven"] == [
        {"kvkNummer": BEDRIJF, "handelsnamen": ["Luchtkasteel Bouw", "Luchtkasteel Verbouw"]}
    ]
    assert said(adressen)["adressen"] == [{"korteNaam": "Verzonnen Hof"}]


async def test_nobody_found_is_an_empty_list() -> None:
    """No error, and no fault."""
    async with balie() as desk:
        answer = await desk.vraag("personen", burgerservicenummers=["999990445"], velden=["naam"])

    assert (answer.status, said(answer)["personen"]) == (200, [])


@pytest.mark.parametrize(
    ("gedrag", "fout", "status", "code"),
    [
        (Gedrag(kind="answer", status=503, retry_after_s=9), "", 503, "tijdelijk-niet-beschikbaar"),
        (Gedrag(kind="answer", status=429, retry_after_s=9), "", 429, "te-veel-vragen"),
        (Gedrag(kind="answer", status=401), "", 502, "niet-gemachtigd"),
        (Gedrag(kind="half"), "", 503, "bron-faalt"),
        (Gedrag(kind="extra"), "", 502, "contract-verbroken"),
        (None, "StUF058", 503, "bron-faalt"),
        (None, "StUF052", 502, "niet-gemachtigd"),
    ],
)
async def test_what_goes_wrong_there_is_said_as_of_any_source(
    gedrag: Gedrag | None, fout: str, status: int, code: str
) -> None:
    """The application need not know that the source is StUF."""
    async with balie() as desk:
        if gedrag is not None:
            desk.makelaar.misbehave(gedrag)
        desk.makelaar.fouten = [fout] if fout else []
        answer = await desk.vraag("personen", burgerservicenummers=[OUDER], velden=["naam"])

    assert (answer.status, said(answer)["code"]) == (status, code)
    assert OUDER not in answer.body.decode()
