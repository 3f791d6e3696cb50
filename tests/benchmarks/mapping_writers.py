"""Other ways to write the creeerZaak_Lk01 of an event: zeep, and lxml's SubElement by hand.

Each writes the fields that the event of `ingediende_zaak` has, and only those.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lxml import etree

from hub.wire.stuf.namespaces import BG, STUF, ZKN
from tests.benchmarks.mapping_contenders import zeep_client

Event = dict[str, Any]

Writer = Callable[[Event], bytes]
"""The data of an event in, a zakLk01 element out."""


def writers() -> dict[str, Writer]:
    """Give every contender, ready to write."""
    return {"lxml SubElement, by hand": _by_hand, "zeep: objects, then XML": _zeep()}


_ZENDER = {"organisatie": "002220647", "applicatie": "ZAAKHUB"}
_ONTVANGER = {"organisatie": "002220647", "applicatie": "ZAKEN"}
_STUURGEGEVENS = {
    "berichtcode": "Lk01",
    "zender": _ZENDER,
    "ontvanger": _ONTVANGER,
    "referentienummer": "0d2b7c9a-52c5-4f0e-8f0e-6c2f3a7f9b12",
    "tijdstipBericht": "20260312101501",
    "entiteittype": "ZAK",
}
_PARAMETERS = {"mutatiesoort": "T", "indicatorOvername": "V"}
_MUTATIE = {
    "toevoegen": "T", "wijzigen": "W", "verwijderen": "V", "beeindigen": "E", "vervangen": "R", "identificeren": "I",
}  # fmt: skip
_BETALING = {"nvt": "N.v.t.", "nog_niet": "(Nog) niet", "gedeeltelijk": "Gedeeltelijk", "geheel": "Geheel"}
_ARCHIEF = {"vernietigen": "J", "blijvend_bewaren": "N"}
_ROLLEN = {
    "heeftAlsBelanghebbende": "ZAKBTRBLH",
    "heeftAlsGemachtigde": "ZAKBTRGMC",
    "heeftAlsInitiator": "ZAKBTRINI",
    "heeftAlsUitvoerende": "ZAKBTRUTV",
    "heeftAlsVerantwoordelijke": "ZAKBTRVRA",
    "heeftAlsOverigBetrokkene": "ZAKBTROVR",
}
"""In the order of the definition."""

_ENTITEITTYPE, _VERWERKINGSSOORT = f"{{{STUF}}}entiteittype", f"{{{STUF}}}verwerkingssoort"


def _date(iso: str) -> str:
    return iso.replace("-", "")


def _moment(iso: str) -> str:
    # The events at hand hold local time already: the offset is cut off, not converted.
    return iso[:19].replace("-", "").replace("T", "").replace(":", "")


def _born(known: dict[str, int]) -> str:
    return f"{known['jaar']:04}{known['maand']:02}{known['dag']:02}"


def _values(zaak: Event) -> dict[str, str]:
    """Give the fields before the extraElementen that hold one text, but for the first three."""
    return {
        "startdatum": _date(zaak["startdatum"]),
        "registratiedatum": _date(zaak["registratiedatum"]),
        "einddatumGepland": _date(zaak["einddatumGepland"]),
        "uiterlijkeEinddatum": _date(zaak["uiterlijkeEinddatumAfdoening"]),
        "betalingsIndicatie": _BETALING[zaak["betalingsindicatie"]],
        "archiefnominatie": _ARCHIEF[zaak["archiefnominatie"]],
        "zaakniveau": str(zaak["zaakniveau"]),
        "deelzakenIndicatie": "J" if zaak["deelzakenIndicatie"] else "N",
    }


def _persoon(persoon: Event) -> dict[str, str]:
    return {
        "inp.bsn": persoon["bsn"],
        "geslachtsnaam": persoon["geslachtsnaam"],
        "voorvoegselGeslachtsnaam": persoon["voorvoegselGeslachtsnaam"],
        "voorletters": persoon["voorletters"],
        "geslachtsaanduiding": persoon["geslachtsaanduiding"].upper(),
        "geboortedatum": _born(persoon["geboortedatum"]),
    }


def _adres(adres: Event) -> dict[str, str]:
    return {
        "wpl.woonplaatsNaam": adres["woonplaatsNaam"],
        "gor.openbareRuimteNaam": adres["openbareRuimteNaam"],
        "aoa.postcode": adres["postcode"],
        "aoa.huisnummer": str(adres["huisnummer"]),
    }


def _by_hand(event: Event) -> bytes:
    zaak = event["zaak"]
    root = etree.Element(f"{{{ZKN}}}zakLk01", nsmap={"ZKN": ZKN, "BG": BG, "StUF": STUF})
    stuurgegevens = _add(root, "stuurgegevens")
    _fill(stuurgegevens, STUF, {"berichtcode": "Lk01"})
    for name, systeem in (("zender", _ZENDER), ("ontvanger", _ONTVANGER)):
        _fill(_add(stuurgegevens, name, STUF), STUF, systeem)
    for name in ("referentienummer", "tijdstipBericht", "entiteittype"):
        _add(stuurgegevens, name, STUF).text = str(_STUURGEGEVENS[name])
    _fill(_add(root, "parameters"), STUF, _PARAMETERS)
    made = _entity(root, "object", "ZAK", "T")
    _fill(made, ZKN, {name: zaak[name] for name in ("identificatie", "omschrijving", "toelichting")})
    for each in zaak["kenmerken"]:
        _fill(_add(made, "kenmerk"), ZKN, each)
    _fill(made, ZKN, _values(zaak))
    extra = _add(made, "extraElementen", STUF)
    for each in zaak["eigenschappen"]:
        element = _add(extra, "extraElement", STUF)
        element.set("naam", each["naam"])
        element.text = each["waarde"]
    zaaktype = _entity(_entity(made, "isVan", "ZAKZKT", "T"), "gerelateerde", "ZKT", "I")
    _fill(zaaktype, ZKN, {"omschrijving": zaak["zaaktypeOmschrijving"], "code": zaak["zaaktype"]})
    for relatie, entiteittype in _ROLLEN.items():
        for each in zaak["rollen"]:
            if each["relatie"] == relatie:
                _rol_by_hand(_entity(made, relatie, entiteittype, _MUTATIE[each["mutatie"]]), each)
    for each in zaak["statussen"]:
        heeft = _entity(made, "heeft", "ZAKSTT", _MUTATIE[each["mutatie"]])
        statustype = {"volgnummer": str(each["volgnummer"]), "omschrijving": each["omschrijving"]}
        _fill(_entity(heeft, "gerelateerde", "STT", "I"), ZKN, statustype)
        gezet = {"toelichting": each["toelichting"], "datumStatusGezet": _moment(each["datumStatusGezet"])}
        _fill(heeft, ZKN, gezet)
    return etree.tostring(root, encoding="UTF-8")


def _rol_by_hand(made: etree._Element, rol: Event) -> None:
    who = _add(made, "gerelateerde")
    if "natuurlijkPersoon" in rol:
        persoon = _entity(who, "natuurlijkPersoon", "NPS", "T")
        _fill(persoon, BG, _persoon(rol["natuurlijkPersoon"]))
        _fill(_add(persoon, "verblijfsadres", BG), BG, _adres(rol["natuurlijkPersoon"]["verblijfsadres"]))
    elif "vestiging" in rol:
        vestiging = rol["vestiging"]
        values = {"vestigingsNummer": vestiging["vestigingsNummer"], "handelsnaam": vestiging["handelsnamen"][0]}
        _fill(_entity(who, "vestiging", "VES", "T"), BG, values)
    elif "medewerker" in rol:
        _fill(_entity(who, "medewerker", "MDW", "I"), ZKN, rol["medewerker"])
    else:
        _fill(_entity(who, "organisatorischeEenheid", "OEH", "I"), ZKN, rol["organisatorischeEenheid"])
    _add(made, "omschrijving").text = rol["omschrijving"]


def _add(parent: etree._Element, name: str, namespace: str = ZKN) -> etree._Element:
    return etree.SubElement(parent, f"{{{namespace}}}{name}")


def _entity(parent: etree._Element, name: str, entiteittype: str, verwerkingssoort: str) -> etree._Element:
    made = _add(parent, name)
    made.set(_ENTITEITTYPE, entiteittype)
    made.set(_VERWERKINGSSOORT, verwerkingssoort)
    return made


def _fill(parent: etree._Element, namespace: str, values: dict[str, str]) -> None:
    for name, value in values.items():
        _add(parent, name, namespace).text = value


def _zeep() -> Writer:
    client = zeep_client()
    message = client.get_element(f"{{{ZKN}}}zakLk01")

    def write(event: Event) -> bytes:
        # What `client.create_message` does, without its envelope.
        value = message(stuurgegevens=_STUURGEGEVENS, parameters=_PARAMETERS, object=[_zaak_for_zeep(event["zaak"])])
        parent = etree.Element("Body")
        message.render(parent, value)
        return etree.tostring(parent[0], encoding="UTF-8")

    return write


def _zaak_for_zeep(zaak: Event) -> dict[str, Any]:
    return {
        **{name: zaak[name] for name in ("identificatie", "omschrijving", "toelichting")},
        "kenmerk": zaak["kenmerken"],
        **_values(zaak),
        "extraElementen": {
            "extraElement": [{"_value_1": each["waarde"], "naam": each["naam"]} for each in zaak["eigenschappen"]]
        },
        "isVan": {
            **_named("ZAKZKT", "T"),
            "gerelateerde": {
                **_named("ZKT", "I"),
                "omschrijving": zaak["zaaktypeOmschrijving"],
                "code": zaak["zaaktype"],
            },
        },
        **{
            relatie: [_rol_for_zeep(each, entiteittype) for each in zaak["rollen"] if each["relatie"] == relatie]
            for relatie, entiteittype in _ROLLEN.items()
        },
        "heeft": [
            {
                **_named("ZAKSTT", _MUTATIE[each["mutatie"]]),
                "gerelateerde": {
                    **_named("STT", "I"),
                    "volgnummer": each["volgnummer"],
                    "omschrijving": each["omschrijving"],
                },
                "toelichting": each["toelichting"],
                "datumStatusGezet": _moment(each["datumStatusGezet"]),
            }
            for each in zaak["statussen"]
        ],
        **_named("ZAK", "T"),
    }


def _rol_for_zeep(rol: Event, entiteittype: str) -> dict[str, Any]:
    who: dict[str, Any]
    if "natuurlijkPersoon" in rol:
        persoon = rol["natuurlijkPersoon"]
        adres = {"_value_1": [_loose(name, value) for name, value in _adres(persoon["verblijfsadres"]).items()]}
        who = {"natuurlijkPersoon": {**_named("NPS", "T"), **_persoon(persoon), "verblijfsadres": adres}}
    elif "vestiging" in rol:
        vestiging = rol["vestiging"]
        values = {"vestigingsNummer": vestiging["vestigingsNummer"], "handelsnaam": vestiging["handelsnamen"][0]}
        who = {"vestiging": {**_named("VES", "T"), **values}}
    elif "medewerker" in rol:
        who = {"medewerker": {**_named("MDW", "I"), **rol["medewerker"]}}
    else:
        who = {"organisatorischeEenheid": {**_named("OEH", "I"), **rol["organisatorischeEenheid"]}}
    return {
        **_named(entiteittype, _MUTATIE[rol["mutatie"]]),
        "gerelateerde": who,
        "omschrijving": rol["omschrijving"],
    }


def _named(entiteittype: str, verwerkingssoort: str) -> dict[str, str]:
    return {"entiteittype": entiteittype, "verwerkingssoort": verwerkingssoort}


def _loose(name: str, value: str) -> etree._Element:
    element = etree.Element(f"{{{BG}}}{name}")
    element.text = value
    return element
