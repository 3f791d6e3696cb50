"""Companies that do not exist, as the KVK has them: a Basisprofiel with what is within it, and profiles of branches.

Each is there for a situation: an eenmanszaak at a shielded home, a company with branches and a postbus, a foundation
that does no trade, one that has ended, one abroad, one that is being worked on, and a chain for what comes in pages.
"""

from __future__ import annotations

from typing import NamedTuple

from hub.ports.simulator import Json


class Inschrijving(NamedTuple):
    """One registration. `profielen` are the Vestigingsprofielen, the hoofdvestiging first.

    What is `ended` is found when inactive ones are asked for, and has no profile; what is `busy` is not given now.
    `former` is a name by which it is found too.
    """

    basisprofiel: Json
    profielen: tuple[Json, ...] = ()
    ended: bool = False
    busy: bool = False
    former: str = ""


def _bezoek(straat: str, huisnummer: int, postcode: str, bag: int, *, shielded: bool = False, **extra: object) -> Json:
    plaats = "Voorbeelddorp"
    return {
        "type": "bezoekadres",
        "indAfgeschermd": "Ja" if shielded else "Nee",
        "volledigAdres": f"{straat} {huisnummer} {postcode} {plaats}",
        "straatnaam": straat,
        "huisnummer": huisnummer,
        **extra,
        "postcode": postcode,
        "plaats": plaats,
        "land": "Nederland",
        "geoData": {
            "addresseerbaarObjectId": f"999901{bag:010}",
            "nummerAanduidingId": f"999920{bag:010}",
            "gpsLatitude": 52.0,
            "gpsLongitude": 6.0,
            "rijksdriehoekX": 200000.0,
            "rijksdriehoekY": 450000.0,
            "rijksdriehoekZ": 0.0,
        },
    }


def _postbus(nummer: int, postcode: str) -> Json:
    return {
        "type": "correspondentieadres",
        "indAfgeschermd": "Nee",
        "volledigAdres": f"Postbus {nummer} {postcode} Voorbeelddorp",
        "straatnaam": "Postbus",
        "postcode": postcode,
        "postbusnummer": nummer,
        "plaats": "Voorbeelddorp",
        "land": "Nederland",
    }


def _namen(*names: str) -> list[Json]:
    return [{"naam": name, "volgorde": number} for number, name in enumerate(names)]


def _sbi(*codes: tuple[str, str]) -> list[Json]:
    return [
        {"sbiCode": code, "sbiOmschrijving": said, "indHoofdactiviteit": "Nee" if number else "Ja"}
        for number, (code, said) in enumerate(codes)
    ]


def _profiel(nummer: str, kvk: str, naam: str, adressen: list[Json], *, main: bool = True, **extra: object) -> Json:
    return {
        "vestigingsnummer": nummer,
        "kvkNummer": kvk,
        "indNonMailing": "Nee",
        "formeleRegistratiedatum": "20160401",
        "materieleRegistratie": {"datumAanvang": "20160300"},
        "eersteHandelsnaam": naam,
        "indHoofdvestiging": "Ja" if main else "Nee",
        "indCommercieleVestiging": "Ja",
        "voltijdWerkzamePersonen": 2,
        "totaalWerkzamePersonen": 3,
        "deeltijdWerkzamePersonen": 1,
        "handelsnamen": _namen(naam),
        "adressen": adressen,
        **extra,
    }


def _basis(kvk: str, naam: str, eigenaar: Json, **extra: object) -> Json:
    return {
        "kvkNummer": kvk,
        "indNonMailing": "Nee",
        "naam": naam,
        "formeleRegistratiedatum": "20160401",
        "materieleRegistratie": {"datumAanvang": "20160300"},
        "totaalWerkzamePersonen": 3,
        "handelsnamen": _namen(naam),
        **extra,
        "_embedded": {"eigenaar": eigenaar},
    }


def _bv(rsin: str, **extra: object) -> Json:
    return {
        "rsin": rsin,
        "rechtsvorm": "BeslotenVennootschap",
        "uitgebreideRechtsvorm": "Besloten Vennootschap",
        **extra,
    }


_BAKKER, _BOUW, _STICHTING, _GEWEEST, _BUITEN, _BEZIG = (f"9999000{number}" for number in range(1, 7))
_KADE = _bezoek("Havenkade", 23, "9999AD", 11)

