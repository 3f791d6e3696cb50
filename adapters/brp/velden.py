"""From the fields of a canonical question to the `fields` of the BRP.

The canonical names are those of the BRP, so a path says the same on both sides. What the BRP gives by itself may not be
asked for, and is not; a path that it does not know is refused by name, for a path holds no personal data.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from adapters.brp.vormen import AUTOMATISCH, ERBIJ, PERSOON, PERSOON_BEPERKT, REISDOCUMENT, Vorm, paden
from hub.event.velden import groups_of
from hub.net.problems import refused

Json = dict[str, Any]

NUMMER = "burgerservicenummer"
_ALIASSEN = ("verblijfplaats", "adressering")
_INDICATIE = "indicatieVastgesteldVerblijftNietOpAdres"
_MET_INDICATIE = {"verblijfplaats": "verblijfplaats.type", "adressering": "adressering.adresregel1"}
"""What the BRP gives an indicatie with: the least of its group."""
_ALTIJD = {"gezag"}
"""Groups that the BRP gives whole."""


@cache
def _bestaand(vorm: str) -> frozenset[str]:
    vormen: dict[str, Vorm] = {"persoon": PERSOON, "beperkt": PERSOON_BEPERKT, "reisdocument": REISDOCUMENT}
    return frozenset(paden(vormen[vorm]))


@cache
def _heel_beperkt() -> frozenset[str]:
    """Give what a search gives as whole as a person has it: it has smaller groups of the same names."""
    persoon, beperkt_ = _bestaand("persoon"), _bestaand("beperkt")
    return frozenset(pad for pad in beperkt_ if all(deel in beperkt_ for deel in persoon if _omvat(pad, deel)))


def van_personen(velden: Iterable[str], *, buitenland: bool) -> list[str]:
    """Give what to ask of persons; nothing where only is asked what comes by itself."""
    gevraagd = _zonder_dubbele(each for veld in velden if (each := _veld(veld, "persoon")))
    return gevraagd if buitenland else [_binnenland(each) for each in gevraagd if _in_binnenland(each)]


def van_gelezen(velden: Iterable[str], *, buitenland: bool) -> list[str]:
    """Give what to ask of persons for who reads these: what the BRP does not have is read in vain, and not asked for.

    Rules for what comes back often (a marriage, a birth) read more than each of these has.
    """
    bestaand = _bestaand("persoon")
    gelezen = {each for each in velden if each in bestaand or each.rpartition(".")[2] == _INDICATIE}
    return van_personen(sorted(gelezen | _hele_groepen(gelezen)), buitenland=buitenland)


def van_reisdocumenten(velden: Iterable[str]) -> list[str]:
    """Give what to ask of travel documents; the number where only is asked what comes by itself."""
    gevraagd = _zonder_dubbele(each for veld in velden if (each := _veld(veld, "reisdocument")))
    return gevraagd or ["reisdocumentnummer"]


def beperkt(velden: Iterable[str]) -> bool:
    """Say whether a search gives all of these, whole; else a person is read after he was found."""
    return _heel_beperkt().issuperset(velden)


def erbij(velden: Sequence[str], nodig: Iterable[str]) -> list[str]:
    """Give what is needed beside what is asked for: to go on from, to sort by."""
    return [veld for veld in dict.fromkeys(nodig) if not any(_omvat(each, veld) for each in velden)]


def zonder(persoon: Json, velden: Iterable[str]) -> Json:
    """Give a person without fields that were not asked for."""
    uit = persoon
    for veld in velden:
        uit = _weg(uit, veld.replace("Binnenland", "").split("."))
    return uit


def _weg(groep: Json, pad: Sequence[str]) -> Json:
    naam, *rest = pad
    deel = groep.get(naam)
    over = _weg(deel, rest) if rest and isinstance(deel, dict) else {}
    uit = {each: waarde for each, waarde in groep.items() if each != naam}
    if over:
        return {**uit, naam: over}
    # What is under investigation of a field that is gone, is gone with it.
    onderzoek = {each: waarde for each, waarde in (groep.get("inOnderzoek") or {}).items() if each != naam}
    if any(waarde is True for waarde in onderzoek.values()):
        return {**uit, "inOnderzoek": onderzoek}
    uit.pop("inOnderzoek", None)
    return uit


def _veld(veld: str, vorm: str) -> str:
    """Give the path to ask for; empty for what comes by itself."""
    delen = veld.split(".")
    if vorm == "persoon" and delen[-1] == _INDICATIE:
        return _MET_INDICATIE.get(delen[0], "")
    if delen[0] in AUTOMATISCH or not ERBIJ.isdisjoint(delen):
        return ""
    if delen[0] in _ALTIJD:
        return delen[0]
    if vorm == "reisdocument" and delen[0] == "houder":
        return f"houder.{NUMMER}"
    if veld not in _bestaand(vorm):
        raise refused(
            f"the BRP has no field {veld}",
            advice="correct the field in the mapping of the answer of the asker, or in the list of what it may see",
        )
    return veld


def _hele_groepen(velden: set[str]) -> set[str]:
    """Give the groups of which every field is among these: one path for all of them, as the BRP takes 130."""
    heel: set[str] = set()
    # From the inside out: a group is whole when the groups in it are.
    for groep, delen in sorted(_groepen_van_persoon().items(), key=lambda each: -each[0].count(".")):
        if delen <= velden | heel:
            heel.add(groep)
    return heel


@cache
def _groepen_van_persoon() -> dict[str, frozenset[str]]:
    bestaand = _bestaand("persoon")
    groepen = {pad.rpartition(".")[0] for pad in bestaand if "." in pad}
    return {groep: frozenset(pad for pad in bestaand if pad.rpartition(".")[0] == groep) for groep in groepen}


def _zonder_dubbele(velden: Iterable[str]) -> list[str]:
    """Give paths without those that another holds already."""
    alle = dict.fromkeys(velden)
    return [veld for veld in alle if not any(groep in alle for groep in groups_of(veld))]


def _omvat(groep: str, veld: str) -> bool:
    return veld == groep or veld.startswith(f"{groep}.")


def _in_binnenland(veld: str) -> bool:
    """Say whether a path has a counterpart for who may not see addresses abroad."""
    return not veld.startswith(tuple(f"{each}." for each in _ALIASSEN)) or _binnenland(veld) in _bestaand("persoon")


def _binnenland(veld: str) -> str:
    groep, punt, rest = veld.partition(".")
    return f"{groep}Binnenland{punt}{rest}" if groep in _ALIASSEN else veld
