"""Text that can be kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.config.policy import KEY_BYTES_MAX
from hub.wire.text import is_key, is_plain, key, plain

ANY_TEXT = st.text(st.characters(exclude_categories=()))


@given(ANY_TEXT)
def test_what_is_made_plain_can_be_kept_everywhere(text: str) -> None:
    """It is UTF-8 without NUL, as long as it was; and what was so stays as it is."""
    made = plain(text)

    assert is_plain(made)
    assert "\0" not in made
    assert made.encode().decode() == made
    assert len(made) == len(text)
    assert (made == text) is is_plain(text)


@given(st.one_of(ANY_TEXT, ANY_TEXT.map(lambda text: text * 400)))
def test_every_text_has_a_key(text: str) -> None:
    """One that an index takes; a key is its own."""
    made = key(text)

    assert is_key(made)
    assert key(made) == made
    assert (made == text) is is_key(text)


@pytest.mark.parametrize(
    ("text", "can_be"),
    [
        ("0344-ZAAK-1", True),
        ("", True),
        ("é" * (KEY_BYTES_MAX // 2), True),
        ("é" * (KEY_BYTES_MAX // 2) + "e", False),
        ("a" * KEY_BYTES_MAX, True),
        ("a" * (KEY_BYTES_MAX + 1), False),
        ("a\0", False),
        ("\ud83d", False),
        ("\U0001f600", True),
    ],
)
def test_a_key_is_as_long_as_an_index_takes(text: str, can_be: bool) -> None:  # noqa: FBT001 - a parameter of the table
    """In bytes of UTF-8."""
    assert is_key(text) is can_be


def test_long_texts_that_begin_alike_have_other_keys() -> None:
    """Or two zaken would wait for each other."""
    assert key("Z" * 5_000 + "1") != key("Z" * 5_000 + "2")
