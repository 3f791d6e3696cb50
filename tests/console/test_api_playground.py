"""The playground: a message through changed mappings, in a process of its own; nothing is sent, nothing is kept."""

from __future__ import annotations

import asyncio
import errno
import subprocess
import sys
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest

from hub.config import policy
from hub.config.shipped import shipped
from hub.configuration import Configuration
from hub.console.playground import sandbox
from hub.console.playground.sandbox import Sandbox
from hub.console.playground.trial import Act, Trial
from hub.console.services.playground import _packed
from hub.errors import ActRefused, HubUnavailable
from tests.support.api_requests import REASON
from tests.support.console_api import FORMULIEREN, ZGW, Api

CASE = "creeerZaak_Lk01"
MAPPING = f"{FORMULIEREN}/{CASE}.map.yaml"
ENRICHED = "zaken-met-adressen"
BY = "integratiepartner"


@pytest.fixture
def message(api_configuration: Configuration) -> str:
    cases = sorted(
        (api_configuration.settings.mappings / FORMULIEREN / "cases").glob(
            f"*{CASE.split('_', maxsplit=1)[0]}*/input.xml"
        )
    )
    return cases[0].read_text(encoding="utf-8")


@pytest.fixture
def story(api_configuration: Configuration) -> Iterator[Path]:
    folder = api_configuration.settings.mappings / FORMULIEREN / "cases" / "van-een-test"
    yield folder
    rmtree(folder, ignore_errors=True)


async def test_the_files_of_a_connection_are_shown_with_the_messages_of_its_cases(api: Api) -> None:
    """What a mapping is made of; not the connection itself, with its addresses."""
    shown = (await api.get(f"/connections/{FORMULIEREN}/mappings", by=BY)).json()

    assert MAPPING in shown["files"]
    assert "_parts/zaak.yaml" in shown["files"]
    assert not any(name.endswith("connection.yaml") for name in shown["files"])
    assert CASE in shown["kinds"]
    assert shown["cases"]


async def test_a_message_runs_through_the_mappings_as_they_lie_there(api: Api, message: str) -> None:
    """Result and explanation, and no mistakes."""
    ran = await _run(api, message)

    assert (ran["kind"], ran["gives"]) == (CASE, "nl.zaken.zaak-aangemaakt.v1")
    assert ran["problems"] == []
    assert ran["result"]["zaak"]["identificatie"]
    field = next(each for each in ran["trace"]["fields"] if each["target"] == "zaak.identificatie")
    assert field["value"] == ran["result"]["zaak"]["identificatie"]
    assert field["rule"].startswith("mappings/_parts/zaak.yaml:")
    assert field["line"] > 0


async def test_the_fields_of_the_largest_message_explain_themselves_too(api: Api) -> None:
    """A zaak with every field that there is: what is left out for length is never what it gave."""
    shown = (await api.get(f"/connections/{FORMULIEREN}/mappings", by=BY)).json()
    ran = await _run(api, shown["cases"]["creeerZaak-alle-velden"])

    filled = {each["target"] for each in ran["trace"]["fields"] if each["hasValue"]}
    assert {"zaak.identificatie", "zaak.startdatum", "zaak.zaaktype"} <= filled
    assert len(filled) > 200


async def test_a_changed_file_takes_the_place_of_what_lies_there(api: Api, message: str) -> None:
    """And the folder is as it was."""
    head = "message: creeerZaak_Lk01\ngives: nl.zaken.zaak-aangemaakt.v1\n"
    changed = f"{head}rules:\n  - {{to: zaak.omschrijving, value: anders}}\n"

    ran = await _run(api, message, {MAPPING: changed})

    assert ran["result"] == {"zaak": {"omschrijving": "anders"}}
    assert (await _run(api, message))["result"]["zaak"]["omschrijving"] != "anders"


async def test_a_mistake_is_told_with_its_file_and_line(api: Api, message: str) -> None:
    """Of what cannot be read at all, and of what does nothing."""
    text = (await api.get(f"/connections/{FORMULIEREN}/mappings", by=BY)).json()["files"][MAPPING]

    broken = await _run(api, message, {MAPPING: text.replace("use: zaak}", "usee: zaak}")})
    lost = await _run(api, message, {MAPPING: text.replace("at: object", "at: objct")})

    [found] = broken["problems"]
    assert (found["file"], found["line"], found["code"]) == (MAPPING, 8, "unknown-key")
    assert found["advice"] == "did you mean use?"
    assert broken["result"] is None
    assert ("dead-source", MAPPING, 6) in [(each["code"], each["file"], each["line"]) for each in lost["problems"]]


async def test_a_changed_part_is_looked_at_in_all_its_uses(api: Api, message: str) -> None:
    """A source that no message has is found in the part itself."""
    files = (await api.get(f"/connections/{FORMULIEREN}/mappings", by=BY)).json()["files"]
    part = files["_parts/zaak.yaml"]

    ran = await _run(api, message, {"_parts/zaak.yaml": part.replace("from: omschrijving", "from: omschrijvng", 1)})

    assert {(each["code"], each["file"]) for each in ran["problems"]} == {("dead-source", "_parts/zaak.yaml")}


