"""`zaakhub map explain` and `zaakhub failures show --trace`: what is asked for, what is shown, and what is not."""

from __future__ import annotations

import asyncio
import shutil
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest
from typer.testing import CliRunner, Result

from hub.cli.main import cli
from hub.cli.screen import out
from hub.config.shipped import shipped
from hub.errors import ActRefused, MessageRefused
from hub.ledger.entries import Failure
from hub.security.personal import HIDDEN
from hub.testkit.memory import ENVIRONMENT, Memory, memory_hub, shipped_configuration
from hub.testkit.network import Answered, FaultyNetwork
from tests.support.berichten import ZAAK, creeer_zaak, voeg_document_toe

CREATED = "formulieren-naar-zaken/creeerZaak-alle-soorten-betrokkene"
DELIVERED = "zaken-naar-zgw/zaak-aangemaakt-bedrijf-met-gemachtigde"
NO_DAY = "20260230"
ENRICHED = "zaken-met-adressen"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in an empty folder, without a setting, at a wide screen."""
    monkeypatch.chdir(tmp_path)
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(out, "width", 140)


def _zaakhub(*words: str) -> Result:
    return CliRunner().invoke(cli, words)


def _json(*words: str) -> dict[str, Any]:
    said: dict[str, Any] = orjson.loads(_zaakhub(*words, "--json").stdout)
    return said


# A file, a case


def test_a_file_is_explained_by_the_connection_that_has_a_mapping_for_it(tmp_path: Path) -> None:
    """Nothing is asked but the file: the message says what it is. Values are shown: who has the file has them."""
    (tmp_path / "bericht.xml").write_bytes(creeer_zaak(omschrijving="Kapvergunning").body)

    result = _zaakhub("map", "explain", "bericht.xml")

    assert result.exit_code == 0, result.output
    assert result.output.startswith("creeerZaak_Lk01 → nl.zaken.zaak-aangemaakt.v1  formulieren-naar-zaken")
    assert '"Kapvergunning"' in result.output


def test_a_message_with_its_documents_is_explained_as_the_hub_would_have_it(tmp_path: Path) -> None:
    """The intake cuts a document out of the message; so does the explanation, and shows none of it."""
    (tmp_path / "bericht.xml").write_bytes(voeg_document_toe(b"%PDF-geheim").body)

    result = _zaakhub("map", "explain", "bericht.xml", "--field", "document.bestand")

    assert result.exit_code == 0, result.output
    assert '"bijlage.pdf"' in result.output
    assert b64encode(b"%PDF-geheim").decode() not in result.output


def test_what_is_looked_up_is_explained_with_the_answers_of_the_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is asked: the question, how it was answered, and the fields that came of it. A file has those of cases."""
    monkeypatch.setenv("ZAAKHUB_MAPPINGS", str(shipped("mappings") / "_voorbeelden"))
    case = shipped("mappings") / "_voorbeelden" / ENRICHED / "cases" / "zaak-aangemaakt-over-een-adres"
    copy = tmp_path / "bericht.json"
    shutil.copy(case / "input.json", copy)

    for words in ((f"{ENRICHED}/{case.name}",), (str(copy), "--connection", ENRICHED)):
        told = {each["target"]: each for each in _json("map", "explain", *words)["fields"]}
        question = told["data.locaties[0].?adressen-uit-bag"]
        assert question["reason"] == "answered as answers.json says"
        assert question["steps"][0]["given"]["postcode"] == "9999XA"
        assert told["data.locaties[0].straat"]["source"] == "adressen-uit-bag/openbareRuimteNaam"


@pytest.mark.parametrize("case", [CREATED, DELIVERED])
def test_a_case_is_explained_by_its_name(case: str) -> None:
    """Of either direction, without any secret of the target: what is written is what the case expects."""
    said = _json("map", "explain", case)

    connection, story = case.split("/")
    expected = orjson.loads((shipped("mappings") / connection / "cases" / story / "expected.json").read_bytes())
    assert said["connection"] == connection
    assert _built(said["fields"]) == expected
    assert said["failure"] == ""


