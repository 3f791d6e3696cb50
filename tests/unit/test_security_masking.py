"""The last net before a text is shown."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.security.masking import TEXT_CHARS_MAX, mask
from hub.security.personal import is_bsn

BSNS = ["999990019", "999993653", "999994177"]


@pytest.mark.parametrize("bsn", BSNS)
@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "bsn{}x",
        "(bsn={})",
        "/personen/{}?x",
        "{},{}",
        "<ns:inp.bsn>{}</ns:inp.bsn>",
        '{{"bsn":"{}"}}',
        "é{}é",
        "1.{}",
    ],
)
def test_a_bsn_is_hidden_wherever_it_stands(bsn: str, around: str) -> None:
    """Between letters, in URLs, XML and JSON."""
    assert bsn not in mask(around.replace("{}", bsn))


@pytest.mark.parametrize("written", ["9999.90.019", "9999 90 019", "9999-90-019", "999 990 019", "999.990.019"])
def test_a_bsn_in_groups_is_hidden(written: str) -> None:
    """As letters and screens write it."""
    assert mask(f"burger {written}.") == "burger ***."


@pytest.mark.parametrize(
    "text",
    [
        "0344-2026-000012",
        "999990018",
        "zaak 00000009999999990000",
        "2026-11-22T17:53:07.593+00:00",
        "mappings/formulieren-naar-zaken/creeerZaak_Lk01.map.yaml:12",
        "https://zgw.example.nl/zaken/api/v1/zaken/0f6a3c1e-6f5b-4c0a-9d1e-5a2b7c8d9e0f",
        "0f6a3c1e-6f5b-4c0a-9d1e-999990019abc",
        "a" * 23 + "999990019",
    ],
)
def test_what_an_operator_needs_stays(text: str) -> None:
    """Zaak numbers, OINs, times, places, URLs, ids and hashes."""
    assert mask(text) == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("mail naar j.jansen+x@voorbeeld.example.nl aub", "mail naar *** aub"),
        ("<Jan <jan@example.nl>>", "<Jan <***>>"),
        ("postgresql://hub:geheim@db.example.nl/hub", "postgresql://***@db.example.nl/hub"),
        (f"inhoud {'QUJD' * 100} einde", "inhoud *** einde"),
    ],
)
def test_addresses_credentials_and_content_are_hidden(text: str, masked: str) -> None:
    """Each has a look of its own."""
    assert mask(text) == masked


def test_a_long_text_is_cut_between_words() -> None:
    """Half a BSN is not recognised, so none is left at the cut."""
    text = "woord " * (TEXT_CHARS_MAX // 6) + "9 999990019"

    masked = mask(text)

    assert "99999" not in masked
    assert masked.endswith(f"({len(text)} characters)")


@given(st.text(), st.sampled_from(BSNS), st.text())
def test_no_surroundings_but_digits_save_a_bsn(before: str, bsn: str, after: str) -> None:
    """Whatever stands around it, unless it is part of a longer number, an id or a hash."""
    assert bsn not in mask(f"{before} {bsn} {after}")


@given(st.uuids())
def test_an_id_is_never_touched(value: UUID) -> None:
    """An operator can search for any message id in the logs."""
    assert mask(f"event {value}") == f"event {value}"


def test_the_bsns_of_these_tests_are_bsns() -> None:
    """Or the tests above say nothing."""
    assert all(is_bsn(bsn) for bsn in BSNS)
