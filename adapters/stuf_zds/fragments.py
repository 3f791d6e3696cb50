"""Pieces of the messages that the far side of this adapter sends: fictitious zaken, persons and documents, as XML.

The same `number` gives the same zaak, persons and bytes. All persons are fictitious; their BSNs pass the 11-test and
begin with 9999, a range that is never issued.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal

from hub.clock import AMSTERDAM
from hub.wire.stuf.waarden import (
    ExtraElement,
    OnvolledigeDatum,
    Waarde,
    write_datum,
    write_extra_elementen,
    write_tijdstip,
)
from hub.wire.xml import escape

Betrokkene = Literal["natuurlijkPersoon", "nietNatuurlijkPersoon", "vestiging", "medewerker", "organisatorischeEenheid"]

ZAAKTYPE = "B1026"
ZAAKTYPE_OMSCHRIJVING = "Aanvraag minimaregelingen"
STATUSTYPEN = {1: "Ontvangen", 2: "In behandeling", 3: "Afgehandeld"}
"""By volgnummer; the last one closes the zaak."""
RESULTAATTYPE = "Toegekend"
INFORMATIEOBJECTTYPE = "Aanvraagformulier"
EIGENSCHAPPEN: Mapping[str, str] = {"kanaal": "website", "language_code": "nl"}

FIRST_MESSAGE_AT = datetime(2026, 3, 2, 9, 0, tzinfo=AMSTERDAM)
_CHUNK_BYTES = 48 * 1024  # a multiple of three: each chunk is base64 on its own


def kennisgeving(mutatiesoort: str, objects: str, *, synchroon: bool = False) -> str:
    """Write the parameters and objects of a kennisgeving."""
    overname = "" if synchroon else "<StUF:indicatorOvername>V</StUF:indicatorOvername>"
    parameters = f"<StUF:mutatiesoort>{mutatiesoort}</StUF:mutatiesoort>{overname}"
    return f"<ZKN:parameters>{parameters}</ZKN:parameters>{objects}"


def zaakidentificatie(number: int) -> str:
    """Give the identificatie of zaak `number`: gemeentecode and digits, as ZDS prescribes."""
    return f"1900{number:010}"


def documentidentificatie(number: int, document: int = 1) -> str:
    """Give the identificatie of a document of zaak `number`."""
    return f"1900{number:010}{document:04}"


def bsn(number: int) -> str:
    """Give a number that passes the 11-test and is never issued: 9999 and five digits that repeat after 10,000."""
    for base in range(99990000 + number % 10000, 100000000):
        check = sum(int(digit) * weight for digit, weight in zip(str(base), range(9, 1, -1), strict=True)) % 11
        if check < 10:  # noqa: PLR2004 - a digit
            return f"{base}{check}"
    return "999990019"


def contents(size_bytes: int) -> Iterator[bytes]:
    """Give content of this size in pieces, the same each time."""
    block = (sha256(b"zaakhub").digest() * (_CHUNK_BYTES // 32 + 1))[:_CHUNK_BYTES]
    for start in range(0, size_bytes, _CHUNK_BYTES):
        yield block[: size_bytes - start]


def leaf(name: str, text: str, prefix: str = "ZKN") -> str:
    """Write an element with a text."""
    return f"<{prefix}:{name}>{escape(text)}</{prefix}:{name}>"


def entity(name: str, entiteittype: str, content: str, verwerkingssoort: str = "") -> str:
    """Write an entity or relation; in a kennisgeving it has a verwerkingssoort."""
    soort = f' StUF:verwerkingssoort="{verwerkingssoort}"' if verwerkingssoort else ""
    return f'<ZKN:{name} StUF:entiteittype="{entiteittype}"{soort}>{content}</ZKN:{name}>'


def moment(number: int) -> datetime:
    """Give when the messages about zaak `number` are sent."""
    return FIRST_MESSAGE_AT + timedelta(milliseconds=number)


def day(number: int) -> str:
    """Give the day of zaak `number`."""
    return f"{moment(number):%Y%m%d}"


def extra_elementen(extra: Mapping[str, str]) -> str:
    """Write values under names of the sender's own."""
    return write_extra_elementen(ExtraElement(naam, Waarde(waarde)) for naam, waarde in extra.items())


def is_van(zaaktype: str) -> str:
    """Write the zaaktype of a zaak."""
    return (
        '<ZKN:isVan StUF:entiteittype="ZAKZKT" StUF:verwerkingssoort="T">'
        '<ZKN:gerelateerde StUF:entiteittype="ZKT" StUF:verwerkingssoort="I">'
        f"{leaf('omschrijving', ZAAKTYPE_OMSCHRIJVING)}{leaf('code', zaaktype)}</ZKN:gerelateerde></ZKN:isVan>"
    )


