"""Answers of a source that serve again, on a whole hub in memory."""

from __future__ import annotations

from pathlib import Path

import orjson

from hub.config.cache import Cache
from hub.config.connection import Connection, Direction
from hub.config.target import Target
from hub.config.verwerking import Afnemer, Verwerking
from hub.configuration import Configuration
from hub.errors import TargetUnavailable
from hub.event.vragen import BEDRIJVEN
from hub.flow.entrance import Answered, Received, TurnedAway
from hub.flow.remembered import HIT, MISS
from hub.mapping.compile import load_mappings
from hub.observe.metrics import Count
from hub.ports.contracts import Inquiry
from hub.testkit.memory import MemoryHub, memory_hub
from tests.support.toy import IN, ToyTarget, message, no_client, toy_configuration

MAPPINGS = {
    f"{IN}/bedrijf.map.yaml": f"""
message: bedrijf
gives: {BEDRIJVEN}
rules:
  - {{to: kvkNummer, from: zaak}}
ignore:
  - {{path: kind, reason: says which message it is}}
  - {{path: sender, reason: says who sent it}}
""",
    f"{IN}/bedrijf.antwoord.map.yaml": """
message: bedrijf.antwoord
gives: antwoord
rules:
  - to: "bedrijven[]"
    each: bedrijven
    rules:
      - {to: nummer, from: kvkNummer}
      - {to: naam, from: naam}
ignore:
  - {path: vraag, reason: the asker knows what it asked}
  - {path: meer, reason: the asker wants one}
  - {path: "bedrijven/**", reason: the asker wants no more}
""",
    f"kvk/{BEDRIJVEN}.antwoord.map.yaml": f"""
message: {BEDRIJVEN}.antwoord
gives: {BEDRIJVEN}.antwoord
rules:
  - to: "bedrijven[]"
    each: bedrijven
    rules:
      - {{to: kvkNummer, from: kvkNummer}}
      - {{to: naam, from: naam}}
""",
}
ACTIVITEIT = "https://register.voorbeeld.nl/verwerkingen/1"


class Companies:
    """A source that says more than it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, object]] = []
        self.down = False

    async def ask(self, kind: str, question: dict[str, object], inquiry: Inquiry) -> dict[str, object]:
        """Give one company."""
        del kind, inquiry
        self.asked.append(dict(question))
        if self.down:
            raise TargetUnavailable("down", code="503")
        return {"bedrijven": [{"kvkNummer": question["kvkNummer"], "naam": f"Bedrijf {len(self.asked)}"}]}

    async def check(self, client: object) -> list[str]:
        """Be well."""
        del client
        return []


def configuration_of(folder: Path, companies: Companies, cache: Cache | None) -> Configuration:
    """Make one in which S may see name and number of a company, and T its number only."""
    configuration = toy_configuration(folder, ToyTarget())
    for name, text in MAPPINGS.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    kvk = Connection(
        connection="kvk",
        direction=Direction.ASK,
        adapter="speelgoed",
        target=Target(services={"kvk": "http://kvk/"}),
        cache=cache,
    )
    asker = configuration.connections[IN].model_copy(
        update={
            "asks": "kvk",
            "verwerking": Verwerking(activiteit=ACTIVITEIT, grondslag="Hrw art. 21"),
            "afnemers": (
                Afnemer(zender="S", velden={"bedrijven": ("kvkNummer", "naam")}),
                Afnemer(zender="T", velden={"bedrijven": ("kvkNummer",)}),
            ),
        }
    )
    return configuration._replace(
        connections=configuration.connections | {IN: asker, "kvk": kvk},
        mappings=configuration.mappings | {name: load_mappings(folder / name, root=folder) for name in (IN, "kvk")},
        lookups={"kvk": companies},
        asking={"kvk": companies},
    )


async def ask(hub: MemoryHub, number: str = "90000001", sender: str = "S") -> Received:
    body = message(number, "", reference="b1", kind="bedrijf", expects="antwoord", sender=sender)
    return await hub.converse(body, connection=IN)


def answer(received: Received) -> object:
    assert isinstance(received, Answered), received
    return received.answer.body


async def test_what_a_source_answered_serves_again(tmp_path: Path) -> None:
    """Until it is too old; each time it is written down whose data an asker saw, by whom it was asked and why."""
    companies = Companies()
    configuration = configuration_of(tmp_path, companies, Cache(ttl_s=60, personal=True))
    async with memory_hub(configuration, no_client) as hub:
        first = answer(await ask(hub))
        assert first == {"bedrijven": [{"nummer": "90000001", "naam": "Bedrijf 1"}]}
        assert answer(await ask(hub)) == first
        assert len(companies.asked) == 1
        metrics = hub.app.metrics
        assert [metrics.value(Count.REMEMBERED, "kvk", each) for each in (HIT, MISS)] == [1, 1]
        audited = await hub.app.bus.tail(hub.app.topics.audit(), 10)
        assert [orjson.loads(each.value)["uitkomst"] for each in audited] == ["beantwoord"] * 2

        hub.clock.advance(60)
        assert answer(await ask(hub)) != first


async def test_an_asker_gets_no_more_because_another_may_see_more(tmp_path: Path) -> None:
    """What each may see is part of the question."""
    companies = Companies()
    configuration = configuration_of(tmp_path, companies, Cache(ttl_s=60, personal=True))
    async with memory_hub(configuration, no_client) as hub:
        await ask(hub, sender="S")

        assert answer(await ask(hub, sender="T")) == {"bedrijven": [{"nummer": "90000001"}]}
        assert isinstance(await ask(hub, sender="U"), TurnedAway)
    assert [each["velden"] for each in companies.asked] == [["kvkNummer", "naam"], ["kvkNummer"]]


async def test_data_of_persons_is_not_remembered_unless_that_is_said(tmp_path: Path) -> None:
    """And nothing is without `cache`."""
    for cache in (Cache(ttl_s=60), None):
        companies = Companies()
        async with memory_hub(configuration_of(tmp_path, companies, cache), no_client) as hub:
            await ask(hub)
            await ask(hub)
        assert len(companies.asked) == 2


async def test_a_source_that_was_down_is_asked_again(tmp_path: Path) -> None:
    """A failure is no answer; while it is down, what is known still serves."""
    companies = Companies()
    configuration = configuration_of(tmp_path, companies, Cache(ttl_s=60, personal=True))
    async with memory_hub(configuration, no_client) as hub:
        companies.down = True
        assert isinstance(await ask(hub), TurnedAway)
        companies.down = False
        assert isinstance(await ask(hub), Answered)
        companies.down = True
        assert isinstance(await ask(hub), Answered)
