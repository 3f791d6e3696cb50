"""A system in which people handle zaken, and that talks to a zaaksysteem over Zaak- en Documentservices.

It asks, checks documents out and in, takes decisions, and answers what the hub sent it. Pure, with the same fictitious
zaken as `afzender`: every message fits the official schemas of ZDS 1.1 and 1.2.
"""

from __future__ import annotations

from base64 import b64encode
from typing import Literal, NamedTuple

from adapters.stuf_zds.afzender import Afzender, Verzoek
from adapters.stuf_zds.fragments import (
    INFORMATIEOBJECTTYPE,
    ZAAKTYPE,
    ZAAKTYPE_OMSCHRIJVING,
    bsn,
    day,
    documentidentificatie,
    entity,
    kennisgeving,
    leaf,
    zaakidentificatie,
)
from adapters.stuf_zds.services import (
    BESLUIT,
    BESLUITDETAILS,
    BESLUITEN,
    BESLUITNUMMER,
    BEWERKEN,
    DOCUMENTNUMMER,
    INCHECKEN,
    LEZEN,
    MAAK_DOCUMENT,
    ONTKOPPELEN,
    OVERDRAGEN,
    OVERGEDRAGEN,
    UPDATE,
    UPDATE_BESLUIT,
    UPDATE_DOCUMENT,
    VRIJGEVEN,
    ZAAKDETAILS,
    ZAAKDOCUMENTEN,
    ZAAKNUMMER,
    ZAAKSTATUS,
    ZOEK_DOCUMENTEN,
    ZOEK_ZAKEN,
    Service,
    by_kind,
)
from hub.wire.xml import escape

Scope = Literal["", "alles", "kerngegevens"]
"""What is asked; nothing: the elements that this system shows."""

BESLUITTYPE = "Besluit op aanvraag"
CHECKOUT = "checkout-1"


