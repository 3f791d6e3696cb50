"""`zaakhub failures` at a terminal: groups to read and write on, and what is printed of a correction."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

import orjson
import pytest
from typer.testing import CliRunner, Result

from hub.cli.failures import cli, edit, groups
from hub.clock import SystemClock
from hub.desk.change import Difference
from hub.desk.edit import Proposal
from hub.desk.suggest import Suggestion
from hub.errors import ActRefused
from hub.ledger.edits import EditState
from hub.ledger.entries import FailureState
from hub.ledger.open import open_ledger
from tests.support.ledger_entries import a_failure, a_parked_item, an_edit, later

T = TypeVar("T")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Give what runs a command on a ledger with five failures in three groups."""
    clock = SystemClock()

    def with_app(act: Callable[[Any], Awaitable[T]]) -> T:
        async def inner() -> T:
            ledger = open_ledger(f"sqlite:{tmp_path / 'ledger.db'}", clock=clock)
            await ledger.start()

            async def case(failure_id: str) -> object:
                return SimpleNamespace(failure=await ledger.failure(failure_id))

            operator = SimpleNamespace(case=case)
            try:
                return await act(SimpleNamespace(ledger=ledger, clock=clock, operator=lambda: operator))
            finally:
                await ledger.stop()

        return asyncio.run(inner())

    async def fill(app: Any) -> None:  # noqa: ANN401 - the stand-in above
        def failure(name: str, group: str, at: int, **more: Any) -> Any:  # noqa: ANN401 - a failure, and its fields
            return a_failure(name)._replace(fingerprint=group, last_at=later(at), first_at=later(at), **more)

        await app.ledger.end(
            failures=[
                failure("aaaa-1", "abcd-1", 1, reason='zaaktype "B1062" is [not] known', zaak="z1"),
                failure("aaaa-2", "abcd-1", 2, reason='zaaktype "B2" is [not] known', zaak="z2"),
                failure("aaaa-3", "abcd-1", 3, zaak="z2", state=FailureState.RETRYING),
                failure("bbbb-1", "ffff-2", 4, revision="", where=""),
                failure("cccc-1", "eeee-3", 5, state=FailureState.RESOLVED),
            ]
        )

    with_app(fill)
    monkeypatch.setattr(groups, "with_app", with_app)
    return lambda *args: CliRunner().invoke(cli, list(args))


def test_groups_say_what_they_have_in_common(run: Callable[..., Result]) -> None:
    """How many, whose turn, where, since which revision; names that differ are left out. The newest comes first."""
    shown = run("groups", "list").output

    first, second = shown.split("\n\n")[0].split("abcd-1")
    assert first.startswith("ffff-2  1 open  1 zaak  mapping  zaken-naar-zgw to zaken.example.nl")
    assert "since revision" not in first
    assert second.startswith("  2 open, 1 retrying  2 zaken  mapping")
    assert "zaaktype … is [not] known" in second
    assert "at zaak.map.yaml:7, first " in second
    assert "since revision abcdef123456" in second
    assert "→ zaakhub failures list --group ffff-2" in shown


def test_groups_are_chosen(run: Callable[..., Result]) -> None:
    """By connection, text, or that all is resolved; none is said so."""
    assert "abcd-1" in run("groups", "list", "--text", "ZAAKTYPE").output
    assert "ffff-2" not in run("groups", "list", "--text", "zaaktype").output
    assert "eeee-3  resolved  0 zaken" in run("groups", "list", "--resolved").output
    assert run("groups", "list", "--connection", "elders").output == "No failures.\n"
    [plain] = [each for each in orjson.loads(run("groups", "list", "--json").stdout_bytes) if each["id"] == "abcd-1"]
    assert (plain["open"], plain["zaken"], plain["notes"]["owner"]) == (2, 2, "")


def test_what_is_known_of_a_group_is_written_down(run: Callable[..., Result]) -> None:
    """What is not given stays; empty clears; the beginning of an id will do."""
    run("groups", "note", "abcd", "--note", "reported [1]", "--owner", "team-zaken")
    run("groups", "note", "abcd", "--note", "", "--link", "https://desk.example.nl/1")

    assert "team-zaken  https://desk.example.nl/1" in run("groups", "list").output


def test_groups_are_merged_and_split(run: Callable[..., Result]) -> None:
    """What is printed is the group that came of it."""
    merged = run("groups", "merge", "abcd", "ffff", "--reason", "the same outage").output
    split = run("groups", "split", "abcd", "aaaa-1", "bbbb", "--reason", "another cause").output

    assert merged.startswith("abcd-1  3 open, 1 retrying  2 zaken")
    assert "2 open  1 zaak" in split
    assert run("groups", "list").output.count(" zaak") >= 2


@pytest.mark.parametrize("given", ["zzzz", "ab", ""])
def test_an_id_that_names_no_group_is_told(run: Callable[..., Result], given: str) -> None:
    """With what to do; at least four characters."""
    result = run("groups", "note", given, "--note", "x")

    assert isinstance(result.exception, ActRefused)


def test_a_correction_is_printed_without_its_values(capsys: pytest.CaptureFixture[str]) -> None:
    """Fields and how they differ; values only where that is asked."""
    item = a_parked_item("e1")
    proposal = Proposal(
        an_edit("cafe-1", item)._replace(state=EditState.APPLIED),
        needs_approval=False,
        differences=[
            Difference("zaak.naam", "anders", "Jan [de]", "Piet"),
            Difference("zaak.a", "nieuw", None, 1),
            Difference("zaak.b", "weg", None, None),
        ],
        outcome="it goes out in 1 step: zet [x]",
    )

    edit._print_made(proposal, content=False)
    hidden = capsys.readouterr().out
    edit._print_made(proposal, content=True)
    open_ = capsys.readouterr().out
    edit._print_made(proposal._replace(edit=an_edit("cafe-1", item), needs_approval=True), content=False)
    proposed = capsys.readouterr().out

    assert hidden.splitlines()[:5] == [
        "  zaak.naam  *** → ***",
        "  zaak.a     nothing → ***",
        "  zaak.b     *** → nothing",
        "  it goes out in 1 step: zet [x]",
        "Saved. → zaakhub failures replay f-1 --reason …",
    ]
    assert '"Jan [de]" → "Piet"' in open_
    assert "somebody else must approve it" in proposed
    assert "zaakhub failures approve cafe-1" in proposed


def test_what_is_suggested_is_written_only_when_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Shown always; without files it says why, and exits with 1."""
    suggestion = Suggestion({"in/_codes/t.csv": "van,naar\n1,[2]\n"}, "It was tried.")

    edit._print_suggestion(suggestion, tmp_path, write=False)
    assert list(tmp_path.iterdir()) == []
    edit._print_suggestion(suggestion, tmp_path, write=True)
    with pytest.raises(Exception, match="1"):
        edit._print_suggestion(Suggestion({}, "No rule can be derived: it is in a list."), tmp_path, write=True)

    assert (tmp_path / "in/_codes/t.csv").read_text() == "van,naar\n1,[2]\n"
    shown = capsys.readouterr().out
    assert "    1,[2]" in shown
    assert "No rule can be derived" in shown
