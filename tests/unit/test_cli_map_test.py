"""`zaakhub map test` and `zaakhub map record`: what is run and shown, and from a failure to a mended mapping."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import orjson
import pytest
from lxml import etree
from typer.testing import CliRunner, Result

from hub.cli.main import cli
from hub.cli.mapping.record import Recorded, recorded
from hub.cli.screen import out
from hub.config.settings import Settings
from hub.config.shipped import shipped
from hub.configuration import Configuration
from hub.desk.tools import tools_of
from hub.errors import ActRefused, ConfigurationWrong
from hub.mapping.cases import Case, differences, find_cases, run_case
from hub.testkit.memory import ENVIRONMENT, MemoryHub, memory_hub
from tests.support.berichten import BSN, creeer_zaak, leaf, natuurlijk_persoon, rol
from tests.support.toy import no_client

IN = "formulieren-naar-zaken"
RULE = "{to: geboortedatum, from: geboortedatum, via: [stuf-onvolledige-datum]}"
BROKEN = "{to: geboortedatum, from: geboortedatum, via: [stuf-datum]}"


@pytest.fixture
def mappings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with one connection, without cases, at a wide screen."""
    root = tmp_path / "mappings"
    for name in ("_parts", "_codes", IN):
        shutil.copytree(shipped("mappings") / name, root / name, ignore=shutil.ignore_patterns("cases"))
    alone = root / IN / "connection.yaml"
    alone.write_text(re.sub(r"(?m)^asks: .*\n", "", alone.read_text()))
    monkeypatch.setenv("ZAAKHUB_MAPPINGS", str(root))
    monkeypatch.setattr(out, "width", 200)
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    return root


def _zaakhub(*words: str) -> Result:
    return CliRunner().invoke(cli, ["map", "test", *words])


def _add(mappings: Path, story: str, *, omschrijving: str = "Aanvraag") -> Path:
    """Add a case without a result."""
    folder = mappings / IN / "cases" / story
    folder.mkdir(parents=True)
    (folder / "input.xml").write_bytes(creeer_zaak(omschrijving=omschrijving).body)
    return folder


def _break(mappings: Path) -> None:
    part = mappings / "_parts" / "natuurlijkPersoon.yaml"
    text = part.read_text()
    assert RULE in text
    part.write_text(text.replace(RULE, BROKEN))


def _mend(mappings: Path) -> None:
    part = mappings / "_parts" / "natuurlijkPersoon.yaml"
    part.write_text(part.read_text().replace(BROKEN, RULE))


def test_a_case_without_a_result_fails_until_it_is_refreshed(mappings: Path) -> None:
    """What comes out is written, and is what is expected from then on."""
    folder = _add(mappings, "eerste")

    first, refreshed, second = _zaakhub(), _zaakhub("--refresh"), _zaakhub()

    assert (first.exit_code, refreshed.exit_code, second.exit_code) == (1, 0, 0)
    assert "✗ eerste" in first.output
    assert "1 refreshed" in refreshed.output
    assert "✓ 1 case as expected" in second.output
    assert orjson.loads((folder / "expected.json").read_bytes())["zaak"]["omschrijving"] == "Aanvraag"


def test_a_difference_is_shown_by_path(mappings: Path) -> None:
    """One line: the path, what is expected, what is."""
    folder = _add(mappings, "eerste")
    _zaakhub("--refresh")
    expected = folder / "expected.json"
    expected.write_text(expected.read_text().replace('"Aanvraag"', '"Iets anders"'))

    shown = _zaakhub(IN)

    assert shown.exit_code == 1
    assert '      zaak.omschrijving  expected "Iets anders"  is "Aanvraag"\n' in shown.output
    assert "1 case, 1 not as expected" in shown.output


def test_a_case_that_can_not_be_run_does_not_stop_the_others(mappings: Path) -> None:
    """It is told with its reason."""
    _add(mappings, "goed")
    broken = _add(mappings, "kapot")
    (broken / "input.xml").write_text("<geen xml")
    _zaakhub("--refresh")

    shown = _zaakhub()

    assert shown.exit_code == 1
    assert "✗ kapot" in shown.output
    assert "✗ goed" not in shown.output


def test_a_connection_that_is_not_there_is_a_mistake(mappings: Path) -> None:  # noqa: ARG001
    """It names those that are."""
    error = _zaakhub("onbekend").exception

    assert isinstance(error, ConfigurationWrong)
    assert IN in error.advice


def test_programs_get_json_or_junit(mappings: Path) -> None:
    """The same findings, for a pipeline."""
    _add(mappings, "eerste")
    found = json.loads(_zaakhub("--format", "json", "--coverage").stdout)
    suite = etree.fromstring(_zaakhub("--format", "junit").stdout)[0]

    [connection] = found
    assert connection["connection"] == IN
    assert connection["cases"][0]["ok"] is False
    assert connection["cases"][0]["differences"][0]["path"] == "the whole"
    created = next(each for each in connection["coverage"] if each["message"] == "creeerZaak_Lk01")
    assert 0 < created["percent"] < 100
    assert created["rules"] > len(created["never"]) > 0
    assert [suite.get(name) for name in ("name", "tests", "failures")] == [IN, "1", "1"]
    assert suite[0].get("name") == "eerste"
    assert "nothing is expected yet" in (suite[0][0].get("message") or "")


