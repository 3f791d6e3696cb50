"""`zaakhub search`, `trace` and `audit` at the terminal."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner, Result

from hub.cli.main import cli
from hub.clock import SystemClock
from hub.errors import ActRefused
from hub.ledger.contract import Ledger
from hub.ledger.entries import OperatorAct
from hub.ledger.open import open_ledger
from hub.security.keys import KEY_BYTES, Keys
from hub.security.personal import Bsn
from hub.testkit.memory import ENVIRONMENT
from tests.support.ledger_entries import a_delivery, a_failure, an_act, an_arrival, later

BSN = "999990019"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Give the home of a hub that had three messages."""
    (tmp_path / "key").write_bytes(bytes(KEY_BYTES))
    person = Keys(lambda: bytes(KEY_BYTES)).subject(Bsn(BSN))

    async def filled(ledger: Ledger) -> None:
        first = an_arrival("r1", subject="zaak-1")._replace(subject="doc-1", persons=(person,), event_type="e")
        await ledger.admit([first, an_arrival("r2", place=2, subject="zaak-2")._replace(accepted_at=later(60))])
        receipts = '{"zaak": ["https://zaken/1", "was there already"]}'
        delivered = a_delivery("e-r1", zaak="zaak-1")._replace(receipts=receipts, revision="abc", ended_at=later(9e8))
        await ledger.end(deliveries=[delivered], failures=[a_failure("f-2", zaak="zaak-2")._replace(item_id="e-r2")])
        await ledger.acted([an_act("f-2", "replay", at=later(61))])
        await ledger.acted([OperatorAct("", "pause", "els", "onderhoud", later(62), on="koppeling:formulieren")])

    _with_ledger(tmp_path, filled)
    return tmp_path


def _with_ledger(home: Path, act: Callable[[Ledger], Awaitable[None]]) -> None:
    async def run() -> None:
        ledger = open_ledger(f"sqlite:{home / 'ledger.sqlite'}", clock=SystemClock())
        await ledger.start()
        await act(ledger)
        await ledger.stop()

    asyncio.run(run())


def _run(home: Path, *words: str, given: str = "") -> Result:
    environ = {**ENVIRONMENT, "ZAAKHUB_HOME": str(home), "SUDO_USER": "jan"}
    return CliRunner().invoke(cli, list(words), env=environ, input=given)


def test_what_is_found_is_shown_with_the_next_step(home: Path) -> None:
    """What it is, what became of it, and how to see its life."""
    done = _run(home, "search", "--zaak", "zaak-1")

    assert done.exit_code == 0
    assert "m-r1" in done.stdout
    for told in ("zaak zaak-1", "doc-1", "afgeleverd", "creeerZaak_Lk01  r1  afzender", "zaakhub trace zaak-1"):
        assert told in done.stdout
    failed = _run(home, "search", "--state", "mislukt", "--text", "RULE", "--since", "2026-11-22")
    assert "zaak zaak-2  mislukt  failure f-2" in failed.stdout


def test_programs_get_json(home: Path) -> None:
    """The whole of it."""
    [found] = orjson.loads(_run(home, "search", "--reference", "r1", "--json").stdout)

    assert (found["message_id"], found["state"], found["subject"]) == ("m-r1", "afgeleverd", "doc-1")


@pytest.mark.parametrize("words", [["--zaak", "anders"], ["--reference", "r1", "--until", "2026-11-22T13:00"]])
def test_what_is_not_there_is_said(home: Path, words: list[str]) -> None:
    """With an exit code; a time is that of Amsterdam: noon in UTC is one o'clock."""
    done = _run(home, "search", *words)

    assert (done.exit_code, done.stdout) == (1, "Nothing was found.\n")


