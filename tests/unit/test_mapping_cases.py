"""Cases: found in the folders, run, compared by path, refreshed."""

from __future__ import annotations

import json
from collections.abc import Mapping as TypingMapping
from pathlib import Path

import pytest
from lxml import etree

from hub.errors import ConfigurationWrong, TargetRefused
from hub.mapping.cases import NO_HEADERS, Case, Outcome, Tools, differences, find_cases, refresh, run_case
from hub.mapping.run import Mapping
from hub.ports.contracts import Document, Outgoing, Step
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


def _read(message: bytes, headers: TypingMapping[str, str] = NO_HEADERS, /) -> Document:
    return Document(headers.get("soapaction", "bericht"), etree.fromstring(message), "forms", "1", "Z1", "Z1")


def _mappings(language: Language) -> dict[str, Mapping]:
    return {"bericht": language.rules("- {to: a, from: a}\n- {to: wie, from: $zender}")}


def _tools(language: Language) -> Tools:
    return Tools(_mappings(language), read=_read)


def _told(case: Case, outcome: Outcome) -> list[str]:
    return [str(each) for each in differences(case, outcome)]


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

    mapped = run_case(find_cases(language.root)[0], _tools(language))

    assert mapped.data == {"a": "1", "wie": "forms"}


def test_an_event_is_mapped_by_its_type(language: Language) -> None:
    """No adapter reads it."""
    _case(language, input_json='{"type": "bericht", "data": {"a": 1}}')

    assert run_case(find_cases(language.root)[0], _tools(language)).data == {"a": 1}


def test_a_case_that_no_mapping_reads_is_a_mistake(language: Language) -> None:
    """It would prove nothing."""
    _case(language, input_json='{"type": "ander", "data": {}}')

    with pytest.raises(ConfigurationWrong, match="no mapping reads ander"):
        run_case(find_cases(language.root)[0], Tools(_mappings(language)))


def test_the_difference_is_told_by_path(language: Language) -> None:
    """Absent, extra, other value, other type, other length; and what is read or not."""
    expected = {"weg": 1, "lijst": [{"a": 1}, 2], "getal": 1, "zelfde": {"b": None}}
    folder = _case(language, input_xml="<x/>", expected_json=json.dumps(expected), unread_txt="oud\nblijft\n")
    case = Case("proef/verhaal", language.connection, folder / "input.xml")
    mapped = Outcome(
        {"lijst": [{"a": 2}], "getal": "1", "zelfde": {"b": None}, "nieuw": "ja"}, unread=("blijft", "vers")
    )

    assert _told(case, mapped) == [
        "weg: expected 1, is absent",
        "lijst[0].a: expected 1, is 2",
        "lijst: expected 2 items, has 1",
        'getal: expected 1, is "1"',
        'nieuw: not expected, is "ja"',
        "unread vers: expected to be read or ignored, is not",
        "unread oud: expected to stay unread, is read or absent now",
    ]


def test_a_refreshed_case_has_no_difference(language: Language) -> None:
    """The file of unread paths is there only when there are any."""
    folder = _case(language, input_xml="<x/>")
    case = Case("proef/verhaal", language.connection, folder / "input.xml")
    first, second = Outcome({"naam": "één"}, unread=("b", "a")), Outcome({"naam": "één"})

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

    assert differences(case, Outcome({"b": True, "a": 1})) == []
    assert _told(case, Outcome({"b": 1, "a": 1})) == ["b: expected true, is 1"]


def test_the_adapter_is_given_the_headers_of_the_case(language: Language) -> None:
    """Two services of ZDS 1.1 send the same element: only the SOAPAction tells them apart."""
    _case(language, input_xml="<bericht><a>1</a></bericht>", headers_json='{"soapaction": "ander"}')

    with pytest.raises(ConfigurationWrong, match="no mapping reads ander"):
        run_case(find_cases(language.root)[0], _tools(language))


def _failing(language: Language) -> Tools:
    return Tools({"bericht": language.rules("- {to: zaak.a, from: a, via: [geheel-getal]}")}, read=_read)


def test_a_case_may_expect_the_mapping_to_stop(language: Language) -> None:
    """With the target and the reason; a mapping that goes on is the difference."""
    _case(language, input_xml="<bericht><a>één</a></bericht>")
    case = find_cases(language.root)[0]
    outcome = run_case(case, _failing(language))

    refresh(case, outcome)

    assert case.file("fails.txt").read_text().startswith("zaak.a: ")
    assert "één" not in case.file("fails.txt").read_text()
    assert not case.expected.exists()
    assert differences(case, outcome) == []
    [said] = differences(case, run_case(case, _tools(language)))
    assert said.path == "the whole"
    assert said.actual == "is mapped"


