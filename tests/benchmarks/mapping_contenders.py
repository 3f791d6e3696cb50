"""Other ways to make the same event of the same message: zeep, xmltodict, XSLT.

Each reads the fields that `ingediende_zaak` has, and only those: none says which fields it did not read, none knows
noValue, a second object or an incomplete date, none says the line of what is wrong, and none checks that a date exists.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import orjson
import xmltodict
from lxml import etree
from zeep import Client
from zeep.transports import Transport

from adapters.stuf_zds.wsdl import PORT_TYPE, describe
from hub.clock import AMSTERDAM
from hub.wire.stuf.namespaces import BG, STUF, ZKN

Reader = Callable[[bytes], bytes]
"""A StUF message in, the JSON of its event out."""

Node = Any
"""What a contender makes of an element."""

URL = f"https://hub.voorbeeldstad.nl/in/formulieren-naar-zaken/{PORT_TYPE}?wsdl"


def readers() -> dict[str, Reader]:
    """Give every contender, ready to read."""
    return {
        "zeep: XSDs of the adapter, then fields": _zeep(),
        "xmltodict, then fields": _xmltodict(),
        "lxml XSLT 1.0, JSON as text": _xslt(),
    }


def zeep_client() -> Any:  # noqa: ANN401 - its types are made from the WSDL
    """Make a client of the WSDL and XSDs that the adapter serves."""
    return Client(URL, transport=_Served())  # type: ignore[no-untyped-call]


class _Served(Transport):
    def load(self, url: str) -> bytes:
        reply = describe("OntvangAsynchroon", urlsplit(url).query, url=url)
        assert reply is not None, url
        return reply.body


class _Access(Protocol):
    """How a contender gives what stands in an element; names are local names."""

    def one(self, node: Node, name: str) -> Node | None: ...
    def many(self, node: Node, name: str) -> list[Node]: ...
    def text(self, node: Node) -> str: ...
    def attribute(self, node: Node, name: str) -> str: ...
    def loose(self, node: Node) -> dict[str, str]:
        """Give texts by name, of an element whose content the definition leaves open."""
        ...


class _Zeep:
    def one(self, node: Node, name: str) -> Node | None:
        return node[name]

    def many(self, node: Node, name: str) -> list[Node]:
        return node[name] or []

    def text(self, node: Node) -> str:
        return str(node["_value_1"])

    def attribute(self, node: Node, name: str) -> str:
        return str(node[name])

    def loose(self, node: Node) -> dict[str, str]:
        return {each.tag.rpartition("}")[2]: each.text or "" for each in node["_value_1"]}


class _Dicts:
    def one(self, node: Node, name: str) -> Node | None:
        return node.get(name)

    def many(self, node: Node, name: str) -> list[Node]:
        found = node.get(name, [])
        return found if isinstance(found, list) else [found]

    def text(self, node: Node) -> str:
        return str(node if isinstance(node, str) else node["#text"])

    def attribute(self, node: Node, name: str) -> str:
        return str(node["@" + name])

    def loose(self, node: Node) -> dict[str, str]:
        return {name: self.text(each) for name, each in node.items()}


def _zeep() -> Reader:
    client = zeep_client()
    element = client.get_element(f"{{{ZKN}}}zakLk01")
    schema = client.wsdl.types
    access = _Zeep()

    def read(body: bytes) -> bytes:
        message = element.parse(etree.fromstring(body)[0][0], schema)
        return orjson.dumps(_event(message["object"][0], message["stuurgegevens"]["zender"]["organisatie"], access))

    return read


def _xmltodict() -> Reader:
    # Prefixes are for the sender to choose: without this, what is read would depend on them.
    plain = dict.fromkeys((ZKN, BG, STUF, "http://schemas.xmlsoap.org/soap/envelope/"))
    access = _Dicts()

    def read(body: bytes) -> bytes:
        message = xmltodict.parse(body, process_namespaces=True, namespaces=plain)["Envelope"]["Body"]["zakLk01"]
        return orjson.dumps(_event(message["object"], message["stuurgegevens"]["zender"]["organisatie"], access))

    return read


def _xslt() -> Reader:
    sheet = etree.parse(Path(__file__).with_suffix(".xslt"))
    transform = etree.XSLT(
        sheet,
        extensions={("urn:benchmark", "moment"): lambda _context, text: _tijdstip(text)},
        access_control=etree.XSLTAccessControl.DENY_ALL,  # type: ignore[attr-defined]
    )
    return lambda body: bytes(transform(etree.fromstring(body)))


def _datum(text: str) -> str:
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}"


def _tijdstip(text: str) -> str:
    return datetime.fromisoformat(f"{text[:8]}T{text[8:14]}").replace(tzinfo=AMSTERDAM).isoformat()


def _geboortedatum(text: str) -> dict[str, int]:
    return {"jaar": int(text[:4]), "maand": int(text[4:6]), "dag": int(text[6:8])}


_MUTATIE = {
    "T": "toevoegen", "W": "wijzigen", "V": "verwijderen", "E": "beeindigen", "R": "vervangen", "I": "identificeren",
}  # fmt: skip
_ARCHIEFNOMINATIE = {"J": "vernietigen", "N": "blijvend_bewaren"}
_BETALING = {"n.v.t.": "nvt", "(nog) niet": "nog_niet", "gedeeltelijk": "gedeeltelijk", "geheel": "geheel"}
_ROLLEN = {
    "heeftAlsInitiator": "initiator",
    "heeftAlsBelanghebbende": "belanghebbende",
    "heeftAlsGemachtigde": "gemachtigde",
    "heeftAlsUitvoerende": "behandelaar",
    "heeftAlsVerantwoordelijke": "zaakcoordinator",
    "heeftAlsOverigBetrokkene": "overig",
}

_Fields = tuple[tuple[str, str, Callable[[str], object]], ...]
"""Target, source, conversion."""

_ZAAK: _Fields = (
    ("identificatie", "identificatie", str),
    ("omschrijving", "omschrijving", str),
    ("toelichting", "toelichting", str),
    ("startdatum", "startdatum", _datum),
    ("registratiedatum", "registratiedatum", _datum),
    ("einddatumGepland", "einddatumGepland", _datum),
    ("uiterlijkeEinddatumAfdoening", "uiterlijkeEinddatum", _datum),
    ("betalingsindicatie", "betalingsIndicatie", lambda text: _BETALING[text.lower()]),
    ("archiefnominatie", "archiefnominatie", _ARCHIEFNOMINATIE.__getitem__),
    ("zaakniveau", "zaakniveau", int),
    ("deelzakenIndicatie", "deelzakenIndicatie", lambda text: text == "J"),
)
_ZAAKTYPE: _Fields = (("zaaktype", "code", str), ("zaaktypeOmschrijving", "omschrijving", str))
_KENMERK: _Fields = (("kenmerk", "kenmerk", str), ("bron", "bron", str))
_STATUS: _Fields = (("toelichting", "toelichting", str), ("datumStatusGezet", "datumStatusGezet", _tijdstip))
_STATUSTYPE: _Fields = (("volgnummer", "volgnummer", int), ("omschrijving", "omschrijving", str))
_PERSOON: _Fields = (
    ("bsn", "inp.bsn", str),
    ("geslachtsnaam", "geslachtsnaam", str),
    ("voorvoegselGeslachtsnaam", "voorvoegselGeslachtsnaam", str),
    ("voorletters", "voorletters", str),
    ("geslachtsaanduiding", "geslachtsaanduiding", str.lower),
    ("geboortedatum", "geboortedatum", _geboortedatum),
)
_VESTIGING: _Fields = (("vestigingsNummer", "vestigingsNummer", str),)
_MEDEWERKER: _Fields = tuple((name, name, str) for name in ("identificatie", "achternaam", "voorletters"))
_AFDELING: _Fields = (("identificatie", "identificatie", str), ("naam", "naam", str))


def _event(zaak: Node, organisatie: str, access: _Access) -> dict[str, Any]:
    event = {**_fields(zaak, _ZAAK, access), "organisatie": organisatie}
    event |= _fields(access.one(access.one(zaak, "isVan"), "gerelateerde"), _ZAAKTYPE, access)
    event["kenmerken"] = [_fields(each, _KENMERK, access) for each in access.many(zaak, "kenmerk")]
    event["eigenschappen"] = [
        {"naam": access.attribute(each, "naam"), "waarde": access.text(each)}
        for each in access.many(access.one(zaak, "extraElementen"), "extraElement")
    ]
    event["rollen"] = [
        _rol(each, relatie, generiek, access)
        for relatie, generiek in _ROLLEN.items()
        for each in access.many(zaak, relatie)
    ]
    event["statussen"] = [
        {
            "mutatie": _MUTATIE[access.attribute(each, "verwerkingssoort")],
            **_fields(access.one(each, "gerelateerde"), _STATUSTYPE, access),
            **_fields(each, _STATUS, access),
        }
        for each in access.many(zaak, "heeft")
    ]
    return {"zaak": event}


def _fields(node: Node, fields: _Fields, access: _Access) -> dict[str, Any]:
    made = {}
    for target, source, convert in fields:
        found = access.one(node, source)
        if found is not None:
            made[target] = convert(access.text(found))
    return made


def _rol(node: Node, relatie: str, generiek: str, access: _Access) -> dict[str, Any]:
    rol = {
        "omschrijvingGeneriek": generiek,
        "relatie": relatie,
        "mutatie": _MUTATIE[access.attribute(node, "verwerkingssoort")],
        "omschrijving": access.text(access.one(node, "omschrijving")),
    }
    who = access.one(node, "gerelateerde")
    if found := access.one(who, "natuurlijkPersoon"):
        persoon = _fields(found, _PERSOON, access)
        adres = access.loose(access.one(found, "verblijfsadres"))
        persoon["verblijfsadres"] = {
            "woonplaatsNaam": adres["wpl.woonplaatsNaam"],
            "openbareRuimteNaam": adres["gor.openbareRuimteNaam"],
            "huisnummer": int(adres["aoa.huisnummer"]),
            "postcode": adres["aoa.postcode"],
        }
        return {**rol, "betrokkeneType": "natuurlijk_persoon", "natuurlijkPersoon": persoon}
    if found := access.one(who, "vestiging"):
        vestiging = _fields(found, _VESTIGING, access)
        vestiging["handelsnamen"] = [access.text(access.one(found, "handelsnaam"))]
        return {**rol, "betrokkeneType": "vestiging", "vestiging": vestiging}
    if found := access.one(who, "medewerker"):
        return {**rol, "betrokkeneType": "medewerker", "medewerker": _fields(found, _MEDEWERKER, access)}
    eenheid = _fields(access.one(who, "organisatorischeEenheid"), _AFDELING, access)
    return {**rol, "betrokkeneType": "organisatorische_eenheid", "organisatorischeEenheid": eenheid}
