"""The files from which is loaded: every way in which a system writes a column of numbers."""

from __future__ import annotations

import pytest

from hub.desk.load import Line, lines_of
from hub.errors import ActRefused

COLUMNS = ("burgerservicenummer", "bsn")
A, B = "999910000", "999910012"


@pytest.mark.parametrize(
    "content",
    [
        f"{A}\n{B}\n",
        f"{A}\r\n{B}",
        f"﻿{A}\n{B}\n",
        f'"{A}"\n"{B}"\n',
        f"{A};Jansen\n{B};De Vries\n",
    ],
)
def test_numbers_without_a_heading(content: str) -> None:
    """One on each line, the first of a row; also as a JSON text."""
    assert list(lines_of(content.encode(), COLUMNS)) == [Line(1, A), Line(2, B)]


@pytest.mark.parametrize(
    "content",
    [
        f"BSN\n{A}\n{B}\n",
        f"naam;bsn;jaar\nJansen;{A};1980\nDe Vries;{B};1981\n",
        f'naam,burgerservicenummer\nJansen,{A}\n"Vries, de",{B}\n',
        f"naam\tbsn\nJansen\t{A}\nDe Vries\t{B}\n",
    ],
)
def test_numbers_under_a_heading(content: str) -> None:
    """Whatever stands beside them."""
    assert list(lines_of(content.encode(), COLUMNS)) == [Line(2, A), Line(3, B)]


def test_numbers_in_json_lines() -> None:
    """A field that is named after them; what is no JSON is a line without a number."""
    content = f'{{"naam": "Jansen", "bsn": "{A}"}}\n\nkapot\n{{"burgerservicenummer": "{B}"}}\n{{"bsn": 1}}\n[]\n'

    assert list(lines_of(content.encode(), COLUMNS)) == [
        Line(1, A), Line(3, ""), Line(4, B), Line(5, ""), Line(6, ""),
    ]  # fmt: skip


def test_an_empty_line_is_left_out_and_a_short_one_holds_no_number() -> None:
    """The number of a line is that of the file."""
    content = f"naam;bsn\nJansen\n\nDe Vries;{B}\n"

    assert list(lines_of(content.encode(), COLUMNS)) == [Line(2, ""), Line(4, B)]


@pytest.mark.parametrize("content", [b"", b"\n\n"])
def test_a_file_without_numbers_has_no_lines(content: bytes) -> None:
    """Whoever loads it is told so."""
    assert list(lines_of(content, COLUMNS)) == []


def test_what_is_no_text_is_refused() -> None:
    """A spreadsheet, for one; nothing of it is repeated."""
    with pytest.raises(ActRefused) as refused:
        list(lines_of(b"PK\x03\x04\xff\xfe", COLUMNS))
    assert "UTF-8" in str(refused.value)
