"""Failures that look alike have one fingerprint, whatever differs from one message to the next."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.flow.fingerprint import ANY, fingerprint, fingerprinted, in_common
from tests.support.ledger_entries import a_failure

_WORDS = st.sampled_from(
    ["zaaktype", "is not in the catalogus", "the target said", "no rule for", "timeout", "(from naam)"]
)
_QUOTABLE = st.text(st.characters(blacklist_characters='"', blacklist_categories=["Cs"]), max_size=30)
_DIFFERING = st.one_of(
    st.integers(0, 10**15).map(str),
    st.uuids().map(str),
    _QUOTABLE.map(lambda text: f'"{text}"'),
    st.integers(1, 10**9).map(lambda number: f"https://zgw.example.nl/zaken/api/v1/zaken/{number}?x={number}#a"),
    st.integers(100, 10**9).map(lambda number: f"ZAAK-2026-{number}"),
    st.integers(100, 10**9).map(lambda number: f"0599.{number}"),
)


@given(st.lists(st.tuples(_WORDS, _DIFFERING, _DIFFERING), min_size=1, max_size=6))
def test_what_differs_between_messages_makes_no_other_failure(said: list[tuple[str, str, str]]) -> None:
    """Numbers, ids, quoted names and URLs, wherever they stand in the sentence."""
    one = " ".join(f"{word} {this}" for word, this, _ in said)
    other = " ".join(f"{word} {that}" for word, _, that in said)

    assert in_common(one) == in_common(other)


@given(st.text(max_size=200))
def test_what_is_in_common_has_nothing_that_differs(reason: str) -> None:
    """Whatever the reason: doing it again changes nothing, and no number is left."""
    common = in_common(reason)

    assert in_common(common) == common
    assert not any(each.isascii() and each.isdigit() for each in common)


@pytest.mark.parametrize(
    ("reason", "common"),
    [
        (
            'zaaktype "B1062" is not in the catalogus of RSIN 002220647; nearest: "B1026"',
            f"zaaktype {ANY} is not in the catalogus of RSIN {ANY}; nearest: {ANY}",
        ),
        ("can't do it, won't either", "can't do it, won't either"),
        ("nearest: 'B1026', 'B1027' or 'B1028'", f"nearest: {ANY}"),
        ("it took 3.5 s", f"it took {ANY} s"),
        ('cut short: "abc', f"cut short: {ANY}"),
        ("an indicatie is J or N", "an indicatie is J or N"),
        ("does not fit nl.zaken.zaak-bijgewerkt: string_type", "does not fit nl.zaken.zaak-bijgewerkt: string_type"),
        ("", ""),
    ],
)
def test_words_stay(reason: str, common: str) -> None:
    """They say what is wrong."""
    assert in_common(reason) == common


def test_the_place_in_a_list_makes_no_other_failure() -> None:
    """The third rol is as wrong as the first; another field is another failure."""
    failure = a_failure("f-1")
    third = failure._replace(where="zakLk01/object[3]/startdatum (line 12)")
    first = failure._replace(where="zakLk01/object/startdatum (line 7)")

    assert fingerprint(third) == fingerprint(first)
    assert fingerprint(first._replace(where="zakLk01/object/einddatum")) != fingerprint(first)


@pytest.mark.parametrize("field", ["stage", "code", "where", "reason", "target", "revision"])
def test_each_of_these_makes_another_failure(field: str) -> None:
    """Stage, code, place, words, target and revision of the mapping."""
    failure = a_failure("f-1")

    other = failure._replace(**{field: "another"})  # type: ignore[arg-type] # all of them are texts
    assert fingerprint(other) != fingerprint(failure)


@pytest.mark.parametrize("field", ["id", "item_id", "zaak", "kind", "advice", "fault"])
def test_none_of_these_makes_another_failure(field: str) -> None:
    """Whose it is and which message it was do not matter; nor what happened to it since."""
    failure = a_failure("f-1")

    other = failure._replace(**{field: str(uuid.uuid4())})  # type: ignore[arg-type] # all of them are texts
    assert fingerprint(other) == fingerprint(failure)
    assert fingerprint(failure._replace(attempts=99)) == fingerprint(failure)


def test_parts_do_not_run_into_each_other() -> None:
    """What ends one part does not begin the next."""
    failure = a_failure("f-1")

    assert fingerprint(failure._replace(stage="ab", code="c")) != fingerprint(failure._replace(stage="a", code="bc"))


def test_a_failure_gets_its_target_and_fingerprint() -> None:
    """The same failure at another target is another."""
    one = fingerprinted(a_failure("f-1"), target="zaken.example.nl")
    other = fingerprinted(a_failure("f-1"), target="test.example.nl")

    assert (one.target, one.fingerprint) == ("zaken.example.nl", fingerprint(one))
    assert one.fingerprint != other.fingerprint
