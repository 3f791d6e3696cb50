"""Questions about land and its worth through a whole hub: by REST, from the simulators, cut by who may see what."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest
from pydantic import TypeAdapter

from adapters.bevragen.options import Dienst
from adapters.bevragen.simulator import Toepassing
from hub.config.access import Access
from hub.config.settings import Settings
from hub.config.verwerking import Afnemer
from hub.configuration import Configuration
from hub.event.criteria import CRITERIA
from hub.event.velden import fits
from hub.event.vragen import QUESTION_TYPES
from hub.ingress.asgi import Ingress
from hub.mapping.compile import load_mappings
from hub.ports.registry import Registry
from hub.ports.simulator import Gedrag
from hub.testkit.memory import MemoryHub, memory_hub
from tests.support.asgi import Answer, ask
from tests.support.bg_vragen import EXAMPLES, MAPPINGS, connection_of
from tests.support.landregisters import BRK, DUINROOS, FIRST_BRK, FIRST_WOZ, REGISTERS, WOZ, ZEEWIER, Far, Register

DOOR = "vragen-van-toepassingen"
OBJECTEN: Dienst = "woz-objecten"
ZAKEN: Dienst = "onroerende-zaken"


class Loket:
    """The hub, with an application before it and both registers behind it."""

    def __init__(self, hub: MemoryHub, registers: Mapping[str, Far]) -> None:
        self.hub = hub
        self.woz, self.brk = registers[WOZ.example], registers[BRK.example]
        self._ingress = Ingress(hub.app, doors=True)

    async def vraag(self, naam: Dienst, **question: Any) -> Answer:  # noqa: ANN401 - a question is JSON
        """Ask."""
        verzoek = Toepassing("zaaksysteem", "geheim").vraag(naam, question)
        return await ask(self._ingress, f"/in/{DOOR}/{verzoek.path}", verzoek.body, headers=verzoek.headers)

    async def gevonden(self, naam: Dienst, **question: Any) -> Any:  # noqa: ANN401 - the same
        """Ask, and give what was found."""
        answer = await self.vraag(naam, **question)
        assert answer.status == 200, answer.body
        return orjson.loads(answer.body)[WOZ.found if naam == OBJECTEN else BRK.found]

    async def logged(self) -> list[bool]:
        """Say of each record of processing whether it is about somebody whose number is known."""
        records = await self.hub.app.bus.tail(self.hub.app.topics.verwerkingen(), 20)
        return ["dpl.core.data_subject_id" in orjson.loads(each.value)["attributes"] for each in records]


@asynccontextmanager
async def loket(**velden: tuple[str, ...]) -> AsyncIterator[Loket]:
    """Run it with the examples; `velden` are what the application may see, instead of what it says there."""
    registry = Registry()
    door = connection_of(DOOR)
    access = TypeAdapter(Access).validate_python({"kind": "basic", "user": "zaaksysteem", "password": "geheim"})
    afnemers = (Afnemer(zender="zaaksysteem", velden=velden),) if velden else door.afnemers
    door = door.model_copy(update={"access": access, "afnemers": afnemers})
    sources = {each.example: connection_of(each.example) for each in REGISTERS}
    registers = {each.example: Far(each) for each in REGISTERS}
    asking = {name: registry.asking(each) for name, each in sources.items()}
    configuration = Configuration(
        settings=Settings(mappings=EXAMPLES),
        connections={DOOR: door, **sources},
        inbound={DOOR: registry.inbound(door)},
        outbound={},
        mappings={name: load_mappings(EXAMPLES / name, root=MAPPINGS) for name in (DOOR, *sources)},
        lookups=asking,
        asking=asking,
    )
    async with memory_hub(configuration, lambda connection: registers[connection.connection]) as hub:
        yield Loket(hub, registers)


async def test_what_a_home_is_worth_does_not_tell_whose_it_is() -> None:
    """The example lets an application see values: nothing else is asked, also where it asks for all."""
    async with loket() as door:
        [found] = await door.gevonden(
            OBJECTEN, nummeraanduidingIdentificatie="9999200000000001", velden=["waarden.vastgesteldeWaarde"]
        )
        [whole] = await door.gevonden(OBJECTEN, identificatie=FIRST_WOZ, velden=["waarden", "belanghebbendeEigenaar"])
        fields = [each.query["fields"] for each in door.woz.called]

    assert found == {"waarden": [{"vastgesteldeWaarde": worth} for worth in (412_000, 398_000, 355_000)]}
    assert whole.keys() == {"waarden"}
    assert fields == ["waarden.vastgesteldeWaarde,identificatie", "waarden,identificatie"]


async def test_who_owns_land_is_told_without_a_number_to_who_may_not_see_it() -> None:
    """Only the calls that the fields need; no mortgage is read for who asks about owners."""
    velden = ["zakelijkGerechtigden", "hypotheken", "koopsom"]
    async with loket() as door:
        [found] = await door.gevonden(ZAKEN, kadastraleAanduiding="VBD00 A 1", velden=velden)

        assert found == {
            "zakelijkGerechtigden": [
                {
                    "type": "eigenaar",
                    "persoon": {"type": "ingeschreven_natuurlijk_persoon", "omschrijving": "Jan Zeewier"},
                    "tenaamstelling": {"aandeel": {"teller": 1, "noemer": 1}},
                }
            ]
        }
        assert door.brk.paths == [
            "kadastraalonroerendezaken",
            f"kadastraalonroerendezaken/{FIRST_BRK}/zakelijkgerechtigden",
        ]


async def test_an_owner_who_asked_for_geheimhouding_is_known_as_one() -> None:
    """Whoever sees his name sees that, although he did not ask for it."""
    async with loket(wozObjecten=("identificatie", "belanghebbendeEigenaar.naam")) as door:
        [found] = await door.gevonden(OBJECTEN, identificatie="999900000003", velden=["belanghebbendeEigenaar.naam"])

    assert found == {"belanghebbendeEigenaar": {"naam": "D. Duinroos", "geheimhoudingPersoonsgegevens": True}}


async def test_of_everybody_in_an_answer_there_is_a_record() -> None:
    """Owners and users, partners too; of who has no number one that says so; and of the person that is asked by."""
    wanted = {WOZ.found: ("identificatie", "belanghebbendeEigenaar"), BRK.found: ("zakelijkGerechtigden", "adressen")}
    persoon = "zakelijkGerechtigden.persoon"
    async with loket(**wanted) as door:
        await door.gevonden(OBJECTEN, identificatie=FIRST_WOZ, velden=["belanghebbendeEigenaar"])
        assert await door.logged() == [True]
        await door.gevonden(OBJECTEN, identificatie="999900000006", velden=["belanghebbendeEigenaar.naam"])
        assert await door.logged() == [True, False]
        await door.gevonden(ZAKEN, postcode="9999AA", huisletter="A", velden=["zakelijkGerechtigden"])
        assert await door.logged() == [True, False, True, True]
        await door.gevonden(ZAKEN, burgerservicenummer=ZEEWIER, velden=[f"{persoon}.omschrijving"])
        assert await door.logged() == [True, False, True, True, True]

        assert not [each for each in (*door.woz.called, *door.brk.called) if ZEEWIER in f"{each.path}{each.query}"]


@pytest.mark.parametrize(
    ("naam", "question"),
    [
        (OBJECTEN, {"rsin": "999930011", "velden": ["waarden"]}),
        (OBJECTEN, {"kvkNummer": "99990002", "velden": ["waarden"]}),
        (ZAKEN, {"burgerservicenummer": DUINROOS, "velden": ["adressen"]}),
        (ZAKEN, {"rsin": "999930011", "velden": ["adressen"]}),
    ],
)
async def test_who_may_not_see_an_owner_may_not_ask_by_him(naam: Dienst, question: dict[str, Any]) -> None:
    """What is found would tell whose it is; nothing is asked, and the number is not repeated."""
    async with loket() as door:
        answer = await door.vraag(naam, **question)
        assert (answer.status, orjson.loads(answer.body)["code"]) == (403, "niet-geautoriseerd")
        assert not door.woz.called
        assert not door.brk.called
        assert DUINROOS.encode() not in answer.body


@pytest.mark.parametrize(
    ("gedrag", "status", "code"),
    [
        (Gedrag(kind="answer", status=503, retry_after_s=9), 503, "tijdelijk-niet-beschikbaar"),
        (Gedrag(kind="answer", status=429), 429, "te-veel-vragen"),
        (Gedrag(kind="answer", status=401), 502, "niet-gemachtigd"),
        (Gedrag(kind="half"), 503, "bron-faalt"),
        (Gedrag(kind="answer", status=200, body={"objecten": []}), 502, "contract-verbroken"),
    ],
)
async def test_what_goes_wrong_there_is_told_as_what_it_is(gedrag: Gedrag, status: int, code: str) -> None:
    """By both registers, and without the address that was asked about."""
    async with loket() as door:
        door.woz.simulator.misbehave(gedrag)
        door.brk.simulator.misbehave(gedrag)
        for naam, velden in ((OBJECTEN, ["waarden"]), (ZAKEN, ["adressen"])):
            answer = await door.vraag(naam, postcode="9999AA", huisnummer=1, velden=velden)
            assert (answer.status, orjson.loads(answer.body)["code"]) == (status, code)
            assert b"9999AA" not in answer.body


@pytest.mark.parametrize("register", REGISTERS, ids=str)
def test_every_criterion_is_about_fields_that_there_are(register: Register) -> None:
    """So that the list of what an asker may see holds for what it asks by."""
    asked = QUESTION_TYPES[register.kind]
    criteria = CRITERIA[register.kind]

    assert {*asked.question.model_fields} - criteria.keys() == {"velden", "maximum"}
    assert not [each for fields in criteria.values() for each in fields if not fits(register.model, each)]
