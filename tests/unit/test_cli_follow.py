"""`zaakhub follow` at the terminal: BSNs come from a file or what is piped in, and are shown only when asked for."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner, Result

from hub.cli.main import cli
from hub.errors import ActRefused

PERSONEN = "personen-naar-zorg"
CONNECTION = f"""\
connection: {PERSONEN}
direction: outbound
adapter: cloudevents
domain: personen
target: {{services: {{webhook: "http://zorg/"}}}}
verwerking: {{activiteit: "https://register.voorbeeld.nl/zorg", grondslag: "Wmo 2015 art. 5.2.7"}}
velden: {{personen: [burgerservicenummer, naam]}}
distribution: {{followed: true}}
options: {{source: "urn:nld:oin:00000001002220647000:systeem:zaakhub"}}
"""
PERSOON, ANDER = "999990019", "999990032"
WHY = ("--reason", "client 12")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Give the home of a hub with one receiver of changes of persons."""
    (tmp_path / "mappings" / PERSONEN).mkdir(parents=True)
    (tmp_path / "mappings" / PERSONEN / "connection.yaml").write_text(CONNECTION, encoding="utf-8")
    return tmp_path


def _run(home: Path, *words: str, given: str = "") -> Result:
    environ = {"ZAAKHUB_HOME": str(home / "var"), "ZAAKHUB_MAPPINGS": str(home / "mappings"), "SUDO_USER": "jan"}
    return CliRunner().invoke(cli, ["follow", *words], env=environ, input=given)


def test_persons_are_followed_until_they_are_removed(home: Path) -> None:
    """From a file, or piped in; who is known already is told."""
    (home / "bsns.txt").write_text(f"{PERSOON}\n\n{ANDER}\n", encoding="utf-8")
    placed = _run(home, "place", PERSONEN, *WHY, "--file", str(home / "bsns.txt"))
    again = _run(home, "place", PERSONEN, *WHY, "--until", "2099-01-01", given=f"{PERSOON}\n")
    removed = _run(home, "remove", PERSONEN, *WHY, given=f"{ANDER}\n")

    assert "follows 2 persons more" in placed.stdout
    assert "follows 0 persons more; 1 already were" in again.stdout
    assert "follows 1 persons less" in removed.stdout
    [left] = orjson.loads(_run(home, "list", PERSONEN, "--json").stdout)
    assert (left["bsn"], left["reason"]) == (None, "client 12")
    assert left["ends_at"].startswith("2098-12-31T23:00")
    assert "sealed" not in left  # it is the same in the Logboek: who has both would see what is done with that person


def test_who_they_are_is_shown_with_a_reason_only(home: Path) -> None:
    """And never of itself."""
    _run(home, "place", PERSONEN, *WHY, given=f"{PERSOON}\n")

    plain = _run(home, "list", PERSONEN)
    refused = _run(home, "list", PERSONEN, "--reveal")
    shown = _run(home, "list", PERSONEN, "--reveal", "--reason", "inzageverzoek 12")
    assert PERSOON not in plain.stdout
    assert "client 12" in plain.stdout
    assert refused.exit_code == 2
    assert PERSOON in shown.stdout
    assert (
        "follows nobody"
        in _run(home, "remove", PERSONEN, *WHY, given=PERSOON).stdout + _run(home, "list", PERSONEN).stdout
    )


@pytest.mark.parametrize(
    ("words", "given", "reason"),
    [
        (("place", PERSONEN, *WHY), f"{PERSOON}\n123456789\n", "line 2 is not a BSN"),
        (("place", PERSONEN, *WHY), "", "nobody was named"),
        (("place", PERSONEN, "--reason", "x"), PERSOON, "needs a reason"),
        (("place", PERSONEN, *WHY, "--until", "2020-01-01"), PERSOON, "would have ended before it began"),
        (("place", "personen-naar-zrg", *WHY), PERSOON, "there is no connection personen-naar-zrg"),
        (("list", "elders"), "", "there is no connection elders"),
    ],
)
def test_what_can_not_be_is_refused_whole(home: Path, words: tuple[str, ...], given: str, reason: str) -> None:
    """Nobody is followed then, and no number is repeated."""
    refused = _run(home, *words, given=given).exception

    assert isinstance(refused, ActRefused)
    assert reason in str(refused)
    assert "123456789" not in f"{refused} {refused.advice}"
    assert "follows nobody" in _run(home, "list", PERSONEN).stdout


def test_a_bsn_is_no_argument(home: Path) -> None:
    """Arguments stand in the list of processes."""
    assert _run(home, "place", PERSONEN, PERSOON, *WHY).exit_code == 2


def test_who_tells_of_whom_it_follows_and_follows_nobody_is_told_by_check(home: Path) -> None:
    """At the line that says so, until somebody is followed."""

    def warned() -> str:
        environ = {"ZAAKHUB_HOME": str(home / "var"), "ZAAKHUB_MAPPINGS": str(home / "mappings")}
        return CliRunner().invoke(cli, ["check"], env=environ).stdout

    (home / "mappings" / PERSONEN / "connection.yaml").write_text(
        CONNECTION.replace("http://zorg/", "http://127.0.0.1:9/"), encoding="utf-8"
    )
    before = warned()
    _run(home, "place", PERSONEN, *WHY, given=PERSOON)

    assert f"connection.yaml:8: {PERSONEN} delivers changes of persons that it follows, and follows nobody" in before
    assert "follows nobody" not in warned()
