"""Cursors: only the hub makes them, only the hub reads them, and each is of one list."""

from __future__ import annotations

import base64

import pytest

from hub.console.api.cursor import Cursors
from hub.errors import ActRefused

KEY = bytes(range(32))
BEHIND = ["2026-11-23T12:00:00+00:00", 3, "zaken-naar-zgw", "a-message-of-somebody-else", "afgeleverd"]


def test_it_comes_back_as_it_was() -> None:
    """To every process of the installation."""
    assert Cursors(KEY).read("alerts", Cursors(KEY).written("alerts", BEHIND)) == BEHIND


def test_who_has_one_cannot_read_it() -> None:
    """It may name a line that was taken out of the page: one that the person may not see. None is twice the same."""
    one, other = (Cursors(KEY).written("alerts", BEHIND) for _ in range(2))

    raw = base64.urlsafe_b64decode(one + "=" * (-len(one) % 4))
    assert b"somebody-else" not in raw
    assert b"2026" not in raw
    assert one != other


@pytest.mark.parametrize("cursor", ["", "x", "AAAA", "A" * 400, "é", "****"])
def test_one_that_is_not_ours_is_refused(cursor: str) -> None:
    """Whatever it looks like."""
    with pytest.raises(ActRefused) as refused:
        Cursors(KEY).read("alerts", cursor)
    assert refused.value.code == "cursor"


def test_one_of_another_list_or_another_installation_is_refused() -> None:
    """Or one in which a character was changed."""
    made = Cursors(KEY).written("alerts", BEHIND)
    changed = f"{made[:-4]}{'A' if made[-4] != 'A' else 'B'}{made[-3:]}"

    for cursors, of, given in (
        (Cursors(KEY), "plans", made),
        (Cursors(bytes(32)), "alerts", made),
        (Cursors(KEY), "alerts", changed),
    ):
        with pytest.raises(ActRefused):
            cursors.read(of, given)
