"""A question about zaken, documents or besluiten: what can be searched on, and what a mapping cannot read from it.

A number for an order, the shape of a scope and the last object of the answer before become plain elements in a child
`vraag`, as `fold` does with *oud*. What holds for every question is in `hub.wire.stuf.vraag`. It refuses to know who
answers.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from adapters.stuf_zds.services import LEZEN, ZOEK_DOCUMENTEN, ZOEK_ZAKEN, Service
from hub.wire.form import Form
from hub.wire.stuf import vraag
from hub.wire.stuf.namespaces import ZDS
from hub.wire.stuf.vraag import Fault
from hub.wire.stuf.waarden import read_waarde
from hub.wire.xml import find, local_name, namespace

ONDERDELEN = {
    "resultaat": "resultaat",
    "extraElementen": "eigenschappen",
    "heeftBetrekkingOp": "zaakobjecten",
    "heeftAlsBelanghebbende": "rollen",
    "heeftAlsGemachtigde": "rollen",
    "heeftAlsInitiator": "rollen",
    "heeftAlsUitvoerende": "rollen",
    "heeftAlsVerantwoordelijke": "rollen",
    "heeftAlsOverigBetrokkene": "rollen",
    "heeftAlsDeelzaak": "gerelateerdeZaken",
    "heeftAlsHoofdzaak": "gerelateerdeZaken",
    "heeftBetrekkingOpAndere": "gerelateerdeZaken",
    "heeft": "statussen",
    "heeftRelevant": "documenten",
    "leidtTot": "besluiten",
}
"""Which elements of a zaak need more work of who answers, by the part they belong to."""

CRITERIA = {
    ZOEK_ZAKEN.kind: frozenset(
        (
            "identificatie", "omschrijving", "startdatum", "registratiedatum", "einddatum", "isVan",
            "heeftAlsBelanghebbende", "heeftAlsGemachtigde", "heeftAlsInitiator", "heeftAlsUitvoerende",
            "heeftAlsVerantwoordelijke", "heeftAlsOverigBetrokkene",
        )
    ),
    ZOEK_DOCUMENTEN.kind: frozenset(("identificatie", "titel", "isRelevantVoor")),
}  # fmt: skip
"""What a search can be put on; other values are compared with what is found (`antwoord`)."""

SEARCHED_BY = {"isVan": "gerelateerde/code", "isRelevantVoor": "gerelateerde/identificatie"}
"""By what of a relation a target searches; other values in it are compared too."""

_BETROKKENEN = frozenset(name for name, part in ONDERDELEN.items() if part == "rollen")

_VOLGORDEN: dict[str, dict[str, tuple[str, ...]]] = {
    "ZAK": {
        "0": (),
        "1": ("identificatie",),
        "3": ("zaaktype",),
        "4": ("omschrijving",),
        "5": ("-startdatum", "omschrijving"),
    },
    "EDC": {"0": ()},
    "BSL": {"0": ()},
}
"""The orders of StUF-ZKN 03.10 (`ZAK-sortering`) that can be asked of a target; `-` is descending."""

_MANY = ("volgorde", "onderdeel")
_VRAAG = ("maximum", *_MANY, "na", "inhoud")


def help_form() -> Form:
    """Give the form of the child `vraag`: see the README."""
    return vraag.help_form(_VRAAG, _MANY)


def check_vraag(message: etree._Element, service: Service) -> None:
    """Check a question; raises MessageRefused with the code of table 8.1, in its order."""
    vraag.check(message, _faults(message, service))


def add_help(message: etree._Element, service: Service) -> None:
    """Put the child `vraag` at the end of a question: see `help_form`."""
    made = etree.SubElement(message, "vraag")
    vraag.add(made, "maximum", [str(vraag.maximum(message))])
    vraag.add(made, "volgorde", _VOLGORDEN[service.entiteittype].get(vraag.sortering(message), ()))
    scope = find(message, "scope/object")
    if service.entiteittype == "ZAK":
        vraag.add(made, "onderdeel", sorted(_onderdelen(scope)))
    elif service in (LEZEN, ZOEK_DOCUMENTEN):
        # The answer of ZDS 1.2 has its inhoud whatever was asked.
        asked = scope is None or vraag.asks_all(scope) or find(scope, "inhoud") is not None or namespace(message) == ZDS
        vraag.add(made, "inhoud", ["true"] if asked and service is LEZEN else [])
    if vraag.is_vervolg(message):
        vraag.add(made, "na", [read_waarde(find(message, "start/object/identificatie")).tekst])


def mend_scope(message: etree._Element) -> None:
    """Put `dct.omschrijving` where the schema wants it: the text of ZDS 1.2 and its validator have it in other places.

    Beside `gerelateerde` or below it, in any order, it asks for the same.
    """
    scope = find(message, "scope/object")
    for relation in () if scope is None else scope.iterchildren("{*}heeftRelevant"):
        gerelateerde = find(relation, "gerelateerde")
        found = list(relation.iter("{*}dct.omschrijving", "{*}dctOmschrijving"))
        if gerelateerde is None or not found:
            continue
        first = found[0]
        for each in found:
            _parent(each).remove(each)
        first.tag = f"{{{namespace(gerelateerde)}}}dct.omschrijving"
        first.tail = None
        gerelateerde.insert(1 if find(gerelateerde, "identificatie") is not None else 0, first)


def _faults(message: etree._Element, service: Service) -> Iterator[Fault]:
    """Give every fault, in the order of the table."""
    gelijk = find(message, "gelijk")
    sought, by_key = service.kind in CRITERIA, bool(vraag.sleutels(gelijk))
    if not sought and not by_key and not read_waarde(find(message, "gelijk/identificatie")).tekst:
        reason = "the question does not name what it is about: gelijk/identificatie"
        yield Fault("StUF055", reason, vraag.first(gelijk, message))
    if (
        sought
        and not vraag.sleutels(gelijk)
        and not any(_can_be_put(each, service) for each in vraag.criteria(message))
    ):
        supported = ", ".join(sorted(CRITERIA[service.kind]))
        reason = f"the question has no criterion that can be searched on: {supported}"
        yield Fault("StUF058", reason, vraag.first(gelijk, message))
    if sought and sum(1 for name in vraag.names(gelijk) if name in _BETROKKENEN) > 1:
        yield Fault("StUF058", "zaken can be searched by one betrokkene at a time", vraag.first(gelijk, message))
    yield from vraag.faults_of_criteria(message, advice="ask by identificatie")
    yield from vraag.faults_of_scope(message)
    yield from vraag.faults_of_vervolg(message, ("identificatie",))
    if sought:
        yield from vraag.faults_of_volgorde(message, _VOLGORDEN[service.entiteittype])


def _can_be_put(criterion: etree._Element, service: Service) -> bool:
    """Whether a target can search on it: a value of a supported element, in whole."""
    name = local_name(criterion)
    if name not in CRITERIA[service.kind]:
        return False
    by = find(criterion, SEARCHED_BY[name]) if name in SEARCHED_BY else criterion
    return by is not None and vraag.puts(by)


def _onderdelen(scope: etree._Element | None) -> set[str]:
    if scope is None or vraag.asks_all(scope):
        return set(ONDERDELEN.values())
    return {ONDERDELEN[name] for name in vraag.names(scope) if name in ONDERDELEN}


def _parent(element: etree._Element) -> etree._Element:
    parent = element.getparent()
    assert parent is not None
    return parent
