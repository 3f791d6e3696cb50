"""Where somebody lives: what kind of verblijfplaats it is, and the lines of an address (NEN 5825:2002)."""

from __future__ import annotations

from typing import Any

from adapters.brp.simulator.datum import datum
from adapters.brp.simulator.onderzoek import (
    ADRESREGELS,
    IMMIGRATIE,
    NIET_OP_ADRES,
    VERBLIJFADRES,
    VERBLIJFPLAATS,
    in_onderzoek,
    van_het_adres,
)
from adapters.brp.simulator.waarden import gevuld, identificatie, nummer, tekst, waarde

Json = dict[str, Any]

_BINNENLAND = frozenset({"Adres", "Locatie"})
_BIJ = {"by": "bij", "to": "t/o"}


def soort(gba: Json) -> str:
    """Say what kind of verblijfplaats it is; empty where there is none."""
    if gba.get("straat"):
        return "Adres"
    if gba.get("locatiebeschrijving"):
        return "Locatie"
    land = str((gba.get("land") or {}).get("code") or "")
    if not land:
        return ""
    return "VerblijfplaatsOnbekend" if land == "0000" else "VerblijfplaatsBuitenland"


def in_binnenland(gba: Json) -> bool:
    """Say whether it is an address or a location in the Netherlands."""
    return soort(gba) in _BINNENLAND


def _niet_op_adres(gba: Json) -> bool | None:
    onderzoek = gba.get("inOnderzoek") or {}
    return True if in_binnenland(gba) and onderzoek.get("aanduidingGegevensInOnderzoek") == NIET_OP_ADRES else None


def verblijfplaats(gba: Json) -> Json | None:
    """Give the verblijfplaats; None where there is none."""
    wat = soort(gba)
    if not wat:
        return None
    onderzoek = gba.get("inOnderzoek")
    binnen = in_binnenland(gba)
    uit = gevuld(
        type=wat,
        datumVan=datum(gba.get("datumAanvangAdreshouding" if binnen else "datumAanvangAdresBuitenland")),
        datumIngangGeldigheid=datum(gba.get("datumIngangGeldigheid")),
        functieAdres=waarde(gba.get("functieAdres")) if binnen else None,
        indicatieVastgesteldVerblijftNietOpAdres=_niet_op_adres(gba),
        inOnderzoek=van_het_adres(onderzoek, VERBLIJFPLAATS[wat]),
    )
    if wat == "Adres":
        uit |= gevuld(
            adresseerbaarObjectIdentificatie=identificatie(gba.get("adresseerbaarObjectIdentificatie")),
            nummeraanduidingIdentificatie=identificatie(gba.get("nummeraanduidingIdentificatie")),
        )
    if wat != "VerblijfplaatsOnbekend":
        adres = _verblijfadres(gba, wat)
        uit["verblijfadres"] = {**adres, "inOnderzoek": van_het_adres(onderzoek, VERBLIJFADRES[wat])}
    return uit


def _verblijfadres(gba: Json, wat: str) -> Json:
    if wat == "Locatie":
        return gevuld(locatiebeschrijving=tekst(gba.get("locatiebeschrijving")))
    if wat == "VerblijfplaatsBuitenland":
        regels = {naam: tekst(gba.get(naam)) for naam in ("regel1", "regel2", "regel3")}
        return gevuld(**regels, land=waarde(gba.get("land")))
    return gevuld(
        korteStraatnaam=tekst(gba.get("straat")),
        officieleStraatnaam=tekst(gba.get("naamOpenbareRuimte")),
        huisnummer=nummer(gba.get("huisnummer")),
        huisletter=tekst(gba.get("huisletter")),
        huisnummertoevoeging=tekst(gba.get("huisnummertoevoeging")),
        aanduidingBijHuisnummer=waarde(gba.get("aanduidingBijHuisnummer")),
        postcode=tekst(gba.get("postcode")),
        woonplaats=tekst(gba.get("woonplaats")),
    )


def immigratie(gba: Json) -> Json:
    """Give how somebody came to the Netherlands. `gba` holds `immigratie` and `verblijfplaats` of the source."""
    bron = gba.get("immigratie") or {}
    land = bron.get("landVanwaarIngeschreven")
    vestiging = datum(bron.get("datumVestigingInNederland"))
    return gevuld(
        datumVestigingInNederland=vestiging,
        landVanwaarIngeschreven=waarde(land),
        vanuitVerblijfplaatsOnbekend=True if land and land.get("code") == "0000" else None,
        indicatieVestigingVanuitBuitenland=True if vestiging else None,
        inOnderzoek=in_onderzoek((gba.get("verblijfplaats") or {}).get("inOnderzoek"), IMMIGRATIE),
    )


def adresregels(gba: Json, gemeente: Json | None) -> Json:
    """Give the lines of an address; none where what they are made of is not known."""
    wat = soort(gba)
    onderzoek = van_het_adres(gba.get("inOnderzoek"), ADRESREGELS, datumnaam="datumIngangOnderzoekVerblijfplaats")
    uit: Json = {}
    if wat == "Adres" and tekst(gba["straat"]) and gba.get("huisnummer") not in {"0", 0}:
        uit = gevuld(adresregel1=_straatregel(gba), adresregel2=_plaatsregel(gba, gemeente))
    elif wat == "Locatie":
        uit = gevuld(adresregel1=tekst(gba["locatiebeschrijving"]), adresregel2=_plaatsregel({}, gemeente))
    elif wat == "VerblijfplaatsBuitenland" and any(gba.get(regel) for regel in ("regel1", "regel2", "regel3")):
        uit = gevuld(
            adresregel1=tekst(gba.get("regel1")),
            adresregel2=tekst(gba.get("regel2")),
            adresregel3=tekst(gba.get("regel3")),
            land=waarde(gba.get("land")),
        )
    uit["inOnderzoek"] = onderzoek
    niet_op_adres = _niet_op_adres(gba)
    if niet_op_adres:
        uit["indicatieVastgesteldVerblijftNietOpAdres"] = True
    return uit


def _straatregel(gba: Json) -> str:
    letter, toevoeging = gba.get("huisletter") or "", gba.get("huisnummertoevoeging") or ""
    huisnummer = str(gba.get("huisnummer") or "")
    if letter:
        huisnummer += f" {letter}{toevoeging}"
    elif toevoeging:
        huisnummer += f"{'-' if toevoeging[0].isdigit() else ' '}{toevoeging}"
    bij = _BIJ.get(str((gba.get("aanduidingBijHuisnummer") or {}).get("code") or ""), "")
    return " ".join(deel for deel in (gba["straat"], bij, huisnummer) if deel)


def _plaatsregel(gba: Json, gemeente: Json | None) -> str | None:
    plaats = tekst(gba.get("woonplaats")) or (waarde(gemeente) or {}).get("omschrijving") or ""
    postcode = (gba.get("postcode") or "").replace(" ", "")
    voor = f"{postcode[:4]} {postcode[4:]}  " if postcode else ""
    return f"{voor}{plaats.upper()}".strip() or None
