"""Kennisgevingen whose content a test chooses, for what the simulated sender never says.

It knows the order in which StUF-ZKN wants the elements of a zaak, so that a test can name just the ones it is about.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from uuid import NAMESPACE_URL, uuid5

from adapters.stuf_zds.services import CREEER, DOCUMENT, STATUS, UPDATE, Service
from adapters.stuf_zds.simulator import ZAAKTYPE, Verzoek
from hub.wire.soap.envelope import Version, write
from hub.wire.stuf.namespaces import BG, STUF, XMIME, ZKN
from hub.wire.xml import XSI, escape

ZAAK = "1900000000042"
DOCUMENT_ID = "1900000000042001"
BSN = "999993653"
OTHER_BSN = "999990019"
OTHER_RSIN = "002564440"
KVK = "90000102"
DAY = "20260302"

Content = str | Sequence[str]
"""Text, XML that begins with `<`, or several of those."""

_ORDER = (
    "identificatie", "dct.omschrijving", "omschrijving", "creatiedatum", "ontvangstdatum", "titel", "beschrijving",
    "toelichting", "kenmerk", "anderZaakObject", "resultaat", "startdatum", "registratiedatum", "publicatiedatum",
    "einddatumGepland", "uiterlijkeEinddatum", "einddatum", "opschorting", "verlenging", "betalingsIndicatie",
    "laatsteBetaaldatum", "archiefnominatie", "datumVernietigingDossier", "zaakniveau", "deelzakenIndicatie",
    "formaat", "taal", "versie", "status", "verzenddatum", "vertrouwelijkAanduiding", "auteur", "link", "inhoud",
    "extraElementen", "isVan", "isRelevantVoor", "heeftBetrekkingOp", "heeftAlsBelanghebbende", "heeftAlsGemachtigde",
    "heeftAlsInitiator", "heeftAlsUitvoerende", "heeftAlsVerantwoordelijke", "heeftAlsOverigBetrokkene",
    "heeftAlsDeelzaak", "heeftBetrekkingOpAndere", "heeft",
)  # fmt: skip
_SPELLED = {"dct_omschrijving": "dct.omschrijving"}


def creeer_zaak(*, identificatie: str = ZAAK, turn: int = 0, organisatie: str = "1900", **content: Content) -> Verzoek:
    """Ask for a zaak of the standard zaaktype, started on DAY."""
    whole: Mapping[str, Content] = {"startdatum": DAY, "registratiedatum": DAY, "isVan": is_van(), **content}
    return bericht(CREEER, "T", [zaak(identificatie, "T", whole)], turn=turn, organisatie=organisatie)


def update_zaak(*, old: Mapping[str, Content] | None = None, turn: int = 1, **content: Content) -> Verzoek:
    """Change a zaak; with `old` in two objects."""
    objects = [zaak(ZAAK, "W", content)]
    return bericht(UPDATE, "W", [*([] if old is None else [zaak(ZAAK, "W", old)]), *objects], turn=turn)


def zet_status(*heeft: str, turn: int = 2, **content: Content) -> Verzoek:
    """Set statuses, each made by `heeft_status`."""
    empty = f'<ZKN:heeft StUF:entiteittype="ZAKSTT" StUF:verwerkingssoort="T" {NIL}/>'
    objects = [zaak(ZAAK, "W", {"heeft": empty}), zaak(ZAAK, "W", {**content, "heeft": heeft})]
    return bericht(STATUS, "W", objects, turn=turn)


def voeg_document_toe(inhoud: bytes = b"%PDF-", *, attributes: str = "", turn: int = 3, **content: Content) -> Verzoek:
    """Add a document to the zaak."""
    whole: Mapping[str, Content] = {
        "dct_omschrijving": "Bijlage",
        "creatiedatum": DAY,
        "titel": "Een bijlage",
        "formaat": "application/pdf",
        "taal": "nld",
        "vertrouwelijkAanduiding": "OPENBAAR",
        "auteur": "Formulieren",
        "inhoud": f'<ZKN:inhoud xmime:contentType="application/pdf" StUF:bestandsnaam="bijlage.pdf"{attributes}>'
        f"{b64encode(inhoud).decode()}</ZKN:inhoud>",
        "isRelevantVoor": '<ZKN:isRelevantVoor StUF:entiteittype="EDCZAK" StUF:verwerkingssoort="T">'
        '<ZKN:gerelateerde StUF:entiteittype="ZAK" StUF:verwerkingssoort="I">'
        f"{leaf('identificatie', ZAAK)}</ZKN:gerelateerde></ZKN:isRelevantVoor>",
        **content,
    }
    return bericht(DOCUMENT, "T", [_object("EDC", DOCUMENT_ID, "T", whole)], turn=turn)


def bericht(
    service: Service,
    mutatiesoort: str,
    objects: Sequence[str],
    *,
    turn: int,
    organisatie: str = "1900",
    applicatie: str = "FORMULIEREN",
) -> Verzoek:
    """Give the request; `turn` tells the messages of one test apart."""
    number = str(uuid5(NAMESPACE_URL, f"{service.kind}/{turn}/{''.join(objects)}"))
    content = (
        f'<ZKN:{service.element_11} xmlns:ZKN="{ZKN}" xmlns:BG="{BG}" xmlns:StUF="{STUF}" xmlns:xmime="{XMIME}" '
        f'xmlns:xsi="{XSI}" xmlns:gml="http://www.opengis.net/gml"><ZKN:stuurgegevens>'
        "<StUF:berichtcode>Lk01</StUF:berichtcode>"
        f"<StUF:zender><StUF:organisatie>{organisatie}</StUF:organisatie>"
        f"<StUF:applicatie>{applicatie}</StUF:applicatie></StUF:zender>"
        f"<StUF:ontvanger><StUF:organisatie>1900</StUF:organisatie><StUF:applicatie>ZAAKHUB</StUF:applicatie>"
        f"</StUF:ontvanger><StUF:referentienummer>{number}</StUF:referentienummer>"
        f"<StUF:tijdstipBericht>2026030209{turn:02}00</StUF:tijdstipBericht>"
        f"<StUF:entiteittype>{service.entiteittype}</StUF:entiteittype></ZKN:stuurgegevens>"
        f"<ZKN:parameters><StUF:mutatiesoort>{mutatiesoort}</StUF:mutatiesoort>"
        f"<StUF:indicatorOvername>V</StUF:indicatorOvername></ZKN:parameters>{''.join(objects)}"
        f"</ZKN:{service.element_11}>"
    )
    action = f"{ZKN}/{service.kind}"
    return Verzoek(service.kind, action, number, Version.SOAP11, write(Version.SOAP11, content))


def zaak(identificatie: str, soort: str, content: Mapping[str, Content]) -> str:
    """Give one object of a zakLk01."""
    return _object("ZAK", identificatie, soort, content)


NIL = 'xsi:nil="true" StUF:noValue="geenWaarde"'


def leaf(name: str, text: str, prefix: str = "ZKN", attributes: str = "") -> str:
    """Give one element with a text."""
    return f"<{prefix}:{name}{attributes}>{escape(text)}</{prefix}:{name}>"


def empty(name: str) -> str:
    """Give an element that says that there is no value (geenWaarde)."""
    return f"<ZKN:{name} {NIL}/>"


def is_van(code: str = ZAAKTYPE) -> str:
    """Give the zaaktype."""
    return (
        '<ZKN:isVan StUF:entiteittype="ZAKZKT" StUF:verwerkingssoort="T"><ZKN:gerelateerde StUF:entiteittype="ZKT" '
        f'StUF:verwerkingssoort="I">{leaf("omschrijving", "Aanvraag")}{leaf("code", code)}'
        "</ZKN:gerelateerde></ZKN:isVan>"
    )


def heeft_status(omschrijving: str, at: str, *, toelichting: str = "", volgnummer: int = 2, door: str = "") -> str:
    """Give a status; `at` is a StUF tijdstip or date, `door` the identificatie of a medewerker."""
    setter = (
        '<ZKN:isGezetDoor StUF:entiteittype="ZAKSTTBTR" StUF:verwerkingssoort="T"><ZKN:gerelateerde>'
        f"{medewerker(door)}</ZKN:gerelateerde></ZKN:isGezetDoor>"
    )
    return (
        '<ZKN:heeft StUF:entiteittype="ZAKSTT" StUF:verwerkingssoort="T"><ZKN:gerelateerde StUF:entiteittype="STT" '
        f'StUF:verwerkingssoort="I">{leaf("volgnummer", f"{volgnummer:04}")}{leaf("omschrijving", omschrijving)}'
        f"</ZKN:gerelateerde>{leaf('toelichting', toelichting) if toelichting else ''}"
        f"{leaf('datumStatusGezet', at)}{setter if door else ''}</ZKN:heeft>"
    )


_RELATIES = {
    "heeftAlsInitiator": "INI",
    "heeftAlsBelanghebbende": "BLH",
    "heeftAlsGemachtigde": "GMC",
    "heeftAlsUitvoerende": "UTV",
    "heeftAlsVerantwoordelijke": "VRA",
    "heeftAlsOverigBetrokkene": "OVR",
}


def rol(relatie: str, who: str, *, soort: str = "T", rest: str = "") -> str:
    """Give a rol with a betrokkene, made by one of the functions below; `rest` follows it."""
    return (
        f'<ZKN:{relatie} StUF:entiteittype="ZAKBTR{_RELATIES[relatie]}" StUF:verwerkingssoort="{soort}">'
        f"<ZKN:gerelateerde>{who}</ZKN:gerelateerde>{rest}</ZKN:{relatie}>"
    )


def geen_rol(relatie: str, *, soort: str = "V") -> str:
    """Give a rol that is not there (any more): the second object of a removal, the first of an addition."""
    return f'<ZKN:{relatie} StUF:entiteittype="ZAKBTR{_RELATIES[relatie]}" StUF:verwerkingssoort="{soort}" {NIL}/>'


def natuurlijk_persoon(bsn: str = BSN, rest: str = "", *, naam: str = "Voorbeeld", geboren: str = "") -> str:
    """Give a person; `rest` follows the names."""
    number = leaf("inp.bsn", bsn, "BG") if bsn else ""
    return (
        f'<ZKN:natuurlijkPersoon StUF:entiteittype="NPS" StUF:verwerkingssoort="T">{number}'
        f"{leaf('authentiek', 'J', 'BG', _META) if bsn else ''}"
        f"{leaf('geslachtsnaam', naam, 'BG')}{geboren}{rest}</ZKN:natuurlijkPersoon>"
    )


def niet_natuurlijk_persoon(nnp_id: str = "", *, naam: str = "Voorbeeld BV", rechtsvorm: str = "") -> str:
    """Give an organisation."""
    number = leaf("inn.nnpId", nnp_id, "BG") + leaf("authentiek", "J", "BG", _META) if nnp_id else ""
    form = leaf("inn.rechtsvorm", rechtsvorm, "BG") if rechtsvorm else ""
    return (
        f'<ZKN:nietNatuurlijkPersoon StUF:entiteittype="NNP" StUF:verwerkingssoort="T">{number}'
        f"{leaf('statutaireNaam', naam, 'BG')}{form}</ZKN:nietNatuurlijkPersoon>"
    )


def medewerker(identificatie: str, *, achternaam: str = "", voorvoegsel: str = "") -> str:
    """Give an employee."""
    name = leaf("achternaam", achternaam) + leaf("voorletters", "M.") if achternaam else ""
    before = leaf("voorvoegselAchternaam", voorvoegsel) if voorvoegsel else ""
    return (
        '<ZKN:medewerker StUF:entiteittype="MDW" StUF:verwerkingssoort="I">'
        f"{leaf('identificatie', identificatie)}{name}{before}</ZKN:medewerker>"
    )


def extra_elementen(**values: str) -> str:
    """Give extraElementen."""
    each = "".join(
        f'<StUF:extraElement naam="{name}">{escape(text)}</StUF:extraElement>' for name, text in values.items()
    )
    return f"<StUF:extraElementen>{each}</StUF:extraElementen>"


_META = ' StUF:metagegeven="true"'


def _object(entiteittype: str, identificatie: str, soort: str, content: Mapping[str, Content]) -> str:
    spelled = {_SPELLED.get(name, name): each for name, each in {"identificatie": identificatie, **content}.items()}
    inside = "".join(_written(name, spelled[name]) for name in sorted(spelled, key=_ORDER.index))
    return f'<ZKN:object StUF:entiteittype="{entiteittype}" StUF:verwerkingssoort="{soort}">{inside}</ZKN:object>'


def _written(name: str, content: Content) -> str:
    each = (content,) if isinstance(content, str) else content
    return "".join(text if text.startswith("<") else leaf(name, text) for text in each)
