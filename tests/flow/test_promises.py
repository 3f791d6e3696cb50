"""The promises of the design, each tried on a whole hub in memory: once, in order, kept, and a person can fix it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import orjson
import pytest

from hub.bus.contract import Record
from hub.config.policy import ConnectionPolicy
from hub.errors import (
    ActRefused,
    MessageRefused,
    TargetMisconfigured,
    TargetRefused,
    TargetUnavailable,
    TargetUncertain,
)
from hub.ledger.entries import FailureState
from hub.ports.contracts import Client, Exchange
from hub.testkit.memory import Memory, MemoryHub, memory_hub
from hub.testkit.network import Answered, FaultyNetwork
from tests.support.toy import IN, OUT, ToyTarget, message, toy_configuration

Behaviour = Callable[[str, str, Exchange], Awaitable[None]]


@pytest.fixture
def target() -> ToyTarget:
    return ToyTarget()


@pytest.fixture
async def hub(tmp_path: Path, target: ToyTarget) -> AsyncIterator[MemoryHub]:
    async with memory_hub(toy_configuration(tmp_path, target), _no_client) as hub:
        yield hub


async def test_messages_of_a_zaak_arrive_in_the_order_in_which_they_were_accepted(
    hub: MemoryHub, target: ToyTarget
) -> None:
    """Promise 3, the plain case, for many zaken at once."""
    for number in range(10):
        for zaak in "ABCDE":
            await hub.accept(message(zaak, str(number), reference=f"{zaak}{number}"), connection=IN)
    await hub.settle()

    assert {zaak: target.of(zaak) for zaak in "ABCDE"} == {zaak: [str(n) for n in range(10)] for zaak in "ABCDE"}


async def test_the_same_message_twice_is_one_effect_and_the_same_answer(hub: MemoryHub, target: ToyTarget) -> None:
    """StUF 03.01 §4.4: same number and content, before and after the worker saw the first."""
    first = await hub.accept(message("A", "x", reference="1"), connection=IN)
    second = await hub.accept(message("A", "x", reference="1"), connection=IN)
    await hub.settle()
    third = await hub.accept(message("A", "x", reference="1"), connection=IN)
    await hub.settle()

    assert first == second == third
    assert target.of("A") == ["x"]


async def test_one_number_for_two_messages_is_refused(hub: MemoryHub, target: ToyTarget) -> None:
    """StUF016: the first stands."""
    await hub.accept(message("A", "x", reference="1"), connection=IN)
    with pytest.raises(MessageRefused) as refused:
        await hub.accept(message("A", "y", reference="1"), connection=IN)
    await hub.settle()

    assert refused.value.code == "StUF016"
    assert target.of("A") == ["x"]


async def test_a_resend_under_a_new_number_is_one_effect(hub: MemoryHub, target: ToyTarget) -> None:
    """Form engines time out after 10 seconds and resend with a new referentienummer."""
    for number in range(3):
        await hub.accept(message("A", "nieuw", reference=str(number), kind="maak"), connection=IN)
    await hub.settle()

    assert target.of("A") == ["nieuw"]


async def test_a_change_that_rightly_comes_again_is_not_taken_for_a_resend(hub: MemoryHub, target: ToyTarget) -> None:
    """A, B, A are three changes although the third says what the first said."""
    for number, what in enumerate(["a", "b", "a"]):
        await hub.accept(message("A", what, reference=str(number)), connection=IN)
        await hub.settle()

    assert target.of("A") == ["a", "b", "a"]


async def test_two_senders_that_say_the_same_of_a_zaak_both_count(hub: MemoryHub, target: ToyTarget) -> None:
    """X says a, Y says b, X says a again: who sent it is part of what was said."""
    for number, (sender, what) in enumerate([("X", "a"), ("Y", "b"), ("X", "a")]):
        await hub.accept(message("A", what, reference=str(number), sender=sender), connection=IN)
    await hub.settle()

    assert target.of("A") == ["a", "b", "a"]


async def test_a_target_that_is_down_for_a_moment_is_tried_again_at_once(hub: MemoryHub, target: ToyTarget) -> None:
    """Inline tries: no failure record for a hiccup."""
    target.before = _failing(TargetUnavailable("down", code="503"), times=2)
    await hub.accept(message("A", "x", reference="1"), connection=IN)
    await hub.settle()

    assert target.of("A") == ["x"]
    assert [resumed for _, _, resumed in target.tries] == [False, True, True]
    assert await hub.failures() == []


async def test_a_zaak_that_cannot_go_on_is_parked_and_delays_no_other(hub: MemoryHub, target: ToyTarget) -> None:
    """Promise 3: one broken zaak never delays another; its own later messages wait behind it."""
    target.before = _failing_for("A", TargetUnavailable("down", code="503"))
    for number in range(3):
        for zaak in "AB":
            await hub.accept(message(zaak, str(number), reference=f"{zaak}{number}"), connection=IN)
    await hub.settle()

    assert target.of("A") == []
    assert target.of("B") == ["0", "1", "2"]
    queue = await hub.app.ledger.queue(OUT, "A")
    assert len(queue) == 3
    [failure] = await hub.failures()
    assert (failure.zaak, failure.state, failure.fault) == ("A", FailureState.RETRYING, "doelsysteem")


async def test_a_parked_zaak_goes_on_by_itself_and_in_order_when_the_target_is_back(
    hub: MemoryHub, target: ToyTarget
) -> None:
    """The scheduler tries the head when it is due; what waited behind it follows, and so does what came meanwhile."""
    target.before = _failing_for("A", TargetUnavailable("down", code="503"))
    for number in range(3):
        await hub.accept(message("A", str(number), reference=str(number)), connection=IN)
    await hub.settle()
    target.before = None
    await hub.accept(message("A", "3", reference="3"), connection=IN)
    await hub.let_pass(60)
    await hub.accept(message("A", "4", reference="4"), connection=IN)
    await hub.settle()

    assert target.of("A") == ["0", "1", "2", "3", "4"]
    assert [failure.state for failure in await hub.failures()] == [FailureState.RESOLVED]
    assert await hub.app.ledger.parked_lanes(OUT) == {}


async def test_retry_after_of_the_target_is_kept(hub: MemoryHub, target: ToyTarget) -> None:
    """A target that asks for ten minutes is not asked for ten minutes."""
    target.before = _failing(TargetUnavailable("busy", code="429", retry_after_s=600), times=1)
    await hub.accept(message("A", "x", reference="1"), connection=IN)
    await hub.settle()
    await hub.let_pass(590)
    assert len(target.tries) == 1
    await hub.let_pass(60)

    assert target.of("A") == ["x"]


async def test_after_the_retry_period_a_person_looks_at_it(tmp_path: Path, target: ToyTarget) -> None:
    """The period of trying ends: the failure is open and nothing is tried any more."""
    target.before = _failing_for("A", TargetUnavailable("down", code="503"))
    limits = ConnectionPolicy(retry_wait_s=1, retry_wait_max_s=8, retry_for_s=60)
    async with memory_hub(toy_configuration(tmp_path, target, limits=limits), _no_client) as hub:
        await hub.accept(message("A", "x", reference="1"), connection=IN)
        await hub.let_pass(30)
        assert [failure.state for failure in await hub.failures()] == [FailureState.RETRYING]
        await hub.let_pass(60)
        tries = len(target.tries)
        await hub.let_pass(120)

        [failure] = await hub.failures()
        assert failure.state is FailureState.OPEN
        assert "failures replay" in failure.advice
        assert len(target.tries) == tries


async def test_an_answer_that_was_lost_does_not_make_a_second_effect(hub: MemoryHub, target: ToyTarget) -> None:
    """Sent, done, answer lost: the next try is a resumed one and asks first."""
    target.after = _failing(TargetUncertain("no answer", code="geen-antwoord"), times=1)
    await hub.accept(message("A", "x", reference="1"), connection=IN)
    await hub.settle()

    assert target.of("A") == ["x"]
    assert [resumed for _, _, resumed in target.tries] == [False, True]


async def test_what_the_target_refuses_waits_for_a_person_who_corrects_and_replays_it(
    hub: MemoryHub, target: ToyTarget
) -> None:
    """Promise 6, and order holds through edit and replay."""

    async def refuse_wrong(_zaak: str, what: str, _exchange: Exchange) -> None:
        if what == "fout":
            raise TargetRefused("omschrijving is wrong", code="invalid")

    target.before = refuse_wrong
    for number, what in enumerate(["een", "fout", "drie"]):
        await hub.accept(message("A", what, reference=str(number)), connection=IN)
    await hub.settle()
    assert target.of("A") == ["een"]
    [failure] = await hub.failures()
    operator = hub.app.operator()

    changes = {"zaak.omschrijving": "twee"}
    await hub.app.editor().correct(failure.id[:8], changes=changes, by="jan", reason="typing error")
    case = await operator.case(failure.id)
    await operator.replay(failure.id, by="jan", reason="corrected")
    await hub.let_pass(2)

    assert case.original is not None
    assert orjson.loads(case.original)["zaak"]["omschrijving"] == "fout"
    assert target.of("A") == ["een", "twee", "drie"]
    [resolved] = await hub.failures()
    assert resolved.state is FailureState.RESOLVED
    with pytest.raises(ActRefused, match="resolved"):
        await operator.replay(failure.id, by="jan", reason="again")


async def test_a_message_that_is_given_up_is_never_delivered_and_what_waits_behind_it_goes_on(
    hub: MemoryHub, target: ToyTarget
) -> None:
    """A zaak is not blocked for ever by a message that must not go."""

    async def refuse_wrong(_zaak: str, what: str, _exchange: Exchange) -> None:
        if what == "fout":
            raise TargetRefused("it exists already", code="unique")

    target.before = refuse_wrong
    for number, what in enumerate(["een", "fout", "drie"]):
        await hub.accept(message("A", what, reference=str(number)), connection=IN)
    await hub.settle()
    [failure] = await hub.failures()
    await hub.app.operator().drop(failure.id, by="jan", reason="made by hand")
    await hub.let_pass(2)
    await hub.accept(message("A", "vier", reference="4"), connection=IN)
    await hub.let_pass(2)

    assert target.of("A") == ["een", "drie", "vier"]
    timeline = [(each.what, each.detail) for each in await hub.app.ledger.timeline("A")]
    assert ("drop", "made by hand") in timeline
    assert "vervallen" in [what for what, _ in timeline]


async def test_a_message_that_is_tried_again_by_itself_is_not_given_up(hub: MemoryHub, target: ToyTarget) -> None:
    """A worker may be delivering it at this very moment."""
    target.before = _failing_for("A", TargetUnavailable("down", code="503"))
    await hub.accept(message("A", "x", reference="1"), connection=IN)
    await hub.settle()
    [failure] = await hub.failures()

    with pytest.raises(ActRefused, match="tried again by itself"):
        await hub.app.operator().drop(failure.id, by="jan", reason="impatient")


@pytest.mark.parametrize("field", ["zaak.rollen.9.omschrijving", "zaak.kenmerken.0", "zaak.identificatie.x"])
async def test_an_edit_of_a_field_that_is_not_there_is_told(hub: MemoryHub, target: ToyTarget, field: str) -> None:
    """Whatever an operator types, the answer is a sentence."""
    target.before = _failing_for("A", TargetRefused("no", code="invalid"))
    await hub.accept(message("A", "x", reference="1"), connection=IN)
    await hub.settle()
    [failure] = await hub.failures()

    with pytest.raises(ActRefused, match="there is no"):
        await hub.app.editor().correct(failure.id, changes={field: 1}, by="jan", reason="typing error")


async def test_a_target_that_asks_for_a_moment_is_waited_for(hub: MemoryHub, target: ToyTarget) -> None:
    """Retry-After of a second is no reason to park a zaak."""
    target.before = _failing(TargetUnavailable("busy", code="429", retry_after_s=1), times=1)
    await hub.accept(message("A", "x", reference="1"), connection=IN)
    await hub.settle()

    assert target.of("A") == ["x"]
    assert await hub.failures() == []


async def test_an_edit_that_does_not_fit_the_event_is_not_saved(hub: MemoryHub, target: ToyTarget) -> None:
    """The model of the event guards what an operator types, and says which field."""
    target.before = _failing_for("A", TargetRefused("no", code="invalid"))
    await hub.accept(message("A", "x", reference="1"), connection=IN)
    await hub.settle()
    [failure] = await hub.failures()

    with pytest.raises(ActRefused, match=r"zaak\.startdatum"):
        await hub.app.editor().correct(
            failure.id, changes={"zaak.startdatum": "morgen"}, by="jan", reason="typing error"
        )


async def test_only_the_head_of_a_zaak_can_be_replayed(hub: MemoryHub, target: ToyTarget) -> None:
    """A later one follows by itself; replaying it first would break the order."""
    target.before = _failing_for("A", TargetMisconfigured("unknown zaaktype", code="zaaktype"))
    for number in range(2):
        await hub.accept(message("A", str(number), reference=str(number)), connection=IN)
    await hub.settle()
    [failure] = await hub.failures()
    assert failure.fault == "koppelbeheer"
    target.before = None
    await hub.app.operator().replay(failure.id, by="jan", reason="published")
    await hub.let_pass(2)

    assert target.of("A") == ["0", "1"]


async def test_a_message_that_no_rule_can_translate_parks_its_zaak_and_no_other(
    hub: MemoryHub, target: ToyTarget
) -> None:
    """A mapping failure: the rule's file and line, no value; the raw message can be replaced and replayed."""
    await hub.accept(message("A", "een", reference="0"), connection=IN)
    await hub.accept(message("A", "twee", reference="1", startdatum="20269999"), connection=IN)
    await hub.accept(message("A", "drie", reference="2"), connection=IN)
    await hub.accept(message("B", "een", reference="3"), connection=IN)
    await hub.settle()

    [failure] = await hub.failures()
    assert (failure.stage, failure.fault, failure.code) == (IN, "mapping", "mapping")
    assert "wijzig.map.yaml:7" in failure.where
    assert "20269999" not in failure.reason
    assert (target.of("A"), target.of("B")) == (["een"], ["een"])
    operator = hub.app.operator()
    text = message("A", "twee", reference="1")
    await hub.app.editor().correct(failure.id, text=text, by="jan", reason="wrong date")
    await operator.replay(failure.id, by="jan", reason="date")
    await hub.let_pass(2)

    assert target.of("A") == ["een", "twee", "drie"]


