"""A failure that a person must mend is kept with how the mapping came to what it gave: bounded, and nowhere else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from pathlib import Path

import orjson
import pytest
from structlog.testing import capture_logs

from hub.config.policy import TRACE_BYTES_MAX, TRACE_VALUE_CHARS_MAX
from hub.errors import ActRefused, HubUnavailable, TargetRefused, TargetUnavailable
from hub.flow.explain import Kept, folded, is_empty, masked, pack, unpack
from hub.flow.translate import Translation
from hub.ledger.entries import Failure
from hub.ledger.rows import Cells
from hub.ledger.sqlite import _SqliteTransaction
from hub.mapping.trace import NOTHING, Converted, Explained, Explanation
from hub.ports.contracts import Client, Exchange
from hub.security.personal import HIDDEN
from hub.testkit.memory import MemoryHub, memory_hub
from hub.testkit.network import Answered, FaultyNetwork
from tests.support.ledger_entries import NOON
from tests.support.tap import records_on
from tests.support.toy import IN, OUT, ToyTarget, message, toy_configuration

WRONG_DATE = "20269999"


@pytest.fixture
def target() -> ToyTarget:
    return ToyTarget()


@pytest.fixture
async def hub(tmp_path: Path, target: ToyTarget) -> AsyncIterator[MemoryHub]:
    async with memory_hub(toy_configuration(tmp_path, target), _no_client) as hub:
        yield hub


async def test_a_message_that_a_rule_cannot_translate_is_kept_with_its_explanation(hub: MemoryHub) -> None:
    """The last field is the rule that stopped it, with its line; what was written before it stands there too."""
    failure = await _failed_in_translation(hub)

    kept = await hub.app.operator().trace(failure.id[:8], content=True)
    assert kept is not None

    failed = kept.explanation.fields[-1]
    assert kept.explanation.failure
    assert (failed.target, failed.rule.rpartition("/")[2]) == ("zaak.startdatum", "wijzig.map.yaml:7")
    assert kept.revision == failure.revision
    assert kept.at == failure.last_at


async def test_what_the_target_refuses_is_kept_with_the_explanation_of_what_it_was_sent(
    hub: MemoryHub, target: ToyTarget
) -> None:
    """Every field of the document that the target judged."""
    failure = await _refused_by(hub, target, TargetRefused("no", code="invalid"))

    kept = await hub.app.operator().trace(failure.id, content=True)
    assert kept is not None

    assert failure.stage == OUT
    assert {field.target: field.value for field in kept.explanation.fields} == {"zaak": "A", "omschrijving": "geheim"}
    assert kept.explanation.failure == ""


async def test_a_result_that_is_no_event_stops_at_the_field_that_does_not_fit(hub: MemoryHub) -> None:
    """Every rule could be applied, but what came out is not what the event type says: that field comes last."""
    said = orjson.loads(message("A", "x", reference="1"))
    await hub.accept(orjson.dumps({**said, "omschrijving": {"geen": "tekst"}}), connection=IN)
    await hub.settle()
    [failure] = await hub.failures()

    kept = await hub.app.operator().trace(failure.id, content=True)
    assert kept is not None

    assert kept.explanation.fields[-1].target == "zaak.omschrijving"
    assert kept.explanation.fields[-1].reason == kept.explanation.failure
    assert kept.explanation.failure.startswith("does not fit nl.zaken.zaak-bijgewerkt.v1: ")


async def test_values_are_masked_unless_they_are_asked_for(hub: MemoryHub, target: ToyTarget) -> None:
    """The rule and the target field are not about a person; the values may be."""
    failure = await _refused_by(hub, target, TargetRefused("no", code="invalid"))

    kept = await hub.app.operator().trace(failure.id)
    assert kept is not None

    assert {field.target: field.value for field in kept.explanation.fields} == {"zaak": HIDDEN, "omschrijving": HIDDEN}
    assert all(field.rule for field in kept.explanation.fields)
    assert "geheim" not in str(kept.plain())


async def test_a_target_that_did_not_judge_leaves_no_explanation(hub: MemoryHub, target: ToyTarget) -> None:
    """It is down: nothing is wrong with the fields. Of a failure that is not there nothing is told."""
    failure = await _refused_by(hub, target, TargetUnavailable("down", code="503"))

    assert await hub.app.operator().trace(failure.id) is None
    with pytest.raises(ActRefused, match="no failure"):
        await hub.app.operator().trace("nothing-like-it")


async def test_after_an_edit_and_a_replay_the_explanation_is_of_the_last_attempt(hub: MemoryHub) -> None:
    """One explanation per failure."""
    failure = await _failed_in_translation(hub)
    operator = hub.app.operator()
    await hub.let_pass(1)
    text = message("A", "x", reference="1", startdatum="20260230")
    await hub.app.editor().correct(failure.id, text=text, by="jan", reason="wrong date")
    await operator.replay(failure.id, by="jan", reason="wrong date")
    await hub.let_pass(2)

    [again] = await hub.failures()
    kept = await operator.trace(failure.id, content=True)
    assert kept is not None

    assert again.attempts == 2
    assert kept.at == again.last_at > failure.last_at


async def test_the_explanation_is_in_the_ledger_and_nowhere_else(hub: MemoryHub) -> None:
    """Neither in the mirror of the failures on the bus nor in a log line."""
    with capture_logs() as logged:
        await _failed_in_translation(hub)

    mirrored = await records_on(hub.app, hub.app.topics.failures(IN))
    assert len(mirrored) == 1
    assert WRONG_DATE.encode() not in b"".join(record.value for record in mirrored)
    assert WRONG_DATE not in str(logged)
    assert "fields" not in orjson.loads(mirrored[0].value)


async def test_an_explanation_that_fails_does_not_disturb_parking(
    hub: MemoryHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The failure is there, the zaak is parked, the log tells that its trace is missing and no more."""

    def explode(_self: Translation, _item: object) -> Explanation:
        raise RuntimeError(WRONG_DATE)

    monkeypatch.setattr(Translation, "explain", explode)
    with capture_logs() as logged:
        failure = await _failed_in_translation(hub)

    assert "A" in await hub.app.ledger.parked_lanes(IN)
    [missing] = [line for line in logged if line["event"] == "trace_missing"]
    assert (missing["failure"], missing["error"]) == (failure.id, "RuntimeError")
    assert WRONG_DATE not in str(logged)


