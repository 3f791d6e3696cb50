"""What a mapping looks up elsewhere, on a whole hub in memory: at the simulator of the BAG, and at a source of ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import copy
from typing import Any

import orjson
import pytest

from adapters.bag.lookup import create as create_lookup
from adapters.bag.options import Options
from adapters.bag.simulator import BASE, KEY, KEY_HEADER, Gedrag, create
from hub.config.cache import Cache
from hub.config.connection import Connection, Direction
from hub.config.target import Target
from hub.config.verwerking import Afnemer, Verwerking
from hub.configuration import Configuration
from hub.errors import TargetRefused, TargetUncertain
from hub.event.vragen import ADRESSEN, BEDRIJVEN
from hub.flow.entrance import Answered, Received
from hub.flow.looked_up import lookup_problems
from hub.flow.remembered import HIT, MISS
from hub.mapping.compile import load_mappings
from hub.observe.metrics import Count
from hub.ports.contracts import Asking, Client, Exchange, Inquiry, Response
from hub.testkit.memory import MemoryHub, memory_hub
from tests.support.source import Source
from tests.support.toy import IN, OUT, VERWERKING, ToyTarget, asking_configuration, message, no_client

BAG = "adressen-uit-bag"
SHIPPED = Path(__file__).parents[2] / "mappings" / "_voorbeelden" / BAG
ONE, NONE, SEVERAL = "3", "999", "1"
"""Huisnummers at 9999AA: of one address, of none, of several."""
NUMBER = "9999200000000006"
ACTIVITEIT = "https://register.voorbeeld.nl/verwerkingen/bezoek"


def enriched(
    *, unavailable: str = "retry", nothing: str = "omit", several: str = "fail", more: str = ""
) -> dict[str, str]:
    """Give the mapping of new zaken, whose omschrijving is a huisnummer that becomes a number of the BAG."""
    return {
        f"{OUT}/nl.zaken.zaak-aangemaakt.v1.map.yaml": f"""