@pytest.mark.parametrize(
    "text",
    ["", "hallo", "<a><b/>", "{", '{"type": 1}', "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"],
)
async def test_a_message_that_is_none_is_told_so(api: Api, text: str) -> None:
    """A mistake in the message has no file."""
    ran = await _run(api, text)

    assert ran["result"] is None
    assert {each["file"] for each in ran["problems"]} == {""}


async def test_an_event_runs_through_an_outbound_connection(api: Api, api_configuration: Configuration) -> None:
    """As JSON with its type."""
    case = next((api_configuration.settings.mappings / ZGW / "cases").glob("*/input.json"))

    answer = await api.post("/playground-runs", {"connection": ZGW, "message": case.read_text(encoding="utf-8")}, by=BY)

    assert answer.json()["trace"]["fields"], answer.text


PATHS = (
    "../connection.yaml",
    f"{FORMULIEREN}/../{ZGW}/x.map.yaml",
    f"{FORMULIEREN}/connection.yaml",
    f"{ZGW}/{CASE}.map.yaml",
    f"/{MAPPING}",
    f"{FORMULIEREN}/cases/x/input.xml",
    f"{FORMULIEREN}//x.map.yaml",
    "_parts/../x.yaml",
    "_parts/.x.yaml",
    "_codes/x.csv/y.csv",
    f"{MAPPING}\n",
    "x" * 300,
)


async def test_a_path_leads_to_no_other_file(api: Api, message: str) -> None:
    """Mappings and layers of this connection, parts, tables and dialects: nothing else has a name."""
    for path in PATHS:
        body = {"connection": FORMULIEREN, "message": message, "files": {path: "x"}}
        answer = await api.post("/playground-runs", body, by=BY)
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY, path
    assert not list(api.town.hub.app.configuration.settings.home.glob("probeersel-*"))


async def test_a_connection_that_is_not_there_is_not_looked_for_on_disk(api: Api) -> None:
    """A name is one of the configuration, or nothing."""
    for name in ("..", "../mappings", "_parts", "/etc", "nee"):
        answer = await api.post("/playground-runs", {"connection": name, "message": "x"}, by=BY)
        assert answer.status_code == HTTPStatus.NOT_FOUND, name


async def test_a_case_is_made_with_fictitious_persons_and_written(api: Api, message: str, story: Path) -> None:
    """Where the folder is the municipality's own; a second one of that name is refused."""
    body = {"connection": FORMULIEREN, "story": story.name, "message": message, "reason": REASON}

    made = await api.post("/cases", body, by=BY)
    again = await api.post("/cases", body, by=BY)
    ran = (await api.post("/playground-runs", {"connection": FORMULIEREN, "message": message}, by=BY)).json()

    assert made.status_code == HTTPStatus.CREATED, made.text
    files = made.json()["files"]
    assert sorted(files) == [f"{FORMULIEREN}/cases/{story.name}/{name}" for name in ("expected.json", "input.xml")]
    assert (story / "input.xml").read_text(encoding="utf-8") == files[f"{FORMULIEREN}/cases/{story.name}/input.xml"]
    assert ran["result"]["zaak"]["identificatie"] not in files[f"{FORMULIEREN}/cases/{story.name}/expected.json"]
    assert "written" in made.json()["explanation"]
    assert again.status_code == HTTPStatus.CONFLICT
    lines = (await api.get("/audit", by="auditor", act="case")).json()["items"]
    assert [(each["by"], each["reason"]) for each in lines] == [(BY, REASON)]
    assert _traces_of(story) == [story]


