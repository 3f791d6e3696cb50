"""What a changed mapping would do to recorded messages is told by path, with counts, before anything runs on it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hub.desk.preview import Example, Preview, Side, compare
from hub.errors import TargetRefused
from hub.flow.bundle import read_bundle
from hub.mapping.trace import NOTHING
from hub.ports.contracts import Outgoing, Step
from hub.testkit.memory import MemoryHub, memory_hub
from tests.support.toy import IN, OUT, ToyTarget, message, no_client, toy_configuration


@pytest.fixture
def target() -> ToyTarget:
    return ToyTarget()


@pytest.fixture
async def hub(tmp_path: Path, target: ToyTarget) -> AsyncIterator[MemoryHub]:
    async with memory_hub(toy_configuration(tmp_path, target), no_client) as hub:
        for number in range(4):
            more = {"startdatum": "20260901"} if number % 2 else {}
            body = message(f"Z{number}", f"tekst {number}", reference=str(number), **more)
            await hub.accept(body, connection=IN)
        await hub.settle()
        yield hub


async def test_the_same_files_change_nothing(hub: MemoryHub, tmp_path: Path) -> None:
    """Both revisions are named, and are the same."""
    found = await _preview(hub, tmp_path, IN)

    assert (found.messages, found.changed) == (4, 0)
    assert (found.fields, found.newly_failing, found.newly_working, found.unread) == ([], [], [], {})
    assert found.running == found.candidate


async def test_a_field_that_changes_is_counted_with_examples(hub: MemoryHub, tmp_path: Path) -> None:
    """Per path, in how many messages."""
    found = await _preview(hub, tmp_path, IN, "from: omschrijving,", "from: omschrijving, via: [hoofdletters],")

    [change] = found.fields
    assert (change.path, change.changes, change.appears, change.disappears) == ("zaak.omschrijving", 4, 0, 0)
    assert [each[1:] for each in change.examples] == [(f"tekst {n}", f"TEKST {n}") for n in range(3)]
    assert found.changed == 4
    assert found.running != found.candidate


async def test_a_field_that_goes_and_one_that_comes(hub: MemoryHub, tmp_path: Path) -> None:
    """Only in the messages where it was, or now is; what nobody reads any more is told."""
    found = await _preview(hub, tmp_path, IN, "to: zaak.startdatum", "to: zaak.einddatum")

    fields = {each.path: (each.changes, each.appears, each.disappears) for each in found.fields}
    assert fields == {"zaak.startdatum": (0, 0, 2), "zaak.einddatum": (0, 2, 0)}
    assert found.changed == 2
    assert found.fields[0].examples[0][1:] == (NOTHING, "2026-09-01")

    without = await _preview(hub, tmp_path, IN, "  - {to: zaak.einddatum, from: startdatum, via: [stuf-datum]}\n", "")
    assert without.unread == {"startdatum": 2}


async def test_messages_that_would_fail_are_named_with_the_reason_and_no_value(hub: MemoryHub, tmp_path: Path) -> None:
    """A rule that can't be applied, and an event that does not fit its model."""
    rule = await _preview(hub, tmp_path, IN, "from: omschrijving,", "from: omschrijving, via: [stuf-datum],")
    mended = await _preview(hub, tmp_path, IN, "omschrijving, via: [stuf-datum],", "omschrijving,")
    model = await _preview(hub, tmp_path, IN, "startdatum, via: [stuf-datum]", "omschrijving")

    [verdict] = rule.newly_failing
    assert len(verdict.messages) == 4
    assert "wijzig.map.yaml:6: zaak.omschrijving: " in verdict.reason
    assert "tekst" not in verdict.reason
    assert rule.changed == 0
    assert (len(mended.newly_working), mended.newly_failing) == (1, [])
    [verdict] = model.newly_failing
    assert "zaak.startdatum: does not fit nl.zaken.zaak-bijgewerkt.v1" in verdict.reason
    assert len(verdict.messages) == 4


async def test_messages_that_would_no_longer_fail_are_named(hub: MemoryHub, tmp_path: Path) -> None:
    """And those that fail with both are counted."""
    await hub.accept(message("F", "x", reference="f", startdatum="20269999"), connection=IN)
    await hub.accept(message("G", "x", reference="g", kind="vreemd"), connection=IN)
    await hub.settle()

    found = await _preview(hub, tmp_path, IN, "  - {to: zaak.startdatum, from: startdatum, via: [stuf-datum]}\n", "")

    [verdict] = found.newly_working
    assert "wijzig.map.yaml:7: zaak.startdatum" in verdict.reason
    assert len(verdict.messages) == 1
    assert found.still_failing == 1


async def test_what_the_target_can_not_express_counts_as_failing(
    hub: MemoryHub, tmp_path: Path, target: ToyTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An outbound connection plans its steps, and sends nothing."""
    sent = len(target.tries)

    def steps(outgoing: Outgoing) -> list[Step]:
        assert isinstance(outgoing.body, dict)
        if outgoing.body["omschrijving"] == "Z1":
            raise TargetRefused("cannot be expressed", code="x")
        return [Step(outgoing.kind, "zet", outgoing.body)]

    monkeypatch.setattr(target, "steps", steps)
    found = await _preview(hub, tmp_path, OUT, "from: zaak/omschrijving", "from: zaak/identificatie")

    assert [(each.reason, len(each.messages)) for each in found.newly_failing] == [("cannot be expressed", 1)]
    assert [(each.path, each.changes) for each in found.fields] == [("omschrijving", 3)]
    assert len(target.tries) == sent


async def test_events_that_get_a_mapping_appear(hub: MemoryHub, tmp_path: Path) -> None:
    """And those that lose it disappear: field by field."""
    before = _side(tmp_path, OUT)
    (tmp_path / OUT / "nl.zaken.zaak-bijgewerkt.v1.map.yaml").unlink()
    after = _side(tmp_path, OUT)
    recorded = await hub.app.recall().last(OUT, 10)

    lost = compare(OUT, recorded, before, after, hub.app.configuration)
    won = compare(OUT, recorded, after, before, hub.app.configuration)

    assert {each.path: each.disappears for each in lost.fields} == {"omschrijving": 4, "zaak": 4}
    assert {each.path: each.appears for each in won.fields} == {"omschrijving": 4, "zaak": 4}
    assert isinstance(won.fields[0].examples[0], Example)


async def _preview(hub: MemoryHub, root: Path, connection: str, old: str = "", new: str = "") -> Preview:
    """Change the files, and compare with what they were."""
    before = _side(root, connection)
    for path in (root / connection).glob("*.map.yaml") if old else ():
        path.write_text(path.read_text().replace(old, new))
    recorded = await hub.app.recall().last(connection, 10)
    return compare(connection, recorded, before, _side(root, connection), hub.app.configuration)


def _side(root: Path, connection: str) -> Side:
    bundle = read_bundle(connection, root, forms={})
    return Side(bundle.revision, bundle.mappings)