def test_a_mapping_that_stops_is_a_difference(language: Language) -> None:
    """Also when it stops at another rule than before."""
    folder = _case(language, input_xml="<bericht><a>één</a></bericht>", expected_json="{}")
    case = find_cases(language.root)[0]
    outcome = run_case(case, _failing(language))

    assert [each.expected for each in differences(case, outcome)] == ["expected to be mapped"]
    case.expected.unlink()
    (folder / "fails.txt").write_text("zaak.b: another reason\n")
    assert [each.expected for each in differences(case, outcome)] == ["expected to fail: zaak.b: another reason"]


def test_a_case_without_a_result_differs(language: Language) -> None:
    """What nobody looked at proves nothing; a case with two results neither."""
    folder = _case(language, input_xml="<bericht><a>1</a></bericht>")
    case = find_cases(language.root)[0]
    outcome = run_case(case, _tools(language))

    assert _told(case, outcome) == ["the whole: nothing is expected yet, --refresh writes what comes out"]
    (folder / "expected.json").write_text("{}")
    (folder / "fails.txt").write_text("a: reason")
    with pytest.raises(ConfigurationWrong, match=r"expected\.json or fails\.txt"):
        differences(case, outcome)


def _steps(outgoing: Outgoing) -> list[Step]:
    document = outgoing.body
    if not isinstance(document, dict) or "a" not in document:
        raise TargetRefused("nothing to send", code="leeg")
    return [Step(f"{outgoing.kind}/{document['a']}", "zaak aanmaken", {"velden": document})]


def test_a_case_may_expect_the_requests(language: Language) -> None:
    """Only where it asks for them: the steps that the adapter plans, compared by path."""
    folder = _case(language, input_json='{"type": "bericht", "data": {"a": 1}}')
    case, tools = find_cases(language.root)[0], Tools(_mappings(language), plan=_steps)
    assert run_case(case, tools).requests is None

    (folder / "requests.json").write_text("[]")
    outcome = run_case(case, tools)

    assert "requests: expected 0 items, has 1" in _told(case, outcome)
    refresh(case, outcome)
    assert differences(case, outcome) == []
    assert json.loads((folder / "requests.json").read_text()) == [
        {"key": "bericht/1", "name": "zaak aanmaken", "body": {"velden": {"a": 1}}}
    ]


def test_requests_that_the_adapter_refuses_differ(language: Language) -> None:
    """With the reason; an inbound connection makes none at all."""
    _case(language, input_json='{"type": "bericht", "data": {}}', expected_json="{}", requests_json="[]")
    case = find_cases(language.root)[0]

    outcome = run_case(case, Tools(_mappings(language), plan=_steps))

    assert _told(case, outcome) == ["requests: expected some, refused: nothing to send"]
    with pytest.raises(ConfigurationWrong, match="only an outbound connection"):
        run_case(case, Tools(_mappings(language), read=_read))


WRITTEN = b'<a:zaak xmlns:a="urn:a" a:soort="T"><a:naam>x</a:naam><a:naam>y</a:naam></a:zaak>'


def test_a_written_message_is_compared_by_element(language: Language) -> None:
    """Whatever its prefixes and white space; kept so that a person can read it."""
    _case(language, input_json='{"type": "bericht", "data": {"a": 1}}')
    case = find_cases(language.root)[0]

    refresh(case, Outcome(body=WRITTEN))

    kept = case.file("expected.xml").read_text()
    assert kept.splitlines()[1] == "  <a:naam>x</a:naam>"
    assert differences(case, Outcome(body=WRITTEN)) == []
    other = b'<zaak xmlns="urn:a" xmlns:b="urn:a" b:soort="W"><naam>x</naam><naam>z</naam><naam/></zaak>'
    assert _told(case, Outcome(body=other)) == [
        'zaak/@soort: expected "T", is "W"',
        'zaak/naam[2]: expected "y", is "z"',
        "zaak/naam[3]: not expected, is there",
    ]
    assert _told(case, Outcome(body=b'<zaak xmlns="urn:b"/>')) == ["zaak: expected {urn:a}zaak, is {urn:b}zaak"]
    assert _told(case, Outcome({"a": 1})) == ["the whole: expected a message, the mapping gives JSON"]


@pytest.mark.parametrize("name", ["input_json", "expected_json", "requests_json"])
def test_a_file_that_is_no_json_is_told_with_its_place(language: Language, name: str) -> None:
    """Which file, which line."""
    files = {"input_json": '{"type": "bericht", "data": {"a": 1}}', name: "{\n  wrong"}
    _case(language, **files)
    case = find_cases(language.root)[0]

    with pytest.raises(ConfigurationWrong, match="is not JSON") as error:
        differences(case, run_case(case, Tools(_mappings(language), plan=_steps)))

    assert error.value.line == 2
