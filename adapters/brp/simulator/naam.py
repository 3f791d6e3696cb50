"""Names: initials, the full name, and the forms of titles and predicates (LO3 table 38)."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

ONBEKEND = "."
PREDICATEN = frozenset({"JH", "JV"})
_PAREN = {
    ("B", "BS"): ("baron", "barones"),
    ("G", "GI"): ("graaf", "gravin"),
    ("H", "HI"): ("hertog", "hertogin"),
    ("JH", "JV"): ("jonkheer", "jonkvrouw"),
    ("M", "MI"): ("markies", "markiezin"),
    ("P", "PS"): ("prins", "prinses"),
}
VORMEN: dict[str, dict[str, str]] = {
    "R": {"M": "ridder"},
    **{code: {"M": man, "V": vrouw} for codes, (man, vrouw) in _PAREN.items() for code in codes},
}
"""A title or predicate in the form that goes with a geslacht; where there is none it has no such form."""
OMSCHRIJVINGEN: dict[str, str] = {
    "R": "ridder",
    **{code: vorm for codes, vormen in _PAREN.items() for code, vorm in zip(codes, vormen, strict=True)},
}


def geslacht_van(persoon: Json) -> str:
    """Give M, V or O; O where it is not known."""
    return str((persoon.get("geslacht") or {}).get("code") or "O")


def titel_van(naam: Json) -> str:
    """Give the code of the title or predicate, empty where there is none."""
    return str((naam.get("adellijkeTitelPredicaat") or {}).get("code") or "")


def bekend(geslachtsnaam: str | None) -> str:
    """Give a name, empty where it is unknown."""
    return "" if not geslachtsnaam or geslachtsnaam == ONBEKEND else geslachtsnaam


def voorletters(voornamen: str | None) -> str | None:
    """Give one initial for each name with a dot; a name of one letter has no dot, and a space where more follows."""
    namen = (voornamen or "").split()
    if not namen:
        return None
    letters = [naam if len(naam) == 1 else f"{naam[0]}." for naam in namen]
    delen = [
        letter + (" " if len(letter) == 1 and volgt else "")
        for letter, volgt in zip(letters, [*namen[1:], ""], strict=True)
    ]
    return "".join(delen)


def volledige_naam(naam: Json, geslacht: str) -> str | None:
    """Give predicate, names, title, prefix and surname, as far as they are there."""
    code = titel_van(naam)
    vorm = VORMEN.get(code, {}).get(geslacht) or OMSCHRIJVINGEN.get(code, "")
    predicaat, titel = (vorm, "") if code in PREDICATEN else ("", vorm)
    return (
        aaneen(predicaat, naam.get("voornamen"), titel, naam.get("voorvoegsel"), bekend(naam.get("geslachtsnaam")))
        or None
    )


def aaneen(*delen: str | None) -> str:
    """Put words behind each other, leaving out what is not there."""
    return " ".join(word for deel in delen if deel for word in deel.split())


def hoofdletter(tekst: str) -> str:
    """Begin with a capital; what does not begin with a letter stays (`'t Wolkje`)."""
    return tekst[:1].upper() + tekst[1:]
