"""What the protocol asks of a message beside its fields: who is touched how, and what was there before.

StUF 03.01 §5.2: every entity says its entiteittype and verwerkingssoort, a change has two objects. It fills in what a
mapping left open. It refuses to know what a field means.
"""

from __future__ import annotations

from lxml import etree

from adapters.stuf_zds.services import BESLUIT, VRIJGEVEN, Service
from hub.wire import xml
from hub.wire.stuf.kennisgeving import objects
from hub.wire.stuf.namespaces import BG, STUF, ZKN
from hub.wire.stuf.waarden import NoValue
from hub.wire.xml import XSI, local_name


def complete(message: etree._Element, service: Service) -> None:
    """Complete a message, in place: what the mapping wrote stays."""
    name_entities(message)
    _order_addresses(message)
    _say_where_from(message)
    for kennisgeving in _kennisgevingen(message):
        _complete(kennisgeving, service)
    if service in (BESLUIT, VRIJGEVEN):
        _mark(message, "")


_ENTITEITTYPE, _VERWERKINGSSOORT = f"{{{STUF}}}entiteittype", f"{{{STUF}}}verwerkingssoort"
_NIL, _NO_VALUE = f"{{{XSI}}}nil", f"{{{STUF}}}noValue"
_ENTITY_LENGTH = 3  # NPS is an entity, ZAKBTRINI a relation
_MAY_BE_NEW = frozenset({"NPS", "NNP", "VES"})
"""Who may be unknown to the receiver and is added then (§5.2.2); everything else is there, or it is a mistake."""
_REMOVALS = frozenset({"V", "E"})
_ENTITEITTYPEN = {
    "adres": "AOA",
    "buurt": "BRT",
    "gemeente": "GEM",
    "gemeentelijkeOpenbareRuimte": "GOR",
    "huishouden": "HHD",
    "inrichtingselement": "IRE",
    "kadastraleOnroerendeZaak": "KOZ",
    "kunstwerkdeel": "KWD",
    "maatschappelijkeActiviteit": "MAC",
    "openbareRuimte": "OPR",
    "pand": "PND",
    "samengesteldDocument": "SDC",
    "spoorbaandeel": "SBD",
    "status": "STA",
    "terreindeel": "TDL",
    "terreinGebouwdObject": "TGO",
    "waterdeel": "WDL",
    "wegdeel": "WGD",
    "wijk": "WYK",
    "woonplaats": "WPL",
    "wozDeelobject": "WDO",
    "wozObject": "WOZ",
    "wozWaarde": "WRD",
    "zakelijkRecht": "ZKR",
}
"""Of the objects that a zaak may be about, by element (StUF-ZKN OBJ)."""
_STRAAT = ("gor.openbareRuimteNaam", "gor.straatnaam")
_NUMMER = ("aoa.huisnummer", "aoa.huisletter", "aoa.huisnummertoevoeging")
_VERBLIJF = (
    "aoa.identificatie", "authentiek", "wpl.identificatie", "wpl.woonplaatsNaam", "opr.identificatie", *_STRAAT,
    "aoa.postcode", *_NUMMER, "inp.locatiebeschrijving",
)  # fmt: skip
_POST = (
    "typering", "wpl.woonplaatsNaam", "postcode", "aoa.identificatie", "authentiek", "wpl.identificatie",
    "opr.identificatie", *_STRAAT, *_NUMMER, "sub.postadresType", "sub.postadresNummer",
)  # fmt: skip
_ADDRESSES = {
    name: {each: place for place, each in enumerate(parts)}
    for name, parts in (
        ("verblijfsadres", _VERBLIJF),
        ("bezoekadres", _VERBLIJF),
        ("afwijkendCorrespondentieAdres", _POST),
    )
}
"""The parts of an address in the order of StUF-BG 03.10 (VerblijfsadresGrp, CorrespondentieAdresGrp)."""
_METADATA = frozenset({"tijdvakGeldigheid", "tijdstipRegistratie", "extraElementen", "oud", "inhoud"})
"""What *oud* says nothing of: an inhoud may not be empty (StUF-ZKN), the rest is not changed as a field is."""


def _kennisgevingen(message: etree._Element) -> list[etree._Element]:
    """Give the message itself, or the kennisgeving in a free message (ZDS 1.2 §5.4: updateZaakdocument)."""
    return [each for each in (message, *message) if "Lk0" in local_name(each)]


def _complete(kennisgeving: etree._Element, service: Service) -> None:
    """Say what is to be done with each entity, and make two objects of a change."""
    soort = _mutatiesoort(kennisgeving, service)
    for entity in objects(kennisgeving):
        _mark(entity, soort)
    found = objects(kennisgeving)
    if soort != "T" and len(found) == 1:
        found[0].addprevious(_former(found[0]))
    for each in list(kennisgeving.iter("oud")):
        above = each.getparent()
        assert above is not None
        above.remove(each)


