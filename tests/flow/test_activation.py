"""From one revision of a mapping to the next, on running workers: all or none, between two messages, and back."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TypeVar

import pytest
import structlog

from hub.app import App
from hub.config import policy
from hub.configuration import Configuration
from hub.desk.activate import Activated
from hub.errors import ActRefused, ConfigurationWrong, HubUnavailable, TargetRefused
from hub.flow.bundle import Bundle, pack, read_bundle
from hub.flow.deliver import Delivery
from hub.flow.translate import Translation
from hub.ledger.entries import Answer, Revision, RevisionState
from hub.mapping.run import Mapping
from hub.observe.metrics import Metrics
from hub.ports.contracts import Exchange
from hub.testkit.memory import Memory, MemoryHub, memory_hub
from tests.support.toy import IN, OUT, ToyTarget, message, no_client, toy_configuration

T = TypeVar("T")

_WORDS = "omschrijving, from: omschrijving, required: true"
_OTHER = "omschrijving, from: zaak, required: true"
_SHOUT = "omschrijving, from: omschrijving, via: [hoofdletters], required: true"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compile on the loop: the fake clock does not know how long a thread takes."""

    async def here(function: Callable[..., T], *args: object, **named: object) -> T:
        return function(*args, **named)

    monkeypatch.setattr(asyncio, "to_thread", here)


@pytest.fixture
def target() -> ToyTarget:
    return ToyTarget()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "mappings"


@pytest.fixture
def configuration(root: Path, target: ToyTarget, tmp_path: Path) -> Configuration:
    return _homed(toy_configuration(root, target), tmp_path)


@pytest.fixture
async def hub(configuration: Configuration) -> AsyncIterator[MemoryHub]:
    async with memory_hub(configuration, no_client) as hub:
        await hub.settle()
        yield hub


async def test_the_next_message_runs_on_the_new_revision_and_says_so(
    hub: MemoryHub, root: Path, target: ToyTarget
) -> None:
    """The event carries the revision of the mapping that made it; the other connection keeps its very mappings."""
    before = _mappings_of(hub, OUT)
    await hub.accept(message("A", "een", reference="1"), connection=IN)
    await hub.settle()

    activated = await _activate(hub, changed := _candidate(root, _WORDS, _SHOUT))
    await hub.accept(message("A", "twee", reference="2"), connection=IN)
    await hub.settle()

    assert target.of("A") == ["een", "TWEE"]
    assert activated.revision == changed.revision
    assert ([each.worker for each in activated.workers], activated.behind) == ([_worker(hub)], ())
    last = (await hub.app.recall().last(OUT, 1))[0]
    assert dict(last.headers)["ce_revisie"].decode() == changed.mappings["wijzig"].revision
    assert _mappings_of(hub, OUT) is before
    assert all(_mappings_of(hub, OUT)[kind] is mapping for kind, mapping in before.items())


async def test_a_message_in_hand_ends_on_the_revision_that_it_began_with(
    hub: MemoryHub, root: Path, target: ToyTarget
) -> None:
    """Its failure names that revision; what waits behind it is delivered by the new one."""
    old = _mappings_of(hub, OUT)["nl.zaken.zaak-bijgewerkt.v1"].revision
    held, reached = asyncio.Event(), asyncio.Event()

    async def hold(_zaak: str, what: str, _exchange: Exchange) -> None:
        if what == "een":
            reached.set()
            await held.wait()
            raise TargetRefused("no", code="invalid")

    target.before = hold
    await hub.accept(message("A", "een", reference="1"), connection=IN)
    await _until(hub, reached.wait())

    changed = _candidate(root, "from: zaak/omschrijving, required", "from: zaak/identificatie, required", at=OUT)
    await _activate(hub, changed, connection=OUT)
    held.set()
    await hub.accept(message("B", "twee", reference="2"), connection=IN)
    await hub.settle()

    [failure] = await hub.failures()
    assert failure.revision == old
    assert old != changed.mappings["nl.zaken.zaak-bijgewerkt.v1"].revision
    assert target.tries[0][1] == "een"
    assert target.of("B") == ["B"]


async def test_a_worker_that_refuses_stops_it_for_all(hub: MemoryHub, root: Path, target: ToyTarget) -> None:
    """The command says which worker and why; nothing has changed and the next may try."""
    wrong = _candidate(root, _WORDS, _SHOUT)._replace(files=_pack(root, "hoofdletters", "hoofdlettres"))

    with pytest.raises(ActRefused) as refused:
        await _activate(hub, wrong)
    await hub.accept(message("A", "een", reference="1"), connection=IN)
    await hub.settle()

    assert refused.value.reason.startswith(f"worker {_worker(hub)} refuses: mappings/{IN}/maak.map.yaml:6:")
    assert "hoofdlettres" in refused.value.reason
    assert target.of("A") == ["een"]
    [tried, _] = await hub.app.ledger.revisions(IN)
    assert (tried.state, tried.note) == (RevisionState.REFUSED, refused.value.reason)


