"""Layers of packs, and layers over a part: over what they lie, in which order, and what is said when they cannot."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from hub.errors import ConfigurationWrong
from hub.flow.bundle import compile_bundle, pack, read_bundle
from hub.mapping.compile import changed_by, load_mappings
from hub.mapping.run import Mapping
from tests.support.mapping import Language, xml

BASE = """
message: bericht
gives: vrij
zaaktype: object/zaaktype
rules:
  - {to: naam, from: object/naam}
  - {to: kanaal, value: connection}
  - to: wie[]
    each: object/persoon
    rules: [{use: persoon}]
"""
PART = """
rules:
  - {to: nummer, from: nummer}
  - {to: naam, from: naam}
"""
PERSON = "<persoon><nummer>0</nummer><naam>Niemand</naam></persoon><persoon><nummer>7</nummer></persoon>"


@pytest.fixture
def language(tmp_path: Path) -> Language:
    made = Language(tmp_path)
    made.part("persoon", PART)
    _write(made.connection / "bericht.map.yaml", BASE)
    for name in ("een", "twee"):
        _pack(made, name)
    return made


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dedent(text).lstrip("\n"))


def _pack(language: Language, name: str, **layers: str) -> None:
    head = f"dialect: {name}\ntitle: Proef\nversions: '1'\nadapter: stuf_zds\nover: proef\n"
    _write(language.root / "_dialects" / name / "dialect.yaml", head)
    for subject, rules in layers.items():
        what = "part" if subject == "persoon" else "message"
        text = f"layer: {{dialect: {name}}}\n{what}: {subject}\nrules:\n  - {rules}\n"
        _write(language.root / "_dialects" / name / f"{subject}.{name}.layer.yaml", text)


def _use(language: Language, said: str) -> Mapping:
    _write(language.connection / "connection.yaml", f"connection: proef\ndialects: {said}\n")
    return load_mappings(language.connection, root=language.root)["bericht"]


def _kanaal(mapping: Mapping, *, zender: str = "", zaaktype: str = "") -> str:
    message = xml(f"<zaaktype>{zaaktype}</zaaktype>" if zaaktype else "")
    kanaal: str = mapping.run(message, context={"zender": zender}).data["kanaal"]
    return kanaal


def test_each_layer_wins_over_the_one_before_it(language: Language) -> None:
    """Connection < packs in their order < sender < zaaktype."""
    _pack(language, "een", bericht="{to: kanaal, value: een}")
    _pack(language, "twee", bericht="{to: kanaal, value: twee}")
    for kind, name in (("sender", "loket"), ("zaaktype", "B1")):
        layer = f"layer: {{{kind}: {name}}}\nmessage: bericht\nrules: [{{to: kanaal, value: {kind}}}]\n"
        _write(language.connection / f"bericht.{name}.layer.yaml", layer)

    mapping = _use(language, "[een, twee]")

    assert _kanaal(mapping) == "twee"
    assert _kanaal(_use(language, "[twee, een]")) == "een"
    assert _kanaal(mapping, zender="loket") == "sender"
    assert _kanaal(mapping, zender="loket", zaaktype="B1") == "zaaktype"
    assert _kanaal(_use(language, "[]")) == "connection"


def test_a_pack_for_one_sender_is_for_its_messages_only(language: Language) -> None:
    """Below its own layer, if it has one."""
    _pack(language, "een", bericht="{to: kanaal, value: een}")
    own = "layer: {sender: 1900/B}\nmessage: bericht\nrules: [{to: kanaal, value: eigen}]\n"
    _write(language.connection / "bericht.b.layer.yaml", own)

    mapping = _use(language, "{1900/A: [een], 1900/B: [een]}")

    assert [_kanaal(mapping, zender=each) for each in ("1900/A", "1900/B", "1900/C")] == ["een", "eigen", "connection"]


def test_a_layer_over_a_part_changes_it_wherever_it_is_used(language: Language) -> None:
    """Inside a list too; the rules of the part that fill something else stay."""
    _pack(language, "een", persoon='{to: nummer, from: nummer, when: {not: {path: nummer, equals: "0"}}}')

    mapped = _use(language, "[een]").run(xml(PERSON))

    assert mapped.data["wie"] == [{"naam": "Niemand"}, {"nummer": "7"}]
    assert mapped.unread == ()


def test_a_layer_over_a_part_may_be_of_a_sender(language: Language) -> None:
    """Nothing of it is about packs."""
    layer = "layer: {sender: loket}\npart: persoon\nrules: [{to: naam, value: X}]\n"
    _write(language.connection / "persoon.loket.layer.yaml", layer)
    mapping = _use(language, "[]")

    told = [mapping.run(xml(PERSON), context={"zender": each}).data["wie"][1] for each in ("loket", "ander")]

    assert told == [{"nummer": "7", "naam": "X"}, {"nummer": "7"}]


def test_the_explanation_names_the_pack(language: Language) -> None:
    """With the place of the rule in it."""
    _pack(language, "een", persoon="{to: naam, value: X}")

    fields = {each.target: each for each in _use(language, "[een]").explain(xml(PERSON)).fields}

    assert fields["wie[0].naam"].layer == "dialect een"
    assert fields["wie[0].naam"].rule == "mappings/_dialects/een/persoon.een.layer.yaml:4"
    assert fields["wie[0].nummer"].layer == "connection"


def test_a_layer_over_another_message_is_left_out(language: Language) -> None:
    """A pack is for connections with more messages than this one, or fewer."""
    _pack(language, "een", anders="{to: kanaal, value: een}")

    assert _kanaal(_use(language, "[een]")) == "connection"
    assert changed_by("een", language.connection, root=language.root) == {}


def test_only_a_mapping_that_a_pack_changes_has_another_revision(language: Language) -> None:
    """And it has another one when the pack is for others, though no file of rules changed."""
    _pack(language, "een", bericht="{to: kanaal, value: een}")
    _write(language.connection / "ander.map.yaml", "message: ander\ngives: vrij\nrules: [{to: a, value: b}]\n")

    def revisions(said: str) -> tuple[str, str]:
        _use(language, said)
        found = load_mappings(language.connection, root=language.root)
        return found["bericht"].revision, found["ander"].revision

    without, everyone, one = revisions("[]"), revisions("[een]"), revisions("{1900/A: [een]}")

    assert len({without[0], everyone[0], one[0]}) == 3
    assert len({without[1], everyone[1], one[1]}) == 1


def test_a_pack_travels_with_the_revision(language: Language, tmp_path: Path) -> None:
    """A worker that has no packs of its own compiles the same; of connection.yaml only the packs go along."""
    _pack(language, "een", bericht="{to: kanaal, value: een}")
    _use(language, "{1900/A: [een]}")
    bundle = read_bundle("proef", language.root, forms={})

    mappings = compile_bundle("proef", bundle.files, root_name="mappings", home=tmp_path, forms={})

    assert _kanaal(mappings["bericht"], zender="1900/A") == "een"
    assert mappings["bericht"].revision == bundle.mappings["bericht"].revision
    _use(language, "[]")
    assert pack("proef", language.root) != bundle.files


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "_dialects/een/bericht.x.layer.yaml",
            "layer: {sender: loket}\nmessage: bericht\nrules: []\n",
            "mappings/_dialects/een/bericht.x.layer.yaml:1:1: a pack has layers of its own dialect only",
        ),
        (
            "_dialects/een/bericht.x.layer.yaml",
            "layer: {dialect: twee}\nmessage: bericht\nrules: []\n",
            "mappings/_dialects/een/bericht.x.layer.yaml:1:1: a pack has layers of its own dialect only",
        ),
        (
            "_dialects/een/persoon.x.layer.yaml",
            "layer: {dialect: een}\npart: persoon\nmessage: bericht\nrules: []\n",
            "mappings/_dialects/een/persoon.x.layer.yaml:2:1: a layer lies over a `message` or over a `part`",
        ),
        (
            "_dialects/een/persoon.x.layer.yaml",
            "layer: {dialect: een}\npart: person\nrules: []\n",
            "mappings/_dialects/een/persoon.x.layer.yaml:1:1: there is no part `person`",
        ),
        (
            "_dialects/een/adres.x.layer.yaml",
            "layer: {dialect: een}\npart: persoon\nrules: []\n",
            "mappings/_dialects/een/adres.x.layer.yaml:1:1: the file is named adres.x.layer.yaml, but its part is",
        ),
        (
            "proef/bericht.x.layer.yaml",
            "layer: {dialect: een}\nmessage: bericht\nrules: []\n",
            "mappings/proef/bericht.x.layer.yaml:1:1: a layer of a dialect stands in its pack",
        ),
        (
            "proef/persoon.a.layer.yaml",
            "layer: {sender: A}\nrules: []\n",
            "mappings/proef/persoon.a.layer.yaml:1:1: a layer needs `message`",
        ),
    ],
)
def test_a_mistake_is_pointed_at(language: Language, name: str, text: str, said: str) -> None:
    """With file, line and column."""
    _write(language.root / name, text)

    with pytest.raises(ConfigurationWrong) as caught:
        _use(language, "[een]")

    assert str(caught.value).startswith(said)


def test_one_sender_has_one_layer_over_a_part(language: Language) -> None:
    """As over a message: nobody could tell which of the two wins."""
    for name in ("a", "b"):
        layer = "layer: {sender: loket}\npart: persoon\nrules: [{to: naam, value: X}]\n"
        _write(language.connection / f"persoon.{name}.layer.yaml", layer)

    with pytest.raises(ConfigurationWrong, match="the sender `loket` has a layer already"):
        _use(language, "[]")
