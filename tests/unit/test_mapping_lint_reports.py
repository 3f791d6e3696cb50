"""What lint tells programs: JSON, JUnit XML and SARIF, as those who read them want it; and its page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from hub.config.yaml import Place
from hub.mapping.lint.findings import RULES, Edit, Finding, reference
from hub.mapping.lint.reports import as_json, as_junit, as_sarif

FILE, OTHER = "mappings/in/a.map.yaml", "mappings/_parts/met spatie.yaml"
FINDINGS = [
    Finding(
        "unknown-target", Place(FILE, 4, 15), "no field", "did you mean b?", (Edit(Place(FILE, 4, 15), "a", "b"),), 1
    ),
    Finding("may-repeat", Place(FILE, 5, 2), "more than one"),
    Finding("unread-source", Place(OTHER, 0, 0), "nothing reads `<x>`"),
]
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "mapping-lint.md"


def _sarif(findings: list[Finding]) -> Any:  # noqa: ANN401 - plain JSON data
    return json.loads(as_sarif(findings, version="1.0"))


def test_json_says_all_there_is() -> None:
    """One object for each finding."""
    first, second, _ = json.loads(as_json(FINDINGS))

    assert first == {
        "rule": "unknown-target",
        "severity": "error",
        "file": FILE,
        "line": 4,
        "column": 15,
        "message": "no field",
        "advice": "did you mean b?",
        "fix": [{"line": 4, "column": 15, "old": "a", "new": "b"}],
    }
    assert (second["severity"], second["fix"]) == ("warning", [])


def test_sarif_has_the_published_form() -> None:
    """SARIF 2.1.0 §3.13, §3.14, §3.19, §3.27, §3.49: what is required is there, in the types and ranges it asks for."""
    log = _sarif(FINDINGS)

    assert set(log) == {"$schema", "version", "runs"}
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert run["columnKind"] in {"utf16CodeUnits", "unicodeCodePoints"}
    driver = run["tool"]["driver"]
    assert driver["name"]
    assert [each["id"] for each in driver["rules"]] == list(RULES)
    for each in driver["rules"]:
        assert each["shortDescription"]["text"].endswith(".")
        assert each["defaultConfiguration"]["level"] in {"none", "note", "warning", "error"}
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"none", "note", "warning", "error"}
        assert result["message"]["text"]
        (location,) = result["locations"]
        physical = location["physicalLocation"]
        assert physical["region"]["startLine"] >= 1
        assert physical["region"].get("startColumn", 1) >= 1
        assert physical["region"].get("endColumn", 99) > physical["region"].get("startColumn", 0)


def test_sarif_places_are_relative_for_a_code_host() -> None:
    """An annotation on a change is found by a path from the root of the repository, as a URI."""
    uris = [
        each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for each in _sarif(FINDINGS)["runs"][0]["results"]
    ]

    assert uris == [FILE, FILE, "mappings/_parts/met%20spatie.yaml"]


def test_sarif_holds_the_correction() -> None:
    """§3.55: what is deleted, and what comes in its place."""
    result = _sarif(FINDINGS)["runs"][0]["results"][0]

    (change,) = result["fixes"][0]["artifactChanges"]
    assert change["artifactLocation"] == {"uri": FILE}
    assert change["replacements"] == [
        {
            "deletedRegion": {"startLine": 4, "startColumn": 15, "endLine": 4, "endColumn": 16},
            "insertedContent": {"text": "b"},
        }
    ]


def test_junit_counts_what_it_holds() -> None:
    """A file is a test case: it fails when it has an error; what is less is told beside it."""
    root = etree.fromstring(as_junit(FINDINGS, ["mappings/in/goed.map.yaml", FILE]))

    (suite,) = root
    cases = {case.get("name"): case for case in suite}
    assert (root.tag, suite.tag) == ("testsuites", "testsuite")
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("3", "1", "0")
    assert [(name, [each.tag for each in case]) for name, case in cases.items()] == [
        (OTHER, ["system-out"]),
        (FILE, ["failure"]),
        ("mappings/in/goed.map.yaml", []),
    ]
    (failure,) = cases[FILE]
    assert (failure.get("type"), failure.get("message")) == ("unknown-target", "1 of 2 findings are errors")
    assert f"{FILE}:4:15: error: no field (did you mean b?) [unknown-target]" in (failure.text or "")


@pytest.mark.parametrize("findings", [[], FINDINGS])
def test_nothing_found_is_a_report_too(findings: list[Finding]) -> None:
    """Each format can be read back."""
    assert len(json.loads(as_json(findings))) == len(findings)
    assert len(_sarif(findings)["runs"][0]["results"]) == len(findings)
    assert etree.fromstring(as_junit(findings, [])).tag == "testsuites"


def test_the_page_of_rules_is_the_one_made_from_the_rules() -> None:
    """After a change: `python -m hub.mapping.lint > docs/reference/mapping-lint.md`."""
    assert PAGE.read_text() == reference()
