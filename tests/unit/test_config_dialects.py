"""The key `dialects` of a connection, and what stands in a dialect.yaml."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.config.connection import Connection
from hub.config.load import load_connection
from hub.errors import ConfigurationWrong
from hub.ports.registry import Registry

CONNECTION = "connection: formulieren\ndirection: inbound\nadapter: stuf_zds\naccess: {kind: none}\n"
PACK = "dialect: {name}\ntitle: Proef\nversions: '1'\nadapter: stuf_zds\nover: formulieren\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a folder of connections with two packs."""
    _pack(tmp_path, "ruim", "options:\n  validate: warn\n  applicatie: ANDERS\n")
    _pack(tmp_path, "streng", "options: {validate: reject}\n")
    return tmp_path


def _pack(root: Path, name: str, rest: str = "") -> Path:
    folder = root / "_dialects" / name
    folder.mkdir(parents=True)
    (folder / "dialect.yaml").write_text(PACK.format(name=name) + rest)
    return folder


def _load(root: Path, rest: str) -> Connection:
    folder = root / "formulieren"
    folder.mkdir(exist_ok=True)
    (folder / "connection.yaml").write_text(CONNECTION + rest)
    return load_connection(folder, {})


def _wrong(root: Path, rest: str) -> str:
    with pytest.raises(ConfigurationWrong) as caught:
        Registry().inbound(_load(root, rest))
    return str(caught.value).removeprefix(f"{root}/")


def test_options_of_packs_lie_below_those_of_the_connection(root: Path) -> None:
    """The last pack wins over the one before it, and the connection over both."""
    options = _load(root, "dialects: [ruim, streng]\noptions: {organisatie: '1900'}\n").options
    own = _load(root, "dialects: [streng, ruim]\noptions: {validate: accept}\n").options

    assert options == {"validate": "reject", "applicatie": "ANDERS", "organisatie": "1900"}
    assert own == {"validate": "accept", "applicatie": "ANDERS"}


def test_options_of_a_pack_for_one_sender_do_not_count(root: Path) -> None:
    """The door reads a message before it is known whose it is: what is loose for one would be for everybody."""
    connection = _load(root, "dialects: {1900/FORMULIEREN: [ruim]}\n")

    assert connection.options == {}
    assert connection.dialects == {"1900/FORMULIEREN": ("ruim",)}


def test_an_option_of_a_pack_that_is_wrong_is_pointed_at_in_the_pack(root: Path) -> None:
    """With line and column, as the adapter says it."""
    _pack(root, "fout", "options:\n  validate: maybe\n")

    assert _wrong(root, "dialects: [fout]\n").startswith("_dialects/fout/dialect.yaml:7:13: validate must be")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("dialects: [ruim, strang]\n", "formulieren/connection.yaml:5:18: there is no dialect strang"),
        ("dialects: {1900/A: [strang]}\n", "formulieren/connection.yaml:5:21: there is no dialect strang"),
        ("dialects: [ruim, ruim]\n", "formulieren/connection.yaml:5:18: the dialect ruim stands here twice"),
        ("dialects: ruim\n", "formulieren/connection.yaml:5:11: must be a list, is text"),
        ("dialects: [1]\n", "formulieren/connection.yaml:5:12: must be text, is a number"),
        ("dialects: [ander]\n", "formulieren/connection.yaml:5:12: the dialect ander is of adapter zgw, not stuf_zds"),
    ],
)
def test_a_pack_that_cannot_be_used_is_refused_where_it_is_named(root: Path, written: str, said: str) -> None:
    """With the name that is likely meant."""
    (_pack(root, "ander") / "dialect.yaml").write_text(PACK.format(name="ander").replace("stuf_zds", "zgw"))

    found = _wrong(root, written)

    assert found.startswith(said)
    assert "strang" not in said or "streng" in found.removeprefix(said)


def test_a_pack_is_named_as_its_folder(root: Path) -> None:
    """The name is what a connection says."""
    (root / "_dialects/ruim/dialect.yaml").write_text(PACK.format(name="breed"))

    assert _wrong(root, "dialects: [ruim]\n").startswith(
        "_dialects/ruim/dialect.yaml:1:10: dialect must be the name of its folder, ruim"
    )