def test_a_bsn_is_asked_for_and_never_typed_as_an_argument(home: Path) -> None:
    """It comes from standard input, needs a reason, and is in the audit by its hash."""
    done = _run(home, "search", "--bsn", "--reason", "inzageverzoek 12", given=f"{BSN}\n")

    assert "m-r1" in done.stdout
    assert "m-r2" not in done.stdout
    listed = _run(home, "audit", "list", "--act", "search-person").stdout
    assert "jan" in listed
    assert "inzageverzoek 12" in listed
    assert BSN not in listed + done.stdout
    assert _run(home, "search", "--bsn", BSN).exit_code == 2


def test_without_a_reason_or_with_what_is_no_bsn_nobody_is_looked_for(home: Path) -> None:
    """Nothing of what was typed is repeated."""
    for words, given in ((["--bsn"], BSN), (["--bsn", "--reason", "inzage"], "999990018"), ([], "")):
        done = _run(home, "search", *words, given=given)
        assert isinstance(done.exception, ActRefused)
        assert "99999" not in str(done.exception)


def test_a_moment_that_is_none_is_told(home: Path) -> None:
    """With an example."""
    done = _run(home, "search", "--since", "gisteren")

    assert done.exit_code == 2
    assert "2026-11-23T09:30" in done.stderr


def test_the_life_of_a_zaak_is_a_line_for_each_and_more_below_it(home: Path) -> None:
    """What the target answered, by which mapping, by whom, and where the event lies."""
    shown = [" ".join(line.split()) for line in _run(home, "trace", "zaak-1").stdout.splitlines()]

    assert shown[0] == "zaak zaak-1"
    assert shown[1] == "when what connection item detail"
    assert shown[-4:] == [
        "31-05-2055 06:00:00 afgeleverd zaken-naar-zgw e-r1 nl.zaken.zaak-aangemaakt.v1",
        "https://zaken/1",
        "was there already",
        "mapping abc",
    ]
    assert "test.0000.ev.zaken/0/1" in shown
    assert "by beheerder-1" in " ".join(_run(home, "trace", "zaak-2").stdout.split())


def test_the_audit_is_listed_and_verified(home: Path) -> None:
    """Newest first; whole."""
    listed = _run(home, "audit", "list", "--by", "els").stdout.splitlines()
    assert [line.split()[0] for line in listed] == ["line", "2"]
    assert "koppeling:formulieren  onderhoud" in listed[1]

    verified = _run(home, "audit", "verify")
    assert verified.exit_code == 0
    assert "2 lines" in verified.stdout


def test_a_broken_chain_is_told_with_its_first_line(home: Path) -> None:
    """And an exit code for whoever watches."""
    with sqlite3.connect(home / "ledger.sqlite") as connection:
        connection.execute("drop trigger audit_unchanged")
        connection.execute("update audit set done_by = 'niemand' where number = 2")
    connection.close()

    done = _run(home, "audit", "verify")

    assert done.exit_code == 1
    assert "line 2: it was changed" in done.stdout


def test_a_hash_that_was_kept_shows_that_the_tail_is_gone(home: Path) -> None:
    """As it would not without."""
    head = _run(home, "audit", "verify").stdout.split()[-1]
    assert _run(home, "audit", "verify", "--head", head).exit_code == 0
    with sqlite3.connect(home / "ledger.sqlite") as connection:
        connection.execute("drop trigger audit_whole")
        connection.execute("delete from audit where number = 2")
    connection.close()

    assert _run(home, "audit", "verify").exit_code == 0
    done = _run(home, "audit", "verify", "--head", head)
    assert done.exit_code == 1
    assert "cut off" in done.stdout


def test_an_export_is_a_json_object_per_line(home: Path) -> None:
    """Oldest first, from a moment on."""
    lines = [orjson.loads(line) for line in _run(home, "audit", "export", "--format", "ecs").stdout.splitlines()]
    assert [line["event"]["action"] for line in lines] == ["replay", "pause"]

    later_ones = _run(home, "audit", "export", "--format", "ecs", "--since", "2026-11-22T13:01:02").stdout
    assert [orjson.loads(line)["user"]["name"] for line in later_ones.splitlines()] == ["els"]
