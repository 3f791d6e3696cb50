"""The scope of a question, laid over the objects of its answer: what was asked comes back, and nothing else.

Source: StUF 03.01 §6.2.3 and §6.3. Every element that was asked is there: with its value, or empty with the reason. It
knows trees and kerngegevens; it refuses to know where an answer comes from.
"""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from adapters.stuf_zds.versie import PREFIXES
from adapters.stuf_zds.vraag import ALLES
from hub.wire.form import Form
from hub.wire.stuf.namespaces import STUF
from hub.wire.stuf.waarden import NoValue
from hub.wire.xml import XSI, local_name, namespace

KERNGEGEVENS = {
    "ZAK": ("identificatie", "omschrijving", "isVan"),
    "EDC": ("identificatie", "dct.omschrijving", "titel"),
    "BSL": ("identificatie", "bst.omschrijving", "datumBeslissing"),
    "ZKT": ("omschrijving", "code", "ingangsdatumObject"),
    "STT": ("zkt.code", "zkt.omschrijving", "volgnummer", "code", "omschrijving", "ingangsdatumObject"),
    "MDW": ("identificatie", "achternaam", "voorletters", "voorvoegselAchternaam"),
    "OEH": ("identificatie", "naam", "isGehuisvestIn"),
    "NPS": (
        "inp.bsn", "anp.identificatie", "inp.a-nummer", "geslachtsnaam", "voorvoegselGeslachtsnaam", "voorletters",
        "voornamen", "geslachtsaanduiding", "geboortedatum", "verblijfsadres", "sub.verblijfBuitenland",
    ),
    "NNP": ("inn.nnpId", "ann.identificatie", "statutaireNaam", "inn.rechtsvorm", "bezoekadres"),
    "VES": ("vestigingsNummer", "handelsnaam", "verblijfsadres"),
    "AOA": (
        "identificatie", "typering", "wpl.woonplaatsNaam", "gor.openbareRuimteNaam", "huisnummer", "huisletter",
        "huisnummertoevoeging", "postcode",
    ),
}  # fmt: skip
"""What identifies an entity (StUF-ZKN 03.10 and StUF-BG 03.10): the least that a scope gives of it."""

_SCOPE, _NO_VALUE, _ENTITEITTYPE, _METAGEGEVEN = (
    f"{{{STUF}}}{name}" for name in ("scope", "noValue", "entiteittype", "metagegeven")
)
_NIL = f"{{{XSI}}}nil"
_NOT_KEPT = frozenset(
    ("tijdvakGeldigheid", "tijdvakRelatie", "tijdvakObject", "tijdstipRegistratie", "historieMaterieel",
     "historieFormeel", "historieFormeelRelatie")
)  # fmt: skip
"""History of facts and registration: no zaaksystem behind the hub gives it."""
_TIJDVAKKEN = {
    "tijdvakGeldigheid": ("beginGeldigheid", "eindGeldigheid"),
    "tijdvakRelatie": ("beginRelatie", "eindRelatie"),
    "tijdvakObject": ("beginObject", "eindObject"),
}
"""What the schema does not let be empty itself: its parts are."""
_NEVER_NIL = frozenset(("historieMaterieel", "historieFormeel", "historieFormeelRelatie", "extraElementen", "inhoud"))
"""What the schema does not let be empty at all: asked and not there, it is left out."""


_GROEPEN = {"opschorting": ("indicatie", "reden"), "verlenging": ("duur", "reden"), "kenmerk": ("kenmerk", "bron")}
"""Groups of StUF-ZKN 03.10 of which all members are there when one is (StUF 03.01 §3.4)."""


class Demand(dict[str, "Demand"]):
    """What an answer must hold whatever was asked: elements by name, each with what it must hold itself."""


def within(answer: etree._Element, scope: etree._Element | None, form: Form | None, demand: Demand) -> None:
    """Lay the scope over one object of an answer, in place; without a scope everything stays.

    `form` is that of the answered element: its order is kept. What is demanded is there, whatever was asked.
    """
    _keep(answer, scope, form, demand)
    _complete(answer, form, demand)
    for each in [each for each in answer.iter("{*}opschorting", "{*}verlenging", "{*}kenmerk") if len(each)]:
        _fill_group(each)


def _keep(answer: etree._Element, scope: etree._Element | None, form: Form | None, demand: Demand) -> None:
    said = "" if scope is None else scope.get(_SCOPE, "")
    if said.startswith("kerngegevens"):
        _keep_kerngegevens(answer, demand)
    elif said.startswith(ALLES[0]):
        _keep_all(answer, said)
    elif scope is not None and len(scope):
        _keep_asked(answer, scope, form, demand)