async def test_a_case_that_the_audit_does_not_have_is_not_there(
    api: Api, message: str, story: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of it; without a reason it is not even begun."""
    body = {"connection": FORMULIEREN, "story": story.name, "message": message}
    assert (await api.post("/cases", body, by=BY)).status_code == HTTPStatus.BAD_REQUEST

    async def down(*_: object) -> None:
        raise HubUnavailable("the ledger is down", code="ledger")

    monkeypatch.setattr(type(api.town.hub.app.ledger), "acted", down)
    refused = await api.post("/cases", {**body, "reason": REASON}, by=BY)

    assert refused.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert not _traces_of(story)


async def test_a_case_is_written_whole_or_not_at_all(
    api: Api, message: str, story: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is full at the second file: the files are given, and nothing lies there."""
    write, written = Path.write_text, []

    def full(path: Path, text: str, **said: str) -> int:
        if story.name in str(path):
            written.append(path.name)
            if len(written) > 1:
                raise OSError(errno.ENOSPC, "full")
        return write(path, text, **said)

    monkeypatch.setattr(Path, "write_text", full)
    body = {"connection": FORMULIEREN, "story": story.name, "message": message, "reason": REASON}
    made = await api.post("/cases", body, by=BY)

    assert len(written) == 2
    assert made.status_code == HTTPStatus.CREATED, made.text
    assert "Put the files" in made.json()["explanation"]
    assert not _traces_of(story)
    assert (await api.get("/audit", by="auditor", act="case")).json()["items"] == []


async def test_a_case_has_an_ordinary_name(api: Api, message: str) -> None:
    """It becomes a folder."""
    for story in ("..", "a/b", "A", "-a", "a" * 100, "a\n"):
        body = {"connection": FORMULIEREN, "story": story, "message": message, "reason": REASON}
        assert (await api.post("/cases", body, by=BY)).status_code == HTTPStatus.BAD_REQUEST


async def test_a_case_of_what_is_no_message_is_refused(api: Api, story: Path) -> None:
    """Nothing is written."""
    body = {"connection": FORMULIEREN, "story": story.name, "message": "hallo", "reason": REASON}
    answer = await api.post("/cases", body, by=BY)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not list(story.parent.glob(story.name))


async def test_a_mapping_that_looks_something_up_is_tried_with_the_answers_of_its_cases(tmp_path: Path) -> None:
    """Nobody is asked; of a message that no case knows the answers to, it is left out and told."""
    root = shipped("mappings") / "_voorbeelden"
    case = root / ENRICHED / "cases" / "zaak-aangemaakt-over-een-adres"
    message = (case / "input.json").read_text(encoding="utf-8")
    files = _packed(root, ENRICHED)

    known = await Sandbox(tmp_path).tried(Trial(Act.RUN, ENRICHED, message, files, {}))
    assert known.mistakes == []
    assert known.data["data"]["locaties"][0]["straat"] == "Verzonnenstraat"
    assert known.trace is not None
    assert any(each.get("reason") == "answered as answers.json says" for each in known.trace["fields"])

    unknown = await Sandbox(tmp_path).tried(Trial(Act.RUN, ENRICHED, message.replace("9999XA", "9999XB"), files, {}))
    assert unknown.mistakes == []
    assert "straat" not in unknown.data["data"]["locaties"][0]


def test_a_trial_that_takes_too_long_is_stopped(message: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Its process is gone, and its folder."""
    monkeypatch.setattr(policy, "TRIAL_S_MAX", 0.01)
    trial = Trial(Act.RUN, FORMULIEREN, message, {}, {})

    with pytest.raises(ActRefused) as refused:
        asyncio.run(Sandbox(tmp_path).tried(trial))

    assert refused.value.code == "te-veel"
    assert not list(tmp_path.glob("*"))


async def test_a_trial_that_goes_wrong_says_nothing_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its words may hold a value; and it is no fault of who asked."""
    monkeypatch.setattr(sandbox, "_CHILD", "hub.console.playground.niet_daar")
    trial = Trial(Act.RUN, FORMULIEREN, "<a>999990019</a>", {}, {})

    with pytest.raises(HubUnavailable) as refused:
        await Sandbox(tmp_path).tried(trial)

    assert "999990019" not in str(refused.value)


async def test_a_trial_has_no_network_no_programs_and_little_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it gives up it can't take back."""
    for line, said in (
        ("import socket; socket.create_connection(('127.0.0.1', 9))", b"may not do socket."),
        ("import subprocess; subprocess.run(['true'])", b"may not do subprocess."),
        ("import os; os.system('true')", b"may not do os.system"),
        ("bytearray(2 * 1024**3)", b"MemoryError"),
    ):
        module = tmp_path / "naughty.py"
        module.write_text(f"from hub.console.playground import child\nchild._bound()\n{line}\n", encoding="utf-8")
        monkeypatch.syspath_prepend(tmp_path)
        words = await _last_words("naughty", tmp_path)
        assert said in words, line


async def test_only_so_many_trials_wait(tmp_path: Path) -> None:
    """The next is told to try again."""
    room = Sandbox(tmp_path)
    room._waiting = policy.TRIALS_WAITING_MAX

    with pytest.raises(ActRefused) as refused:
        await room.tried(Trial(Act.RUN, FORMULIEREN, "x", {}, {}))

    assert refused.value.code == "te-druk"


def _traces_of(story: Path) -> list[Path]:
    """Give what lies there of a case, in its place or on the way to it."""
    return [*story.parents[1].glob(f".{story.name}*"), *story.parent.glob(story.name)]


async def _run(api: Api, message: str, files: dict[str, str] | None = None) -> dict[str, Any]:
    body = {"connection": FORMULIEREN, "message": message, "files": files or {}}
    answer = await api.post("/playground-runs", body, by=BY)
    assert answer.status_code == HTTPStatus.OK, answer.text
    return dict(answer.json())


async def _last_words(module: str, folder: Path) -> bytes:
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", module],
        capture_output=True,
        cwd=folder,
        env=sandbox._environment(str(folder)),
        check=False,
    )
    return done.stderr
