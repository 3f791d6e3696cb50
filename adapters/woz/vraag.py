"""In which way a question about WOZ objects is asked, and for which fields. Pure.

Source: Haal Centraal WOZ bevragen 1.0.0. The canonical names are those of the service: a field is asked for as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from hub.event.velden import Velden
from hub.event.woz import WozObject
from hub.net.criteria import Takes, Way, existing, way_of
from hub.net.problems import refused

NUMBER = "identificatie"
_PLACES = {
    NUMBER: NUMBER,
    "nummeraanduidingIdentificatie": "aanduiding.nummeraanduidingIdentificatie",
    "adresseerbaarObjectIdentificatie": "adresseerbaarObjectIdentificaties",
    "postcode": "aanduiding.postcode",
    "huisnummer": "aanduiding.huisnummer",
    "huisletter": "aanduiding.huisletter",
    "huisnummertoevoeging": "aanduiding.huisnummertoevoeging",
    "rsin": "belanghebbendeEigenaar.rsin",
    "kvkNummer": "belanghebbendeEigenaar.kvkNummer",
}
_TAKES = (
    Takes((NUMBER,)),
    Takes(("nummeraanduidingIdentificatie",)),
    Takes(("adresseerbaarObjectIdentificatie",)),
    Takes(("postcode", "huisnummer"), ("huisletter", "huisnummertoevoeging")),
    Takes(("rsin",)),
    Takes(("kvkNummer",)),
)
"""The combinations, the narrowest first."""
_BELANGHEBBENDEN = ("belanghebbendeEigenaar", "belanghebbendeGebruiker")
_PERSON = ("naam", "burgerservicenummer")


def asked_by(question: Mapping[str, Any]) -> Way:
    """Choose; raises TargetRefused for a question that the service has no way for."""
    way = way_of(question, _TAKES, _PLACES)
    if way is None:
        raise refused(
            "WOZ objects are found by a number, by postcode and huisnummer, or by the rsin or kvkNummer of the owner",
            advice="let the question have one of these",
        )
    if way.by == NUMBER and not re.fullmatch(r"[0-9]{12}", way.query[NUMBER]):
        # It stands in a path: what is no number is not asked for.
        raise refused("an identificatie of a WOZ object has 12 digits", advice="see what is asked")
    return way


def fields_of(question: Mapping[str, Any], way: Way) -> dict[str, str]:
    """Give the fields to ask for: those that are wanted, and what must be known of each object besides.

    That is its number, what is compared here, and of a person whether he asked for geheimhouding.
    """
    velden = question.get("velden")
    if velden is None:
        return {}
    existing(velden, WozObject, source="WOZ")
    wanted = Velden(velden)
    shown = [each for each in _BELANGHEBBENDEN if any(wanted.hold(f"{each}.{name}") for name in _PERSON)]
    needed = [NUMBER, *way.compared, *(f"{each}.geheimhoudingPersoonsgegevens" for each in shown)]
    return {"fields": ",".join([*velden, *(each for each in dict.fromkeys(needed) if not wanted.hold(each))])}