def _keep_all(answer: etree._Element, said: str) -> None:
    if said.startswith("allesZonderMetagegevens"):
        for each in [each for each in answer.iter("*") if _METAGEGEVEN in each.attrib]:
            _drop(each)
    if said.endswith("MaarKerngegevensGerelateerden"):
        for relation in answer:
            for each in relation.iterchildren("{*}gerelateerde"):
                _keep_kerngegevens(each, Demand())


def _keep_kerngegevens(entity: etree._Element, demand: Demand) -> None:
    """Keep what identifies it; of a relation to one of several kinds of entity (`gerelateerde/medewerker`) of that."""
    known = KERNGEGEVENS.get(entity.get(_ENTITEITTYPE, ""))
    if known is None:
        for each in entity:
            if each.get(_ENTITEITTYPE, "") in KERNGEGEVENS:
                _keep_kerngegevens(each, Demand())
        return
    for each in list(entity):
        name = local_name(each)
        if name not in known and name not in demand:
            _drop(each)
            continue
        for gerelateerde in each.iterchildren("{*}gerelateerde"):
            _keep_kerngegevens(gerelateerde, demand.get(name, Demand()).get("gerelateerde", Demand()))


def _keep_asked(answer: etree._Element, scope: etree._Element, form: Form | None, demand: Demand) -> None:
    children: Mapping[str, Form] = {} if form is None else form.children
    given, asked = _by_name(answer), _by_name(scope)
    kept: list[etree._Element] = []
    for name in dict.fromkeys((*(each for each in given if each in demand), *asked)):
        wanted, found = asked.get(name, []), given.get(name, [])
        below = children.get(name)
        for each in found:
            if wanted and (len(wanted[0]) or _SCOPE in wanted[0].attrib):
                _keep(each, wanted[0], below, demand.get(name, Demand()))
        kept += found or ([_empty(wanted[0].tag, wanted[0], below)] if wanted and _may_be_empty(name, below) else [])
    answer[:] = _ordered(kept, children)


def _complete(answer: etree._Element, form: Form | None, demand: Demand) -> None:
    """Add, empty, what is demanded and nobody filled."""
    children: Mapping[str, Form] = {} if form is None else form.children
    there = _by_name(answer)
    missing = [name for name in demand if name not in there and _may_be_empty(name, children.get(name))]
    space = namespace(answer)
    made = [_empty(_tag(name, space, children.get(name)), None, children.get(name)) for name in missing]
    if made:
        answer[:] = _ordered([*answer, *made], children)
    for each in answer:
        if len(each) and demand.get(local_name(each)):
            _complete(each, children.get(local_name(each)), demand[local_name(each)])


def _fill_group(group: etree._Element) -> None:
    there = _by_name(group)
    space = namespace(group)
    members = (there.get(name) or [_empty(f"{{{space}}}{name}", None, None)] for name in _GROEPEN[local_name(group)])
    group[:] = [each for found in members for each in found]


def _tag(name: str, space: str, form: Form | None) -> str:
    return f"{{{form.namespace if form else space}}}{name}"


def _ordered(found: list[etree._Element], children: Mapping[str, Form]) -> list[etree._Element]:
    """Put them in the order of the definition, as far as it is known."""
    order = {name: place for place, name in enumerate(children)}
    if any(local_name(each) not in order for each in found):
        return found
    return sorted(found, key=lambda each: order[local_name(each)])


def _may_be_empty(name: str, form: Form | None) -> bool:
    return name not in _NEVER_NIL and (name in _TIJDVAKKEN or form is None or form.nillable or form.loose)


def _empty(tag: str, asked: etree._Element | None, form: Form | None) -> etree._Element:
    """Give an element without a value (§6.3: nietOndersteund before geenWaarde).

    What the target has no value for is geenWaarde: a zaaksysteem that knows its zaken has no values it does not know.
    """
    made = etree.Element(tag, nsmap=PREFIXES)
    name = local_name(made)
    if parts := _TIJDVAKKEN.get(name):
        for part in parts:
            _say_empty(etree.SubElement(made, f"{{{STUF}}}{part}"), NoValue.NIET_ONDERSTEUND)
        return made
    fixed = "" if form is None or "entiteittype" not in form.attributes else form.attributes["entiteittype"].fixed
    if entiteittype := fixed or ("" if asked is None else asked.get(_ENTITEITTYPE, "")):
        made.set(_ENTITEITTYPE, entiteittype)
    reason = NoValue.NIET_ONDERSTEUND if name in _NOT_KEPT else NoValue.GEEN_WAARDE
    _say_empty(made, reason if form is None or "noValue" in form.attributes or form.loose else None)
    return made


def _say_empty(element: etree._Element, reason: NoValue | None) -> None:
    element.set(_NIL, "true")
    if reason is not None:
        element.set(_NO_VALUE, reason.value)


def _by_name(element: etree._Element) -> dict[str, list[etree._Element]]:
    found: dict[str, list[etree._Element]] = {}
    for each in element:
        found.setdefault(local_name(each), []).append(each)
    return found


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