async def test_a_worker_that_does_not_answer_stops_it_until_it_is_forgotten(
    hub: MemoryHub, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is named. A worker that was killed says nothing any more: after a while it does not count."""
    candidate = _candidate(root, _WORDS, _SHOUT)
    await hub.app.ledger.beat("spook", {IN: 1})
    monkeypatch.setattr(policy, "REVISION_AGREE_S", policy.WORKER_LIVES_S / 2)
    with pytest.raises(ActRefused, match="spook did not answer within 10 s"):
        await _activate(hub, candidate)

    monkeypatch.undo()
    await hub.app.ledger.beat("spook", {IN: 1})
    activated = await _activate(hub, candidate)

    assert [each.worker for each in activated.workers] == [_worker(hub)]


async def test_of_two_who_activate_at_once_one_wins(hub: MemoryHub, root: Path) -> None:
    """The other is told, and what the winner gave runs."""
    runs = await hub.app.activation().running(IN)
    candidates = [_candidate(root, _WORDS, _SHOUT), _candidate(root, _SHOUT, _OTHER)]

    async def activate(candidate: Bundle, by: str) -> Activated | ActRefused:
        try:
            return await hub.app.activation().activate(IN, *candidate[::2], over=runs, by=by, reason="")
        except ActRefused as refused:
            return refused

    outcomes = await _until(hub, asyncio.gather(activate(candidates[0], "jan"), activate(candidates[1], "els")))

    [won] = [each for each in outcomes if isinstance(each, Activated)]
    [lost] = [each for each in outcomes if isinstance(each, ActRefused)]
    assert "is activating revision" in lost.reason
    runs = await hub.app.activation().running(IN)
    assert runs is not None
    assert runs.revision == won.revision
    late = _candidate(root, _OTHER, _WORDS)
    with pytest.raises(ActRefused, match="activated meanwhile"):
        await _until(hub, hub.app.activation().activate(IN, *late[::2], over=None, by="els", reason=""))


async def test_rollback_brings_back_what_ran_before(hub: MemoryHub, root: Path, target: ToyTarget) -> None:
    """Step by step, as far as there is anything; the first of all is what came from the folder."""
    folder = await hub.app.activation().running(IN)
    assert folder is not None
    second = _candidate(root, _WORDS, _SHOUT)
    third = _candidate(root, _SHOUT, _OTHER)
    await _activate(hub, second)
    await _activate(hub, third)
    said = []
    for number in range(2):
        activated = await _until(hub, hub.app.activation().rollback(IN, by="jan", reason="wrong"))
        said.append(activated.revision)
        await hub.accept(message("A", f"bericht {number}", reference=str(number)), connection=IN)
        await hub.settle()

    with pytest.raises(ActRefused, match="nothing ran before"):
        await hub.app.activation().rollback(IN, by="jan", reason="more")
    with pytest.raises(ActRefused, match="nothing ran before"):
        await hub.app.activation().rollback(OUT, by="jan", reason="nothing was activated")

    assert said == [second.revision, folder.revision]
    assert target.of("A") == ["BERICHT 0", "bericht 1"]
    assert [(each.number, each.restores) for each in await hub.app.ledger.revisions(IN)] == [
        (5, 1),
        (4, 2),
        (3, 0),
        (2, 0),
        (1, 0),
    ]


async def test_every_worker_must_be_ready_and_every_worker_switches(
    configuration: Configuration, root: Path, target: ToyTarget, tmp_path: Path
) -> None:
    """Two hubs on one bus and ledger: one works, the other stands by; when it takes over it runs the same."""
    memory = Memory(tmp_path)
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(memory_hub(configuration, no_client, memory=memory))
        async with memory_hub(configuration, no_client, memory=memory) as second:
            await _until(first, _both_live(first))
            activated = await _activate(first, _candidate(root, _WORDS, _SHOUT))
            assert {each.worker for each in activated.workers} == {_worker(first), _worker(second)}
            assert _mappings_of(first, IN)["wijzig"].revision == _mappings_of(second, IN)["wijzig"].revision
        await first.accept(message("A", "een", reference="1"), connection=IN)
        await _until(first, _effects(first, target, 1))

    assert target.of("A") == ["EEN"]


async def test_a_worker_starts_on_the_active_revision_whatever_lies_in_its_folder(
    configuration: Configuration, root: Path, target: ToyTarget, tmp_path: Path
) -> None:
    """And it says in its log that the two differ. A folder that can't be compiled at all is no reason to stay away."""
    memory = Memory(tmp_path)
    async with memory_hub(configuration, no_client, memory=memory) as hub:
        await _until(hub, _live(hub))
        changed = _candidate(root, _WORDS, _SHOUT)
        await _activate(hub, changed)
        await _until(hub, _leave(hub))
    broken = configuration._replace(
        mappings={**configuration.mappings, IN: {}}, wrong={IN: ConfigurationWrong("no", file="wijzig.map.yaml")}
    )
    with structlog.testing.capture_logs() as logs:
        for number, each in enumerate((configuration, broken)):
            async with memory_hub(each, no_client, memory=memory) as hub:
                await hub.accept(message("A", f"bericht {number}", reference=str(number)), connection=IN)
                await _until(hub, _effects(hub, target, number + 1))
                await _until(hub, _leave(hub))

    differing = [line for line in logs if line["event"] == "mapping_folder_differs"]
    assert [line["active"] for line in differing] == [changed.revision] * 2
    assert target.of("A") == ["BERICHT 0", "BERICHT 1"]


async def test_a_gateway_takes_a_change_that_only_the_active_revision_knows(
    configuration: Configuration, tmp_path: Path
) -> None:
    """Its sender waits, and the door must know that somebody does it, whatever lies in the folder here."""
    memory = Memory(tmp_path)
    asker = configuration.connections[IN].model_copy(update={"asks": OUT})
    behind = configuration._replace(
        connections={**configuration.connections, IN: asker},
        mappings={**configuration.mappings, IN: {}},
        wrong={IN: ConfigurationWrong("no", file="wijzig.map.yaml")},
    )
    stop = asyncio.Event()
    async with memory_hub(configuration, no_client, memory=memory) as hub:
        await _until(hub, _live(hub))
        await _activate(hub, _candidate(configuration.settings.mappings, _WORDS, _SHOUT))
        gateway = App(behind, memory.parts(no_client), metrics=Metrics())
        async with gateway:
            attending = asyncio.create_task(gateway.attend(stop))
            await _until(hub, hub.clock.sleep(policy.ANSWER_POLL_S))
            delivers = gateway.entrances[IN].delivers("wijzig")
            stop.set()
            await _until(hub, attending)
        await _until(hub, _leave(hub))

    assert delivers


async def test_a_worker_without_anything_to_run_does_not_start(configuration: Configuration) -> None:
    """Nothing was activated and the folder is wrong: the mistake is told as it stands."""
    broken = configuration._replace(wrong={IN: ConfigurationWrong("no such field", file="wijzig.map.yaml", line=4)})

    with pytest.raises(ExceptionGroup) as raised:
        async with memory_hub(broken, no_client) as hub:
            await hub.settle()

    assert "wijzig.map.yaml:4: no such field" in str(raised.value.exceptions[0])


async def test_without_ledger_a_worker_goes_on_with_what_it_runs(
    hub: MemoryHub, root: Path, target: ToyTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was activated meanwhile it runs when the ledger is back."""
    ledger = hub.app.ledger
    asked = 0

    async def away() -> list[Revision]:
        nonlocal asked
        asked += 1
        raise HubUnavailable("down", code="ledger")

    with monkeypatch.context() as patch, structlog.testing.capture_logs() as logs:
        patch.setattr(ledger, "current_revisions", away)
        await hub.let_pass(4 * policy.REVISION_POLL_S)
        await hub.accept(message("A", "een", reference="1"), connection=IN)
        await hub.settle()
    assert target.of("A") == ["een"]
    assert asked > 2
    assert [line["event"] for line in logs].count("revisions_unknown") == 1

    await _activate(hub, _candidate(root, _WORDS, _SHOUT))
    await hub.accept(message("A", "twee", reference="2"), connection=IN)
    await hub.settle()
    assert target.of("A") == ["een", "TWEE"]


async def test_an_announcement_that_is_lost_changes_nothing(
    hub: MemoryHub, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ledger is the truth and is asked anyway."""

    async def lost(*_: object) -> None:
        return None

    monkeypatch.setattr(hub.app.bus, "announce", lost)

    activated = await _activate(hub, _candidate(root, _WORDS, _SHOUT))

    assert [each.worker for each in activated.workers] == [_worker(hub)]


async def test_a_worker_that_was_not_asked_and_can_not_run_it_keeps_what_it_runs(
    hub: MemoryHub, root: Path, target: ToyTarget
) -> None:
    """It was cut off while the others agreed. It says so, once, and goes on."""
    ledger = hub.app.ledger
    now = hub.clock.now()
    await ledger.leave(_worker(hub))
    made = Revision(IN, 0, "f00", RevisionState.PREPARED, 0, now, "jan", "", now)
    files = _pack(root, "required: true", "required: soms")
    number = await ledger.prepare(made, files, over=0, stale_before=now)
    assert await ledger.activate(IN, number, live_since=now)
    with structlog.testing.capture_logs() as logs:
        await hub.let_pass(4 * policy.WORKER_BEAT_S)
    await hub.accept(message("A", "een", reference="1"), connection=IN)
    await hub.settle()

    assert [line["event"] for line in logs].count("mapping_not_switched") == 1
    [worker] = await ledger.workers(IN, number=number, since=now)
    assert (worker.answer, worker.running) == (Answer.REFUSED, 1)
    assert target.of("A") == ["een"]


async def test_who_gives_up_while_waiting_leaves_nothing_prepared(hub: MemoryHub, root: Path) -> None:
    """Ctrl-C at the terminal: the next one need not wait."""
    await hub.app.ledger.beat("spook", {IN: 1})
    activating = asyncio.create_task(_activate(hub, _candidate(root, _WORDS, _SHOUT)))
    while not await hub.app.ledger.current_revisions():
        await hub.app.clock.sleep(0)
    activating.cancel()
    with pytest.raises(asyncio.CancelledError):
        await activating
    await hub.settle()

    assert await hub.app.ledger.current_revisions() == []
    assert (await hub.app.ledger.revisions(IN))[0].note == "CancelledError"


# What the tests do


def _homed(configuration: Configuration, home: Path) -> Configuration:
    return configuration._replace(settings=configuration.settings.model_copy(update={"home": home}))


def _candidate(root: Path, old: str, new: str, *, at: str = IN) -> Bundle:
    """Change the files of a connection, and read them as the command does."""
    changed = 0
    for path in (root / at).glob("*.map.yaml"):
        text = path.read_text()
        changed += old in text
        path.write_text(text.replace(old, new))
    assert changed
    return read_bundle(at, root, forms={})


def _pack(root: Path, old: str, new: str) -> bytes:
    """Give a pack that no compiler takes, past the check that it would be."""
    text = zlib.decompress(pack(IN, root)).decode()
    assert old in text
    return zlib.compress(text.replace(old, new).encode())


async def _activate(hub: MemoryHub, candidate: Bundle, *, connection: str = IN) -> Activated:
    activation = hub.app.activation()
    runs = await activation.running(connection)
    return await _until(
        hub,
        activation.activate(
            connection, candidate.revision, candidate.files, over=runs, by="jan", reason="the form says it so"
        ),
    )


async def _until(hub: MemoryHub, doing: Awaitable[T]) -> T:
    """Let time pass until something is done."""
    task = asyncio.ensure_future(doing)
    try:
        while not task.done():
            for _ in range(20):
                await asyncio.sleep(hub._turn_s)
            if not task.done():
                hub.clock.advance(hub.clock.next_wait_s() or 0)
    except asyncio.CancelledError:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        raise
    return task.result()


async def _live(hub: MemoryHub) -> None:
    while hub.app.follower is None or not hub.app.follower.running:
        await hub.clock.sleep(0.1)


async def _both_live(hub: MemoryHub) -> None:
    since = hub.clock.now()
    while len(await hub.app.ledger.workers(IN, number=0, since=since)) < 2:
        await hub.clock.sleep(0.1)


async def _leave(hub: MemoryHub) -> None:
    """Say that the worker is gone: a hub that is stopped does so by itself, but here the clock may stand still."""
    await hub.app.ledger.leave(_worker(hub))


async def _effects(hub: MemoryHub, target: ToyTarget, count: int) -> None:
    while len(target.effects) < count:
        await hub.clock.sleep(0.1)


def _worker(hub: MemoryHub) -> str:
    assert hub.app.follower is not None
    return hub.app.follower.worker


def _mappings_of(hub: MemoryHub, connection: str) -> dict[str, Mapping]:
    work = hub.app.running[connection]._work
    user = (
        work._translator if isinstance(work, Translation) else work._deliverer if isinstance(work, Delivery) else None
    )
    assert user is not None
    mappings = user._mappings
    assert isinstance(mappings, dict)
    return mappings
