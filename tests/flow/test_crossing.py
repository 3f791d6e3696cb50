"""The way over from an old system: proxy, shadow and live, per message and zaaktype."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path

import orjson
import pytest

from hub.config.crossing import Crossing, Mode, Route
from hub.config.target import Target
from hub.configuration import Configuration
from hub.flow.entrance import Fulfilled, Passed, Received, TurnedAway, Welcome
from hub.ledger.entries import Likeness
from hub.ports.contracts import Client, Inquiry
from hub.testkit.memory import MemoryHub, memory_hub
from hub.testkit.network import Answered, FaultyNetwork
from tests.support.toy import IN, ToyTarget, asking_configuration, message

_XML = b"<Bv03Bericht><code>ok</code></Bv03Bericht>"
_FAULT = (
    b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>'
    b"<faultcode>s:Client</faultcode></s:Fault></s:Body></s:Envelope>"
)


class Old:
    """The old system: what it was sent, and what it says."""

    def __init__(self) -> None:
        self.got: list[tuple[str, bytes]] = []
        self.says = _XML
        self.status = 200
        self.down = False

    async def answer(
        self, method: str, path: str, _query: Mapping[str, str], _headers: Mapping[str, str], body: bytes
    ) -> Answered:
        """Answer one request, or be down."""
        if self.down:
            raise ConnectionError
        self.got.append((f"{method} {path}", body))
        return self.status, [("content-type", "text/xml")], self.says


@pytest.fixture
def target() -> ToyTarget:
    return ToyTarget()


@pytest.fixture
def old() -> Old:
    return Old()


def _crossing(*routes: Route) -> Crossing:
    return Crossing(old=Target(services={"oud": "http://oud/zds/"}), routes=routes)


def _configured(folder: Path, target: ToyTarget, *routes: Route) -> Configuration:
    return asking_configuration(folder, target, crossing=_crossing(*routes))


async def _sent(hub: MemoryHub, zaak: str, what: str, reference: str, **more: str) -> Received:
    body = message(zaak, what, reference=reference, **more)
    return await hub.converse(body, connection=IN)


@pytest.fixture
async def shadow(tmp_path: Path, target: ToyTarget, old: Old) -> AsyncIterator[MemoryHub]:
    async with memory_hub(_configured(tmp_path, target, Route(mode=Mode.SHADOW)), _network(old)) as hub:
        yield hub


def _network(old: Old) -> Callable[[object], Client]:
    def client_for(_: object) -> Client:
        return FaultyNetwork(old.answer, {"oud": "http://oud/zds/"})

    return client_for


async def test_proxy_passes_message_and_answer_on(tmp_path: Path, target: ToyTarget, old: Old) -> None:
    """Byte for byte; nothing of it is on the bus."""
    async with memory_hub(_configured(tmp_path, target, Route(mode=Mode.PROXY)), _network(old)) as hub:
        received = await _sent(hub, "A", "x", "1")
        await hub.settle()

        assert isinstance(received, Passed)
        assert received.reply.body == _XML
        assert old.got[0][1] == message("A", "x", reference="1")
        assert target.effects == []
        assert await hub.app.bus.tail(hub.app.topics.inbound(IN), 10) == []


async def test_a_zaaktype_moves_before_the_others(tmp_path: Path, target: ToyTarget, old: Old) -> None:
    """Live for one, the old system for the rest."""
    routes = (Route(mode=Mode.LIVE, messages=("maak",), zaaktypen=("B1026",)), Route(mode=Mode.PROXY))
    async with memory_hub(_configured(tmp_path, target, *routes), _network(old)) as hub:
        live = await _sent(hub, "A", "x", "1", kind="maak", zaaktype="B1026")
        passed = await _sent(hub, "B", "y", "2", kind="maak", zaaktype="B9999")
        await hub.settle()

        assert isinstance(live, Welcome)
        assert isinstance(passed, Passed)
        assert target.effects == [("A", "x")]
        assert len(old.got) == 1


async def test_shadow_does_it_here_too_and_gives_the_old_answer(shadow: MemoryHub, target: ToyTarget, old: Old) -> None:
    """The two are alike as far as can be seen: both took it."""
    received = await _sent(shadow, "A", "x", "1")
    await shadow.settle()

    assert isinstance(received, Passed)
    assert target.effects == [("A", "x")]
    assert await shadow.app.ledger.likenesses(IN) == [("wijzig", "", Likeness.SAME, 1)]
    assert len(old.got) == 1


async def test_shadow_does_not_do_what_the_old_system_refused(shadow: MemoryHub, target: ToyTarget, old: Old) -> None:
    """But tells that the hub would have."""
    old.says = _FAULT
    await _sent(shadow, "A", "x", "1")
    await shadow.settle()

    assert target.effects == []
    assert await shadow.app.ledger.likenesses(IN) == [("wijzig", "", Likeness.ONLY_HUB, 1)]


async def test_shadow_never_costs_the_sender_its_answer(
    shadow: MemoryHub, old: Old, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bug of ours: the old system did it, and the sender must hear that."""

    async def fail(*_: object, **__: object) -> None:
        raise ValueError("999990019")

    monkeypatch.setattr(shadow.app.door, "accept", fail)
    received = await _sent(shadow, "A", "x", "1")

    assert isinstance(received, Passed)
    assert received.reply.body == old.says
    [comparison] = await shadow.app.ledger.comparisons(IN, 10)
    assert (comparison.likeness, comparison.code) == (Likeness.ONLY_OLD, "onverwacht")


