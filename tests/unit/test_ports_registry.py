"""Adapters are found at run time and made for a connection."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from hub.config.connection import Connection, Direction
from hub.config.load import load_connection
from hub.errors import ConfigurationWrong
from hub.ports import registry as registry_module
from hub.ports.registry import Registry

MANIFEST = """\
name: {name}
version: "1"
title: Een proef
directions: [inbound]
messages: [proef]
personal_data: geen
"""

OPTIONS = """
from typing import Literal
from pydantic import BaseModel, ConfigDict

class Options(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    versie: Literal["1.1", "1.2"] = "1.2"
    rsin: str
"""

INBOUND = """
class Made:
    def __init__(self, options):
        self.options = options

def create(options):
    return Made(options)
"""

CONNECTION = """\
connection: proeven
direction: inbound
access: {{kind: none}}
adapter: {adapter}
options:
  rsin: "002564440"
"""


def write_adapter(root: Path, package: str, name: str, *, manifest: str = MANIFEST) -> None:
    """Write an adapter that only knows its options."""
    folder = root / package / name
    folder.mkdir(parents=True)
    (root / package / "__init__.py").touch()
    (folder / "__init__.py").touch()
    (folder / "manifest.yaml").write_text(manifest.format(name=name), encoding="utf-8")
    (folder / "options.py").write_text(dedent(OPTIONS), encoding="utf-8")
    (folder / "inbound.py").write_text(dedent(INBOUND), encoding="utf-8")
    (folder / "simulator.py").write_text("FAR_SIDE = True\n", encoding="utf-8")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give the name of a package of adapters that nothing else imports: `proef`, and a folder without manifest."""
    name = f"adapters_{tmp_path.name}".replace("-", "_")
    write_adapter(tmp_path, name, "proef")
    (tmp_path / name / "__pycache__").mkdir(exist_ok=True)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(registry_module, "entry_points", lambda **_: [])
    return name


def connection(tmp_path: Path, old: str = "", new: str = "") -> Connection:
    """Load the connection of these tests, with one thing changed."""
    folder = tmp_path / "proeven"
    folder.mkdir(exist_ok=True)
    text = CONNECTION.format(adapter="proef").replace(old, new) if old else CONNECTION.format(adapter="proef")
    (folder / "connection.yaml").write_text(text, encoding="utf-8")
    return load_connection(folder, {})


def test_an_adapter_is_a_folder_with_a_manifest(package: str) -> None:
    """Found without being imported or registered."""
    found = Registry(package)

    assert found.names() == ["proef"]
    assert found.manifest("proef").messages == ("proef",)
    assert found.folder("proef").name == "proef"


def test_an_adapter_is_made_with_its_own_options(package: str, tmp_path: Path) -> None:
    """Validated by its own model, defaults included."""
    made: Any = Registry(package).inbound(connection(tmp_path))

    assert made.options.rsin == "002564440"
    assert made.options.versie == "1.2"


def test_a_connection_made_in_code_works_too(package: str) -> None:
    """The in-memory hub has no files."""
    made: Any = Registry(package).inbound(
        Connection.model_validate(
            {
                "connection": "x",
                "direction": "inbound",
                "adapter": "proef",
                "access": {"kind": "none"},
                "options": {"rsin": "1"},
            }
        )
    )

    assert made.options.rsin == "1"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  rsin:", "  rsn:", "6:3: the key rsin is missing"),
        ("  rsin:", "  rsn:", "6:3: unknown key rsn (did you mean rsin?)"),
        ("  rsin:", '  versie: "1.2x"\n  rsin:', "6:11: versie must be '1.1' or '1.2' (did you mean 1.2?)"),
        ('options:\n  rsin: "002564440"\n', "", "1:1: the key rsin is missing"),
        ("adapter: proef", "adapter: proeff", "4:1: there is no adapter proeff (did you mean proef?)"),
        (
            "direction: inbound\naccess: {kind: none}",
            "direction: outbound\ndomain: x\ntarget: {services: {a: 'http://b'}}",
            "2:1: adapter proef is inbound only",
        ),
    ],
)
def test_a_mistake_is_an_error_at_its_line(package: str, tmp_path: Path, old: str, new: str, said: str) -> None:
    """An option of an adapter is as well guarded as a key of the hub itself."""
    wrong = connection(tmp_path, old, new)
    found = Registry(package)

    with pytest.raises(ConfigurationWrong) as caught:
        (found.outbound if wrong.direction == "outbound" else found.inbound)(wrong)

    assert f"{wrong.file}:{said}" in [str(problem) for problem in caught.value.problems]


def test_an_inbound_connection_is_not_made_outbound(package: str, tmp_path: Path) -> None:
    """The direction of the connection decides."""
    with pytest.raises(ConfigurationWrong, match=r":2:1: this connection is inbound, not outbound"):
        Registry(package).outbound(connection(tmp_path))


