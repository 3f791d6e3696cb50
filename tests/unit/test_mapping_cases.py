"""Cases: found in the folders, run, compared by path, refreshed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lxml import etree

from hub.errors import ConfigurationWrong
from hub.mapping.cases import Case, differences, find_cases, refresh, run_case
from hub.mapping.run import Mapped, Mapping
from hub.ports.contracts import Document
from tests.support.mapping import Language


@pytest.fixture
def language(tmp_path: Path) -> Language:
    return Language(tmp_path)


def _case(language: Language, story: str = "verhaal", **files: str) -> Path:
    folder = language.connection / "cases" / story
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text)
    return folder


def _read(message: bytes) -> Document:
    return Document("bericht", etree.fromstring(message), "forms", "1", "Z1", "Z1")


def _mappings(language: Language) -> dict[str, Mapping]:
    return {"bericht": language.rules("- {to: a, from: a}\n- {to: wie, from: $zender}")}


def test_cases_are_found_by_connection_and_story(language: Language) -> None:
    """In order of name."""
    _case(language, "b", input_xml="<x/>")
    _case(language, "a", input_json="{}")

    assert [case.name for case in find_cases(language.root)] == ["proef/a", "proef/b"]


def test_a_story_without_one_input_is_a_mistake(language: Language) -> None:
    """Neither none nor two."""
    _case(language, input_xml="<x/>", input_json="{}")

    with pytest.raises(ConfigurationWrong, match=r"one input\.xml or one input\.json"):
        find_cases(language.root)


def test_a_message_is_read_by_the_adapter_and_mapped(language: Language) -> None:
    """The context is that of the worker."""
    _case(language, input_xml="<bericht><a>1</a></bericht>")

    mapped = run_case(find_cases(language.root)[0], _mappings(language), _read)

    assert mapped.data == {"a": "1", "wie": "forms"}


def test_an_event_is_mapped_by_its_type(language: Language) -> None:
    """No adapter reads it."""
    _case(language, input_json='{"type": "bericht", "data": {"a": 1}}')

    assert run_case(find_cases(language.root)[0], _mappings(language), _read).data == {"a": 1}


def test_a_case_that_no_mapping_reads_is_a_mistake(language: Language) -> None:
    """It would prove nothing."""
    _case(language, input_json='{"type": "ander", "data": {}}')

    with pytest.raises(ConfigurationWrong, match="no mapping reads ander"):
        run_case(find_cases(language.root)[0], _mappings(language), _read)


def test_the_difference_is_told_by_path(language: Language) -> None:
    """Absent, extra, other value, other type, other length; and what is read or not."""
    expected = {"weg": 1, "lijst": [{"a": 1}, 2], "getal": 1, "zelfde": {"b": None}}
    folder = _case(language, input_xml="<x/>", expected_json=json.dumps(expected), unread_txt="oud\nblijft\n")
    case = Case("proef/verhaal", language.connection, folder / "input.xml")
    mapped = Mapped({"lijst": [{"a": 2}], "getal": "1", "zelfde": {"b": None}, "nieuw": "ja"}, ("blijft", "vers"))

    assert differences(case, mapped) == [
        "weg: expected 1, is absent",
        "lijst[0].a: expected 1, is 2",
        "lijst: expected 2 items, has 1",
        'getal: expected 1, is "1"',
        'nieuw: not expected, is "ja"',
        "unread: vers is not read",
        "unread: oud is read now",
    ]


def test_a_refreshed_case_has_no_difference(language: Language) -> None:
    """The file of unread paths is there only when there are any."""
    folder = _case(language, input_xml="<x/>")
    case = Case("proef/verhaal", language.connection, folder / "input.xml")
    first, second = Mapped({"naam": "één"}, ("b", "a")), Mapped({"naam": "één"}, ())

    refresh(case, first)
    assert differences(case, first) == []
    assert case.unread.read_text() == "b\na\n"
    refresh(case, second)
    assert differences(case, second) == []
    assert not case.unread.exists()


def test_the_order_of_fields_is_no_difference_but_the_type_is(language: Language) -> None:
    """JSON objects have no order; true is not 1."""
    folder = _case(language, input_xml="<x/>", expected_json='{"a": 1, "b": true}')
    case = Case("proef/verhaal", language.connection, folder / "input.xml")

    assert differences(case, Mapped({"b": True, "a": 1}, ())) == []
    assert differences(case, Mapped({"b": 1, "a": 1}, ())) == ["b: expected true, is 1"]