class Behandelsysteem(NamedTuple):
    """A system of people who handle zaken."""

    afzender: Afzender = Afzender(applicatie="BEHANDELING")

    def genereer_zaakidentificatie(self, number: int) -> Verzoek:
        """Ask for a number for a zaak."""
        return self.afzender.bericht(ZAAKNUMMER, number, "")

    def genereer_documentidentificatie(self, number: int) -> Verzoek:
        """Ask for a number for a document."""
        return self.afzender.bericht(DOCUMENTNUMMER, number, "")

    def genereer_besluitidentificatie(self, number: int) -> Verzoek:
        """Ask for a number for a besluit."""
        return self.afzender.bericht(BESLUITNUMMER, number, "")

    def geef_zaakstatus(self, number: int, *, scope: Scope = "") -> Verzoek:
        """Ask for the last status of a zaak."""
        laatste = entity("heeft", "ZAKSTT", leaf("indicatieLaatsteStatus", "J"))
        asked = nil("identificatie") + entity(
            "heeft",
            "ZAKSTT",
            entity("gerelateerde", "STT", nil("volgnummer", "omschrijving"))
            + nil("toelichting", "datumStatusGezet", "indicatieLaatsteStatus"),
        )
        return self._vraag(ZAAKSTATUS, number, leaf("identificatie", zaakidentificatie(number)) + laatste, scope, asked)

    def geef_zaakdetails(self, number: int, *, scope: Scope = "", asked: str = "") -> Verzoek:
        """Ask for a zaak; `asked` are elements of the scope."""
        asked = asked or (
            nil("identificatie", "omschrijving", "toelichting", "startdatum", "einddatum")
            + entity("isVan", "ZAKZKT", entity("gerelateerde", "ZKT", nil("omschrijving", "code")))
            + f'<ZKN:heeftAlsInitiator StUF:entiteittype="ZAKBTRINI" {_NIL}/>'
            + entity(
                "heeft",
                "ZAKSTT",
                entity("gerelateerde", "STT", nil("volgnummer", "omschrijving")) + nil("datumStatusGezet"),
            )
        )
        return self._vraag(ZAAKDETAILS, number, leaf("identificatie", zaakidentificatie(number)), scope, asked)

    def geef_lijst_zaakdocumenten(self, number: int, *, scope: Scope = "") -> Verzoek:
        """Ask which documents a zaak has."""
        edc = nil("identificatie", "dct.omschrijving", "creatiedatum", "titel", "formaat")
        asked = nil("identificatie") + entity(
            "heeftRelevant", "ZAKEDC", entity("gerelateerde", "EDC", edc) + nil("registratiedatum")
        )
        return self._vraag(ZAAKDOCUMENTEN, number, leaf("identificatie", zaakidentificatie(number)), scope, asked)

    def geef_zaakdocument_lezen(self, number: int, *, document: int = 1, scope: Scope = "") -> Verzoek:
        """Ask for a document with its content."""
        asked = (
            nil("identificatie", "dct.omschrijving", "creatiedatum", "titel", "formaat", "taal", "auteur")
            + "<ZKN:inhoud/>"
            + entity("isRelevantVoor", "EDCZAK", entity("gerelateerde", "ZAK", nil("identificatie")))
        )
        return self._vraag(LEZEN, number, leaf("identificatie", documentidentificatie(number, document)), scope, asked)

    def zoek_zaken(self, number: int, *, maximum: int = 0, na: str = "", sortering: int = 0) -> Verzoek:
        """Ask for the open zaken of the citizen who is the initiator of zaak `number`."""
        persoon = entity("gerelateerde", "BTR", leaf("identificatie", f"{_NATUURLIJK_PERSOON}{bsn(number)}"))
        gelijk = f'<ZKN:einddatum {_NIL} StUF:noValue="geenWaarde"/>' + entity(
            "heeftAlsInitiator", "ZAKBTRINI", persoon
        )
        asked = nil("identificatie", "omschrijving", "startdatum", "einddatum")
        start = f"<ZKN:start>{entity('object', 'ZAK', leaf('identificatie', na))}</ZKN:start>" if na else ""
        parameters = _parameters(sortering, maximum, vervolg=bool(na))
        content = parameters + entity("gelijk", "ZAK", gelijk) + _scope("ZAK", "", asked) + start
        return self.afzender.bericht(ZOEK_ZAKEN, number, content)

    def zoek_documenten(self, number: int) -> Verzoek:
        """Ask for the documents of a zaak, the other way round."""
        zaak = entity("gerelateerde", "ZAK", leaf("identificatie", zaakidentificatie(number)))
        gelijk = entity("gelijk", "EDC", entity("isRelevantVoor", "EDCZAK", zaak))
        asked = nil("identificatie", "titel")
        return self.afzender.bericht(ZOEK_DOCUMENTEN, number, _parameters() + gelijk + _scope("EDC", "", asked))

    def geef_zaakdocument_bewerken(self, number: int, *, document: int = 1) -> Verzoek:
        """Check a document out."""
        gelijk = entity("gelijk", "EDC", leaf("identificatie", documentidentificatie(number, document)))
        inside = f"<ZKN:parameters/>{gelijk}"
        content = f'<ZKN:edcLv01 StUF:entiteittype="EDC" StUF:functie="selectie">{inside}</ZKN:edcLv01>'
        return self.afzender.bericht(BEWERKEN, number, content)

    def update_zaakdocument(
        self, number: int, content: bytes = b"Een nieuwe versie.", *, document: int = 1, checkout: str = CHECKOUT
    ) -> Verzoek:
        """Check a document in, with new content."""
        identificatie = leaf("identificatie", documentidentificatie(number, document))
        before = entity("object", "EDC", identificatie + leaf("titel", "Aanvraag"), "W")
        inhoud = f'<ZKN:inhoud StUF:bestandsnaam="aanvraag-v2.pdf">{b64encode(content).decode()}</ZKN:inhoud>'
        after = entity("object", "EDC", identificatie + leaf("titel", "Aanvraag, herzien") + inhoud, "W")
        return self._vrije_wijziging(INCHECKEN, number, checkout, before + after)

    def cancel_checkout(self, number: int, *, document: int = 1, checkout: str = CHECKOUT) -> Verzoek:
        """Give a document back unchanged."""
        identificatie = leaf("identificatie", documentidentificatie(number, document))
        attributes = 'StUF:entiteittype="EDC" StUF:functie="entiteit" StUF:verwerkingssoort="W"'
        content = _checkout(checkout) + f"<ZKN:document {attributes}>{identificatie}</ZKN:document>"
        return self.afzender.bericht(VRIJGEVEN, number, content)

    def ontkoppel_zaakdocument(self, number: int, *, document: int = 1) -> Verzoek:
        """Take a document out of a zaak (ZDS 1.2)."""
        identificatie = leaf("identificatie", documentidentificatie(number, document))
        zaak = entity("gerelateerde", "ZAK", leaf("identificatie", zaakidentificatie(number)), "I")
        relation = 'StUF:entiteittype="EDCZAK" StUF:verwerkingssoort="V"'
        before = entity(
            "object", "EDC", f"{identificatie}<ZKN:isRelevantVoor {relation}>{zaak}</ZKN:isRelevantVoor>", "W"
        )
        after = entity("object", "EDC", f"{identificatie}<ZKN:isRelevantVoor {relation} {_NIL}/>", "W")
        return self._vrije_wijziging(ONTKOPPELEN, number, "", before + after)

    def maak_zaakdocument(self, number: int, *, document: int = 1) -> Verzoek:
        """Announce a document that has no content yet."""
        zaak = entity("gerelateerde", "ZAK", leaf("identificatie", zaakidentificatie(number)), "I")
        body = (
            leaf("identificatie", documentidentificatie(number, document))
            + leaf("dct.omschrijving", INFORMATIEOBJECTTYPE)
            + leaf("creatiedatum", day(number))
            + leaf("titel", f"Aanvraag {number}, bijlage {document}")
            + leaf("formaat", "application/pdf")
            + leaf("taal", "nld")
            + leaf("vertrouwelijkAanduiding", "ZAAKVERTROUWELIJK")
            + leaf("auteur", "Behandelaar")
            + entity("isRelevantVoor", "EDCZAK", zaak, "T")
        )
        return self.afzender.bericht(MAAK_DOCUMENT, number, kennisgeving("T", entity("object", "EDC", body, "T")))

    def wijzig_document(self, number: int, *, document: int = 1, synchroon: bool = False) -> Verzoek:
        """Change the title of a document, in plain StUF-ZKN."""
        identificatie = leaf("identificatie", documentidentificatie(number, document))
        objects = entity("object", "EDC", identificatie + leaf("titel", "Aanvraag"), "W") + entity(
            "object", "EDC", identificatie + leaf("titel", "Aanvraag, herzien"), "W"
        )
        return self._wijziging(UPDATE_DOCUMENT, number, objects, synchroon=synchroon)

    def wijzig_zaak(self, number: int, *, synchroon: bool = True) -> Verzoek:
        """Change the toelichting of a zaak and wait until it is done (zakLk02), in plain StUF-ZKN."""
        identificatie = leaf("identificatie", zaakidentificatie(number))
        objects = entity("object", "ZAK", identificatie + leaf("toelichting", "Nog niet compleet"), "W") + entity(
            "object", "ZAK", identificatie + leaf("toelichting", "Compleet"), "W"
        )
        return self._wijziging(UPDATE, number, objects, synchroon=synchroon)

    def voeg_besluit_toe(self, number: int) -> Verzoek:
        """Say that a zaak led to a decision."""
        edc = entity("gerelateerde", "EDC", leaf("identificatie", documentidentificatie(number)), "I")
        besluit = (
            leaf("identificatie", besluitidentificatie(number))
            + leaf("bst.omschrijving", BESLUITTYPE)
            + leaf("datumBeslissing", day(number))
            + leaf("toelichting", "Aan de voorwaarden is voldaan")
            + leaf("ingangsdatumWerking", day(number))
            + entity("isVastgelegdIn", "BSLEDC", edc, "T")
        )
        zaak = entity("zaak", "ZAK", leaf("identificatie", zaakidentificatie(number)), "T")
        return self.afzender.bericht(
            BESLUIT, number, f"<ZKN:object>{entity('besluit', 'BSL', besluit, 'T')}{zaak}</ZKN:object>"
        )

    def update_besluit(self, number: int) -> Verzoek:
        """Change the toelichting of a decision."""
        identificatie = leaf("identificatie", besluitidentificatie(number))
        objects = entity(
            "object", "BSL", identificatie + leaf("toelichting", "Aan de voorwaarden is voldaan"), "W"
        ) + entity("object", "BSL", identificatie + leaf("toelichting", "Aan alle voorwaarden is voldaan"), "W")
        return self.afzender.bericht(UPDATE_BESLUIT, number, kennisgeving("W", objects))

    def geef_besluitdetails(self, number: int) -> Verzoek:
        """Ask for a decision."""
        asked = nil("identificatie", "datumBeslissing", "toelichting", "ingangsdatumWerking", "einddatumWerking")
        asked += entity("isUitkomstVan", "BSLZAK", entity("gerelateerde", "ZAK", nil("identificatie")))
        return self._vraag(BESLUITDETAILS, number, leaf("identificatie", besluitidentificatie(number)), "", asked)

    def geef_lijst_besluiten(self, number: int) -> Verzoek:
        """Ask which decisions a zaak led to."""
        bsl = nil("identificatie", "bst.omschrijving", "datumBeslissing", "toelichting", "ingangsdatumWerking")
        asked = nil("identificatie") + entity("leidtTot", "ZAKBSL", entity("gerelateerde", "BSL", bsl))
        return self._vraag(BESLUITEN, number, leaf("identificatie", zaakidentificatie(number)), "", asked)

    def overdragen(self, number: int) -> Verzoek:
        """Ask to take a zaak over."""
        zaaktype = entity("gerelateerde", "ZKT", leaf("omschrijving", ZAAKTYPE_OMSCHRIJVING) + leaf("code", ZAAKTYPE))
        zaak = leaf("identificatie", zaakidentificatie(number)) + entity("isVan", "ZAKZKT", zaaktype)
        return self.afzender.bericht(OVERDRAGEN, number, _overdracht(zaak))

    def overgedragen(self, number: int, antwoord_op: str, *, geaccepteerd: bool = True) -> Verzoek:
        """Say whether a zaak was taken over."""
        antwoord = leaf("antwoord", f"Overdracht {'geaccepteerd' if geaccepteerd else 'geweigerd'}")
        zaak = leaf("identificatie", zaakidentificatie(number)) + antwoord
        return self.afzender.bericht(OVERGEDRAGEN, number, _overdracht(zaak), antwoord_op=antwoord_op)

    def bevestig(self, number: int, antwoord_op: str, *, code: Literal["Bv01", "Bv03", "Bv04"] = "Bv01") -> Verzoek:
        """Say that a message of the hub was handled (Bv01) or only received."""
        return self.afzender.bericht(by_kind()[code], number, "", antwoord_op=antwoord_op)

    def meld_fout(
        self, number: int, antwoord_op: str, *, code: Literal["Fo01", "Fo03"] = "Fo01", fout: str = "StUF058"
    ) -> Verzoek:
        """Say that a message of the hub could not be handled."""
        body = (
            f"<StUF:body><StUF:code>{escape(fout)}</StUF:code><StUF:plek>server</StUF:plek>"
            "<StUF:omschrijving>Proces voor afhandelen bericht geeft fout</StUF:omschrijving></StUF:body>"
        )
        return self.afzender.bericht(by_kind()[code], number, body, antwoord_op=antwoord_op)

    def everything(self, number: int = 1, antwoord_op: str = "bericht-1") -> list[Verzoek]:
        """Give one of each."""
        return [
            self.genereer_zaakidentificatie(number),
            self.genereer_documentidentificatie(number),
            self.genereer_besluitidentificatie(number),
            self.geef_zaakstatus(number),
            self.geef_zaakdetails(number),
            self.geef_lijst_zaakdocumenten(number),
            self.geef_zaakdocument_lezen(number),
            self.zoek_zaken(number),
            self.zoek_documenten(number),
            self.geef_zaakdocument_bewerken(number),
            self.update_zaakdocument(number),
            self.cancel_checkout(number),
            self.ontkoppel_zaakdocument(number),
            self.maak_zaakdocument(number),
            self.wijzig_document(number),
            self.voeg_besluit_toe(number),
            self.update_besluit(number),
            self.geef_besluitdetails(number),
            self.geef_lijst_besluiten(number),
            self.overdragen(number),
            self.overgedragen(number, antwoord_op),
            *(self.bevestig(number, antwoord_op, code=code) for code in ("Bv01", "Bv03", "Bv04")),
            *(self.meld_fout(number, antwoord_op, code=code) for code in ("Fo01", "Fo03")),
        ]

    def _vraag(self, service: Service, number: int, asks_for: str, scope: Scope, asked: str) -> Verzoek:
        entiteittype = service.entiteittype
        gelijk = entity("gelijk", entiteittype, asks_for)
        return self.afzender.bericht(service, number, _parameters() + gelijk + _scope(entiteittype, scope, asked))

    def _wijziging(self, service: Service, number: int, objects: str, *, synchroon: bool) -> Verzoek:
        content = kennisgeving("W", objects, synchroon=synchroon)
        return self.afzender.bericht(service, number, content, code="Lk02" if synchroon else "")

    def _vrije_wijziging(self, service: Service, number: int, checkout: str, objects: str) -> Verzoek:
        inside = kennisgeving("W", objects, synchroon=True)
        edc = f'<ZKN:edcLk02 StUF:entiteittype="EDC" StUF:functie="update">{inside}</ZKN:edcLk02>'
        return self.afzender.bericht(service, number, _checkout(checkout) + edc)