async def test_contents_for_an_answer_that_could_not_be_written_are_forgotten(
    shadow: MemoryHub, target: ToyTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody will ever name them."""
    claims: list[str] = []

    async def chunks() -> AsyncIterator[bytes]:
        yield b"een document"

    async def keep(inquiry: Inquiry) -> None:
        claims.append(await inquiry.keep(chunks()))

    def fail(*_: object, **__: object) -> None:
        raise ValueError("999990019")

    target.before_answer = keep
    monkeypatch.setattr(shadow.app.entrances[IN].inbound, "answered", fail)
    received = await _sent(shadow, "A", "", "v1", kind="vraag", expects="antwoord")

    assert isinstance(received, Passed)
    assert not await shadow.app.payloads.exists(claims[0].split(":")[1])


async def test_shadow_compares_answers_field_by_field(shadow: MemoryHub, target: ToyTarget, old: Old) -> None:
    """Which fields, never which values."""
    target.effects.append(("A", "geheim"))
    old.says = b"<antwoord><zaken><naam>anders</naam></zaken><meer>x</meer></antwoord>"
    await _sent(shadow, "A", "", "v1", kind="vraag", expects="antwoord")

    [comparison] = await shadow.app.ledger.comparisons(IN, 10)
    assert comparison.likeness is Likeness.DIFFERS
    assert "geheim" not in comparison.differences
    assert orjson.loads(comparison.differences)


async def test_shadow_tells_what_only_the_old_system_did(shadow: MemoryHub, target: ToyTarget) -> None:
    """A message under a number that was used for another is refused here."""
    await _sent(shadow, "A", "x", "1")
    await _sent(shadow, "A", "y", "1")
    await shadow.settle()

    [comparison] = await shadow.app.ledger.comparisons(IN, 10)
    assert (comparison.likeness, comparison.code) == (Likeness.ONLY_OLD, "StUF016")
    assert target.effects == [("A", "x")]


async def test_an_old_system_that_is_down_is_told(shadow: MemoryHub, target: ToyTarget, old: Old) -> None:
    """And nothing is done here: the sender tries again."""
    old.down = True
    received = await _sent(shadow, "A", "x", "1")
    await shadow.settle()

    assert isinstance(received, TurnedAway)
    assert target.effects == []


async def test_a_synchronous_change_crosses_too(tmp_path: Path, target: ToyTarget, old: Old) -> None:
    """Live: the sender hears when it is done."""
    async with memory_hub(_configured(tmp_path, target, Route(mode=Mode.LIVE)), _network(old)) as hub:
        assert isinstance(await _sent(hub, "A", "x", "1", expects="uitkomst"), Fulfilled)
        assert old.got == []


def test_routes_are_read_from_the_top() -> None:
    """The first that takes a message decides; what none takes goes to the old system, unknown kinds too."""
    crossing = _crossing(
        Route(mode=Mode.SHADOW, messages=("a",), zaaktypen=("1",)), Route(mode=Mode.LIVE, messages=("a", "b"))
    )

    modes = [crossing.mode(*each) for each in (("a", "1"), ("a", "2"), ("b", ""), ("c", "1"), ("", ""))]
    assert modes == [Mode.SHADOW, Mode.LIVE, Mode.LIVE, Mode.PROXY, Mode.PROXY]