def test_an_inbound_adapter_that_fetches_wants_to_know_where(package: str, tmp_path: Path) -> None:
    """And one that does not has no use for a target."""
    registry = Registry(package)
    target = "target: {services: {bron: 'https://bron.example/'}}\noptions:"
    with pytest.raises(ConfigurationWrong, match="fetches nothing"):
        registry.inbound(connection(tmp_path, "options:", target))

    (tmp_path / package / "proef" / "fetch.py").write_text("def create(options):\n    return options\n")
    assert registry.fetching(connection(tmp_path)) is not None
    assert registry.polling(connection(tmp_path)) is None
    assert registry.subscribing(connection(tmp_path)) is None
    registry.inbound(connection(tmp_path, "options:", target))
    with pytest.raises(ConfigurationWrong, match="is missing: the adapter fetches"):
        registry.inbound(connection(tmp_path))


def test_each_direction_may_have_options_of_its_own(package: str, tmp_path: Path) -> None:
    """What a sender needs is seldom what a receiver needs."""
    options = tmp_path / package / "proef" / "options.py"
    options.write_text(options.read_text() + "\n\nclass InboundOptions(Options):\n    pass\n")
    registry = Registry(package)

    assert registry.options("proef", Direction.INBOUND).__name__ == "InboundOptions"
    assert registry.options("proef", Direction.OUTBOUND).__name__ == "Options"


def test_a_simulator_is_found_beside_its_adapter(package: str) -> None:
    """It plays the far side."""
    assert Registry(package).simulator("proef").FAR_SIDE is True


def test_an_unknown_simulator_is_named_with_its_correction(package: str) -> None:
    """Asked for on the command line, so without a file."""
    with pytest.raises(ConfigurationWrong, match=r"there is no adapter pruef \(did you mean proef\?\)"):
        Registry(package).simulator("pruef")


def test_a_third_party_brings_an_adapter_by_entry_point(
    package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An installed package is found beside our own."""
    write_adapter(tmp_path, f"derden_{package}", "waterschap")
    point = EntryPoint("waterschap", f"derden_{package}.waterschap", registry_module.GROUP)
    monkeypatch.setattr(registry_module, "entry_points", lambda **_: [point])

    found = Registry(package)

    assert found.names() == ["proef", "waterschap"]
    assert found.manifest("waterschap").name == "waterschap"


def test_two_adapters_of_one_name_stop_the_start(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which of them would be used must not depend on luck."""
    point = EntryPoint("proef", "elders.proef", registry_module.GROUP)
    monkeypatch.setattr(registry_module, "entry_points", lambda **_: [point])

    with pytest.raises(ConfigurationWrong, match="adapter proef is there twice"):
        Registry(package)


def test_a_manifest_must_have_the_name_of_its_folder(package: str, tmp_path: Path) -> None:
    """The name is what connections use."""
    (tmp_path / package / "proef" / "manifest.yaml").write_text(MANIFEST.format(name="pruef"), encoding="utf-8")

    with pytest.raises(ConfigurationWrong, match=r"manifest\.yaml:1:7: name must be proef"):
        Registry(package).manifest("proef")


def test_every_shipped_adapter_has_a_sound_manifest() -> None:
    """Each folder says what it does and which personal data passes."""
    found = Registry()

    assert all(found.manifest(name).personal_data for name in found.names())


ASKED = MANIFEST.replace("[inbound]", "[ask]").replace("messages: [proef]", "questions: [nl.zaken.zaken-opvragen.v1]")
ASK = """\
connection: proeven
direction: ask
adapter: vraagbaak
target: {services: {vragen: "http://vragen/"}}
options:
  rsin: "002564440"
"""


def test_a_connection_that_only_answers_questions(package: str, tmp_path: Path) -> None:
    """Its adapter has a lookup and nothing else; it needs no domain, and lets nobody in."""
    write_adapter(tmp_path, package, "vraagbaak", manifest=ASKED)
    (tmp_path / package / "vraagbaak" / "inbound.py").rename(tmp_path / package / "vraagbaak" / "lookup.py")
    folder = tmp_path / "mappings" / "proeven"
    folder.mkdir(parents=True)
    (folder / "connection.yaml").write_text(ASK, encoding="utf-8")
    connection = load_connection(folder, {})

    made: Any = Registry(package).asking(connection)

    assert (connection.direction, made.options.rsin) == (Direction.ASK, "002564440")
    with pytest.raises(ConfigurationWrong, match="this connection is ask, not outbound"):
        Registry(package).outbound(connection)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ("domain: zaken", "domain is only for an outbound connection"),
        ("access: {kind: none}", "access is only for an inbound connection"),
        ("asks: anderen", "asks, report, crossing and recheck are only for an inbound connection"),
        ("recheck: {}", "asks, report, crossing and recheck are only for an inbound connection"),
        ("shadow: true", "shadow is only for an inbound connection"),
        ("takes: replays", "takes is only for an outbound connection"),
    ],
)
def test_what_a_connection_that_answers_cannot_say(tmp_path: Path, wrong: str, reason: str) -> None:
    """It is told at the line."""
    folder = tmp_path / "proeven"
    folder.mkdir()
    (folder / "connection.yaml").write_text(f"{ASK}{wrong}\n", encoding="utf-8")

    with pytest.raises(ConfigurationWrong) as refused:
        load_connection(folder, {})

    assert reason in str(refused.value)
