"""The services of Zaak- en Documentservices 1.1 and 1.2, and the messages of plain StUF-ZKN 03.10 beside them.

One table: what a message is read by, answered with, described by (WSDL) and documented from. It knows names and codes
of the standard; it refuses to know what a field means. Sources: ZDS 1.1.02 and 1.2 chapter 4 and 5 and their WSDLs,
StUF 03.01 chapter 4.1.
"""

from __future__ import annotations

from functools import cache
from typing import Literal, NamedTuple

from hub.ports.contracts import Expects
from hub.wire.stuf.namespaces import STUF, ZDS, ZKN

PortType = Literal["OntvangAsynchroon", "BeantwoordVraag", "VrijeBerichten", "VerwerkSynchroneKennisgeving"]
Zijde = Literal["server", "client"]

VRIJ_12 = "VerwerkSynchroonVrijBericht"
"""What ZDS 1.2 and the protocolbindingen call the port type that ZDS 1.1 calls VrijeBerichten."""


class Service(NamedTuple):
    """One service.

    `kind` is its ZDS 1.1 operation (for plain StUF-ZKN its message), and the name under which mappings know it.
    `element_11` is its message element in StUF-ZKN 03.10 (ZDS 1.1), `element_12` in ZDS 1.2, `element_stuf` in StUF
    03.01 itself; empty where that version does not have it. `berichtcodes`: the first is that of the service, a second
    (Lk02) the same change asked synchronously, in plain StUF-ZKN only. `mutatiesoorten` are those of a kennisgeving,
    also of one inside a free message. `functie` and `entiteittype` are what the stuurgegevens must say. `antwoord` is
    the kind of the answer (its form, for a mapping to write), with its element in both versions; a service without one
    is answered by a Bv02 or Bv03. `zijden`: as `server` the hub receives it, as `client` the hub sends it.
    """

    kind: str
    element_11: str
    element_12: str
    berichtcodes: tuple[str, ...]
    entiteittype: str
    expects: Expects
    port_type: PortType
    mutatiesoorten: frozenset[str] = frozenset()
    functie: str = ""
    antwoord: str = ""
    antwoord_11: str = ""
    antwoord_12: str = ""
    element_stuf: str = ""
    zijden: tuple[Zijde, ...] = ("server", "client")

    @property
    def elements(self) -> tuple[str, ...]:
        """Its message elements as Clark names: StUF-ZKN (with the synchronous one), ZDS 1.2, StUF."""
        plain = (self.element_11, *(self.element_11[:-4] + code for code in self.berichtcodes[1:]))
        return (
            *(f"{{{ZKN}}}{name}" for name in plain if name),
            *(f"{{{ZDS}}}{name}" for name in (self.element_12,) if name),
            *(f"{{{STUF}}}{name}" for name in (self.element_stuf,) if name),
        )

    @property
    def antwoord_elements(self) -> tuple[str, ...]:
        """The elements of its answer as Clark names: StUF-ZKN, ZDS 1.2."""
        return (
            *(f"{{{ZKN}}}{name}" for name in (self.antwoord_11,) if name),
            *(f"{{{ZDS}}}{name}" for name in (self.antwoord_12,) if name),
        )

    @property
    def operations(self) -> tuple[str, ...]:
        """Its operations, the last part of a SOAPAction: ZDS 1.1, ZDS 1.2.

        The element geefZaakdocumentBewerken of ZDS 1.2 belongs to the operation geefZaakdocumentbewerken (its WSDL).
        """
        if self.functie:
            return tuple(dict.fromkeys(name for name in (self.element_11 or self.element_12,) if name))
        return tuple(dict.fromkeys(name for name in (self.kind, self.element_12) if name))

    @property
    def port_type_12(self) -> str:
        """Its port type in ZDS 1.2."""
        return VRIJ_12 if self.port_type == "VrijeBerichten" else self.port_type

    @property
    def is_vraag(self) -> bool:
        """Whether it is a question with criteria and scope (Lv01)."""
        return self.berichtcodes[0] == "Lv01"