async def test_an_unforeseen_error_parks_the_zaak_and_tells_no_value(hub: MemoryHub, target: ToyTarget) -> None:
    """A bug in an adapter is told by its place; the worker goes on."""
    target.before = _failing_for("A", RuntimeError("burgerservicenummer 999990019"))
    await hub.accept(message("A", "x", reference="1"), connection=IN)
    await hub.accept(message("B", "x", reference="2"), connection=IN)
    await hub.settle()

    [failure] = await hub.failures()
    assert failure.code == "onverwacht"
    assert "999990019" not in failure.reason
    assert target.of("B") == ["x"]


async def test_after_a_crash_nothing_is_lost_nothing_is_doubled_and_order_holds(
    tmp_path: Path, target: ToyTarget
) -> None:
    """A hub dies between effect and commit, many times; what is redelivered is resumed, not begun."""
    memory = Memory(tmp_path)
    configuration = toy_configuration(tmp_path, target)
    kept: dict[str, list[str]] = {}

    async def accept(hub: MemoryHub, zaak: str, what: str) -> None:
        await hub.accept(message(zaak, what, reference=f"{zaak}{what}"), connection=IN)
        kept.setdefault(zaak, []).append(what)

    for round_ in range(8):
        crashing = _Crash(after=round_ + 1)
        target.after = crashing
        try:
            async with memory_hub(configuration, _no_client, memory=memory) as hub:
                for number in range(4):
                    await accept(hub, "A", f"{round_}-{number}")
                    await accept(hub, f"B{number}", f"{round_}-{number}")
                await hub.settle()
        except* _CrashError:
            pass
    target.after = None
    async with memory_hub(configuration, _no_client, memory=memory) as hub:
        await hub.settle()

    assert sum(map(len, kept.values())) > 20
    for zaak, accepted in kept.items():
        effects = target.of(zaak)
        assert len(effects) == len(set(effects))
        # What was cut off before its acknowledgement may be there as well: the sender would offer it again.
        assert [what for what in effects if what in accepted] == accepted


