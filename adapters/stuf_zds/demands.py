"""What an answer must hold whatever was asked: the schemas of ZDS 1.2, and of a checked-out document in both versions.

ZDS 1.2 chapter 5 restricts the answers of StUF-ZKN: there an element that is not optional is there, if need be empty.
"""

from __future__ import annotations

from adapters.stuf_zds.services import (
    BESLUITDETAILS,
    BESLUITEN,
    BEWERKEN,
    LEZEN,
    ZAAKDOCUMENTEN,
    ZAAKSTATUS,
    Service,
)
from hub.wire.stuf.scope import Demand


def demand_of(service: Service, *, in_12: bool) -> Demand:
    """Give what an object in the answer of a service must hold."""
    if in_12 or service is BEWERKEN:
        return _DEMANDS.get(service.kind, _IDENTIFIED)
    return _IDENTIFIED


def allowed_by(service: Service, *, in_12: bool) -> frozenset[str]:
    """Give what an object in the answer of a service may hold; nothing when that is everything."""
    return _ALLOWED.get(service.kind, frozenset()) if in_12 else frozenset()


_ALLOWED = {
    ZAAKSTATUS.kind: frozenset(("identificatie", "omschrijving", "isVan", "heeft")),
    ZAAKDOCUMENTEN.kind: frozenset(("identificatie", "omschrijving", "isVan", "heeftRelevant")),
    BESLUITEN.kind: frozenset(("identificatie", "isVan", "leidtTot")),
}


def _all(*names: str, **below: Demand) -> Demand:
    return Demand({name: Demand() for name in names} | below)


_IDENTIFIED = _all("identificatie")
_DOCUMENT = ("identificatie", "creatiedatum", "titel", "formaat", "taal", "vertrouwelijkAanduiding", "auteur", "inhoud")

_DEMANDS = {
    ZAAKSTATUS.kind: _all(
        "identificatie",
        heeft=_all(
            "toelichting",
            "datumStatusGezet",
            "indicatieLaatsteStatus",
            gerelateerde=_all("zkt.omschrijving", "volgnummer"),
        ),
    ),
    ZAAKDOCUMENTEN.kind: _all(
        "identificatie", heeftRelevant=_all("registratiedatum", gerelateerde=_all("identificatie"))
    ),
    LEZEN.kind: _all(*_DOCUMENT),
    BEWERKEN.kind: _all(*_DOCUMENT, "link"),
    BESLUITDETAILS.kind: _all(
        "identificatie",
        "datumBeslissing",
        "ingangsdatumWerking",
        "tijdvakGeldigheid",
        "isUitkomstVan",
        isVastgelegdIn=_all(gerelateerde=_all("identificatie")),
    ),
    BESLUITEN.kind: _all(
        "identificatie", leidtTot=_all(gerelateerde=_all("identificatie", "datumBeslissing", "ingangsdatumWerking"))
    ),
}
