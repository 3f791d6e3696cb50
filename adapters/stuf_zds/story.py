"""A short story for a demonstration: what a form engine sends in a few minutes, good and bad.

Knows the order of the messages and what is special about each. Refuses to know how they are sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from adapters.stuf_zds.simulator import Afzender, Verzoek, renumbered, with_wrong_order, zaakidentificatie
from hub.wire.soap.envelope import Version

TYPING_ERROR = "B1062"
"""A zaaktype that no catalogus has; B1026 was meant."""


class Turn(NamedTuple):
    """One message of the story. `zaak` is its zaakidentificatie, `about` what is special about it, if anything."""

    zaak: str
    verzoek: Verzoek
    about: str = ""


def story() -> Iterator[Turn]:
    """Tell it: three zaken with four messages each, a resend, a wrong message, and a zaak that is refused at first."""
    old = Afzender()
    new = Afzender(applicatie="FORMULIEREN2", zds="1.2", soap=Version.SOAP12)
    first = old.creeer_zaak(1)
    yield Turn(zaakidentificatie(1), first)
    yield Turn(zaakidentificatie(1), old.update_zaak(1))
    yield Turn(zaakidentificatie(1), renumbered(first, "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed"), "resend, new number")
    yield Turn(zaakidentificatie(1), old.actualiseer_zaakstatus(1))
    yield Turn(zaakidentificatie(1), old.voeg_zaakdocument_toe(1))
    yield Turn(zaakidentificatie(2), new.creeer_zaak(2, initiator="vestiging"), "ZDS 1.2, SOAP 1.2")
    yield Turn(zaakidentificatie(2), new.update_zaak(2, objects=1), "one object")
    yield Turn(zaakidentificatie(2), new.actualiseer_zaakstatus(2))
    yield Turn(zaakidentificatie(2), new.voeg_zaakdocument_toe(2))
    yield Turn(zaakidentificatie(4), with_wrong_order(old.creeer_zaak(4)), "wrong order of elements")
    yield Turn(zaakidentificatie(3), old.creeer_zaak(3, zaaktype=TYPING_ERROR), f"zaaktype {TYPING_ERROR}")
    yield Turn(zaakidentificatie(3), old.update_zaak(3))
    yield Turn(zaakidentificatie(3), old.actualiseer_zaakstatus(3))
    yield Turn(zaakidentificatie(3), old.voeg_zaakdocument_toe(3))
