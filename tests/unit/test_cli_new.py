"""What `zaakhub new` makes is a working beginning: it loads, compiles, runs and passes every check as it is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from hub.app import App
from hub.cli.main import cli
from hub.cli.new.suggest import Field, of_form, of_model, suggested
from hub.config.connection import Direction
from hub.config.settings import Settings
from hub.errors import ConfigurationWrong
from hub.event.catalogue import EVENT_TYPES
from hub.mapping.cases import find_cases
from hub.mapping.compile import load_mappings
from hub.mapping.rules import read_mapping
from hub.ports.registry import Registry

ROOT = Path(__file__).parents[2]
AANGEMAAKT = "nl.zaken.zaak-aangemaakt.v1"
MESSAGES = {
    "creeerZaak_Lk01": AANGEMAAKT,
    "updateZaak_Lk01": "nl.zaken.zaak-bijgewerkt.v1",
    "actualiseerZaakstatus_Lk01": "nl.zaken.zaakstatus-gezet.v1",
    "voegZaakdocumentToe_Lk01": "nl.zaken.zaakdocument-toegevoegd.v1",
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Be in an empty folder, with nothing set."""
    monkeypatch.chdir(tmp_path)
    for name in [each for each in os.environ if each.startswith(("ZAAKHUB_", "ZGW_"))]:
        monkeypatch.delenv(name)
    return tmp_path