_RECEIPT, _OUTCOME, _ANSWER = Expects.RECEIPT, Expects.OUTCOME, Expects.ANSWER
_TOEVOEGING = frozenset("T")
_WIJZIGING = frozenset("WCF")
_ASYNCHROON: PortType = "OntvangAsynchroon"
_VRAAG: PortType = "BeantwoordVraag"
_VRIJ: PortType = "VrijeBerichten"


def _kennisgeving(kind: str, element: str, element_12: str, mutatiesoorten: frozenset[str]) -> Service:
    codes, entiteittype = ("Lk01", "Lk02"), element[:3].upper()
    return Service(kind, element, element_12, codes, entiteittype, _RECEIPT, _ASYNCHROON, mutatiesoorten)


def _vraag(kind: str, element: str, element_12: str, entiteittype: str) -> Service:
    antwoord, antwoord_11, antwoord_12 = (each.replace("Lv01", "La01") for each in (kind, element, element_12))
    return Service(
        kind, element, element_12, ("Lv01",), entiteittype, _ANSWER, _VRAAG,
        antwoord=antwoord, antwoord_11=antwoord_11, antwoord_12=antwoord_12,
    )  # fmt: skip


def _nummer(wat: str, *, in_11: bool) -> Service:
    name = f"genereer{wat}Identificatie_Di02"
    answer = name.replace("Di02", "Du02")
    return Service(
        name, name if in_11 else "", name, ("Di02",), "", _ANSWER, _VRIJ, frozenset(),
        f"genereer{wat}identificatie", answer, answer if in_11 else "", answer,
    )  # fmt: skip


def _wijziging(kind: str, functie: str, *, in_11: bool, mutatiesoorten: frozenset[str] = frozenset()) -> Service:
    return Service(kind, kind if in_11 else "", kind, ("Di02",), "", _OUTCOME, _VRIJ, mutatiesoorten, functie)


def _vrij(kind: str, functie: str, code: str) -> Service:
    return Service(kind, "", kind, (code,), "", _RECEIPT, _ASYNCHROON, frozenset(), functie)


def _bevestiging(code: str, *, zijden: tuple[Zijde, ...] = ("server", "client")) -> Service:
    return Service(code, "", "", (code,), "", _RECEIPT, _ASYNCHROON, element_stuf=f"{code}Bericht", zijden=zijden)


CREEER = _kennisgeving("creeerZaak_Lk01", "zakLk01", "creeerZaak_ZakLk01", _TOEVOEGING)
UPDATE = _kennisgeving("updateZaak_Lk01", "zakLk01", "updateZaak_ZakLk01", _WIJZIGING)
STATUS = _kennisgeving("actualiseerZaakstatus_Lk01", "zakLk01", "actualiseerZaakstatus_ZakLk01", _WIJZIGING)
DOCUMENT = _kennisgeving("voegZaakdocumentToe_Lk01", "edcLk01", "voegZaakdocumentToe_EdcLk01", _TOEVOEGING)
MAAK_DOCUMENT = _kennisgeving("maakZaakdocument_Lk01", "edcLk01", "maakZaakdocument_EdcLk01", _TOEVOEGING)
UPDATE_DOCUMENT = _kennisgeving("updateZaakdocument_Lk01", "edcLk01", "", _WIJZIGING)
BESLUIT = _vrij("voegBesluitToe_Di01", "voegBesluitToe", "Di01")
UPDATE_BESLUIT = Service(
    "updateBesluit_Lk01", "", "updateBesluit_BslLk01", ("Lk01",), "BSL", _RECEIPT, _ASYNCHROON, _WIJZIGING
)
OVERDRAGEN = _vrij("overdragenZaak_Di01", "overdragenZaak", "Di01")
OVERGEDRAGEN = _vrij("overdragenZaak_Du01", "overdragenZaak", "Du01")