message: nl.zaken.zaak-aangemaakt.v1
gives: speelgoed
rules:
  - {{to: zaak, from: zaak/identificatie, required: true}}
  - to: omschrijving
    lookup:
      asks: {BAG}
      question: {ADRESSEN}
      by: {{postcode: {{value: 9999AA}}, huisnummer: {{from: zaak/omschrijving, via: [geheel-getal]}}}}
      take: nummeraanduidingIdentificatie
      unavailable: {unavailable}
      nothing: {nothing}
      several: {several}
    default: onbekend
{more}"""
    }


class Municipality(Source):
    """A hub that delivers to a toy and looks up at the BAG, of which this is the client: it knows what was asked."""

    def __init__(self) -> None:
        super().__init__(create(), base=BASE, headers={KEY_HEADER: KEY})
        self.toy = ToyTarget()
        self.hub: MemoryHub
        self.open = asyncio.Event()
        self.open.set()

    async def request(self, *said: Any, **more: Any) -> Response:  # noqa: ANN401 - as of any client
        """Send it once the BAG is open."""
        await self.open.wait()
        return await super().request(*said, **more)

    @asynccontextmanager
    async def running(
        self,
        folder: Path,
        mappings: dict[str, str],
        *,
        cache: Cache | None = None,
        asking: dict[str, Asking] | None = None,
        **said: Any,  # noqa: ANN401 - any key of the connections
    ) -> AsyncIterator[Municipality]:
        configuration = self.configuration(folder, mappings, cache, asking or {}, said)

        def client_for(connection: Connection) -> Client:
            return self if connection.connection == BAG else no_client(connection)

        async with memory_hub(configuration, client_for) as self.hub:
            yield self

    async def make(self, zaak: str, huisnummer: str) -> None:
        await self.hub.accept(message(zaak, huisnummer, reference=f"r-{zaak}", kind="maak"), connection=IN)

    def configuration(
        self,
        folder: Path,
        mappings: dict[str, str],
        cache: Cache | None,
        asking: dict[str, Asking],
        said: dict[str, Any],
    ) -> Configuration:
        configuration = asking_configuration(folder, self.toy)
        (folder / BAG).mkdir()
        for each in SHIPPED.glob("*.map.yaml"):
            copy(each, folder / BAG)
        for name, text in mappings.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        answering = {BAG: create_lookup(Options()), **asking}
        connections = {name: each.model_copy(update=said) for name, each in configuration.connections.items()}
        for name in answering:
            connections[name] = Connection(
                connection=name,
                direction=Direction.ASK,
                adapter="speelgoed",
                target=Target(services={"bag": f"http://bag{BASE}"}),
                cache=cache,
            )
        return configuration._replace(
            connections=connections,
            mappings={name: load_mappings(folder / name, root=folder) for name in connections},
            lookups={**configuration.lookups, **answering},
            asking=answering,
        )


@pytest.fixture
def city() -> Municipality:
    return Municipality()


async def test_a_message_goes_out_with_what_another_connection_knows(city: Municipality, tmp_path: Path) -> None:
    """Asked is the one field that a rule reads, and no more hits than tell that there are several."""
    async with city.running(tmp_path, enriched()):
        await city.make("A", ONE)
        await city.hub.settle()

        assert city.toy.of("A") == [NUMBER]
        assert city.paths == ["adressen"], "what an object has more would be asked of adressenuitgebreid"
        assert await city.hub.failures() == []


async def test_what_messages_ask_alike_at_one_moment_is_asked_once(city: Municipality, tmp_path: Path) -> None:
    """Also where nothing is remembered: those that come while it is out wait for its answer."""
    async with city.running(tmp_path, enriched()):
        city.open.clear()
        for number in range(10):
            await city.make(f"Z{number}", ONE)
        await city.make("other", NONE)
        await city.hub.pause(1)
        city.open.set()
        await city.hub.settle()

        assert [city.toy.of(f"Z{number}") for number in range(10)] == [[NUMBER]] * 10
        assert sorted(each.query["huisnummer"] for each in city.called) == [ONE, NONE]


async def test_who_waits_for_an_answer_hears_that_there_is_none(city: Municipality, tmp_path: Path) -> None:
    """One question, one failure: what waits for it does not ask one after the other; each comes back by itself."""
    async with city.running(tmp_path, enriched()):
        city.open.clear()
        for number in range(4):
            await city.make(f"Z{number}", ONE)
        await city.hub.pause(1)
        city.simulator.misbehave(Gedrag(kind="answer", status=503, retry_after_s=60))
        city.open.set()
        await city.hub.settle()

        assert len(city.called) == 1
        assert len(await city.hub.failures()) == 4
        await city.hub.let_pass(300)
        assert [city.toy.of(f"Z{number}") for number in range(4)] == [[NUMBER]] * 4


async def test_what_is_remembered_is_not_asked_again(city: Municipality, tmp_path: Path) -> None:
    """Until it is too old, as for the questions of senders."""
    async with city.running(tmp_path, enriched(), cache=Cache(ttl_s=60)):
        for number in range(4):
            await city.make(f"Z{number}", ONE)
            await city.hub.settle()
        assert len(city.called) == 1
        metrics = city.hub.app.metrics
        assert [metrics.value(Count.REMEMBERED, BAG, each) for each in (HIT, MISS)] == [3, 1]

        city.hub.clock.advance(60)
        await city.make("later", ONE)
        await city.hub.settle()
        assert len(city.called) == 2


async def test_rules_that_ask_alike_ask_once_for_all_their_fields(city: Municipality, tmp_path: Path) -> None:
    """Two rules, one question, with the fields of both."""
    second = f"""
  - to: straat
    lookup:
      asks: {BAG}
      question: {ADRESSEN}
      by: {{postcode: {{value: 9999AA}}, huisnummer: {{from: zaak/omschrijving, via: [geheel-getal]}}}}
      take: openbareRuimteNaam
      unavailable: omit
      nothing: omit
      several: omit
