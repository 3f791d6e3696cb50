"""A question about persons, organisations, branches, companies or addresses: what of it a mapping cannot read from it.

A number for an order, a range of numbers and the last object of the answer before become plain elements in a child
`vraag`. What holds for every question is in `hub.wire.stuf.vraag`. It refuses to know who answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml import etree

from adapters.stuf_bg.sector import SECTOR
from adapters.stuf_bg.services import Service
from hub.wire.form import Form
from hub.wire.stuf import vraag
from hub.wire.stuf.vraag import Criterium, Fault
from hub.wire.stuf.waarden import read_waarde
from hub.wire.xml import find

NUMMERS_MAX = 20
"""How many persons can be asked for by number at once: as many as the BRP gives (BRP API Personen 2.7)."""


def _in(group: str, *names: str) -> tuple[str, ...]:
    return tuple(f"{group}/{name}" for name in names)


_ADRES_VAN_BRP = ("aoa.postcode", "aoa.huisnummer", "aoa.huisletter", "aoa.huisnummertoevoeging")
_ADRES_VAN_KVK = ("aoa.postcode", "aoa.huisnummer", "aoa.huisletter", "gor.straatnaam", "wpl.woonplaatsNaam")

CRITERIA = {
    "NPS": frozenset(
        (
            "inp.bsn", "geslachtsnaam", "voorvoegselGeslachtsnaam", "voornamen", "geslachtsaanduiding", "geboortedatum",
            "inp.gemeenteVanInschrijving", "inp.verblijftIn/gerelateerde/identificatie",
            *_in("verblijfsadres", "aoa.identificatie", "gor.straatnaam", *_ADRES_VAN_BRP),
        )
    ),
    "NNP": frozenset(
        (
            "inn.nnpId", "statutaireNaam", "rps.isEigenaarVan/gerelateerde/kvkNummer",
            *_in("bezoekadres", *_ADRES_VAN_KVK),
        )
    ),
    "VES": frozenset(
        (
            "vestigingsNummer", "handelsnaam", "oefentActiviteitenUitVoor/gerelateerde/kvkNummer",
            *_in("verblijfsadres", *_ADRES_VAN_KVK),
        )
    ),
    "MAC": frozenset(("kvkNummer", "handelsnaam")),
    "AOA": frozenset(
        (
            "identificatie", "postcode", "huisnummer", "huisletter", "huisnummertoevoeging", "gor.openbareRuimteNaam",
            "wpl.woonplaatsNaam",
        )
    ),
}  # fmt: skip
"""The values that a mapping puts to a source, by their paths; others are compared with what is found (`antwoord`)."""

_NUMMER, _NAAM = ("aoa.huisnummer", "aoa.huisletter"), ("geslachtsnaam", "voorletters", "voorvoegselGeslachtsnaam")


_BUITENLAND = ("sub.adresBuitenland3", "sub.adresBuitenland2", "sub.adresBuitenland1")
_LAND, _LANDNAAM = (_in("sub.verblijfBuitenland", each, *_BUITENLAND) for each in ("lnd.landcode", "lnd.landnaam"))
_ADRES, _POST = "bezoekadres", "sub.correspondentieAdres"

VOLGORDEN: dict[str, dict[str, tuple[str, ...]]] = {
    "NPS": {
        "0": (),
        "1": _NAAM,
        "2": _in("verblijfsadres", "aoa.identificatie"),
        "3": _in("verblijfsadres", "aoa.postcode", *_NUMMER),
        "4": _in("verblijfsadres", "gor.straatnaam", *_NUMMER),
        "5": _LAND,
        "6": _LANDNAAM,
        "7": ("geboortedatum", *_NAAM),
        "8": ("inp.bsn",),
        "9": ("inp.a-nummer",),
        "10": ("sub.rekeningnummerBankGiro",),
        "11": ("sub.telefoonnummer",),
        "12": ("sub.emailadres",),
        "13": ("rps.isEigenaarVan/gerelateerde/kvkNummer",),
        "14": ("anp.identificatie",),
    },
    "NNP": {
        "0": (),
        "1": ("inn.nnpId",),
        "2": ("statutaireNaam",),
        "3": _in(_ADRES, "aoa.identificatie"),
        "4": _in(_ADRES, "aoa.postcode", *_NUMMER),
        "5": _in(_ADRES, "wpl.woonplaatsNaam", "gor.openbareRuimteNaam", *_NUMMER),
        "6": _in(_POST, "aoa.identificatie"),
        "7": _in(_POST, "postcode", *_NUMMER),
        "8": _in(_POST, "wpl.woonplaatsNaam", "gor.openbareRuimteNaam", *_NUMMER),
        "9": _in(_POST, "postcode", "sub.postadresNummer"),
        "10": _LAND,
        "11": _LANDNAAM,
        "12": ("inn.heeftAlsFunctionaris/gerelateerde/bsVesNummerOfId",),
        "13": ("sub.rekeningnummerBankGiro",),
        "14": ("sub.telefoonnummer",),
        "15": ("sub.emailadres",),
        "16": ("rps.isEigenaarVan/gerelateerde/kvkNummer",),
        "17": ("ann.identificatie",),
    },
    "VES": {
        "0": (),
        "1": ("vestigingsNummer",),
        "2": ("handelsnaam",),
        "3": ("sub.telefoonnummer",),
        "4": ("sub.rekeningnummerBankGiro",),
        "5": (*_in("verblijfsadres", "aoa.postcode", *_NUMMER), "handelsnaam"),
        "6": (*_in("verblijfsadres", "wpl.woonplaatsNaam", "gor.openbareRuimteNaam", *_NUMMER), "handelsnaam"),
        "7": _LAND,
        "8": _LANDNAAM,
        "9": ("oefentActiviteitenUitVoor/gerelateerde/kvkNummer",),
        "10": ("oefentActiviteitenUitVoor/gerelateerde/heeftAlsEigenaar/gerelateerde/bsVesNummerOfId",),
        "11": ("activiteit/code", "handelsnaam"),
    },
    "MAC": {
        "0": (),
        "1": ("kvkNummer",),
        "2": ("handelsnaam",),
        "3": ("activiteit/code", "handelsnaam"),
        "4": ("heeftAlsEigenaar/gerelateerde/bsVesNummerOfId",),
    },
    "AOA": {
        "0": (),
        "1": ("identificatie",),
        "2": ("postcode", "huisnummer", "huisletter"),
        "3": ("gor.openbareRuimteNaam", "huisnummer", "huisletter"),
        "4": ("wpl.woonplaatsNaam", "gor.openbareRuimteNaam", "huisnummer", "huisletter"),
    },
}
"""The orders of StUF-BG 03.10 (`NPS-sortering` and so on), as paths of an object. Few sources can put objects in order:
it is done with the answer."""

_MANY = ("bsn",)
_VRAAG = ("maximum", *_MANY, "na")


def help_form() -> Form:
    """Give the form of the child `vraag`: see the README."""
    return vraag.help_form(_VRAAG, _MANY)


def add_help(message: etree._Element, service: Service) -> None:
    """Put the child `vraag` at the end of a question: see `help_form`.

    A source is not told how many, and after whom, where it gives them in another order or others besides.
    """
    made = etree.SubElement(message, "vraag")
    as_it_comes = not (service.is_prefill or volgorde(message, service) or unsought(message, service))
    vraag.add(made, "maximum", [str(vraag.maximum(message))] if as_it_comes else ())
    vraag.add(made, "bsn", numbers_of(message) if service.entiteittype == "NPS" else ())
    if as_it_comes and vraag.is_vervolg(message):
        vraag.add(made, "na", [sleutel(find(message, "start/object"), service)])


def unsought(message: etree._Element, service: Service) -> list[Criterium]:
    """Give the values of a question that no source searches on: a part of a text, nothing, a range, an element."""
    sought = CRITERIA[service.entiteittype]
    numbers = service.entiteittype == "NPS" and bool(numbers_of(message))
    return [
        each
        for each in vraag.values(message)
        if not (each.side == "gelijk" and each.path in sought and vraag.puts(each.element))
        and not (numbers and each.path == "inp.bsn")
    ]


def comparable(criterium: Criterium) -> bool:
    """Say whether an answer can tell: not of a mark, which nobody gives, and not of which of several it is said."""
    steps = criterium.path.split("/")
    return (len(steps) == 1 or steps[0] in _GROEPEN) and _UNTOLD.isdisjoint(steps)


def check_vraag(message: etree._Element, service: Service) -> None:
    """Check a question; raises MessageRefused with the code of table 8.1, in its order."""
    vraag.check(message, _faults(message, service))


def asked(message: etree._Element, service: Service) -> tuple[tuple[str, ...], ...] | None:
    """Name what a question asks for, as targets of the mapping of its answer; None when that is all there is.

    What the answer is compared with, put in order by and gone on after is asked too: it does not go on to the asker. Of
    one person there is no order.
    """
    scope = find(message, "scope/object")
    if scope is None or vraag.asks_all(scope):
        return None
    paths = vraag.asked_paths(scope)
    if paths is None:
        paths = frozenset(SECTOR.kerngegevens[service.entiteittype])
    compared = {each.path for each in unsought(message, service) if comparable(each)}
    several = () if service.entiteittype == "NPS" and len(numbers_of(message)) == 1 else volgorde(message, service)
    wanted = {*paths, *compared, *several, *(service.sleutels if vraag.is_vervolg(message) else ())}
    return tuple(("antwoord", "object", *path.split("/")) for path in sorted(wanted))


def volgorde(message: etree._Element, service: Service) -> tuple[str, ...]:
    """Give the paths by which the objects are put in order; nothing when any order will do."""
    return VOLGORDEN[service.entiteittype].get(vraag.sortering(message), ())


def numbers_of(message: etree._Element) -> Sequence[str]:
    """Give the BSNs of persons that are asked for by number: one, or a short range of them; nine digits each."""
    one = read_waarde(find(message, "gelijk/inp.bsn")).tekst
    if one:
        return [one.zfill(_BSN_LENGTH)]
    first, last = _range(message)
    return [str(each).zfill(_BSN_LENGTH) for each in range(first, min(last + 1, first + NUMMERS_MAX))] if first else []


def sleutel(entity: etree._Element | None, service: Service) -> str:
    """Give the number by which an object is known; nothing when it says none."""
    if entity is None:
        return ""
    return next(filter(None, (read_waarde(find(entity, name)).tekst for name in service.sleutels)), "")


_BSN_LENGTH = 9
_GROEPEN = frozenset(("verblijfsadres", "bezoekadres", "sub.verblijfBuitenland"))
"""The groups of which an object has one."""

_UNTOLD = SECTOR.niet_ondersteund | SECTOR.nooit_leeg


def _faults(message: etree._Element, service: Service) -> Iterator[Fault]:
    """Give every fault, in the order of the table."""
    gelijk = find(message, "gelijk")
    keys = " or ".join(service.sleutels)
    by_key = bool(vraag.sleutels(gelijk))
    if service.is_prefill:
        if not by_key and not sleutel(gelijk, service):
            reason = f"the question does not name whom it is about: gelijk/{service.sleutels[0]}"
            yield Fault("StUF055", reason, vraag.first(gelijk, message))
    elif not by_key and not any(
        each.path in CRITERIA[service.entiteittype] and vraag.puts(each.element) for each in vraag.values(message)
    ):
        supported = ", ".join(sorted(CRITERIA[service.entiteittype]))
        reason = f"the question has no criterion that can be searched on: {supported}"
        yield Fault("StUF058", reason, vraag.first(gelijk, find(message, "vanaf"), message))
    first, last = _range(message)
    if first and last - first >= NUMMERS_MAX:
        yield Fault(
            "StUF058", f"at most {NUMMERS_MAX} persons can be asked for by number", vraag.first(gelijk, message)
        )
    yield from vraag.faults_of_criteria(message, advice=f"ask by {keys}")
    yield from vraag.faults_of_scope(message)
    yield from vraag.faults_of_vervolg(message, service.sleutels)
    yield from vraag.faults_of_volgorde(message, VOLGORDEN[service.entiteittype])


def _range(message: etree._Element) -> tuple[int, int]:
    """Give the first and last number of a range of persons; zeros when there is none."""
    said = [read_waarde(find(message, f"{name}/inp.bsn")).tekst for name in ("vanaf", "totEnMet")]
    if not all(each.isascii() and each.isdigit() and len(each) <= _BSN_LENGTH for each in said):
        return 0, 0
    return int(said[0]), int(said[1])
