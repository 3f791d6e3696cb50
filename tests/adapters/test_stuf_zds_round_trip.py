"""A zaak goes to a legacy zaaksysteem over StUF and comes back over StUF: no field is lost."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.generated_zaken import ZAAK, Json
from tests.support.zds_legacy import OPTIONS, Legacy

AANGEMAAKT, BIJGEWERKT = "nl.zaken.zaak-aangemaakt.v1", "nl.zaken.zaak-bijgewerkt.v1"
OPVRAGEN = "nl.zaken.zaken-opvragen.v1"

EXAMPLES = 40
"""Each is a whole zaak over two messages: enough to meet every field in company, few enough to wait for."""

ORDERED_BY_KIND = ("rollen", "zaakobjecten", "gerelateerdeZaken")
"""Lists that StUF keeps per relation: their items come back grouped by kind, in their order within it."""


def _as_read(zaak: Json) -> Json:
    """Give a zaak as it is to come back. Every exception to equality is named here."""
    expected = dict(zaak)
    places = [each["geometrie"] for each in zaak.get("zaakobjecten", ()) if "geometrie" in each]
    others = [each for each in zaak.get("zaakobjecten", ()) if each["objectType"] == "overige"]
    if places and others[0].get("geometrie"):
        # Senders of StUF give the place of the zaak as the first anderZaakObject: it is read as that too.
        expected["zaakgeometrie"] = places[0]
    for name in ORDERED_BY_KIND:
        if name in expected:
            expected[name] = _sorted(expected[name])
    return expected


def _sorted(items: list[Json]) -> list[Json]:
    return sorted(items, key=repr)


def _compared(zaak: Json) -> Json:
    return {name: _sorted(each) if name in ORDERED_BY_KIND else each for name, each in zaak.items()}


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Sort keys, so that what is equal looks equal when it is sorted."""
    if isinstance(value, dict):
        return {name: _plain(value[name]) for name in sorted(value)}
    return [_plain(each) for each in value] if isinstance(value, list) else value


@settings(max_examples=EXAMPLES)
@given(zaak=ZAAK, zds=st.sampled_from(["1.1", "1.2"]), soap=st.sampled_from(["1.1", "1.2"]))
async def test_a_zaak_comes_back_as_it_went(zaak: Json, zds: str, soap: str) -> None:
    """As creeerZaak to a legacy zaaksysteem, as geefZaakdetails from it: in both versions of ZDS and of SOAP."""
    legacy = Legacy(options=OPTIONS.model_copy(update={"zds": zds, "soap": soap}))

    await legacy.deliver(AANGEMAAKT, {"zaak": zaak})
    answer = await legacy.ask(OPVRAGEN, {"identificatie": zaak["identificatie"]})

    [found] = answer["zaken"]
    assert _compared(_plain(found)) == _as_read(_plain(zaak))
    assert answer["meer"] is False


@settings(max_examples=EXAMPLES)
@given(zaak=ZAAK)
async def test_a_change_comes_back_as_it_went(zaak: Json) -> None:
    """As updateZaak of a bare zaak: every field that is said is there, and what was there stays."""
    legacy = Legacy()
    bare = {"identificatie": zaak["identificatie"], "zaaktype": zaak["zaaktype"], "startdatum": "2020-01-01"}
    kenmerken = {"kenmerken": [{"kenmerk": "K-1", "bron": "Proef"}]}

    await legacy.deliver(AANGEMAAKT, {"zaak": {**bare, **kenmerken}})
    await legacy.deliver(BIJGEWERKT, {"zaak": zaak}, event="6f1d5a3c-0000-4000-8000-000000000002")
    answer = await legacy.ask(OPVRAGEN, {"identificatie": zaak["identificatie"]})

    [found] = answer["zaken"]
    assert _compared(_plain(found)) == _as_read(_plain({**kenmerken, **zaak}))
