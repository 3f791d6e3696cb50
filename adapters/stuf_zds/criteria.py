"""What a question is about, in the elements of StUF-ZKN: criteria, and the parts of a zaak that are wanted.

It knows the fields of `hub.event.vragen` and the elements that say them. Ordering and ranges that a legacy system may
not know are left to who asked: see README.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from adapters.stuf_zds.questions import leaf
from hub.errors import TargetRefused
from hub.wire.stuf.waarden import OnvolledigeDatum, write_datum

_PLAIN = (
    ("identificatie", "identificatie"),
    ("omschrijving", "omschrijving"),
    ("startdatum", "startdatum"),
    ("registratiedatum", "registratiedatum"),
    ("einddatum", "einddatum"),
)
"""Criteria of a zaak in the order of the definition, and the elements that say them."""

_ROLLEN = {
    "belanghebbende": ("heeftAlsBelanghebbende", "ZAKBTRBLH"),
    "gemachtigde": ("heeftAlsGemachtigde", "ZAKBTRGMC"),
    "initiator": ("heeftAlsInitiator", "ZAKBTRINI"),
    "behandelaar": ("heeftAlsUitvoerende", "ZAKBTRUTV"),
    "zaakcoordinator": ("heeftAlsVerantwoordelijke", "ZAKBTRVRA"),
    "overig": ("heeftAlsOverigBetrokkene", "ZAKBTROVR"),
}

_KEYS = {
    "natuurlijkPersoon": ("NPS", "BG", (("bsn", "inp.bsn"), ("anpIdentificatie", "anp.identificatie"))),
    "nietNatuurlijkPersoon": (
        "NNP", "BG", (("rsin", "inn.nnpId"), ("kvkNummer", "inn.nnpId"), ("annIdentificatie", "ann.identificatie")),
    ),
    "vestiging": ("VES", "BG", (("vestigingsNummer", "vestigingsNummer"), ("kvkNummer", "vestigingsNummer"))),
    "medewerker": ("MDW", "ZKN", (("identificatie", "identificatie"),)),
    "organisatorischeEenheid": ("OEH", "ZKN", (("identificatie", "identificatie"),)),
}  # fmt: skip
"""By which number each kind of betrokkene is sought: a name finds too many."""


def zaak_criteria(question: Mapping[str, Any]) -> str:
    """Write the criteria of a question about zaken; raises TargetRefused for one that cannot be asked."""
    said = "".join(leaf(element, _text(question[name])) for name, element in _PLAIN if question.get(name) is not None)
    if question.get("zaaktype") is not None:
        said += (
            '<ZKN:isVan StUF:entiteittype="ZAKZKT"><ZKN:gerelateerde StUF:entiteittype="ZKT">'
            f"{leaf('code', question['zaaktype'])}</ZKN:gerelateerde></ZKN:isVan>"
        )
    if question.get("betrokkene"):
        said += _betrokkene(question["betrokkene"])
    return said


def zaak_range(question: Mapping[str, Any]) -> tuple[str, str]:
    """Write from which and up to which startdatum; both are said or neither (StUF076)."""
    since, until = question.get("startdatumVanaf"), question.get("startdatumTotEnMet")
    if since is None and until is None:
        return "", ""
    geen_waarde = '<ZKN:startdatum xsi:nil="true" StUF:noValue="geenWaarde"/>'
    said = [geen_waarde if each is None else leaf("startdatum", _text(each)) for each in (since, until)]
    return said[0], said[1]


def document_criteria(question: Mapping[str, Any]) -> str:
    """Write the criteria of a question about documents."""
    said = "".join(leaf(name, question[name]) for name in ("identificatie", "titel") if question.get(name) is not None)
    if question.get("zaak") is not None:
        said += (
            '<ZKN:isRelevantVoor StUF:entiteittype="EDCZAK"><ZKN:gerelateerde StUF:entiteittype="ZAK">'
            f"{leaf('identificatie', question['zaak'])}</ZKN:gerelateerde></ZKN:isRelevantVoor>"
        )
    return said


def _betrokkene(betrokkene: Mapping[str, Any]) -> str:
    rol = betrokkene.get("rol")
    if rol not in _ROLLEN:
        raise _unanswerable("without a rol that StUF-ZKN has a relation for")
    relation, entiteittype = _ROLLEN[rol]
    for kind, (code, prefix, keys) in _KEYS.items():
        known = betrokkene.get(kind) or {}
        key = next(((element, known[name]) for name, element in keys if known.get(name)), None)
        if key:
            return (
                f'<ZKN:{relation} StUF:entiteittype="{entiteittype}"><ZKN:gerelateerde>'
                f'<ZKN:{kind} StUF:entiteittype="{code}">{leaf(*key, prefix)}</ZKN:{kind}>'
                f"</ZKN:gerelateerde></ZKN:{relation}>"
            )
    raise _unanswerable("without a number of the betrokkene")


def _unanswerable(why: str) -> TargetRefused:
    return TargetRefused(
        f"the target cannot be asked {why}",
        code="vraag-niet-mogelijk",
        advice="ask by BSN, RSIN, KvK-nummer, vestigingsnummer or the number of a medewerker or afdeling, in one rol",
    )


def _text(value: object) -> str:
    """Write a date as StUF does, other values as they are."""
    try:
        day = date.fromisoformat(str(value)) if not isinstance(value, date) else value
    except ValueError:
        return str(value)
    return write_datum(OnvolledigeDatum(day.year, day.month, day.day))[0]