"""
    async with city.running(tmp_path, enriched(more=second)):
        await city.make("A", ONE)
        await city.hub.settle()

        assert len(city.called) == 1
        assert city.toy.of("A") == [NUMBER]


@pytest.mark.parametrize(
    ("gedrag", "code"),
    [
        (Gedrag(kind="answer", status=429, retry_after_s=3600), "te-veel-vragen"),
        (Gedrag(kind="answer", status=503, retry_after_s=3600), "tijdelijk-niet-beschikbaar"),
    ],
)
async def test_a_message_waits_for_who_is_not_available(
    city: Municipality, tmp_path: Path, gedrag: Gedrag, code: str
) -> None:
    """As long as that asks for; then it goes out whole. It says where it failed, and not at the target."""
    async with city.running(tmp_path, enriched()):
        city.simulator.misbehave(gedrag)
        await city.make("A", ONE)
        await city.hub.settle()
        (failure,) = await city.hub.failures()
        assert failure.code == code
        assert BAG in failure.reason
        assert failure.where == "lookup"
        assert "9999AA" not in str(failure)

        await city.hub.let_pass(3500)
        assert len(city.called) == 1, "it was asked before the time that it asked for"
        assert city.toy.effects == []

        await city.hub.let_pass(900)
        assert city.toy.of("A") == [NUMBER]


async def test_a_rule_may_do_without(city: Municipality, tmp_path: Path) -> None:
    """The message goes on at once, with what the rule says in the place of it."""
    async with city.running(tmp_path, enriched(unavailable="omit", nothing="fail")):
        city.simulator.misbehave(Gedrag(kind="cut"))
        await city.make("A", ONE)
        await city.hub.settle()

        assert city.toy.of("A") == ["onbekend"]


@pytest.mark.parametrize(
    ("huisnummer", "said", "becomes"),
    [
        (NONE, {"nothing": "omit"}, "onbekend"),
        (SEVERAL, {"several": "omit"}, "onbekend"),
        (SEVERAL, {"several": "first"}, "9999200000000001"),
    ],
)
async def test_none_or_several_is_as_the_rule_says(
    city: Municipality, tmp_path: Path, huisnummer: str, said: dict[str, str], becomes: str
) -> None:
    async with city.running(tmp_path, enriched(**said)):
        await city.make("A", huisnummer)
        await city.hub.settle()

        assert city.toy.of("A") == [becomes]


@pytest.mark.parametrize(
    ("huisnummer", "said", "reason"),
    [(NONE, {"nothing": "fail"}, "is not found"), (SEVERAL, {"several": "fail"}, "is found more than once")],
)
async def test_a_rule_may_want_exactly_one(
    city: Municipality, tmp_path: Path, huisnummer: str, said: dict[str, str], reason: str
) -> None:
    """Then the zaak waits for a person, who sees what was asked and who answered."""
    async with city.running(tmp_path, enriched(**said)):
        await city.make("A", huisnummer)
        await city.hub.settle()
        (failure,) = await city.hub.failures()
        assert reason in failure.reason
        assert city.toy.effects == []

        kept = await city.hub.app.operator().trace(failure.id[:8], content=True)
        assert kept is not None
        asked = next(each for each in kept.explanation.fields if each.target == f"?{BAG}")
        assert asked.steps[0].given["huisnummer"] == int(huisnummer)
        assert asked.reason == "answered now"
        hidden = await city.hub.app.operator().trace(failure.id[:8], content=False)
        assert hidden is not None
        assert "9999AA" not in orjson.dumps(hidden.plain()).decode()


async def test_what_was_to_be_sent_is_kept_with_what_was_found(city: Municipality, tmp_path: Path) -> None:
    """When the target refuses it, a person sees the request as it went out; nobody is asked again for that."""

    async def refuse(_zaak: str, _what: str, _exchange: Exchange) -> None:
        raise TargetRefused("not like this", code="400")

    city.toy.before = refuse
    async with city.running(tmp_path, enriched()):
        await city.make("A", ONE)
        await city.hub.settle()
        (failure,) = await city.hub.failures()
        made = await city.hub.app.ledger.request(failure.id)

        assert made is not None
        assert orjson.loads(made.content) == {"zaak": "A", "omschrijving": NUMBER}
        assert len(city.called) == 1


async def test_a_wrong_key_is_for_who_keeps_the_connection(city: Municipality, tmp_path: Path) -> None:
    """It is not the fault of the message: it waits for a person, and goes out when that is mended."""
    async with city.running(tmp_path, enriched()):
        city.simulator.misbehave(Gedrag(kind="answer", status=401))
        await city.make("A", ONE)
        await city.hub.settle()

        (failure,) = await city.hub.failures()
        assert (failure.code, failure.fault) == ("niet-gemachtigd", "koppelbeheer")


async def test_a_value_that_cannot_be_asked_by_stops_the_mapping(city: Municipality, tmp_path: Path) -> None:
    """Nobody is asked; the failure is at the rule that makes the question."""
    async with city.running(tmp_path, enriched()):
        await city.make("A", "naast de kerk")
        await city.hub.settle()

        (failure,) = await city.hub.failures()
        assert failure.code == "mapping"
        assert failure.where.endswith("v1.map.yaml:10")
        assert city.called == []


# Of persons and companies.

KVK = "bedrijven-uit-kvk"
COMPANIES = {
    f"{KVK}/{BEDRIJVEN}.antwoord.map.yaml": f"""
