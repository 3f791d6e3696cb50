"""Findings for programs: JSON, JUnit XML for a build server, SARIF 2.1.0 for a code host.

It knows the formats. It refuses to know the terminal.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import groupby

from lxml import etree

from hub.mapping.lint.findings import RULES, Edit, Finding, Severity

_SARIF = "https://json.schemastore.org/sarif-2.1.0.json"


def as_json(findings: Sequence[Finding]) -> str:
    """Give a list of objects, one for each finding."""
    return json.dumps([_plain(each) for each in findings], indent=2, ensure_ascii=False)


def _plain(finding: Finding) -> dict[str, object]:
    place = finding.place
    return {
        "rule": finding.rule_id,
        "severity": finding.severity.value,
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "message": finding.message,
        "advice": finding.advice,
        "fix": [
            {"line": each.place.line, "column": each.place.column, "old": each.old, "new": each.new}
            for each in finding.fix
        ],
    }


def as_junit(findings: Sequence[Finding], files: Sequence[str]) -> str:
    """Give one test suite with a test case per file; an error fails its case, the rest is told beside it."""
    by_file = {
        file: list(found) for file, found in groupby(sorted(findings, key=lambda f: f.place), lambda f: f.place.file)
    }
    failed = sum(1 for found in by_file.values() if any(each.severity is Severity.ERROR for each in found))
    names = sorted({*files, *by_file})
    counts = {"tests": str(len(names)), "failures": str(failed), "errors": "0"}
    root = etree.Element("testsuites", {"name": "zaakhub map lint", **counts})
    suite = etree.SubElement(root, "testsuite", {"name": "zaakhub map lint", **counts, "skipped": "0", "time": "0"})
    for name in names:
        case = etree.SubElement(suite, "testcase", {"classname": "lint", "name": name, "file": name, "time": "0"})
        found = by_file.get(name, [])
        wrong = [each for each in found if each.severity is Severity.ERROR]
        if wrong:
            said = {"type": wrong[0].rule_id, "message": f"{len(wrong)} of {len(found)} findings are errors"}
            etree.SubElement(case, "failure", said).text = "\n".join(map(_line, found))
        elif found:
            etree.SubElement(case, "system-out").text = "\n".join(map(_line, found))
    return etree.tostring(root, encoding="unicode", pretty_print=True)


def _line(finding: Finding) -> str:
    place = f"{finding.place.file}:{finding.place.line}:{finding.place.column}"
    advice = f" ({finding.advice})" if finding.advice else ""
    return f"{place}: {finding.severity}: {finding.message}{advice} [{finding.rule_id}]"


def as_sarif(findings: Sequence[Finding], *, version: str) -> str:
    """Give a SARIF 2.1.0 log: one run, every rule, a result for each finding."""
    rules = list(RULES)
    log = {
        "$schema": _SARIF,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {"name": "zaakhub map lint", "version": version, "rules": [_rule(id_) for id_ in rules]}
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(each, rules.index(each.rule_id)) for each in findings],
            }
        ],
    }
    return json.dumps(log, indent=2, ensure_ascii=False)


def _rule(rule_id: str) -> dict[str, object]:
    rule = RULES[rule_id]
    return {
        "id": rule_id,
        "shortDescription": {"text": rule.summary},
        "defaultConfiguration": {"level": rule.severity.value},
    }


def _result(finding: Finding, index: int) -> dict[str, object]:
    advice = f" → {finding.advice}" if finding.advice else ""
    region: dict[str, object] = {"startLine": max(finding.place.line, 1)}
    if finding.place.column:
        region["startColumn"] = finding.place.column
        if finding.width:
            region["endColumn"] = finding.place.column + finding.width
    result: dict[str, object] = {
        "ruleId": finding.rule_id,
        "ruleIndex": index,
        "level": finding.severity.value,
        "message": {"text": finding.message + advice},
        "locations": [{"physicalLocation": {"artifactLocation": _artifact(finding.place.file), "region": region}}],
    }
    if finding.fix:
        result["fixes"] = [_fix(finding.fix)]
    return result


def _artifact(file: str) -> dict[str, object]:
    return {"uri": file.replace(" ", "%20")}


def _fix(edits: Sequence[Edit]) -> dict[str, object]:
    return {
        "description": {"text": ", ".join(f"{each.old} → {each.new}" for each in edits)},
        "artifactChanges": [
            {
                "artifactLocation": _artifact(each.place.file),
                "replacements": [
                    {
                        "deletedRegion": {
                            "startLine": each.place.line,
                            "startColumn": each.place.column,
                            "endLine": each.place.line,
                            "endColumn": each.place.column + len(each.old),
                        },
                        "insertedContent": {"text": each.new},
                    }
                ],
            }
            for each in edits
        ],
    }