def new(*words: str) -> Result:
    """Run `zaakhub new`; raises what the command raises."""
    done = CliRunner().invoke(cli, ["new", *words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done


def refusal(*words: str) -> ConfigurationWrong:
    """Give why `zaakhub new` makes nothing."""
    before = sorted(Path().rglob("*"))
    with pytest.raises(ConfigurationWrong) as refused:
        new(*words)
    assert sorted(Path().rglob("*")) == before
    return refused.value


NEEDS_A_FILE = {"soap"}
"""Adapters that nobody can begin with before a file is there, here a WSDL."""


def loaded(folder: Path) -> App:
    """Open a hub on the mappings that were made."""
    environ = {"ZAAKHUB_MAPPINGS": str(folder / "mappings"), "ZAAKHUB_HOME": str(folder / "var")}
    return App.open(Settings.read(environ), environ, client_id="test")


@pytest.mark.parametrize(
    ("adapter", "direction"),
    [
        (name, each)
        for name in Registry().names()
        if name not in NEEDS_A_FILE
        for each in Registry().manifest(name).directions
    ],
)
def test_a_new_connection_is_one_that_loads(adapter: str, direction: Direction, folder: Path) -> None:
    """With every option of its adapter, and what to type next."""
    shown = new("connection", "proef", "--adapter", adapter, "--direction", direction).output

    text = (folder / "mappings" / "proef" / "connection.yaml").read_text()
    assert [*loaded(folder).configuration.connections] == ["proef"]
    assert all(f" {name}:" in text for name in Registry().options(adapter, direction).model_json_schema()["properties"])
    assert max(map(len, text.splitlines())) <= 120
    assert "→ export ZAAKHUB_MAPPINGS=mappings" in shown
    assert "→ zaakhub new mapping proef " in shown


def test_a_new_connection_that_needs_a_file_says_which(folder: Path) -> None:
    """It stops at the option that names it."""
    new("connection", "proef", "--adapter", "soap")

    with pytest.raises(ConfigurationWrong, match="WSDL"):
        loaded(folder)


def test_a_new_connection_stands_where_the_mappings_are(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the folder of the settings, or the one that is named."""
    monkeypatch.setenv("ZAAKHUB_MAPPINGS", "elders")
    shown = new("connection", "een", "--adapter", "stuf_zds", "--direction", "inbound").output
    new("connection", "twee", "--adapter", "stuf_zds", "--direction", "inbound", "--mappings", "hier")

    assert (folder / "elders" / "een" / "connection.yaml").is_file()
    assert (folder / "hier" / "twee" / "connection.yaml").is_file()
    assert "export" not in shown


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("connection", "Proef", "--adapter", "stuf_zds", "--direction", "inbound"), "connection must match"),
        (("connection", "proef", "--adapter", "stuf_zd"), "there is no adapter stuf_zd"),
        (
            ("connection", "proef", "--adapter", "notificaties", "--direction", "inbound"),
            "adapter notificaties is outbound only",
        ),
        (("mapping", "proef", "creeerZaak_Lk01"), "cannot be read"),
        (("adapter", "Mijn-Adapter", "--direction", "inbound"), "can't be the name of an adapter"),
        (("adapter", "mijn", "--direction", "inbound"), "there is no folder adapters"),
        (("event", "zaak-heropend", "--summary", "x"), "is not the name of an event type"),
        (("event", AANGEMAAKT, "--summary", "x"), "is there already"),
    ],
)
def test_what_can_not_be_made_is_refused_and_nothing_is_written(words: tuple[str, ...], reason: str) -> None:
    """With the reason."""
    assert reason in refusal(*words).reason


def test_nothing_is_ever_overwritten(folder: Path) -> None:
    """Not the connection, and not a case when its mapping is gone."""
    new("connection", "proef", "--adapter", "stuf_zds", "--direction", "inbound")
    new("mapping", "proef", "creeerZaak_Lk01", "--gives", AANGEMAAKT)
    (folder / "mappings" / "proef" / "creeerZaak_Lk01.map.yaml").unlink()

    assert (
        "nothing was written"
        in refusal("connection", "proef", "--adapter", "stuf_zds", "--direction", "inbound").reason
    )
    assert "nothing was written" in refusal("mapping", "proef", "creeerZaak_Lk01", "--gives", AANGEMAAKT).reason


@pytest.mark.parametrize(("message", "gives"), MESSAGES.items())
def test_a_new_mapping_compiles_and_reads_its_example(message: str, gives: str, folder: Path) -> None:
    """The rules by equal names are rules; every other field of message and event stands there as a comment."""
    new("connection", "proef", "--adapter", "stuf_zds", "--direction", "inbound")
    new("mapping", "proef", message, "--gives", gives)

    root = folder / "mappings"
    forms = Registry().forms("stuf_zds")
    mapping = load_mappings(root / "proef", root=root, forms=forms)[message]
    text = (root / "proef" / f"{message}.map.yaml").read_text()
    [case] = find_cases(root)
    document = (
        Registry()
        .inbound(loaded(folder).configuration.connections["proef"])
        .read(case.input.read_bytes(), {}, validate=True)
    )

    assert (document.kind, mapping.gives) == (message, gives)
    for target in of_model(EVENT_TYPES[gives].model):
        assert f"to: {'.'.join(target.names)}" in text.replace('"', "")
    for source in of_form(forms[message]):
        assert source.names[0] in {"stuurgegevens", "parameters"} or f": {'/'.join(source.names)}" in text


def test_a_new_mapping_maps_what_has_the_same_name(folder: Path) -> None:
    """Also where the two sides write a date or a number otherwise."""
    new("connection", "proef", "--adapter", "stuf_zds", "--direction", "inbound")
    new("mapping", "proef", "creeerZaak_Lk01", "--gives", AANGEMAAKT)

    root = folder / "mappings"
    mapping = load_mappings(root / "proef", root=root, forms=Registry().forms("stuf_zds"))["creeerZaak_Lk01"]
    [case] = find_cases(root)
    document = (
        Registry()
        .inbound(loaded(folder).configuration.connections["proef"])
        .read(case.input.read_bytes(), {}, validate=True)
    )
    mapped = mapping.run(document.body)

    assert mapped.data == {
        "zaak": {
            "identificatie": "19000000000001",
            "omschrijving": "Aanvraag 1",
            "startdatum": "2026-03-02",
            "registratiedatum": "2026-03-02",
            "zaakniveau": 1,
            "deelzakenIndicatie": False,
        }
    }
    # What nobody decided on is not hidden: it is reported on every message.
    assert "object/isVan/gerelateerde/code" in mapped.unread


def test_nothing_is_ignored_without_a_person_who_says_why(folder: Path) -> None:
    """A line of the comments that is taken over as it is, is a mistake."""
    new("connection", "proef", "--adapter", "stuf_zds", "--direction", "inbound")
    new("mapping", "proef", "creeerZaak_Lk01", "--gives", AANGEMAAKT)
    file = folder / "mappings" / "proef" / "creeerZaak_Lk01.map.yaml"

    decided = (
        file.read_text()
        .replace("# ignore:", "ignore:")
        .replace("# - {path: object/kenmerk,", "- {path: object/kenmerk,")
    )

    with pytest.raises(ConfigurationWrong, match="an ignored path needs a `reason`"):
        read_mapping(file.name, decided)


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_a_new_mapping_of_an_event_copies_what_is_single(event_type: str, folder: Path) -> None:
    """For a target that has names of its own to put beside them."""
    new("connection", "proef", "--adapter", "zgw", "--direction", "outbound")
    new("mapping", "proef", event_type, "--gives", "iets-van-mij")

    root = folder / "mappings"
    mapping = load_mappings(root / "proef", root=root)[event_type]
    [case] = find_cases(root)
    event = yaml.safe_load(case.input.read_text())

    EVENT_TYPES[event_type].model.model_validate(event["data"])
    assert mapping.run(event["data"]).data == event["data"]


@pytest.mark.parametrize(
    ("words", "reason", "advice"),
    [
        (
            ("creerZaak_Lk01", "--gives", AANGEMAAKT),
            "reads no message `creerZaak_Lk01`",
            "did you mean creeerZaak_Lk01?",
        ),
        (("creeerZaak_Lk01",), "which event or question does it make?", "known:"),
        (
            ("creeerZaak_Lk01", "--gives", "zaak-aangemaakt"),
            "there is no event or question type `zaak-aangemaakt`",
            "did you mean",
        ),
    ],
)
def test_a_mapping_between_what_is_not_there_is_refused(words: tuple[str, ...], reason: str, advice: str) -> None:
    """With what is probably meant."""
    new("connection", "proef", "--adapter", "stuf_zds", "--direction", "inbound")

    refused = refusal("mapping", "proef", *words)

    assert reason in refused.reason
    assert advice in refused.advice


def test_names_decide_and_the_event_that_is_meant_goes_first() -> None:
    """The same place, else the same name below it; each source once."""
    sources = [Field(("object", "identificatie")), Field(("object", "titel")), Field(("object", "kenmerk"), "list")]
    targets = [Field(("zaak", "identificatie")), Field(("document", "identificatie")), Field(("document", "titel"))]

    found = suggested(sources, targets, "voegZaakdocumentToe_Lk01")

    assert [(source.names[-1], target.names[0]) for source, target in found.pairs] == [
        ("identificatie", "document"),
        ("titel", "document"),
    ]
    assert [each.names for each in found.unfilled] == [("zaak", "identificatie")]
    assert [each.names for each in found.unread] == [("object", "kenmerk")]


@pytest.fixture
def checkout(folder: Path) -> Path:
    """Give a folder that looks like a checkout to what checks adapters."""
    hidden = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "adapters", folder / "adapters", ignore=hidden)
    shutil.copy(ROOT / "pyproject.toml", folder)
    (folder / "hub").symlink_to(ROOT / "hub", target_is_directory=True)
    return folder


def run(checkout: Path, *words: str) -> str:
    """Run a tool in the checkout; raises with what it says."""
    environ = {**os.environ, "PYTHONPATH": str(checkout), "PATH": f"{Path(sys.prefix) / 'bin'}:{os.environ['PATH']}"}
    done = subprocess.run(words, cwd=checkout, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


@pytest.mark.parametrize("direction", ["inbound", "outbound"])
def test_a_new_adapter_works_and_is_formatted_and_tested(direction: str, checkout: Path) -> None:
    """Found by its manifest; its own test passes; a connection and a mapping can be made for it."""
    new("adapter", "proefpost", "--direction", direction, "--title", "Proefpost 1")

    run(checkout, "ruff", "check", "adapters", "tests")
    run(checkout, "ruff", "format", "--check", "adapters", "tests")
    run(checkout, "python", "-m", "pytest", "-q", "tests/adapters/test_proefpost.py")
    kind = ("melding", "--gives", AANGEMAAKT) if direction == "inbound" else (AANGEMAAKT,)
    run(checkout, "python", "-m", "hub.cli", "new", "connection", "proef", "--adapter", "proefpost")
    run(checkout, "python", "-m", "hub.cli", "new", "mapping", "proef", *kind)
    environ = ("env", "ZAAKHUB_MAPPINGS=mappings")
    assert "✓ configuration" in run(checkout, *environ, "python", "-m", "hub.cli", "check", "--offline")


@pytest.mark.slow
def test_new_adapters_have_strict_types_and_import_only_what_they_may(checkout: Path) -> None:
    """As every adapter."""
    for direction in ("inbound", "outbound"):
        new("adapter", f"proef_{direction}", "--direction", direction)
    made = [str(path) for path in Path().rglob("*proef_*")]

    run(checkout, "mypy", "--cache-dir", ".mypy_cache", *(each for each in made if "pycache" not in each))
    assert "0 broken" in run(checkout, "lint-imports", "--no-cache")


def test_a_new_event_type_is_part_of_the_contract_once_its_lines_are_added(folder: Path) -> None:
    """The model, the entry that is printed, and the schema that follows from both."""
    shutil.copytree(ROOT / "hub", folder / "hub", ignore=shutil.ignore_patterns("__pycache__", "_shipped"))
    (folder / "schemas").mkdir()
    shown = new("event", "nl.zaken.zaak-heropend.v1", "--summary", "A zaak was opened again.").output
    lines = [line.removeprefix("→").strip() for line in shown.splitlines()]
    [imported] = [line for line in lines if line.startswith("from hub.event.")]
    [entry] = [line for line in lines if line.startswith("EventType(")]

    catalogue = folder / "hub" / "event" / "catalogue.py"
    text = catalogue.read_text().replace("from hub.event.zaken", f"{imported}\nfrom hub.event.zaken", 1)
    catalogue.write_text(text.replace("    for each in (\n", f"    for each in (\n        {entry}\n", 1))
    run(folder, "python", "-m", "hub.event.schemas")

    assert (folder / "schemas" / "events" / "nl.zaken.zaak-heropend.v1.schema.json").is_file()
    run(folder, "ruff", "check", "--config", str(ROOT / "pyproject.toml"), "hub/event/zaak_heropend.py")
    run(folder, "ruff", "format", "--config", str(ROOT / "pyproject.toml"), "--check", "hub/event/zaak_heropend.py")


def test_a_mapping_of_an_answer_begins_with_the_fields_of_the_answer(folder: Path) -> None:
    """Of a target every field waits for what the target calls it; an asker must ask something first."""
    new("connection", "bron", "--adapter", "zgw", "--direction", "outbound")
    answer = "nl.zaken.zaken-opvragen.v1.antwoord"

    new("mapping", "bron", answer)

    text = (folder / "mappings" / "bron" / f"{answer}.map.yaml").read_text()
    assert f"gives: {answer}" in text
    assert '# - {to: "zaken[]", each: , rules: []}' in text
    new("connection", "balie", "--adapter", "stuf_zds", "--direction", "inbound")
    assert "makes a question" in refusal("mapping", "balie", "creeerZaak_Lk01.antwoord", "--gives", "x").reason
