"""How somebody is written to: aanhef, aanschrijfwijze, and the name in running text.

It knows the rules of naamgebruik, titles, predicates and the title that a woman has of her partner (hoffelijkheids-
titel). An address is another matter: see `adres.py`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from adapters.brp.simulator.naam import (
    OMSCHRIJVINGEN,
    PREDICATEN,
    VORMEN,
    aaneen,
    bekend,
    geslacht_van,
    hoofdletter,
    titel_van,
    voorletters,
)

Json = dict[str, Any]

HOFFELIJKHEID = {"B": "barones", "G": "gravin", "H": "hertogin", "M": "markiezin", "P": "prinses"}
"""The title that a woman may have of a partner with this title."""
_GRAAF = frozenset({"G", "GI"})
_PRINS = frozenset({"P", "PS"})
_VROUWELIJK = frozenset({"BS", "GI", "HI", "JV", "MI"})
_AANHEF = {"M": "Geachte heer", "V": "Geachte mevrouw"}
_LOPEND = {"M": "de heer", "V": "mevrouw"}


def eerste_partner(partners: list[Json]) -> Json | None:
    """Give the partner whose name counts: of what lasts the oldest, else what ended last."""
    actueel = [each for each in partners if not each.get("ontbindingHuwelijkPartnerschap")]
    if actueel:
        return min(actueel, key=lambda each: _datum(each, "aangaanHuwelijkPartnerschap"))
    return max(partners, key=lambda each: _datum(each, "ontbindingHuwelijkPartnerschap"), default=None)


def _datum(partner: Json, wat: str) -> str:
    return str((partner.get(wat) or {}).get("datum") or "")


class Aanschrijven(NamedTuple):
    """A person as he is written to, with what of the partner matters for it."""

    naam: Json
    geslacht: str
    partnernaam: Json
    gehuwd: bool
    """Whether there is a partner now."""

    @classmethod
    def van(cls, persoon: Json) -> Aanschrijven:
        """Take a person of the GBA source."""
        partner = eerste_partner(persoon.get("partners") or [])
        gehuwd = partner is not None and not partner.get("ontbindingHuwelijkPartnerschap")
        return cls(persoon.get("naam") or {}, geslacht_van(persoon), (partner or {}).get("naam") or {}, gehuwd)

    @property
    def gekozen(self) -> str:
        """Which names somebody chose to use: E, P, V or N."""
        return str((self.naam.get("aanduidingNaamgebruik") or {}).get("code") or "E")

    @property
    def naamgebruik(self) -> str:
        """Which names can be used: without the name of a partner only the own one."""
        return self.gekozen if bekend(self.partnernaam.get("geslachtsnaam")) else "E"

    @property
    def onbekend(self) -> bool:
        """Whether the own name is needed and not known."""
        return self.naamgebruik != "P" and not bekend(self.naam.get("geslachtsnaam"))

    @property
    def titel(self) -> str:
        """The own title or predicate, as far as it is used: not by who uses only the name of a partner.

        A woman with a predicate does not use it while she has a partner, or uses the name of one she had.
        """
        code = titel_van(self.naam)
        if self.naamgebruik == "P":
            return ""
        if code in PREDICATEN and self.geslacht == "V" and (self.gehuwd or self.naamgebruik != "E"):
            return ""
        return code

    def hoffelijkheid(self, naamgebruik: str) -> str:
        """Give the title of the partner that a woman may have; empty where she may not."""
        code = titel_van(self.partnernaam)
        return code if self.geslacht == "V" and naamgebruik != "E" and code in HOFFELIJKHEID else ""

    def namen(self, eigen: str = "", van_partner: str = "") -> str:
        """Put the surnames together in the order of naamgebruik, each with what goes before it."""
        zelf = aaneen(eigen, self.naam.get("voorvoegsel"), bekend(self.naam.get("geslachtsnaam")))
        partner = aaneen(
            van_partner, self.partnernaam.get("voorvoegsel"), bekend(self.partnernaam.get("geslachtsnaam"))
        )
        volgorde = {"P": (partner,), "V": (partner, zelf), "N": (zelf, partner)}
        return "-".join(volgorde.get(self.naamgebruik, (zelf,)))

    def aanhef(self) -> str | None:
        """Give how a letter begins."""
        hoffelijk = self.hoffelijkheid(self.gekozen)
        if hoffelijk:
            return _aangesproken(hoffelijk, "V")
        if self.titel in _PRINS or (self.titel and self.geslacht != "O"):
            return _aangesproken(self.titel, self.geslacht)
        if self.onbekend:
            return None
        letters = voorletters(self.naam.get("voornamen"))
        if self.geslacht == "O" and letters:
            return f"Geachte {letters} {self.namen()}"
        return f"{_AANHEF.get(self.geslacht, 'Geachte')} {hoofdletter(self.namen())}"

    def aanschrijfwijze(self) -> Json:
        """Give the name on an envelope, and the line above it for who has a title."""
        if self.onbekend:
            return {}
        hoffelijk = self.hoffelijkheid(self.naamgebruik)
        code, vorm = self.titel, OMSCHRIJVINGEN.get(self.titel, "")
        vooraan = vorm if code in PREDICATEN and self.naamgebruik in {"E", "N"} else ""
        namen = self.namen("" if vooraan else vorm, HOFFELIJKHEID.get(hoffelijk, ""))
        uit: Json = {"naam": hoofdletter(aaneen(vooraan, voorletters(self.naam.get("voornamen")), namen))}
        if hoffelijk:
            uit["aanspreekvorm"] = _aanspreekvorm(hoffelijk, "V")
        elif code:
            uit["aanspreekvorm"] = _aanspreekvorm(code, "V" if code in _VROUWELIJK else "M")
        return uit

    def lopende_tekst(self) -> str | None:
        """Give the name in the middle of a sentence; before a title there is no `de heer` or `mevrouw`."""
        if self.onbekend:
            return None
        vorm = VORMEN.get(self.titel, {}).get(self.geslacht, "")
        van_partner = HOFFELIJKHEID.get(self.hoffelijkheid(self.naamgebruik), "")
        namen = self.namen(vorm, van_partner)
        if vorm if self.naamgebruik in {"E", "N"} else van_partner:
            return namen
        if self.geslacht == "O":
            letters = voorletters(self.naam.get("voornamen"))
            return f"{letters} {namen}" if letters else hoofdletter(namen)
        return f"{_LOPEND[self.geslacht]} {hoofdletter(namen)}"


def _aangesproken(titel: str, geslacht: str) -> str:
    if titel in _PRINS:
        return "Hoogheid"
    hoog = "Hooggeboren" if titel in _GRAAF else "Hoogwelgeboren"
    return f"{hoog} {'vrouwe' if geslacht == 'V' else 'heer'}"


def _aanspreekvorm(titel: str, geslacht: str) -> str:
    vorm = _aangesproken(titel, geslacht)
    return f"De {vorm[:1].lower()}{vorm[1:]}"
