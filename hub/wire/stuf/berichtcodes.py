"""The berichtcodes of StUF 03.01 (chapter 4.1): which there are, and how each is to be answered."""

from __future__ import annotations

from typing import NamedTuple


class Berichtcode(NamedTuple):
    """One kind of message. `respons` are the codes of the direct, technical or functional, answer; none for answers."""

    code: str
    betekenis: str
    synchroon: bool
    respons: tuple[str, ...] = ()


_TECHNISCH = ("Bv03", "Fo03")
_GEDAAN = ("Bv02", "Fo02")


def _vraag(number: int) -> Berichtcode:
    synchroon = number % 2 == 1
    respons = (f"La{number:02}", "Fo02") if synchroon else _TECHNISCH
    return Berichtcode(f"Lv{number:02}", "vraag", synchroon, respons)


BERICHTCODES: dict[str, Berichtcode] = {
    each.code: each
    for each in (
        Berichtcode("Lk01", "enkelvoudige kennisgeving", False, _TECHNISCH),
        Berichtcode("Lk02", "enkelvoudige kennisgeving", True, _GEDAAN),
        Berichtcode("Lk03", "samengestelde kennisgeving", False, _TECHNISCH),
        Berichtcode("Lk04", "samengestelde kennisgeving", True, _GEDAAN),
        Berichtcode("Lk05", "kennisgeving van een toekomstige mutatie", False, _TECHNISCH),
        Berichtcode("Lk06", "kennisgeving van een toekomstige mutatie", True, _GEDAAN),
        *(_vraag(number) for number in range(1, 15)),
        *(Berichtcode(f"La{number:02}", "antwoord", number % 2 == 1) for number in range(1, 15)),
        Berichtcode("Sa01", "synchronisatie actueel", False, _TECHNISCH),
        Berichtcode("Sa02", "synchronisatie actueel", True, _GEDAAN),
        Berichtcode("Sa03", "verzoek om synchronisatie actueel", False, _TECHNISCH),
        Berichtcode("Sa04", "verzoek om synchronisatie actueel", True, ("Sa02", "Fo02")),
        Berichtcode("Sh01", "synchronisatie historisch", False, _TECHNISCH),
        Berichtcode("Sh02", "synchronisatie historisch", True, _GEDAAN),
        Berichtcode("Sh03", "verzoek om synchronisatie historisch", False, _TECHNISCH),
        Berichtcode("Sh04", "verzoek om synchronisatie historisch", True, ("Sh02", "Fo02")),
        Berichtcode("Di01", "vrij bericht", False, _TECHNISCH),
        Berichtcode("Di02", "vrij bericht", True, ("Du02", "Bv02", "Fo02")),
        Berichtcode("Du01", "antwoord op een vrij bericht", False, _TECHNISCH),
        Berichtcode("Du02", "antwoord op een vrij bericht", True),
        Berichtcode("Tr01", "trigger", True, _GEDAAN),
        Berichtcode("Bv01", "functionele bevestiging", False, _TECHNISCH),
        Berichtcode("Bv02", "functionele bevestiging", True),
        Berichtcode("Bv03", "technische ontvangstbevestiging", False),
        Berichtcode("Bv04", "technische ontvangstbevestiging van een intermediair", False),
        Berichtcode("Fo01", "functionele fout", False, _TECHNISCH),
        Berichtcode("Fo02", "fout", True),
        Berichtcode("Fo03", "technische fout", False),
    )
}
