"""The backstop asks a source what happened; what no message told goes through the door."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from hub.errors import HubError, HubUnavailable, TargetMisconfigured, TargetUnavailable
from hub.flow.accept import Door
from hub.flow.backstop import Backstop
from hub.ledger.finding import Criteria, MessageState
from hub.ports.contracts import Client, Notice
from hub.testkit.memory import MemoryHub, memory_hub
from tests.support.tap import records_on
from tests.support.toy import IN, ToyTarget, message, no_client, toy_configuration


class Source:
    """Shows the same every time, and fails at the end where it is told to."""

    def __init__(self, *bodies: bytes, fails: Exception | None = None) -> None:
        self.bodies = list(bodies)
        self.fails = fails
        self.asked: list[tuple[datetime, datetime]] = []

    async def find(self, client: Client, *, since: datetime, now: datetime) -> AsyncIterator[Notice]:  # noqa: ARG002
        self.asked.append((since, now))
        for body in self.bodies:
            yield Notice(body, {})
        if self.fails:
            raise self.fails


class FollowingSource(Source):
    """Tells what changed since a moment."""

    overlap = timedelta(hours=1)
    kept = timedelta(days=30)


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[MemoryHub]:
    async with memory_hub(toy_configuration(tmp_path, ToyTarget()), no_client) as running:
        yield running


def backstop(hub: MemoryHub, source: Source, *, mine: Callable[[], bool] = lambda: True) -> Backstop:
    app = hub.app
    return Backstop(
        app.entrances[IN],
        polling=source,
        client=no_client(None),
        mine=mine,
        door=app.door,
        ledger=app.ledger,
        clock=app.clock,
        metrics=app.metrics,
    )


async def test_what_came_is_not_told_again_and_what_did_not_is(hub: MemoryHub) -> None:
    """The door knows: the backstop itself remembers nothing, so a restart changes nothing."""
    came, lost = message("A", "a", reference="1"), message("A", "b", reference="2")
    await hub.accept(came, connection=IN)
    await hub.settle()

    found = [await backstop(hub, Source(came, lost)).look() for _ in range(2)]
    await hub.settle()

    assert found == [1, 0]
    assert len(await records_on(hub.app, hub.app.topics.inbound(IN))) == 2


async def test_it_looks_some_days_back(hub: MemoryHub) -> None:
    """As many as the policy of the connection says."""
    source = Source()
    await backstop(hub, source).look()

    [(since, now)] = source.asked
    assert now - since == timedelta(days=7)


@pytest.mark.parametrize(
    "fails",
    [TargetUnavailable("down", code="503"), TargetMisconfigured("no rights", code="403"), RuntimeError("a bug")],
)
async def test_a_source_that_fails_halfway_is_asked_again_later(hub: MemoryHub, fails: Exception) -> None:
    """It never stops the worker."""
    source = Source(message("A", "a", reference="1"), fails=fails)
    assert await backstop(hub, source).look() == 0
    source.fails = None

    assert await backstop(hub, source).look() == 1


async def test_a_notice_that_cannot_be_read_leaves_the_others(hub: MemoryHub) -> None:
    """A bug in an adapter, or a source that shows something odd."""
    assert await backstop(hub, Source(b"no JSON", message("A", "a", reference="1"))).look() == 1


async def test_a_notice_that_cannot_be_read_and_never_comes_again_is_found_among_what_was_refused(
    hub: MemoryHub,
) -> None:
    """A source that follows is not asked for it again; from every other it comes with each look."""
    await backstop(hub, Source(b"no JSON")).look()
    assert (await hub.app.ledger.find(Criteria(state=MessageState.REFUSED))).found == []

    source = FollowingSource(b"no JSON", message("A", "a", reference="1"))
    assert await backstop(hub, source).look() == 1

    [found] = (await hub.app.ledger.find(Criteria(state=MessageState.REFUSED))).found
    assert found.connection == IN
    assert f'zaakhub_refused_total{{code="{found.kind}",connection="{IN}"}} 1.0' in hub.app.metrics.render().decode()


async def test_a_hub_without_its_bus_finds_nothing_and_goes_on(hub: MemoryHub, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is lost: the next look finds it."""

    async def down(*_: object, **__: object) -> HubError:
        raise HubUnavailable("down", code="bus")

    with monkeypatch.context() as broken:
        broken.setattr(Door, "accept", down)
        assert await backstop(hub, Source(message("A", "a", reference="1"))).look() == 0
    assert await backstop(hub, Source(message("A", "a", reference="1"))).look() == 1


async def test_of_several_workers_one_looks(hub: MemoryHub) -> None:
    """The one that has the first partition of the connection."""
    await hub.settle()
    assert hub.app.running[IN].leads
    source = Source()
    watching = [backstop(hub, source, mine=lambda each=each: each) for each in (True, False)]  # type: ignore[misc]

    tasks = [asyncio.create_task(each.run()) for each in watching]
    await hub.let_pass(1000)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

    assert len(source.asked) == 2