def test_every_field_names_its_rule_and_its_line() -> None:
    """The rule in the file of the mapping or the part it stands in, the line of the message."""
    said = _json("map", "explain", CREATED, "--field", "zaak.startdatum")

    [field] = said["fields"]
    assert field["target"] == "zaak.startdatum"
    assert field["rule"].startswith("mappings/_parts/zaak.yaml:")
    assert field["source"].endswith("startdatum")
    assert field["line"] > 1
    assert field["steps"] == [{"function": "stuf-datum", "given": "20260301", "gives": "2026-03-01"}]


def test_one_field_answers_why_it_is_empty() -> None:
    """It is there although nothing was written: with the rule and the reason."""
    said = _json("map", "explain", CREATED, "--field", "zaak.einddatum")

    [field] = said["fields"]
    assert "value" not in field
    assert field["reason"]
    assert field["rule"].startswith("mappings/_parts/zaak.yaml:")


def test_only_the_empty_fields_are_shown_when_they_are_asked_for() -> None:
    """Each with its reason."""
    said = _json("map", "explain", CREATED, "--empty")

    assert said["fields"]
    assert [field for field in said["fields"] if field.get("value") is not None or not field["reason"]] == []


def test_a_field_that_no_rule_fills_is_an_error_with_advice() -> None:
    """Exit 1, and the name that was probably meant."""
    result = _zaakhub("map", "explain", CREATED, "--field", "zaak.startdatums")

    assert result.exit_code == 1
    assert "No rule fills zaak.startdatums; did you mean zaak.startdatum?" in result.output


def test_a_mapping_that_fails_is_explained_up_to_the_rule_that_stopped_it(tmp_path: Path) -> None:
    """Exit 1; the last thing said is which rule, and why."""
    (tmp_path / "bericht.xml").write_bytes(creeer_zaak(startdatum=NO_DAY).body)

    result = _zaakhub("map", "explain", "bericht.xml")

    assert result.exit_code == 1
    assert "✗ zaak.startdatum: " in result.output
    assert f'"{NO_DAY}" → stuf-datum ✗' in result.output
    assert result.output.splitlines()[-1].startswith("→ mappings/_parts/zaak.yaml:")


def test_an_event_that_would_not_be_one_is_a_failure_of_its_field(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mapping ran, but the worker would park what it gave."""
    mappings = _own_mappings(tmp_path, monkeypatch)
    part = mappings / "_parts" / "zaak.yaml"
    rule = "{to: startdatum, from: startdatum, via: [stuf-datum]}"
    assert rule in part.read_text()
    part.write_text(part.read_text().replace(rule, "{to: startdatum, from: omschrijving}"))
    (tmp_path / "bericht.xml").write_bytes(creeer_zaak(omschrijving="Kapvergunning").body)

    result = _zaakhub("map", "explain", "bericht.xml")

    assert result.exit_code == 1
    assert "✗ zaak.startdatum: does not fit nl.zaken.zaak-aangemaakt.v1" in result.output


def test_when_two_connections_read_a_message_one_must_be_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error names both; with one of them it is explained."""
    mappings = _own_mappings(tmp_path, monkeypatch)
    shutil.copytree(mappings / "formulieren-naar-zaken", mappings / "tweede")
    text = (mappings / "tweede" / "connection.yaml").read_text()
    (mappings / "tweede" / "connection.yaml").write_text(
        text.replace("connection: formulieren-naar-zaken", "connection: tweede")
    )
    (tmp_path / "bericht.xml").write_bytes(creeer_zaak().body)

    refused = _zaakhub("map", "explain", "bericht.xml").exception
    chosen = _zaakhub("map", "explain", "bericht.xml", "--connection", "tweede")

    assert isinstance(refused, ActRefused)
    assert "formulieren-naar-zaken or tweede" in refused.advice
    assert chosen.exit_code == 0, chosen.output


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"<niets/>", MessageRefused),
        (b"no message at all", MessageRefused),
        (b'{"type": "nl.zaken.onbekend.v1", "data": {}}', ActRefused),
    ],
)
def test_a_file_that_no_connection_reads_is_refused(content: bytes, error: type[Exception], tmp_path: Path) -> None:
    """With a sentence, whatever it holds."""
    (tmp_path / "bericht.xml").write_bytes(content)

    assert isinstance(_zaakhub("map", "explain", "bericht.xml").exception, error)


