"""The connections that come as examples: as right as those that are shipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.cli.mapping.lint import findings_of
from hub.mapping.lint.findings import Finding, Severity
from tests.support.examples import EXAMPLES, with_examples

NAMES = sorted(path.name for path in (Path(__file__).parents[2] / "mappings" / EXAMPLES).iterdir() if path.is_dir())


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> list[Finding]:
    """Take all examples into use, and lint them once."""
    return findings_of(with_examples(tmp_path_factory.mktemp("installation")), NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_lint_has_nothing_against_an_example(findings: list[Finding], name: str) -> None:
    """No mistake, and no field of an event or message that nobody reads or ignores."""
    own = [each for each in findings if f"/{name}/" in str(each.place)]

    wrong = [each for each in own if each.severity is not Severity.NOTE or each.rule_id == "unread-source"]
    assert [f"{each.place}: {each.message}" for each in wrong] == []