async def test_a_message_without_a_mapping_parks_without_an_explanation(hub: MemoryHub) -> None:
    """There is no run to explain, and nothing is missing."""
    with capture_logs() as logged:
        await hub.accept(message("A", "x", reference="1", kind="onbekend"), connection=IN)
        await hub.settle()

    [failure] = await hub.failures()
    assert await hub.app.ledger.trace(failure.id) is None
    assert "trace_missing" not in [line["event"] for line in logged]


async def test_a_message_that_cannot_be_read_parks_without_an_explanation(hub: MemoryHub) -> None:
    """Something else is in its place: no mapping comes to it."""
    failure = await _failed_in_translation(hub)
    first = await hub.app.ledger.trace(failure.id)
    parked = await hub.app.ledger.parked(IN, failure.item_id)
    assert parked is not None
    await hub.app.ledger.end(parked=[parked._replace(value=b"no message")])
    with capture_logs() as logged:
        await hub.app.operator().replay(failure.id, by="jan", reason="see what happens")
        await hub.let_pass(2)

    [again] = await hub.failures()
    assert (again.code, again.attempts) == ("StUF055", 2)
    assert await hub.app.ledger.trace(failure.id) == first
    assert "trace_missing" not in [line["event"] for line in logged]


async def test_a_failure_and_its_explanation_are_written_together(
    hub: MemoryHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the ledger is lost between the two it keeps neither; what is written again has both."""
    write = _SqliteTransaction.write
    before: list[int] = []

    async def lose(tx: _SqliteTransaction, name: str, cells: Collection[Cells]) -> int:
        if name == "failure_put" and cells:
            before.append(len(await tx.rows("failures_by_beginning", "")))
        if name == "trace_put" and cells and len(before) == 1:
            raise HubUnavailable("lost", code="ledger")
        return await write(tx, name, cells)

    monkeypatch.setattr(_SqliteTransaction, "write", lose)
    failure = await _failed_in_translation(hub)

    assert before == [0, 0]
    assert await hub.app.ledger.trace(failure.id) is not None


def test_an_explanation_comes_back_as_it_went_in() -> None:
    """Values, steps, what is empty and why."""
    whole = Explanation((_filled("a", {"b": [1, None, True]}), _empty("c"), _null("d")), ("x/y",), "")

    assert _kept(whole).explanation == whole
    assert _kept(whole).left_out == 0


def test_masking_hides_every_value_and_nothing_else() -> None:
    """Raw, each step, and the result; what is empty still says so, and why."""
    whole = Explanation((_filled("a", "geheim"), _empty("c"), _null("d")), ("x/y",), "reason")

    hidden = masked(whole)

    assert "geheim" not in str(hidden)
    assert [is_empty(field) for field in hidden.fields] == [False, True, True]
    assert [(field.target, field.rule, field.source, field.reason) for field in hidden.fields] == [
        (field.target, field.rule, field.source, field.reason) for field in whole.fields
    ]
    assert [step.function for step in hidden.fields[0].steps] == ["hoofdletters"]


def test_what_nothing_was_there_for_is_put_together() -> None:
    """Per object and reason, with the number of fields; it says no more than once what it says of all."""
    absent = "its item `a` is not in the message"
    fields = (
        _filled("zaak.naam", "x"),
        _empty("zaak.einddatum"),
        _empty("zaak.rollen[].naam")._replace(reason=absent),
        _empty("zaak.rollen[].adres.straat")._replace(reason=absent),
        _empty("zaak.rollen[].naam")._replace(reason="its item `b` is not in the message"),
        _empty("zaak.resultaat.code")._replace(reason=absent),
    )

    assert [(each.target, each.reason) for each in folded(Explanation(fields, ())).fields] == [
        ("zaak.naam", ""),
        ("zaak.einddatum", "not in the message"),
        ("zaak.rollen[]", f"{absent} (2 fields)"),
        ("zaak.rollen[]", "its item `b` is not in the message"),
        ("zaak.resultaat.code", absent),
    ]


@pytest.mark.parametrize("there", ["filled", "null", "converted", "failed"])
def test_an_object_of_which_something_was_there_is_told_field_by_field(there: str) -> None:
    """Also when that was no more than null, or a value that a function refused."""
    something = {
        "filled": _filled("zaak.adres.straat", "x"),
        "null": _null("zaak.adres.straat")._replace(steps=(), raw=None),
        "converted": _null("zaak.adres.straat")._replace(value=NOTHING),
        "failed": _empty("zaak.adres.straat"),
    }[there]
    empty = (_empty("zaak.naam"), _empty("zaak.adres.plaats"), _empty("zaak.adres.postcode"))
    whole = Explanation((*empty, something), (), "is no street" if there == "failed" else "")

    assert folded(whole) == whole


def test_what_is_asked_for_is_put_together_no_further_than_that() -> None:
    """One object, or one field of many items: the outermost that they share is not the whole result."""
    asked = (_empty("zaak.rollen[].adres.straat"), _empty("zaak.rollen[].adres.plaats"))
    everywhere = (_empty("zaak.rollen[0].naam"), _empty("zaak.rollen[1].naam"))

    assert [each.target for each in folded(Explanation(asked, ())).fields] == ["zaak.rollen[].adres"]
    assert folded(Explanation(everywhere, ())).fields == everywhere


def test_a_large_value_is_cut_before_a_field_is_left_out() -> None:
    """One text of a megabyte costs the ends of values, no field."""
    whole = Explanation((_filled("a", "x" * 1_000_000), _filled("b", [{"c": "y" * 1_000_000}])), ("z" * 9_000,), "")

    kept = _kept(whole)

    assert len(pack(whole)) < 5_000
    assert [len(str(field.value)) for field in kept.explanation.fields] == [TRACE_VALUE_CHARS_MAX + 1] * 2
    assert (kept.left_out, len(kept.explanation.unread)) == (0, 1)


def test_of_very_many_fields_the_empty_ones_and_the_failing_rule_stay() -> None:
    """They are what a person looks for; how many are left out is told."""
    filled = tuple(_filled(f"zaak.rollen[{number}].naam", "x") for number in range(20_000))
    whole = Explanation((*filled, _empty("zaak.einddatum"), _null("zaak.startdatum")), (), "is no date")

    kept = _kept(whole)

    assert [field.target for field in kept.explanation.fields] == ["zaak.einddatum", "zaak.startdatum"]
    assert (kept.explanation.failure, kept.left_out) == ("is no date", 20_000)


def test_no_explanation_is_larger_than_the_policy_says() -> None:
    """Even when every field is empty and very much is unread; the failing rule stays."""
    empty = tuple(_empty(f"zaak.rollen[{number}].naam") for number in range(20_000))
    whole = Explanation((*empty, _null("zaak.startdatum")), tuple("y" * 500 for _ in range(5_000)), "is no date")

    kept = _kept(whole)

    assert len(pack(whole)) <= TRACE_BYTES_MAX
    assert kept.explanation.fields[-1].target == "zaak.startdatum"
    assert kept.left_out + len(kept.explanation.fields) == len(whole.fields)


@pytest.mark.parametrize(
    ("value", "kept"), [(10**30, str(10**30)), ("\ud800", "?"), (b"x", "<bytes>"), (float("nan"), None)]
)
def test_what_json_cannot_hold_is_kept_as_text(value: object, kept: object) -> None:
    """An explanation is written whatever a function gave."""
    assert _kept(Explanation((_filled("a", value),), (), "")).explanation.fields[0].value == kept


def _kept(explanation: Explanation) -> Kept:
    return unpack(pack(explanation), at=NOON, revision="abcdef123456")


def _filled(target: str, value: object) -> Explained:
    steps = (Converted("hoofdletters", value, value),)
    return Explained(target, "a.map.yaml:3", "connection", "object/a", 7, value, steps, value)


def _empty(target: str) -> Explained:
    return Explained(target, "a.map.yaml:4", "connection", "object/b", 0, None, (), NOTHING, "not in the message")


def _null(target: str) -> Explained:
    step = Converted("stuf-datum", "geheim", None, "is no date")
    return Explained(target, "a.map.yaml:5", "connection", "object/c", 9, "geheim", (step,), None, "geenWaarde")


async def _accept_wrong(hub: MemoryHub) -> None:
    await hub.accept(message("A", "x", reference="1", startdatum=WRONG_DATE), connection=IN)


async def _failed_in_translation(hub: MemoryHub) -> Failure:
    await _accept_wrong(hub)
    await hub.settle()
    [failure] = await hub.failures()
    return failure


async def _refused_by(hub: MemoryHub, target: ToyTarget, error: Exception) -> Failure:
    async def refuse(_zaak: str, _what: str, _exchange: Exchange) -> None:
        raise error

    target.before = refuse
    await hub.accept(message("A", "geheim", reference="1"), connection=IN)
    await hub.settle()
    [failure] = await hub.failures()
    return failure


def _no_client(_connection: object) -> Client:
    return FaultyNetwork(_nothing, {})


async def _nothing(*_: object) -> Answered:
    raise AssertionError("the toy asks nothing of the network")