message: {BEDRIJVEN}.antwoord
gives: {BEDRIJVEN}.antwoord
rules:
  - to: "bedrijven[]"
    each: bedrijven
    rules:
      - {{to: kvkNummer, from: kvkNummer}}
      - {{to: naam, from: naam}}
"""
}


def by_company(take: str = "naam") -> dict[str, str]:
    """Give the mapping of new zaken, whose omschrijving is a KVK number."""
    return COMPANIES | {
        f"{OUT}/nl.zaken.zaak-aangemaakt.v1.map.yaml": f"""
message: nl.zaken.zaak-aangemaakt.v1
gives: speelgoed
rules:
  - {{to: zaak, from: zaak/identificatie, required: true}}
  - to: omschrijving
    lookup:
      asks: {KVK}
      question: {BEDRIJVEN}
      by: {{kvkNummer: zaak/omschrijving}}
      take: {take}
      unavailable: retry
      nothing: omit
      several: fail
    default: onbekend
"""
    }


class Companies:
    """A source that says more than it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.uncertain = 0

    async def ask(self, kind: str, question: dict[str, Any], inquiry: Inquiry) -> dict[str, Any]:
        """Give one company."""
        del kind, inquiry
        self.asked.append(dict(question))
        if self.uncertain:
            self.uncertain -= 1
            raise TargetUncertain("no answer", code="geen-antwoord")
        return {"bedrijven": [{"kvkNummer": question["kvkNummer"], "naam": "De Boom"}]}

    async def check(self, client: object) -> list[str]:
        """Be well."""
        del client
        return []


async def test_whom_is_looked_up_is_written_down(city: Municipality, tmp_path: Path) -> None:
    """For the processing of the connection, and of what is found only the fields that its receiver may see."""
    companies = Companies()
    verwerking = Verwerking(activiteit=ACTIVITEIT, grondslag="Hrw art. 21")
    said: dict[str, Any] = {"verwerking": verwerking, "velden": {"bedrijven": ("naam",)}}
    async with city.running(tmp_path, by_company(), asking={KVK: companies}, **said):
        await city.make("A", "90000001")
        await city.hub.settle()

        assert city.toy.of("A") == ["De Boom"]
        assert [each["velden"] for each in companies.asked] == [["naam"]]
        lines = await city.hub.app.bus.tail(city.hub.app.topics.verwerkingen(), 10)
        logged = [orjson.loads(each.value) for each in lines]
        mine = [each for each in logged if each["name"].endswith("lookup")]
        assert [each["attributes"]["dpl.core.processing_activity_id"] for each in mine] == [ACTIVITEIT]
        assert [each["status_code"] for each in mine] == ["OK"]


async def test_what_may_not_be_seen_is_not_looked_up(city: Municipality, tmp_path: Path) -> None:
    """The hub says so when it starts, at the rule; and a mapping that came later asks nobody."""
    companies = Companies()
    async with city.running(tmp_path, by_company(), asking={KVK: companies}):
        configuration = city.hub.app.configuration
        problems = list(lookup_problems(configuration.connections, configuration.mappings))
        assert [(each.line, "may not see naam" in each.reason) for each in problems] == [(8, True)]

        await city.make("A", "90000001")
        await city.hub.settle()
        (failure,) = await city.hub.failures()
        assert failure.code == "niet-geautoriseerd"
        assert companies.asked == []


async def test_no_answer_to_a_lookup_is_no_unknown_effect(city: Municipality, tmp_path: Path) -> None:
    """Asking changes nothing: it is asked again, and the target is not asked whether it did something."""
    companies = Companies()
    companies.uncertain = 1
    resumed: list[bool] = []

    async def look(_zaak: str, _what: str, exchange: Exchange) -> None:
        resumed.append(exchange.resumed)

    city.toy.before = look
    said: dict[str, Any] = {"velden": {"bedrijven": ("naam",)}, "verwerking": VERWERKING}
    async with city.running(tmp_path, by_company(), asking={KVK: companies}, **said):
        await city.make("A", "90000001")
        await city.hub.settle()
        (failure,) = await city.hub.failures()
        assert failure.fault == "doelsysteem"
        await city.hub.let_pass(600)

        assert city.toy.of("A") == ["De Boom"]


# Of questions.


