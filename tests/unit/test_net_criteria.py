"""Criteria of a question: which way is asked, what is looked at here, and where an answer goes on."""

from __future__ import annotations

from typing import Any

import pytest

from hub.errors import TargetRefused
from hub.net.criteria import Takes, after, fits, ordered, same, way_of, written

PLACES = {"nummer": "nummer", "eigenaar": "", "postcode": "adressen.postcode", "letter": "adressen.letter"}
TAKES = (Takes(("eigenaar",)), Takes(("nummer",)), Takes(("postcode",), ("letter",)))


@pytest.mark.parametrize(
    ("question", "by", "query", "compared"),
    [
        ({"postcode": "9999 aa"}, "postcode", {"postcode": "9999AA"}, {}),
        ({"postcode": "9999AA", "letter": "b"}, "postcode", {"postcode": "9999AA", "letter": "b"}, {}),
        ({"postcode": "9999AA", "letter": None}, "postcode", {"postcode": "9999AA"}, {"adressen.letter": None}),
        ({"nummer": 7, "postcode": "9999aa"}, "nummer", {"nummer": "7"}, {"adressen.postcode": "9999AA"}),
        ({"nummer": None, "postcode": "9999AA"}, "postcode", {"postcode": "9999AA"}, {"nummer": None}),
        ({"eigenaar": "x", "nummer": "7"}, "eigenaar", {"eigenaar": "x"}, {"nummer": "7"}),
    ],
)
def test_the_first_way_that_a_question_has_is_asked(
    question: dict[str, Any], by: str, query: dict[str, str], compared: dict[str, object]
) -> None:
    """And nothing that it says besides is left out."""
    assert way_of(question, TAKES, PLACES) == (by, query, compared)


def test_a_question_that_no_way_takes_has_none() -> None:
    """Empty is not given."""
    assert way_of({"letter": "a", "nummer": ""}, TAKES, PLACES) is None


def test_what_can_not_be_looked_at_here_is_not_left_out() -> None:
    """It would find others."""
    with pytest.raises(TargetRefused, match="eigenaar can not be asked together with nummer"):
        way_of({"eigenaar": "x", "nummer": "7"}, TAKES[1:], PLACES)


@pytest.mark.parametrize(
    ("wanted", "found", "is_same"),
    [
        ("A", "a", True),
        (1, "1", True),
        ("0", 0, True),
        (None, None, True),
        (None, "", True),
        (None, [], True),
        (None, "A", False),
        ("A", None, False),
        ("A", [], False),
        ("b", ["A", "B"], True),
        (None, ["A"], False),
    ],
)
def test_values_are_compared_as_people_write_them(wanted: object, found: object, *, is_same: bool) -> None:
    """Without regard to case; null is no value; among others is enough."""
    assert same(wanted, found) is is_same


@pytest.mark.parametrize(
    ("wanted", "fitting"),
    [
        ({}, True),
        ({"nummer": "7"}, True),
        ({"nummer": "8"}, False),
        ({"adressen.postcode": "9999AA", "adressen.letter": "A"}, True),
        ({"adressen.postcode": "9999AB", "adressen.letter": "A"}, False),
        ({"adressen.postcode": "9999AB", "adressen.letter": None}, True),
        ({"eigenaar.naam": None}, True),
        ({"eigenaar.naam": "x"}, False),
    ],
)
def test_of_several_one_has_all_that_is_wanted(wanted: dict[str, object], *, fitting: bool) -> None:
    """A letter of one address does not go with the postcode of another."""
    row = {"nummer": 7, "adressen": [{"postcode": "9999AA", "letter": "A"}, {"postcode": "9999AB"}]}

    assert fits(row, wanted) is fitting


@pytest.mark.parametrize(
    ("order", "found"),
    [
        (["n"], [2, 10, None]),
        (["-n"], [10, 2, None]),
        (["t"], ["a", "B", None]),
        (["-t"], ["B", "a", None]),
        ([], ["B", None, "a"]),
        (["g", "-t"], ["B", "a", None]),
    ],
)
def test_what_has_no_value_is_last_in_either_direction(order: list[str], found: list[object]) -> None:
    """Numbers are in the order of numbers, texts in that of letters, large or small."""
    rows: list[dict[str, Any]] = [
        {"n": 10, "t": "B", "g": 1},
        {"n": None, "t": None, "g": 1},
        {"n": 2, "t": "a", "g": 1},
    ]
    name = order[-1].removeprefix("-") if order else "t"

    assert [row[name] for row in ordered(rows, order, lambda row, path: row.get(path))] == found


def test_an_answer_goes_on_after_the_last_one() -> None:
    """Where that is gone nobody guesses; without one it is all."""
    rows = [{"nummer": each} for each in "abc"]

    assert after(rows, None, lambda row: row["nummer"], thing="row") == rows
    assert after(rows, "b", lambda row: row["nummer"], thing="row") == rows[2:]
    with pytest.raises(TargetRefused, match="the row after which to go on"):
        after(rows, "d", lambda row: row["nummer"], thing="row")


def test_a_criterion_is_written_as_a_source_takes_it() -> None:
    """A postcode without its space, the rest as it is."""
    assert [written("postcode", " 9999 aa "), written("naam", " De Vries "), written("huisnummer", 1)] == [
        "9999AA", "De Vries", "1",
    ]  # fmt: skip
