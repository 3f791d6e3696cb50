"""The keys of an installation."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.errors import ConfigurationWrong
from hub.security.keys import KEY_BYTES, Keys
from hub.security.personal import Bsn


def test_every_purpose_has_a_key_of_its_own(tmp_path: Path) -> None:
    """Whoever has one of them knows nothing of the others, nor of the secret."""
    file = tmp_path / "key"
    file.write_bytes(bytes(range(KEY_BYTES)))
    keys = Keys.at(file, made_at=None)

    derived = {keys.of("bsn"), keys.of("replay"), keys.of("session"), keys.of("cursor")}

    assert len(derived | {file.read_bytes()}) == 5
    assert all(len(key) == KEY_BYTES for key in derived)
    assert Keys.at(file, made_at=None).of("bsn") in derived


def test_a_person_has_one_hash_per_installation() -> None:
    """The same everywhere in one installation, another in the next, and never the BSN."""
    bsn = Bsn("999990019")
    here, elsewhere = Keys(lambda: bytes(KEY_BYTES)), Keys(lambda: b"\1" * KEY_BYTES)

    assert here.subject(bsn) == here.subject(Bsn("999990019"))
    assert here.subject(bsn) != elsewhere.subject(bsn)
    assert here.subject(bsn) != here.subject(Bsn("999993653"))
    assert "99999" not in here.subject(bsn)


def test_in_development_a_secret_is_made_once(tmp_path: Path) -> None:
    """Only its owner may read it, and the next process finds the same."""
    made_at = tmp_path / "home" / "key"

    first, second = Keys.at(None, made_at=made_at).of("cursor"), Keys.at(None, made_at=made_at).of("cursor")

    assert first == second
    assert made_at.stat().st_mode & 0o777 == 0o600
    assert list(made_at.parent.iterdir()) == [made_at]


def test_without_a_secret_nothing_stops_until_one_is_needed() -> None:
    """Then the message names the setting and what to do."""
    keys = Keys.at(None, made_at=None)

    with pytest.raises(ConfigurationWrong, match=r"ZAAKHUB_KEY_FILE: is missing: required outside ontwikkel"):
        keys.of("bsn")


@pytest.mark.parametrize(("content", "said"), [(b"kort", "holds 4 bytes, not 32"), (None, "cannot be read")])
def test_a_file_that_is_no_secret_is_refused(tmp_path: Path, content: bytes | None, said: str) -> None:
    """The message says what is wrong with it and shows nothing of it."""
    file = tmp_path / "key"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(ConfigurationWrong, match=said) as caught:
        Keys.at(file, made_at=None).of("bsn")

    assert "kort" not in str(caught.value)


def test_keys_do_not_print() -> None:
    """Not in a log, a repr or an f-string."""
    keys = Keys(lambda: b"k" * KEY_BYTES)
    keys.of("bsn")

    assert f"{keys} {keys!r}" == "Keys(***) Keys(***)"