def name_entities(message: etree._Element) -> None:
    """Write the entiteittype that depends on where an entity stands, so that the definition does not fix it."""
    for gerelateerde in message.iter(f"{{{ZKN}}}gerelateerde"):
        relation = gerelateerde.getparent()
        if relation is not None and relation.tag == "oud":
            relation = relation.getparent()
        if relation is not None and local_name(relation) == "heeftBetrekkingOp":
            for each in gerelateerde:
                if local_name(each) in _ENTITEITTYPEN:
                    each.set(_ENTITEITTYPE, _ENTITEITTYPEN[local_name(each)])
    for contact in message.iter(f"{{{ZKN}}}heeftAlsAanspreekpunt"):
        above = contact.getparent()
        if above is not None:
            contact.set(_ENTITEITTYPE, f"{above.get(_ENTITEITTYPE, '')}CTP")
    for each in message.iter(f"{{{ZKN}}}isGezetDoor"):
        if xml.find(each, "gerelateerde") is None:
            # The mapping says in which rol somebody set the status, not who it was.
            who = etree.Element(f"{{{ZKN}}}gerelateerde")
            _empty(who, None)
            each.insert(0, who)


def _order_addresses(message: etree._Element) -> None:
    """Put the parts of an address in the order of StUF-BG: our own definition leaves a group open."""
    for group in message.iter(*(f"{{*}}{name}" for name in _ADDRESSES)):
        order = _ADDRESSES[local_name(group)]
        group[:] = sorted(group, key=lambda each: order.get(local_name(each), len(order)))


def _say_where_from(message: etree._Element) -> None:
    """Say of a number that the hub does not vouch for it: StUF-BG asks that of every one."""
    for number in message.iter(*(f"{{{BG}}}{name}" for name in ("inp.bsn", "inn.nnpId"))):
        following = number.getnext()
        if following is None or local_name(following) != "authentiek":
            said = etree.Element(f"{{{BG}}}authentiek", {f"{{{STUF}}}metagegeven": "true"})
            said.text = "N"
            number.addnext(said)


def _mutatiesoort(kennisgeving: etree._Element, service: Service) -> str:
    """Give what the mapping says, or write what the service is for (§5.2.1)."""
    found = xml.find(kennisgeving, "parameters/mutatiesoort")
    if found is not None and found.text:
        return found.text
    soort = "T" if "T" in service.mutatiesoorten else "W"
    parameters = xml.find(kennisgeving, "parameters")
    if parameters is None:
        parameters = etree.Element(f"{{{ZKN}}}parameters")
        kennisgeving.insert(1 if xml.find(kennisgeving, "stuurgegevens") is not None else 0, parameters)
    parameters.insert(0, _leaf("mutatiesoort", soort))
    if "Lk01" in local_name(kennisgeving) and xml.find(parameters, "indicatorOvername") is None:
        parameters.append(_leaf("indicatorOvername", "V"))
    return soort


def _leaf(name: str, text: str) -> etree._Element:
    made = etree.Element(f"{{{STUF}}}{name}")
    made.text = text
    return made


def _mark(entity: etree._Element, soort: str) -> None:
    """Give a verwerkingssoort to the object, its relations and who they lead to, where the mapping gave none."""
    for each in entity.iter("*"):
        kind = each.get(_ENTITEITTYPE)
        if kind is None or _VERWERKINGSSOORT in each.attrib:
            continue
        if each is entity:
            chosen = soort
        elif kind == "BSL" and not soort:
            chosen = "T"  # the besluit that voegBesluitToe adds
        elif soort != "T" and local_name(each) == "isVan":
            chosen = "I"  # a zaak keeps its zaaktype (ZDS): it only helps to find the zaak
        else:
            chosen = "T" if len(kind) > _ENTITY_LENGTH or kind in _MAY_BE_NEW else "I"
        each.set(_VERWERKINGSSOORT, chosen)


def _former(huidig: etree._Element) -> etree._Element:
    """Give *oud* to a *huidig*; what ends is emptied in *huidig* (§5.2.3, §5.2.4).

    The hub does not know what a field was before: it says so with waardeOnbekend (§3.4).
    """
    oud = etree.Element(huidig.tag, _attributes(huidig))
    seen: set[str] = set()
    for child in huidig:
        name = local_name(child)
        if name == "identificatie":
            etree.SubElement(oud, child.tag).text = child.text
        elif _ENTITEITTYPE in child.attrib:
            oud.append(_former_relation(child))
        elif name not in _METADATA and name not in seen:
            _empty(etree.SubElement(oud, child.tag), None if _is_group(child) else NoValue.WAARDE_ONBEKEND)
        seen.add(name)
    return oud


def _former_relation(relation: etree._Element) -> etree._Element:
    former = etree.Element(relation.tag, _attributes(relation))
    soort = relation.get(_VERWERKINGSSOORT, "")
    before = relation.find("oud")
    own = [each for each in relation if each is not before]
    if soort == "T":
        _empty(former, NoValue.GEEN_WAARDE)
        return former
    if before is not None and len(before):
        former.extend(list(before))
        _mark(former, "W")
    else:
        former.extend([_copy(each) for each in own if soort in _REMOVALS or local_name(each) == "gerelateerde"])
    if soort in _REMOVALS:
        for each in own:
            relation.remove(each)
        _empty(relation, NoValue.GEEN_WAARDE)
    return former


def _copy(element: etree._Element) -> etree._Element:
    return etree.fromstring(etree.tostring(element, with_tail=False))


def _is_group(element: etree._Element) -> bool:
    """Tell whether it holds elements of its own: a group says nil and no noValue."""
    return len(element) > 0


def _empty(element: etree._Element, why: NoValue | None) -> None:
    element.set(_NIL, "true")
    if why:
        element.set(_NO_VALUE, why.value)


def _attributes(element: etree._Element) -> dict[str, str]:
    return {str(name): str(value) for name, value in element.attrib.items()}
