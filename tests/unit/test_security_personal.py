"""Values about a person print as `***`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.security.personal import Bsn, Personal, is_bsn


def test_a_personal_value_never_prints() -> None:
    """Not by str, repr, format, f-string or inside a container."""
    secret = Personal("Jansen")

    shown = [
        str(secret),
        repr(secret),
        f"{secret} {secret!r} {secret:>10}",
        str([secret]),
        str({1: secret}),
    ]

    assert "Jansen" not in "".join(shown)
    assert secret.reveal() == "Jansen"


def test_a_personal_value_is_equal_by_value_and_kind() -> None:
    """It can be compared and used as a key without being revealed."""
    assert Bsn("999990019") == Bsn("999990019")
    assert len({Bsn("999990019"), Bsn("999990019"), Bsn("999993653")}) == 2
    assert Personal("999990019") != Bsn("999990019")


@pytest.mark.parametrize("digits", ["999990018", "99999001", "9999900190", "99999001x", "000000000", "\uff19" * 9, ""])
def test_what_is_no_bsn_is_refused_without_being_repeated(digits: str) -> None:
    """The error says the form, not the value."""
    with pytest.raises(ValueError, match=r"^not a BSN: nine digits that pass the 11-test$"):
        Bsn(digits)


def _with_check_digit(number: int) -> str:
    """Give the first BSN at or after eight digits: one in eleven has no check digit of one digit."""
    return next(each for each in (f"{nine:09}" for nine in range(number * 10, number * 10 + 30)) if is_bsn(each))


@given(st.integers(min_value=1, max_value=99_999_990).map(_with_check_digit), st.data())
def test_the_11_test_finds_every_single_wrong_digit(digits: str, data: st.DataObject) -> None:
    """That is what it is for."""
    at = data.draw(st.integers(0, 8))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != digits[at]]))

    assert not is_bsn(digits[:at] + other + digits[at + 1 :])