def besluitidentificatie(number: int) -> str:
    """Give the identificatie of the decision in zaak `number`."""
    return f"{zaakidentificatie(number)}-B1"


def nil(*names: str) -> str:
    """Write elements of a scope."""
    return "".join(f"<ZKN:{name} {_NIL}/>" for name in names)


_NIL = 'xsi:nil="true"'
_NATUURLIJK_PERSOON = "11"
"""What StUF-ZKN 03.10 puts before a BSN to make it the identificatie of a betrokkene."""


def _parameters(sortering: int = 0, maximum: int = 0, *, vervolg: bool = False) -> str:
    said = leaf("sortering", str(sortering), "StUF") + leaf("indicatorVervolgvraag", str(vervolg).lower(), "StUF")
    said += leaf("maximumAantal", str(maximum), "StUF") if maximum else ""
    return f"<ZKN:parameters>{said}</ZKN:parameters>"


def _scope(entiteittype: str, scope: Scope, asked: str) -> str:
    if scope:
        return f'<ZKN:scope><ZKN:object StUF:entiteittype="{entiteittype}" StUF:scope="{scope}"/></ZKN:scope>'
    return f"<ZKN:scope>{entity('object', entiteittype, asked)}</ZKN:scope>"


def _checkout(checkout: str) -> str:
    return f"<ZKN:parameters>{leaf('checkedOutId', checkout) if checkout else ''}</ZKN:parameters>"


def _overdracht(zaak: str) -> str:
    return f'<ZKN:object StUF:entiteittype="ZAK" StUF:functie="entiteit">{zaak}</ZKN:object>'