INSCHRIJVINGEN: tuple[Inschrijving, ...] = (
    Inschrijving(
        {
            **_basis(
                _BAKKER,
                "Bakkerij Zuurdesem",
                {"rechtsvorm": "Eenmanszaak", "uitgebreideRechtsvorm": "Eenmanszaak"},
                sbiActiviteiten=_sbi(("4724", "Winkels in brood en banket"), ("1071", "Vervaardiging van brood")),
            ),
            "indNonMailing": "Ja",
            "materieleRegistratie": {"datumAanvang": "20150000"},
        },
        (
            _profiel(
                "999900000011",
                _BAKKER,
                "Bakkerij Zuurdesem",
                [_bezoek("Dorpsstraat", 1, "9999AA", 2, shielded=True, huisletter="A")],
            ),
        ),
    ),
    Inschrijving(
        _basis(
            _BOUW,
            "Luchtkasteel Bouw",
            _bv("999930011", adressen=[_KADE, _postbus(90, "9990AA")], websites=["luchtkasteel.example"]),
            statutaireNaam="Luchtkasteel Bouw B.V.",
            handelsnamen=_namen("Luchtkasteel Bouw", "Luchtkasteel Verbouw", "Fata Morgana Advies"),
            sbiActiviteiten=_sbi(("4120", "Algemene burgerlijke en utiliteitsbouw")),
        ),
        (
            _profiel(
                "999900000021",
                _BOUW,
                "Luchtkasteel Bouw",
                [_KADE, _postbus(90, "9990AA")],
                rsin="999930011",
                websites=["luchtkasteel.example"],
                statutaireNaam="Luchtkasteel Bouw B.V.",
                handelsnamen=_namen("Luchtkasteel Bouw", "Luchtkasteel Verbouw"),
                sbiActiviteiten=_sbi(("4120", "Algemene burgerlijke en utiliteitsbouw")),
            ),
            _profiel(
                "999900000022",
                _BOUW,
                "Fata Morgana Advies",
                [_bezoek("Dorpsstraat", 3, "9999AA", 6, huisnummerToevoeging="bis")],
                main=False,
                rsin="999930011",
                materieleRegistratie={"datumAanvang": "20200101", "datumEinde": "20291200"},
            ),
            _profiel(
                "999900000023",
                _BOUW,
                "Luchtkasteel Verbouw",
                [_bezoek("Torenplein", 4, "9999AE", 104, shielded=True)],
                main=False,
                rsin="999930011",
                materieleRegistratie={"datumAanvang": "00000000"},
            ),
        ),
        former="Zandkasteel Aannemers",
    ),
    Inschrijving(
        _basis(
            _STICHTING,
            "Stichting Vrienden van het Voorbeeld",
            {"rsin": "999930023", "rechtsvorm": "Stichting", "uitgebreideRechtsvorm": "Stichting"},
            statutaireNaam="Stichting Vrienden van het Voorbeeld",
            ookGenoemd="VvhV",
        ),
        (
            {
                **_profiel("999900000031", _STICHTING, "", [_bezoek("Café-Zuidhoeképlein", 7, "9999AC", 9)]),
                "eersteHandelsnaam": None,
                "handelsnamen": [],
                "naam": "Vrienden van het Voorbeeld",
                "ookGenoemd": "De Vrienden",
                "indCommercieleVestiging": "Nee",
            },
        ),
    ),
    Inschrijving(
        {
            **_basis(_GEWEEST, "Verleden Tijd", _bv("999930035"), statutaireNaam="Verleden Tijd B.V."),
            "materieleRegistratie": {"datumAanvang": "19990000", "datumEinde": "20191231"},
        },
        ended=True,
    ),
    Inschrijving(
        _basis(
            _BUITEN,
            "Overzee Handel",
            _bv(
                "999930047",
                adressen=[
                    {
                        "type": "bezoekadres",
                        "indAfgeschermd": "Nee",
                        "volledigAdres": "Rue Imaginaire 5 X-13501 Nulle-Part Frankrijk",
                        "straatHuisnummer": "Rue Imaginaire 5",
                        "postcodeWoonplaats": "X-13501 Nulle-Part",
                        "regio": "Nergens",
                        "land": "Frankrijk",
                    }
                ],
            ),
            statutaireNaam="Overzee Handel B.V.",
            materieleRegistratie={"datumAanvang": "20100101", "datumEinde": "20291231"},
        ),
    ),
    Inschrijving(_basis(_BEZIG, "Onder Handen", _bv("999930059")), busy=True),
)


def keten(branches: int, *, kvk: str = "99990090") -> Inschrijving:
    """Make a chain with so many branches."""
    profielen = tuple(
        _profiel(
            f"9999{number:08}",
            kvk,
            f"Overal {number}",
            [_bezoek("Torenplein", number, "9999AE", 100 + number)],
            main=number == 1,
        )
        for number in range(1, branches + 1)
    )
    return Inschrijving(_basis(kvk, "Overal", _bv("999930060"), statutaireNaam="Overal B.V."), profielen)