ZAAKSTATUS = _vraag("geefZaakstatus_Lv01", "zakLv01", "geefZaakstatus_ZakLv01", "ZAK")
ZAAKDETAILS = _vraag("geefZaakdetails_Lv01", "zakLv01", "geefZaakdetails_ZakLv01", "ZAK")
ZAAKDOCUMENTEN = _vraag("geefLijstZaakdocumenten_Lv01", "zakLv01", "geefLijstZaakdocumenten_ZakLv01", "ZAK")
LEZEN = _vraag("geefZaakdocumentLezen_Lv01", "edcLv01", "geefZaakdocumentLezen_EdcLv01", "EDC")
BESLUITDETAILS = _vraag("geefBesluitdetails_Lv01", "", "geefBesluitdetails_BslLv01", "BSL")
BESLUITEN = _vraag("geefLijstBesluiten_Lv01", "", "geefLijstBesluiten_ZakLv01", "ZAK")
ZOEK_ZAKEN = _vraag("zakLv01", "zakLv01", "", "ZAK")
ZOEK_DOCUMENTEN = _vraag("edcLv01", "edcLv01", "", "EDC")

ZAAKNUMMER = _nummer("Zaak", in_11=True)
DOCUMENTNUMMER = _nummer("Document", in_11=True)
BESLUITNUMMER = _nummer("Besluit", in_11=False)
BEWERKEN = Service(
    "geefZaakdocumentBewerken_Di02", "geefZaakdocumentbewerken_Di02", "geefZaakdocumentBewerken_Di02", ("Di02",), "",
    _ANSWER, _VRIJ, frozenset(), "geefZaakdocumentbewerken", "geefZaakdocumentBewerken_Du02",
    "geefZaakdocumentbewerken_Du02", "geefZaakdocumentBewerken_Du02",
)  # fmt: skip
INCHECKEN = _wijziging("updateZaakdocument_Di02", "updateZaakdocument", in_11=True, mutatiesoorten=_WIJZIGING)
VRIJGEVEN = _wijziging("cancelCheckout_Di02", "cancelCheckout", in_11=True)
ONTKOPPELEN = _wijziging("ontkoppelZaakdocument_Di02", "ontkoppelZaakdocument", in_11=False, mutatiesoorten=_WIJZIGING)

BERICHTEN = (
    _bevestiging("Bv01"),
    _bevestiging("Bv03", zijden=("server",)),
    _bevestiging("Bv04", zijden=("server",)),
    _bevestiging("Fo01"),
    _bevestiging("Fo03", zijden=("server",)),
    OVERGEDRAGEN,
)
"""What comes back later about an asynchronous message that was sent: its crossRefnummer says about which."""

SERVICES = (
    ZAAKNUMMER,
    DOCUMENTNUMMER,
    BESLUITNUMMER,
    CREEER,
    UPDATE,
    STATUS,
    OVERDRAGEN,
    ZAAKSTATUS,
    ZAAKDETAILS,
    ZAAKDOCUMENTEN,
    LEZEN,
    BEWERKEN,
    INCHECKEN,
    VRIJGEVEN,
    DOCUMENT,
    MAAK_DOCUMENT,
    UPDATE_DOCUMENT,
    ONTKOPPELEN,
    BESLUIT,
    UPDATE_BESLUIT,
    BESLUITDETAILS,
    BESLUITEN,
    ZOEK_ZAKEN,
    ZOEK_DOCUMENTEN,
    *BERICHTEN,
)


@cache
def by_kind() -> dict[str, Service]:
    """Give the services by kind."""
    return {each.kind: each for each in SERVICES}


@cache
def by_element() -> dict[str, tuple[Service, ...]]:
    """Give the services that a message element, as Clark name, can be for: several in ZDS 1.1."""
    found: dict[str, tuple[Service, ...]] = {}
    for each in SERVICES:
        for element in each.elements:
            found[element] = (*found.get(element, ()), each)
    return found
