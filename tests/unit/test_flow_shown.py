"""What a receiver may see of a change, and whether anything of that changed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.flow.shown import has_changed, shown, shows_change

BIJGEWERKT, OPGEVOERD = "nl.personen.persoon-bijgewerkt.v1", "nl.personen.persoon-opgevoerd.v1"
VESTIGING = "nl.bedrijven.bedrijf-bijgewerkt.v1"
JAN = {"burgerservicenummer": "999990019", "naam": {"voornamen": "Jan", "geslachtsnaam": "Zeewier"}}
PIET = {"burgerservicenummer": "999990019", "naam": {"voornamen": "Piet", "geslachtsnaam": "Zeewier"}}


def test_history_is_cut_as_well() -> None:
    """From when until when stays: it is of what is left."""
    data = {"persoon": JAN, "historie": [{"persoon": PIET, "datumEinde": {"type": "Datum", "datum": "2026-01-01"}}]}

    assert shown(data, OPGEVOERD, {"personen": ("naam.geslachtsnaam",)}) == {
        "persoon": {"naam": {"geslachtsnaam": "Zeewier"}},
        "historie": [
            {
                "persoon": {"naam": {"geslachtsnaam": "Zeewier"}},
                "datumEinde": {"type": "Datum", "datum": "2026-01-01"},
            }
        ],
    }


def test_what_is_about_no_object_goes_as_it_is() -> None:
    """Of a zaak no authorisation knows fields; of an address everybody may see all, unless it is said."""
    zaak = {"zaak": {"identificatie": "Z1"}}
    assert shown(zaak, "nl.zaken.zaak-aangemaakt.v1", {"personen": ("naam",)}) is zaak
    adres = {"adres": {"postcode": "9999ZZ", "huisnummer": 1}}
    assert shown(adres, "nl.adressen.adres-opgevoerd.v1", {}) is adres
    assert shown(adres, "nl.adressen.adres-opgevoerd.v1", {"adressen": ("postcode",)}) == {
        "adres": {"postcode": "9999ZZ"}
    }


@pytest.mark.parametrize(
    ("data", "event_type", "fields", "changed"),
    [
        ({"persoon": JAN, "was": PIET}, BIJGEWERKT, ("naam.voornamen",), True),
        ({"persoon": JAN, "was": PIET}, BIJGEWERKT, ("naam.geslachtsnaam",), False),
        ({"persoon": JAN, "was": PIET, "volledig": True}, BIJGEWERKT, ("naam.geslachtsnaam",), False),
        ({"persoon": JAN}, BIJGEWERKT, ("naam",), True),
        ({"persoon": JAN}, BIJGEWERKT, ("burgerservicenummer", "verblijfplaats"), False),
        ({"persoon": JAN, "volledig": True}, BIJGEWERKT, ("verblijfplaats",), True),
        ({"persoon": JAN}, OPGEVOERD, ("verblijfplaats",), True),
        ({"persoon": {**JAN, "partners": [{"naam": {"voornamen": "An"}}]}}, BIJGEWERKT, ("partners",), True),
        (
            {"bedrijf": {"kvkNummer": "99999990", "vestigingen": [{"vestigingsnummer": "000099999990"}]}},
            VESTIGING,
            ("kvkNummer", "vestigingen"),
            False,
        ),
    ],
)
def test_a_change_is_in_what_differs_or_is_told(
    data: dict[str, Any], event_type: str, fields: tuple[str, ...], *, changed: bool
) -> None:
    """Not in what only says of whom it is; and what is told whole may have changed anywhere."""
    assert has_changed(data, event_type, fields) is changed


@given(st.sets(st.sampled_from(("naam.voornamen", "naam", "burgerservicenummer", "verblijfplaats"))))
def test_no_value_passes_that_is_not_named(fields: set[str]) -> None:
    """Whatever is named."""
    seen = shown({"persoon": JAN, "was": PIET}, BIJGEWERKT, {"personen": tuple(sorted(fields))})

    assert ("Jan" in str(seen)) is bool(fields & {"naam", "naam.voornamen"})
    assert ("Zeewier" in str(seen)) is ("naam" in fields)
    assert ("999990019" in str(seen)) is ("burgerservicenummer" in fields)
    assert shows_change({"persoon": JAN, "was": PIET}, BIJGEWERKT, {"personen": tuple(fields)}) is ("Jan" in str(seen))
