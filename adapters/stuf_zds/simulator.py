"""The far side of this adapter: a form engine that sends zaken over Zaak- en Documentservices.

Pure: it builds requests, valid against the official schemas, and leaves sending to others. The same `number` gives the
same zaak, persons and bytes. All persons are fictitious; their BSNs pass the 11-test and begin with 9999, a range that
is never issued. It can also misbehave: see the last functions.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal, NamedTuple
from uuid import NAMESPACE_URL, uuid5

from adapters.stuf_zds.services import CREEER, DOCUMENT, STATUS, UPDATE, Service
from hub.clock import AMSTERDAM
from hub.wire.claim import Claim
from hub.wire.soap import http
from hub.wire.soap.envelope import Version, write
from hub.wire.stuf.namespaces import BG, STUF, XMIME, ZDS, ZKN
from hub.wire.stuf.stuurgegevens import Stuurgegevens, Systeem
from hub.wire.stuf.stuurgegevens import write as write_stuurgegevens
from hub.wire.stuf.waarden import (
    ExtraElement,
    OnvolledigeDatum,
    Waarde,
    write_datum,
    write_extra_elementen,
    write_tijdstip,
)
from hub.wire.xml import XSI, escape

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


class Verzoek(NamedTuple):
    """One request, ready to be sent. Sending the same one again is the resend of StUF 03.01 §4.4."""

    operation: str
    action: str
    referentienummer: str
    version: Version
    body: bytes

    def headers(self) -> dict[str, str]:
        """Give the HTTP headers."""
        return http.request_headers(self.version, self.action)


class Afzender(NamedTuple):
    """A system that sends. `zds` chooses the message elements, `soap` the envelope."""

    organisatie: str = "1900"
    applicatie: str = "FORMULIEREN"
    administratie: str = ""
    zds: Literal["1.1", "1.2"] = "1.1"
    soap: Version = Version.SOAP11

    def creeer_zaak(
        self,
        number: int,
        *,
        initiator: Betrokkene = "natuurlijkPersoon",
        zaaktype: str = ZAAKTYPE,
        omschrijving: str = "",
        extra: Mapping[str, str] = EIGENSCHAPPEN,
    ) -> Verzoek:
        """Ask for a new zaak, with an initiator of one of the five kinds and a first status."""
        today = _day(number)
        body = (
            _leaf("identificatie", zaakidentificatie(number))
            + _leaf("omschrijving", omschrijving or f"Aanvraag {number}")
            + "<ZKN:kenmerk>"
            + _leaf("kenmerk", f"OF-{number:08}")
            + _leaf("bron", "Formulieren")
            + "</ZKN:kenmerk>"
            + _leaf("startdatum", today)
            + _leaf("registratiedatum", today)
            + _leaf("betalingsIndicatie", "N.v.t.")
            + _leaf("zaakniveau", "1")
            + _leaf("deelzakenIndicatie", "N")
            + _extra(extra)
            + _is_van(zaaktype)
            + _initiator(number, initiator)
            + _heeft(zaaktype, 1, _moment(number))
        )
        return self._verzoek(CREEER, number, "T", _object("ZAK", "T", body))

    def update_zaak(self, number: int, *, objects: Literal[1, 2] = 2, betaald: bool = True) -> Verzoek:
        """Change the toelichting and the payment of a zaak, with or without saying what they were before."""
        identificatie = _leaf("identificatie", zaakidentificatie(number))
        before = identificatie + _leaf("toelichting", "Nog niet compleet") + _leaf("betalingsIndicatie", "(Nog) niet")
        after = (
            identificatie
            + _leaf("toelichting", "Compleet")
            + _leaf("betalingsIndicatie", "Geheel" if betaald else "Gedeeltelijk")
            + _leaf("laatsteBetaaldatum", _day(number))
        )
        old = _object("ZAK", "W", before) if objects > 1 else ""
        return self._verzoek(UPDATE, number, "W", old + _object("ZAK", "W", after))

    def actualiseer_zaakstatus(self, number: int, volgnummer: int = 2, *, zaaktype: str = ZAAKTYPE) -> Verzoek:
        """Set a status; the last one comes with a resultaat and closes the zaak."""
        identificatie = _leaf("identificatie", zaakidentificatie(number))
        resultaat = f"<ZKN:resultaat>{_leaf('omschrijving', RESULTAATTYPE)}</ZKN:resultaat>"
        closing = resultaat if volgnummer == max(STATUSTYPEN) and self.zds == "1.1" else ""
        empty = f'<ZKN:heeft StUF:entiteittype="ZAKSTT" StUF:verwerkingssoort="T" {_GEEN_WAARDE}/>'
        moment = _moment(number) + timedelta(hours=volgnummer)
        old = _object("ZAK", "W", identificatie + empty)
        new = _object("ZAK", "W", identificatie + closing + _heeft(zaaktype, volgnummer, moment))
        return self._verzoek(STATUS, number, "W", old + new, turn=volgnummer)

    def voeg_zaakdocument_toe(
        self, number: int, content: bytes = b"Een document zonder inhoud van belang.", *, document: int = 1
    ) -> Verzoek:
        """Add a document, `document` being its number within the zaak."""
        verzoek = self._document(number, document)
        return verzoek._replace(body=verzoek.body.replace(_CONTENT, b64encode(content)))

    def voeg_groot_zaakdocument_toe(
        self, number: int, size_bytes: int, *, document: int = 1
    ) -> tuple[Verzoek, Iterator[bytes]]:
        """Add a document of any size: the request without its body, and the body in pieces. Memory stays constant."""
        verzoek = self._document(number, document)
        head, _, tail = verzoek.body.partition(_CONTENT)

        def pieces() -> Iterator[bytes]:
            yield head
            yield from (b64encode(piece) for piece in contents(size_bytes))
            yield tail

        return verzoek._replace(body=b""), pieces()

    def _document(self, number: int, document: int) -> Verzoek:
        today = _day(number)
        body = (
            _leaf("identificatie", documentidentificatie(number, document))
            + _leaf("dct.omschrijving", INFORMATIEOBJECTTYPE)
            + _leaf("creatiedatum", today)
            + _leaf("ontvangstdatum", today)
            + _leaf("titel", f"Aanvraag {number}, bijlage {document}")
            + _leaf("formaat", "application/pdf")
            + _leaf("taal", "nld")
            + _leaf("status", "definitief")
            + _leaf("vertrouwelijkAanduiding", "ZAAKVERTROUWELIJK")
            + _leaf("auteur", "Formulieren")
            + f'<ZKN:inhoud xmime:contentType="application/pdf" StUF:bestandsnaam="aanvraag-{number}-{document}.pdf">'
            + f"{_CONTENT.decode()}</ZKN:inhoud>"
            + '<ZKN:isRelevantVoor StUF:entiteittype="EDCZAK" StUF:verwerkingssoort="T">'
            + '<ZKN:gerelateerde StUF:entiteittype="ZAK" StUF:verwerkingssoort="I">'
            + _leaf("identificatie", zaakidentificatie(number))
            + "</ZKN:gerelateerde></ZKN:isRelevantVoor>"
        )
        return self._verzoek(DOCUMENT, number, "T", _object("EDC", "T", body), turn=document)

    def _verzoek(self, service: Service, number: int, mutatiesoort: str, objects: str, *, turn: int = 0) -> Verzoek:
        prefix, namespace, element, operation = (
            ("ZKN", ZKN, service.element_11, service.kind)
            if self.zds == "1.1"
            else ("ZDS", ZDS, service.element_12, service.element_12)
        )
        referentienummer = str(uuid5(NAMESPACE_URL, f"{self.applicatie}/{service.kind}/{number}/{turn}"))
        said = Stuurgegevens(
            "Lk01",
            zender=Systeem(self.organisatie, self.applicatie, self.administratie),
            ontvanger=Systeem(self.organisatie, "ZAAKHUB"),
            referentienummer=referentienummer,
            tijdstip_bericht=write_tijdstip(_moment(number) + timedelta(minutes=turn)),
            entiteittype=service.entiteittype,
        )
        content = (
            f'<{prefix}:{element} xmlns:ZKN="{ZKN}" xmlns:ZDS="{ZDS}" xmlns:BG="{BG}" xmlns:StUF="{STUF}" '
            f'xmlns:xmime="{XMIME}" xmlns:xsi="{XSI}">{write_stuurgegevens(said, "ZKN")}'
            f"<ZKN:parameters><StUF:mutatiesoort>{mutatiesoort}</StUF:mutatiesoort>"
            f"<StUF:indicatorOvername>V</StUF:indicatorOvername></ZKN:parameters>{objects}</{prefix}:{element}>"
        )
        action = f"{namespace}/{operation}"
        return Verzoek(service.kind, action, referentienummer, self.soap, write(self.soap, content))


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


def renumbered(verzoek: Verzoek, referentienummer: str) -> Verzoek:
    """Send the same again under a new referentienummer: what form engines do after a time-out."""
    body = verzoek.body.replace(verzoek.referentienummer.encode(), referentienummer.encode())
    return verzoek._replace(referentienummer=referentienummer, body=body)


def with_wrong_order(verzoek: Verzoek) -> Verzoek:
    """Break the order of the schema, the commonest mistake: the identificatie comes last in its object."""
    head, _, rest = verzoek.body.partition(b"<ZKN:identificatie>")
    value, _, tail = rest.partition(b"</ZKN:identificatie>")
    inside, _, end = tail.partition(b"</ZKN:object>")
    moved = b"<ZKN:identificatie>" + value + b"</ZKN:identificatie></ZKN:object>"
    return verzoek._replace(body=head + inside + moved + end)


def with_other_content(verzoek: Verzoek) -> Verzoek:
    """Change the content under the same referentienummer: StUF016 for whoever remembers the first."""
    return verzoek._replace(body=verzoek.body.replace(b"Aanvraag ", b"Aanvraag nr ", 1))


def examples() -> Mapping[str, bytes]:
    """Give one message of each kind as it stands on the bus: what a new mapping begins with."""
    sender = Afzender()
    content = b"Een document zonder inhoud van belang."
    claim = Claim("voorbeeld", len(content), sha256(content).hexdigest()).text().encode()
    document = sender.voeg_zaakdocument_toe(1, content)
    return {
        **{each.operation: each.body for each in (sender.creeer_zaak(1), sender.update_zaak(1))},
        STATUS.kind: sender.actualiseer_zaakstatus(1).body,
        DOCUMENT.kind: document.body.replace(b64encode(content), claim),
    }


_CONTENT = b"{inhoud}"
_GEEN_WAARDE = 'xsi:nil="true" StUF:noValue="geenWaarde"'


def _leaf(name: str, text: str, prefix: str = "ZKN") -> str:
    return f"<{prefix}:{name}>{escape(text)}</{prefix}:{name}>"


def _object(entiteittype: str, verwerkingssoort: str, content: str) -> str:
    attributes = f'StUF:entiteittype="{entiteittype}" StUF:verwerkingssoort="{verwerkingssoort}"'
    return f"<ZKN:object {attributes}>{content}</ZKN:object>"


def _moment(number: int) -> datetime:
    return FIRST_MESSAGE_AT + timedelta(milliseconds=number)


def _day(number: int) -> str:
    return f"{_moment(number):%Y%m%d}"


def _extra(extra: Mapping[str, str]) -> str:
    return write_extra_elementen(ExtraElement(naam, Waarde(waarde)) for naam, waarde in extra.items())


def _is_van(zaaktype: str) -> str:
    return (
        '<ZKN:isVan StUF:entiteittype="ZAKZKT" StUF:verwerkingssoort="T">'
        '<ZKN:gerelateerde StUF:entiteittype="ZKT" StUF:verwerkingssoort="I">'
        f"{_leaf('omschrijving', ZAAKTYPE_OMSCHRIJVING)}{_leaf('code', zaaktype)}</ZKN:gerelateerde></ZKN:isVan>"
    )


def _heeft(zaaktype: str, volgnummer: int, at: datetime) -> str:
    return (
        '<ZKN:heeft StUF:entiteittype="ZAKSTT" StUF:verwerkingssoort="T">'
        '<ZKN:gerelateerde StUF:entiteittype="STT" StUF:verwerkingssoort="I">'
        f"{_leaf('zkt.code', zaaktype)}{_leaf('volgnummer', f'{volgnummer:04}')}"
        f"{_leaf('omschrijving', STATUSTYPEN[volgnummer])}</ZKN:gerelateerde>"
        f"{_leaf('datumStatusGezet', write_tijdstip(at))}"
        '<ZKN:isGezetDoor StUF:entiteittype="ZAKSTTBTR" StUF:verwerkingssoort="T"><ZKN:gerelateerde>'
        '<ZKN:medewerker StUF:entiteittype="MDW" StUF:verwerkingssoort="I">'
        f"{_leaf('identificatie', '1900-behandelaar')}</ZKN:medewerker></ZKN:gerelateerde></ZKN:isGezetDoor>"
        "</ZKN:heeft>"
    )


def _geboortedatum(number: int) -> str:
    """Of every tenth person only the year is known."""
    whole = OnvolledigeDatum(1950 + number % 50, 1 + number % 12, 1 + number % 28)
    text, indicatie = write_datum(whole if number % 10 else OnvolledigeDatum(whole.jaar))
    return f'<BG:geboortedatum StUF:indOnvolledigeDatum="{indicatie}">{text}</BG:geboortedatum>'


def _initiator(number: int, kind: Betrokkene) -> str:
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