async def test_a_question_and_its_answer_may_look_up_too(city: Municipality, tmp_path: Path) -> None:
    """The question is asked by what was looked up, and the answer filled up before it goes back."""
    lookup = f"asks: {BAG}, question: {ADRESSEN}, unavailable: retry, nothing: omit, several: fail"
    by = "by: {postcode: {value: 9999AA}, huisnummer: {from: %s, via: [geheel-getal]}}"
    mappings = {
        f"{IN}/vraag.map.yaml": f"""
message: vraag
gives: nl.zaken.zaken-opvragen.v1
rules:
  - {{to: identificatie, lookup: {{{lookup}, {by % "zaak"}, take: nummeraanduidingIdentificatie}}}}
ignore:
  - {{path: kind, reason: says which message it is}}
  - {{path: sender, reason: says who sent it}}
""",
        f"{IN}/vraag.antwoord.map.yaml": f"""
message: vraag.antwoord
gives: antwoord
rules:
  - to: "zaken[]"
    each: zaken
    rules:
      - {{to: naam, from: omschrijving}}
      - {{to: straat, lookup: {{{lookup}, {by % "omschrijving"}, take: openbareRuimteNaam}}}}
ignore:
  - {{path: vraag, reason: the asker knows what it asked}}
  - {{path: meer, reason: the toy knows few zaken}}
  - {{path: zaken/identificatie, reason: the asker knows which zaak it asked for}}
""",
    }
    async with city.running(tmp_path, mappings):
        city.toy.effects.append((NUMBER, ONE))
        body = message(ONE, "", reference="v1", kind="vraag", expects="antwoord")
        said = answer(await city.hub.converse(body, connection=IN))

        assert said == {"zaken": [{"naam": ONE, "straat": "Dorpsstraat"}]}
        assert [question["identificatie"] for _, question in city.toy.asked] == [NUMBER]


async def test_an_asker_hears_that_what_it_needs_is_not_available(city: Municipality, tmp_path: Path) -> None:
    """Nothing waits for a sender that waits itself."""
    lookup = f"asks: {BAG}, question: {ADRESSEN}, unavailable: retry, nothing: omit, several: fail"
    mappings = {
        f"{IN}/vraag.map.yaml": f"""
message: vraag
gives: nl.zaken.zaken-opvragen.v1
rules:
  - {{to: identificatie, lookup: {{{lookup}, by: {{zoekterm: zaak}}, take: nummeraanduidingIdentificatie}}}}
ignore:
  - {{path: kind, reason: says which message it is}}
  - {{path: sender, reason: says who sent it}}
"""
    }
    async with city.running(tmp_path, mappings):
        city.simulator.misbehave(Gedrag(kind="answer", status=503, times=None))
        body = message("dorpsstraat 3", "", reference="v1", kind="vraag", expects="antwoord")
        received = await city.hub.converse(body, connection=IN)

        assert not isinstance(received, Answered)
        assert city.toy.asked == []


def answer(received: Received) -> object:
    assert isinstance(received, Answered), received
    return received.answer.body


def test_who_may_ask_whom_is_known_when_the_hub_starts(tmp_path: Path) -> None:
    """A connection that is not there, or that answers something else, is told at the line of the lookup."""
    city = Municipality()
    for number, (old, new) in enumerate(((f"asks: {BAG}", "asks: bag"), (f"asks: {BAG}", f"asks: {OUT}"))):
        mappings = {name: text.replace(old, new) for name, text in enriched().items()}
        configuration = city.configuration(tmp_path / str(number), mappings, None, {}, {})
        (problem,) = lookup_problems(configuration.connections, configuration.mappings)
        assert problem.line == 8
        assert problem.file.endswith("nl.zaken.zaak-aangemaakt.v1.map.yaml")
        assert BAG in problem.advice


def test_an_asker_must_be_somebody_that_may_see_it(tmp_path: Path) -> None:
    """Of companies an inbound connection looks up what one of its senders may see, at the least."""
    city = Municipality()
    mappings = COMPANIES | {
        f"{IN}/vraag.map.yaml": f"""
message: vraag
gives: nl.zaken.zaken-opvragen.v1
rules:
  - to: identificatie
    lookup:
      asks: {KVK}
      question: {BEDRIJVEN}
      by: {{kvkNummer: zaak}}
      take: naam
      unavailable: retry
      nothing: omit
      several: fail
"""
    }
    configuration = city.configuration(tmp_path, mappings, None, {KVK: Companies()}, {})
    (problem,) = lookup_problems(configuration.connections, configuration.mappings)
    assert "may see bedrijven" in problem.reason

    afnemers = (Afnemer(zender="S", velden={"bedrijven": ("naam",)}),)
    configuration = city.configuration(tmp_path / "2", mappings, None, {KVK: Companies()}, {"afnemers": afnemers})
    assert list(lookup_problems(configuration.connections, configuration.mappings)) == []
