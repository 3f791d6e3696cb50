"""YAML with positions."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.config.yaml import Place, parse_yaml, read_yaml
from hub.errors import ConfigurationWrong


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("true", True),
        ("false", False),
        ("True", "True"),
        ("null", None),
        ("~", None),
        ("", None),
        ("0344", "0344"),
        ("0", 0),
        ("-12", -12),
        ("1.50", 1.5),
        ("1e3", 1000.0),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("12:30", "12:30"),
        ("2026-01-31", "2026-01-31"),
        (".inf", ".inf"),
        ("'12'", "12"),
        ("!!str 12", "12"),
    ],
)
def test_a_scalar_means_what_it_looks_like(written: str, read: object) -> None:
    """Only true and false are booleans; leading zeros, dates and times are text."""
    value = parse_yaml(f"x: {written}", name="t.yaml").plain()["x"]

    assert value == read
    assert type(value) is type(read)


def test_keys_are_text_as_written() -> None:
    """A lookup table may have `J`, `1` and `null` as keys."""
    assert parse_yaml("{no: a, 1: b, null: c, true: d}", name="t.yaml").plain() == {
        "no": "a",
        "1": "b",
        "null": "c",
        "true": "d",
    }


def test_every_value_and_key_knows_its_place() -> None:
    """Lines and columns count from 1."""
    root = parse_yaml("a: 1\nb:\n  - x\n  - {c: y}\n", name="t.yaml")

    item = root.mapping()["b"].items()[1]
    assert root.place_of("b") == Place("t.yaml", 2, 1)
    assert item.place == Place("t.yaml", 4, 5)
    assert item.mapping()["c"].place == Place("t.yaml", 4, 9)
    assert str(item.wrong("is strange", key="c")) == "t.yaml:4:6: is strange"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\nb: 2\na: 3\n", "t.yaml:3:1: the key a stands here twice (the first is on line 1)"),
        ("a: &x 1\nb: *x\n", "t.yaml:2:4: is not YAML: an alias"),
        ("a: !!python/name:os.system x", "t.yaml:1:4: the tag tag:yaml.org,2002:python/name:os.system"),
        ("a: !geheim x", "t.yaml:1:4: the tag !geheim"),
        ("a: !!int x", "t.yaml:1:4: the value does not fit its tag"),
        ("a: [1, 2", "t.yaml:1:9: is not YAML: while parsing a flow sequence"),
        ("a: 1\n---\nb: 2\n", "t.yaml:2:1: is not YAML: expected a single document"),
        ("? [a]\n: 1\n", "t.yaml:1:3: a key must be"),
        ("a: 1\nb: \x07\n", "t.yaml:2: is not YAML: special characters are not allowed"),
    ],
)
def test_what_is_refused_is_refused_at_its_place(text: str, problem: str) -> None:
    """A file that cannot be read says where and why."""
    with pytest.raises(ConfigurationWrong) as caught:
        parse_yaml(text, name="t.yaml")

    assert str(caught.value).startswith(problem)


def test_asking_for_another_kind_of_value_is_an_error_at_its_place() -> None:
    """A list where a mapping is due, a number where a text is due."""
    root = parse_yaml("a: [1]\nb: 12\n", name="t.yaml").mapping()

    with pytest.raises(ConfigurationWrong, match=r"t\.yaml:1:4: must be a mapping \(key: value\), is a list"):
        root["a"].mapping()
    with pytest.raises(ConfigurationWrong, match=r"t\.yaml:2:4: must be a list, is a number"):
        root["b"].items()
    with pytest.raises(ConfigurationWrong, match=r"t\.yaml:2:4: must be text, is a number \(put it in quotes\)"):
        root["b"].text()


def test_texts_change_and_places_stay() -> None:
    """What is filled in keeps the line it was written on."""
    root = parse_yaml("a: [x, 1]\nb: {c: y}\n", name="t.yaml")

    changed = root.with_texts(lambda node: node.text().upper())

    assert changed.plain() == {"a": ["X", 1], "b": {"c": "Y"}}
    assert changed.mapping()["b"].mapping()["c"].place.line == 2


def test_a_file_that_is_not_there_or_not_utf8_is_named(tmp_path: Path) -> None:
    """Reading problems name the file."""
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("a: é".encode("latin-1"))

    with pytest.raises(ConfigurationWrong, match=r"weg\.yaml: cannot be read: No such file or directory"):
        read_yaml(tmp_path / "weg.yaml")
    with pytest.raises(ConfigurationWrong, match=r"latin\.yaml: is not UTF-8 \(byte 3\)"):
        read_yaml(latin)


def test_an_empty_file_is_an_empty_value(tmp_path: Path) -> None:
    """Also with a byte order mark, as Windows editors write it."""
    file = tmp_path / "leeg.yaml"
    file.write_bytes(b"\xef\xbb\xbf# niets\n")

    assert read_yaml(file).plain() is None
