"""Persons in the Logboek Dataverwerkingen: found again with the key, and with nothing else."""

from __future__ import annotations

import pytest

from hub.security.keys import Keys
from hub.security.personal import Bsn

KEYS = Keys(lambda: b"k" * 32)


def test_a_person_is_the_same_person_in_every_record_and_nobody_reads_who() -> None:
    """So that who asks what was done with its data gets all of it."""
    one, other = Bsn("999990019"), Bsn("999990020")

    assert KEYS.sealed(one) == KEYS.sealed(one) != KEYS.sealed(other)
    assert "999990019" not in KEYS.sealed(one)
    assert KEYS.unsealed(KEYS.sealed(one)) == one


@pytest.mark.parametrize("sealed", [Keys(lambda: b"x" * 32).sealed(Bsn("999990019")), "AAAA", "geen base64!"])
def test_what_this_installation_did_not_write_is_nobody(sealed: str) -> None:
    """Neither is it repeated."""
    with pytest.raises(ValueError, match="not written with the key of this installation"):
        KEYS.unsealed(sealed)