def test_what_is_neither_file_nor_case_nor_id_is_told() -> None:
    """A path that is not there is wrong use."""
    result = _zaakhub("map", "explain", "formulieren-naar-zaken/bestaat-niet")

    assert result.exit_code == 2
    assert "is no file and no case" in " ".join(result.output.replace("│", " ").split())


# A recorded message, and what is kept with its failure


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Failure]:
    """Have a message fail in a hub whose bus and ledger are files in a folder."""
    folder = tmp_path_factory.mktemp("hub")
    return folder, asyncio.run(_failed(folder))


@pytest.fixture
def failure(hub: tuple[Path, Failure], monkeypatch: pytest.MonkeyPatch) -> Failure:
    """Give the failure, with settings that name the files."""
    folder, failure = hub
    for name, value in {**ENVIRONMENT, "ZAAKHUB_HOME": str(folder)}.items():
        monkeypatch.setenv(name, value)
    return failure


def test_a_recorded_message_is_explained_without_its_values(failure: Failure) -> None:
    """By the id of its failure or of itself; rule, line and reason stay."""
    for given in (failure.id[:8], failure.item_id):
        result = _zaakhub("map", "explain", given)

        assert result.exit_code == 1, result.output
        assert f"{HIDDEN} → stuf-datum ✗" in result.output
        assert (NO_DAY in result.output, ZAAK in result.output) == (False, False)


def test_values_of_a_recorded_message_are_shown_to_who_asks(failure: Failure) -> None:
    """The word is that of `failures show`."""
    assert f'"{NO_DAY}" → stuf-datum ✗' in _zaakhub("map", "explain", failure.id, "--content").output


def test_a_failure_shows_how_it_came_about(failure: Failure) -> None:
    """The same tree, below the failure, masked in the same way."""
    masked = _zaakhub("failures", "show", failure.id, "--trace")
    shown = _zaakhub("failures", "show", failure.id, "--trace", "--content")

    assert "how it came about" in masked.output
    assert f"{HIDDEN} → stuf-datum ✗" in masked.output
    assert NO_DAY not in masked.output
    assert f'"{NO_DAY}" → stuf-datum ✗' in shown.output
    assert "how it came about" not in _zaakhub("failures", "show", failure.id).output


def test_programs_get_the_same_as_json(failure: Failure) -> None:
    """`trace` is there when it is asked for."""
    said = _json("failures", "show", failure.id, "--trace")

    assert said["trace"]["fields"][-1]["target"] == "zaak.startdatum"
    assert said["trace"]["fields"][-1]["raw"] == HIDDEN
    assert said["trace"]["revision"] == failure.revision
    assert "trace" not in _json("failures", "show", failure.id)


async def _failed(folder: Path) -> Failure:
    def no_client(_connection: object) -> FaultyNetwork:
        return FaultyNetwork(_nothing, {})

    async with memory_hub(shipped_configuration(), no_client, memory=Memory(folder)) as hub:
        await hub.accept(creeer_zaak(startdatum=NO_DAY).body)
        await hub.settle()
        [failure] = await hub.failures()
        return failure


async def _nothing(*_: object) -> Answered:
    raise AssertionError("nothing is delivered")


def _own_mappings(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    mappings = folder / "mappings"
    shutil.copytree(shipped("mappings"), mappings)
    monkeypatch.setenv("ZAAKHUB_MAPPINGS", str(mappings))
    return mappings


def _built(fields: Sequence[dict[str, Any]]) -> Any:  # noqa: ANN401 - JSON data
    """Build the result from its explanation."""
    root: dict[str, Any] = {}
    for field in fields:
        if "value" not in field:
            continue
        steps = field["target"].replace("[", ".[").split(".")
        here: Any = root
        for step, after in zip(steps, [*steps[1:], ""], strict=True):
            fresh: Any = field["value"] if not after else [] if after.startswith("[") else {}
            if step.startswith("["):
                if int(step[1:-1]) == len(here):
                    here.append(fresh)
                here = here[int(step[1:-1])]
            else:
                here = here.setdefault(step, fresh)
    return root
