"""Rules of the house that no linter knows."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from hub.security.personal import NOBODYS

ROOT = Path(__file__).parents[2]


def _files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    names = listed.stdout.splitlines()
    if not names:  # an unpacked archive has no git
        return [path for path in ROOT.rglob("*") if path.is_file() and ".venv" not in path.parts]
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def _texts() -> list[tuple[Path, str]]:
    texts = []
    for path in _files():
        try:
            texts.append((path, path.read_text()))
        except UnicodeDecodeError:
            continue
    return texts


def test_no_file_names_a_package_registry() -> None:
    """Lock files are pinned by hash; where a package comes from is the machine's to say."""
    names = ("pypi" + r"\.org", "pythonhosted" + r"\.org", "registry" + r"\.npmjs", "repo1?" + r"\.maven")
    hosts = re.compile("|".join(names))

    assert [path for path, text in _texts() if hosts.search(text)] == []


def test_nothing_is_left_for_later_in_the_code() -> None:
    """What is not done stands in an issue, not in a comment."""
    later = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    code = [(path, text) for path, text in _texts() if path.suffix in {".py", ".yaml", ".sh", ".sql", ".toml"}]

    assert [path for path, text in code if later.search(text)] == []


def test_every_bsn_in_the_repository_is_of_the_test_range() -> None:
    """A number of nine digits that passes the 11-test begins with 9999, is a made-up RSIN, or known to be nobody's."""
    allowed = re.compile(r"(?:rsin|RSIN|nnpId|innNnpId|bronorganisatie|organisatie)", re.IGNORECASE)
    found: list[str] = []
    for path, text in _texts():
        if path.suffix in {".txt", ".lock"}:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            numbers = re.findall(r"(?<![\d.\-])\d{9}(?![\d.])", line)
            found.extend(
                f"{path.relative_to(ROOT)}:{number}: {digits}"
                for digits in numbers
                if _eleven(digits) and not digits.startswith("9999") and not allowed.search(line)
                if digits not in NOBODYS
            )

    assert found == []


def test_the_decisions_are_numbered_without_gaps() -> None:
    """Each has a title that repeats its number."""
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))

    assert [path.name[:4] for path in decisions] == [f"{number:04}" for number in range(1, len(decisions) + 1)]
    assert all(path.read_text().startswith(f"# {path.name[:4]}. ") for path in decisions)


def _eleven(digits: str) -> bool:
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return digits != "0" * 9 and sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11 == 0
