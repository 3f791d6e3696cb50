"""The shipped mappings backwards, on messages from practice: what is written reads back the same, or is named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from typing import Any, NamedTuple

import pytest
from lxml import etree

from adapters.stuf_zds.forms import forms
from hub.config.shipped import shipped
from hub.mapping.compile import load_mappings
from hub.mapping.invert import invert
from hub.mapping.read import Files
from hub.mapping.resolve import resolve
from hub.mapping.rules import read_mapping
from hub.mapping.run import Mapping
from hub.wire.stuf.kennisgeving import fold
from tests.support.samples import Sample, to_deliver
from tests.support.shared import cases_of

CONNECTION = "formulieren-naar-zaken"
ZAKEN = {
    "creeerZaak_Lk01": "nl.zaken.zaak-aangemaakt.v1",
    "updateZaak_Lk01": "nl.zaken.zaak-bijgewerkt.v1",
    "actualiseerZaakstatus_Lk01": "nl.zaken.zaakstatus-gezet.v1",
}
SAMPLES = [each for each in to_deliver() if each.service in ZAKEN]


class Backwards(NamedTuple):
    """Both ways of one kind of message, and the targets that come back only one way."""

    forward: Mapping
    backward: Mapping
    one_way: frozenset[str]


@pytest.fixture(scope="module")
def both_ways(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Backwards]:
    root = tmp_path_factory.mktemp("installation") / "mappings"
    copytree(shipped("mappings"), root)
    forward = load_mappings(root / CONNECTION, root=root, forms=forms())
    return {kind: _both(root, kind, forward[kind]) for kind in ZAKEN}


def _both(root: Path, kind: str, forward: Mapping) -> Backwards:
    folder = root / kind
    folder.mkdir()
    head = f"message: {forward.gives}\ngives: {kind}\ninverts: {CONNECTION}/{kind}\n"
    (folder / f"{forward.gives}.map.yaml").write_text(head)
    backward = load_mappings(folder, root=root, forms=forms())[forward.gives]
    files = Files(root / CONNECTION, root)
    sheet = resolve(read_mapping(*files.read(root / CONNECTION / f"{kind}.map.yaml")), files)
    return Backwards(forward, backward, frozenset(_plain(each.target) for each in invert(sheet, forms()[kind]).one_way))


@pytest.mark.parametrize("sample", cases_of(SAMPLES, lambda each: each.name))
def test_what_is_written_reads_back_the_same(sample: Sample, both_ways: dict[str, Backwards]) -> None:
    """Every field of the event, but for those that are named as one-way."""
    both = both_ways[sample.service]
    message = sample.message().element
    fold(message)
    event = both.forward.run(message).data

    again = both.forward.run(etree.fromstring(both.backward.write(event).body)).data

    before, after = set(_fields(event)), set(_fields(again))
    changed = {_plain(path) for path, _ in before ^ after}
    assert {path for path in changed if not _within(path, both.one_way)} == set()


def _fields(value: Any, path: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401 - JSON
    """Give every value with its path; items of lists by what they hold, since one that is lost moves the others."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _fields(each, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for each in value:
            yield from _fields(each, path)
    else:
        yield path, repr(value)


def _plain(target: str) -> str:
    return re.sub(r"\[\d*\]", "", target)


def _within(path: str, targets: frozenset[str]) -> bool:
    """Tell whether a path is one of these, a part of one, or the type of something that is lost with it."""
    return any(path == each or path.startswith(f"{each}.") for each in targets)