def heeft(zaaktype: str, volgnummer: int, at: datetime) -> str:
    """Write a status of a zaak."""
    return (
        '<ZKN:heeft StUF:entiteittype="ZAKSTT" StUF:verwerkingssoort="T">'
        '<ZKN:gerelateerde StUF:entiteittype="STT" StUF:verwerkingssoort="I">'
        f"{leaf('zkt.code', zaaktype)}{leaf('volgnummer', f'{volgnummer:04}')}"
        f"{leaf('omschrijving', STATUSTYPEN[volgnummer])}</ZKN:gerelateerde>"
        f"{leaf('datumStatusGezet', write_tijdstip(at))}"
        '<ZKN:isGezetDoor StUF:entiteittype="ZAKSTTBTR" StUF:verwerkingssoort="T"><ZKN:gerelateerde>'
        '<ZKN:medewerker StUF:entiteittype="MDW" StUF:verwerkingssoort="I">'
        f"{leaf('identificatie', '1900-behandelaar')}</ZKN:medewerker></ZKN:gerelateerde></ZKN:isGezetDoor>"
        "</ZKN:heeft>"
    )


def _geboortedatum(number: int) -> str:
    """Of every tenth person only the year is known."""
    whole = OnvolledigeDatum(1950 + number % 50, 1 + number % 12, 1 + number % 28)
    text, indicatie = write_datum(whole if number % 10 else OnvolledigeDatum(whole.jaar))
    return f'<BG:geboortedatum StUF:indOnvolledigeDatum="{indicatie}">{text}</BG:geboortedatum>'


def heeft_als_initiator(number: int, kind: Betrokkene) -> str:
    """Write the initiator of zaak `number`."""
    code, content = _BETROKKENEN[kind]
    who = content.format(
        number=number,
        bsn=bsn(number),
        nnp=bsn(number + 5000),
        vestiging=f"{number % 10**12:012}",
        geboortedatum=_geboortedatum(number),
    )
    return (
        '<ZKN:heeftAlsInitiator StUF:entiteittype="ZAKBTRINI" StUF:verwerkingssoort="T"><ZKN:gerelateerde>'
        f'<ZKN:{kind} StUF:entiteittype="{code}" StUF:verwerkingssoort="T">{who}</ZKN:{kind}>'
        "</ZKN:gerelateerde></ZKN:heeftAlsInitiator>"
    )


_ADRES = (
    "<BG:wpl.woonplaatsNaam>Voorbeeldstad</BG:wpl.woonplaatsNaam>"
    "<BG:gor.openbareRuimteNaam>Dorpsstraat</BG:gor.openbareRuimteNaam><BG:gor.straatnaam>Dorpsstraat</BG:gor.straatnaam>"
    "<BG:aoa.postcode>1234AB</BG:aoa.postcode><BG:aoa.huisnummer>12</BG:aoa.huisnummer>"
)
_AUTHENTIEK = '<BG:authentiek StUF:metagegeven="true">J</BG:authentiek>'

_NPS = (
    f"<BG:inp.bsn>{{bsn}}</BG:inp.bsn>{_AUTHENTIEK}<BG:geslachtsnaam>Voorbeeld</BG:geslachtsnaam>"
    "<BG:voorvoegselGeslachtsnaam>van</BG:voorvoegselGeslachtsnaam><BG:voorletters>V.</BG:voorletters>"
    "<BG:voornamen>Vera</BG:voornamen><BG:geslachtsaanduiding>V</BG:geslachtsaanduiding>{geboortedatum}"
    f"<BG:verblijfsadres>{_ADRES}</BG:verblijfsadres>"
)
_NNP = (
    f"<BG:inn.nnpId>{{nnp}}</BG:inn.nnpId>{_AUTHENTIEK}"
    f"<BG:statutaireNaam>Voorbeeld {{number}} BV</BG:statutaireNaam><BG:bezoekadres>{_ADRES}</BG:bezoekadres>"
)
_VES = "<BG:vestigingsNummer>{vestiging}</BG:vestigingsNummer><BG:handelsnaam>Voorbeeld {number}</BG:handelsnaam>"
_MDW = (
    "<ZKN:identificatie>medewerker-{number}</ZKN:identificatie><ZKN:achternaam>Voorbeeld</ZKN:achternaam>"
    "<ZKN:voorletters>M.</ZKN:voorletters>"
)
_OEH = "<ZKN:identificatie>afdeling-{number}</ZKN:identificatie><ZKN:naam>Burgerzaken</ZKN:naam>"

_BETROKKENEN: dict[Betrokkene, tuple[str, str]] = {
    "natuurlijkPersoon": ("NPS", _NPS),
    "nietNatuurlijkPersoon": ("NNP", _NNP),
    "vestiging": ("VES", _VES),
    "medewerker": ("MDW", _MDW),
    "organisatorischeEenheid": ("OEH", _OEH),
}