def test_coverage_names_the_rules_that_no_case_tries(mappings: Path) -> None:
    """With file and line; and too little of it fails when it was asked for."""
    _add(mappings, "eerste")
    _zaakhub("--refresh")

    shown = _zaakhub("--coverage")

    assert shown.exit_code == 0
    assert "mappings/_parts/zaak.yaml:" in shown.output
    assert "never tried  zaak." in shown.output
    assert _zaakhub("--fail-under", "0.1").exit_code == 0
    low = _zaakhub("--fail-under", "99.5")
    assert low.exit_code == 1
    assert "is under 99.5 %" in low.output


# Recorded


@pytest.fixture
async def hub(mappings: Path) -> AsyncIterator[MemoryHub]:
    """Run a hub with a mapping that can't read an incomplete date."""
    _break(mappings)
    configuration = Configuration.load(Settings(mappings=mappings), {})
    async with memory_hub(configuration, no_client) as hub:
        yield hub


async def _failed(hub: MemoryHub) -> str:
    born = leaf("geboortedatum", "196007", "BG", ' StUF:indOnvolledigeDatum="D"')
    person = natuurlijk_persoon(naam="Jansen", geboren=born)
    verzoek = creeer_zaak(toelichting="Belt mevrouw Jansen", heeftAlsInitiator=rol("heeftAlsInitiator", person))
    await hub.accept(verzoek.body, headers={name.lower(): value for name, value in verzoek.headers().items()})
    await hub.settle()
    [failure] = await hub.failures()
    return failure.id


async def _recorded(hub: MemoryHub, mappings: Path, given: str, name: str = "") -> Recorded:
    recalled = await hub.app.recall().message(given)
    return recorded(recalled, hub.app.configuration, root=mappings, name=name)


def _differences(case: Case, mappings: Path) -> list[str]:
    tools = tools_of(mappings / IN, root=mappings)
    return [str(each) for each in differences(case, run_case(case, tools))]


async def test_a_failed_message_becomes_a_case_that_fails_as_it_did(hub: MemoryHub, mappings: Path) -> None:
    """At the same rule, for the same reason, with nobody of the message in it."""
    made = await _recorded(hub, mappings, await _failed(hub), "datum-van-zes-cijfers")

    content = made.case.input.read_text()
    assert "Jansen" not in content
    assert BSN not in content
    assert made.failed == made.outcome.failure
    assert made.case.file("fails.txt").read_text().startswith("zaak.rollen[].natuurlijkPersoon.geboortedatum: ")
    assert [each.name for each in find_cases(mappings)] == [f"{IN}/datum-van-zes-cijfers"]
    assert _differences(made.case, mappings) == []


async def test_a_recorded_failure_is_red_until_the_mapping_is_mended(hub: MemoryHub, mappings: Path) -> None:
    """Take `fails.txt` away: the message is right and the mapping is not. Mend it, refresh, and it stays so."""
    made = await _recorded(hub, mappings, await _failed(hub), "verhaal")
    made.case.file("fails.txt").unlink()

    red = _differences(made.case, mappings)
    _mend(mappings)
    mended = _zaakhub("--refresh")

    assert len(red) == 1
    assert "nothing is expected yet" in red[0]
    assert "fails: zaak.rollen[]" in red[0]
    assert mended.exit_code == 0
    expected = orjson.loads(made.case.expected.read_bytes())
    assert expected["zaak"]["rollen"][0]["natuurlijkPersoon"]["geboortedatum"].keys() == {"jaar", "maand"}
    assert _zaakhub().exit_code == 0
    _break(mappings)
    assert _zaakhub().exit_code == 1


async def test_a_message_that_was_translated_is_recorded_with_what_came_of_it(hub: MemoryHub, mappings: Path) -> None:
    """Named by its kind and its id, unless it is given a name."""
    seen = await hub.accept(creeer_zaak(omschrijving="Aanvraag").body)
    await hub.settle()

    made = await _recorded(hub, mappings, seen.message_id)

    assert made.case.input.parent.name == f"creeerZaak-{seen.message_id[:8]}"
    assert made.outcome.failure == ""
    assert _differences(made.case, mappings) == []


async def test_a_case_is_never_overwritten(hub: MemoryHub, mappings: Path) -> None:
    """A person may have worked on it; and a name is no path."""
    failure = await _failed(hub)
    await _recorded(hub, mappings, failure, "verhaal")

    with pytest.raises(ActRefused, match="is there already"):
        await _recorded(hub, mappings, failure, "verhaal")
    with pytest.raises(ActRefused, match="no name for a folder"):
        await _recorded(hub, mappings, failure, "../elders")