async def test_a_record_that_another_program_wrote_stops_nothing(hub: MemoryHub, target: ToyTarget) -> None:
    """A record without our headers is skipped and told in the log; what follows it is delivered."""
    topic = hub.app.topics.events("zaken")
    await hub.app.bus.publish([Record(topic, b"A", b"not ours", (("ce_type", b"\xff"),))])
    await hub.accept(message("A", "x", reference="1"), connection=IN)
    await hub.settle()

    assert target.of("A") == ["x"]
    assert await hub.failures() == []


class _CrashError(BaseException):
    """Stands for kill -9: nothing of ours may catch it."""


class _Crash:
    def __init__(self, *, after: int) -> None:
        self._left = after

    async def __call__(self, _zaak: str, _what: str, _exchange: Exchange) -> None:
        self._left -= 1
        if self._left == 0:
            raise _CrashError


def _failing(error: Exception, *, times: int) -> Behaviour:
    left = times

    async def fail(_zaak: str, _what: str, _exchange: Exchange) -> None:
        nonlocal left
        left -= 1
        if left >= 0:
            raise error

    return fail


def _failing_for(zaak: str, error: Exception) -> Behaviour:
    async def fail(each: str, _what: str, _exchange: Exchange) -> None:
        if each == zaak:
            raise error

    return fail


def _no_client(_connection: object) -> Client:
    return FaultyNetwork(_nothing, {})


async def _nothing(*_: object) -> Answered:
    raise AssertionError("the toy asks nothing of the network")
