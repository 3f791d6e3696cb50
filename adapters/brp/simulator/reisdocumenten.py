"""Travel documents: Reisdocumenten 2.0, by number of the document or of its holder.

The source is a list of documents as the published test set has it: dates as `20310409`, the holder with his number.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from adapters.brp.simulator.datum import datum
from adapters.brp.simulator.velden import Gevraagd, gekozen
from adapters.brp.simulator.waarden import gevuld, waarde
from adapters.brp.vormen import REISDOCUMENT

Json = dict[str, Any]


def reisdocumenten(vraag: Json, bron: Iterable[Json], personen: Iterable[Json]) -> list[Json]:
    """Give the documents that a question finds, as far as they were asked for."""
    wie = {gba.get("burgerservicenummer"): gba for gba in personen}
    gevraagd = Gevraagd(vraag["fields"], REISDOCUMENT)
    treffers = [gba for gba in bron if "reisdocumentnummer" in gba and _past(gba, vraag)]
    return [_reisdocument(gba, wie, gevraagd) for gba in treffers]


def _past(gba: Json, vraag: Json) -> bool:
    if "reisdocumentnummer" in vraag:
        return gba["reisdocumentnummer"] in vraag["reisdocumentnummer"]
    return bool((gba.get("houder") or {}).get("burgerservicenummer") == vraag["burgerservicenummer"])


def _reisdocument(gba: Json, wie: dict[Any, Json], gevraagd: Gevraagd) -> Json:
    weg = gba.get("inhoudingOfVermissing") or {}
    nummer = (gba.get("houder") or {}).get("burgerservicenummer")
    heel = gevuld(
        reisdocumentnummer=gba["reisdocumentnummer"],
        soort=waarde(gba.get("soort")),
        datumEindeGeldigheid=datum(gba.get("datumEindeGeldigheid")),
        inhoudingOfVermissing=gevuld(datum=datum(weg.get("datum")), aanduiding=waarde(weg.get("aanduiding"))) or None,
        houder=gevuld(burgerservicenummer=nummer),
    )
    uit = gekozen(heel, gevraagd)
    if "houder" in uit:
        uit["houder"] |= _altijd(wie.get(nummer, {}))
    return uit


def _altijd(gba: Json) -> Json:
    """Give what is told of a holder, asked for or not."""
    opschorting = gba.get("opschortingBijhouding") or {}
    return gevuld(
        geheimhoudingPersoonsgegevens=True if int(gba.get("geheimhoudingPersoonsgegevens") or 0) else None,
        opschortingBijhouding=gevuld(reden=opschorting.get("reden"), datum=datum(opschorting.get("datum"))) or None,
    )
