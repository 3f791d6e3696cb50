"""The services of StUF-BG 03.10: one for each message, and for a kennisgeving one for each thing that can happen.

One table: what a message is read by, answered with, described by (WSDL) and documented from. It knows names and codes
of the standard; it refuses to know what a field means. Sources: StUF-BG 03.10 and its WSDLs, Prefill
eFormulierenservices 1.0, StUF 03.01 chapter 4.1.
"""

from __future__ import annotations

from functools import cache
from typing import Literal, NamedTuple

from hub.ports.contracts import Expects
from hub.wire.stuf.namespaces import BG, STUF

PortType = Literal["BeantwoordVraag", "OntvangSynchroon", "OntvangAsynchroon", "VerwerkSynchroneKennisgeving"]
Zijde = Literal["server", "client"]

ENTITEITTYPEN = ("NPS", "NNP", "VES", "MAC", "AOA")
"""Persons, organisations, branches, companies and addresses: what messages are received and sent about."""

SLEUTELS = {
    "NPS": ("inp.bsn", "anp.identificatie"),
    "NNP": ("inn.nnpId", "ann.identificatie"),
    "VES": ("vestigingsNummer",),
    "MAC": ("kvkNummer",),
    "AOA": ("identificatie",),
}
"""The elements that identify an object, by its entiteittype: it has one of them."""


class Service(NamedTuple):
    """One service.

    `kind` is the name under which mappings know it: that of its message element and operation, of a kennisgeving with
    what happens behind it (`npsLk01-W`). `berichtcodes`: the first is that of the service, a second (Lk02) the same
    change asked synchronously. `antwoord` is the element of the answer; a service without one is answered by a Bv02 or
    Bv03. `mutatiesoorten` are those of a kennisgeving: the first is the usual one. `zijden`: as `server` the hub
    receives it, as `client` the hub sends it.
    """

    kind: str
    berichtcodes: tuple[str, ...]
    entiteittype: str
    expects: Expects
    port_type: PortType
    antwoord: str = ""
    mutatiesoorten: str = ""
    namespace: str = BG
    zijden: tuple[Zijde, ...] = ("server", "client")

    @property
    def bericht(self) -> str:
        """The name of its message element, and of its operation."""
        return self.kind.partition("-")[0] if self.mutatiesoorten else self.kind

    @property
    def elements(self) -> tuple[str, ...]:
        """Its message elements as Clark names, one for each berichtcode."""
        if self.namespace == STUF:
            return (f"{{{STUF}}}{self.kind}Bericht",)
        return tuple(f"{{{BG}}}{self.bericht.replace(self.berichtcodes[0], code)}" for code in self.berichtcodes)

    @property
    def antwoord_element(self) -> str:
        """The element of its answer as a Clark name."""
        return f"{{{BG}}}{self.antwoord}"

    @property
    def is_vraag(self) -> bool:
        """Whether it is a question with criteria and scope."""
        return self.berichtcodes[0] == "Lv01"

    @property
    def is_prefill(self) -> bool:
        """Whether it is a question of an e-form, which asks for fixed fields of one person or branch."""
        return _PREFILL in self.kind

    @property
    def sleutels(self) -> tuple[str, ...]:
        """The elements that identify what it is about."""
        return SLEUTELS.get(self.entiteittype, ())


_PREFILL = "-prs-"
_RECEIPT, _ANSWER = Expects.RECEIPT, Expects.ANSWER
_MUTATIES = ("T", "WCF", "V")
"""What a kennisgeving says: something is kept from now on, it changed or was corrected, it is kept no longer."""


def _vraag(entiteittype: str, prefill: str = "", port_type: PortType = "BeantwoordVraag") -> Service:
    kind = f"{entiteittype.lower()}Lv01" + (f"{_PREFILL}{prefill}" if prefill else "")
    return Service(kind, ("Lv01",), entiteittype, _ANSWER, port_type, antwoord=kind.replace("Lv01", "La01"))


def _kennisgeving(entiteittype: str, mutatiesoorten: str) -> Service:
    return Service(
        f"{entiteittype.lower()}Lk01-{mutatiesoorten[0]}", ("Lk01", "Lk02"), entiteittype, _RECEIPT,
        "OntvangAsynchroon", mutatiesoorten=mutatiesoorten,
    )  # fmt: skip


def _synchronisatie(entiteittype: str, code: str, *, zijden: tuple[Zijde, ...] = ("server", "client")) -> Service:
    kind = f"{entiteittype.lower()}{code}"
    return Service(kind, (code,), entiteittype, _RECEIPT, "OntvangAsynchroon", zijden=zijden)


def _bevestiging(code: str) -> Service:
    return Service(code, (code,), "", _RECEIPT, "OntvangAsynchroon", namespace=STUF, zijden=("server",))


VRAGEN = tuple(_vraag(each) for each in ENTITEITTYPEN)

# The WSDL of prefill calls its port type OntvangSynchroon.
PREFILL = (
    _vraag("NPS", "NatuurlijkPersoon", "OntvangSynchroon"),
    _vraag("NPS", "GezinssituatieOpAdresAanvrager", "OntvangSynchroon"),
    _vraag("NPS", "KinderenVanAanvrager", "OntvangSynchroon"),
    _vraag("VES", "Vestiging", "OntvangSynchroon"),
)

KENNISGEVINGEN = tuple(_kennisgeving(each, soorten) for each in ENTITEITTYPEN for soorten in _MUTATIES)
SYNCHRONISATIES = tuple(_synchronisatie(each, code) for each in ENTITEITTYPEN for code in ("Sa01", "Sh01"))

VERZOEKEN = tuple(
    _synchronisatie(each, code, zijden=("client",)) for each in ENTITEITTYPEN for code in ("Sa03", "Sh03")
)
"""Asks another system to send a Sa01 or Sh01. Nobody asks the hub: it keeps no persons."""

BERICHTEN = tuple(_bevestiging(code) for code in ("Bv01", "Bv03", "Bv04", "Fo01", "Fo03"))
"""What comes back later about an asynchronous message that was sent: its crossRefnummer says about which."""

SERVICES = (*VRAGEN, *PREFILL, *KENNISGEVINGEN, *SYNCHRONISATIES, *VERZOEKEN, *BERICHTEN)


@cache
def by_kind() -> dict[str, Service]:
    """Give the services by kind."""
    return {each.kind: each for each in SERVICES}


@cache
def by_element() -> dict[str, tuple[Service, ...]]:
    """Give the services that are received, by their message element as a Clark name: of a kennisgeving several."""
    found: dict[str, tuple[Service, ...]] = {}
    for each in SERVICES:
        for element in each.elements if "server" in each.zijden else ():
            found[element] = (*found.get(element, ()), each)
    return found
