"""Land of a municipality that does not exist, and who has rights on it, as the API gives them.

Each is there for a situation: an owner who lives there with a mortgage, one of two partners with a claim on his part, a
long lease, a building that was split in apartments, land that is no more, and a tower with many owners. Addresses,
persons and companies are those of the other simulators.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from hub.ports.simulator import Json

DELEN = {
    "zakelijkGerechtigden": "zakelijkGerechtigdeIdentificaties",
    "hypotheken": "hypotheekIdentificaties",
    "beslagen": "beslagIdentificaties",
    "privaatrechtelijkeBeperkingen": "privaatrechtelijkeBeperkingIdentificaties",
}
"""What is asked for apart, and how land names it."""


class Zaak(NamedTuple):
    """Land. `code` is its kadastrale aanduiding by the code of the gemeente; `delen` are asked for apart, by name."""

    zaak: Json
    code: str = ""
    delen: Mapping[str, Sequence[Json]] = MappingProxyType({})

    def shown(self) -> Json:
        """Give it with the numbers of what is asked for apart."""
        named = {field: [each["identificatie"] for each in self.delen.get(name, ())] for name, field in DELEN.items()}
        return {**self.zaak, **{field: numbers for field, numbers in named.items() if numbers}}

    def grounds(self) -> Iterator[str]:
        """Name the land that this was split off."""
        yield from (each["identificatie"] for each in self.zaak.get("bijbehorendeGrondpercelen", ()))

    def has_right(self, number: str, *kinds: str) -> bool:
        """Say whether a person of one of these kinds has a right on it."""
        return any(
            each["persoon"]["identificatie"] == number and each["persoon"]["type"].endswith(kinds)
            for each in self.delen.get("zakelijkGerechtigden", ())
        )


def _persoon(kind: str, number: str, omschrijving: str) -> Json:
    return {"type": f"{kind}_persoon", "identificatie": number, "omschrijving": omschrijving}


_ZEEWIER = _persoon("ingeschreven_natuurlijk", "999990019", "Jan Zeewier")
_DUINROOS = _persoon("ingeschreven_natuurlijk", "999990020", "Dirkje Duinroos")
_NERGENS = _persoon("kadaster_natuurlijk", "80009991", "Nemo Nergens")
_BOUW = _persoon("ingeschreven_niet_natuurlijk", "999930011", "Luchtkasteel Bouw B.V.")
_KERK = _persoon("kadaster_niet_natuurlijk", "70009991", "Parochie van de Heilige Fictie")
_BANK = _persoon("kadaster_niet_natuurlijk", "70009992", "Spaarbank Het Hoefijzer")

ORGANISATIES: Mapping[str, Json] = {
    "70009991": {
        "identificatie": "70009991",
        "omschrijving": "Parochie van de Heilige Fictie",
        "domein": "NL.IMKAD.Persoon",
        "statutaireNaam": "Parochie van de Heilige Fictie",
        "statutaireZetel": "Voorbeelddorp",
        "rechtsvorm": {"code": "14", "waarde": "Kerkgenootschap"},
    },
    "70009992": {
        "identificatie": "70009992",
        "omschrijving": "Spaarbank Het Hoefijzer",
        "domein": "NL.IMKAD.Persoon",
        "statutaireNaam": "Spaarbank Het Hoefijzer N.V.",
        "statutaireZetel": "Voorbeelddorp",
        "rechtsvorm": {"code": "1", "waarde": "Naamloze vennootschap"},
        "kvkNummer": "99990077",
        "rsin": "999930072",
    },
}
"""Organisations that only the Kadaster knows."""

_EURO = {"code": "EUR", "waarde": "Euro"}
_PUNT = {"type": "Point", "coordinates": [200000.5, 450000.5]}
_VLAK = [[[200000.0, 450000.0], [200010.0, 450000.0], [200010.0, 450020.0], [200000.0, 450000.0]]]


def _identificatie(number: int, index: int = 0) -> str:
    return f"9999{number:06}7{index:04}"


def _adres(number: int, straat: str, huisnummer: int, postcode: str, **letters: str) -> Json:
    return {
        "straat": straat,
        "huisnummer": huisnummer,
        **letters,
        "postcode": postcode,
        "woonplaats": "Voorbeelddorp",
        "nummeraanduidingIdentificatie": f"999920{number:010}",
        "adresseerbaarObjectIdentificatie": f"999901{number:010}",
        "adresregel1": " ".join([straat, str(huisnummer), *letters.values()]),
        "adresregel2": f"{postcode} Voorbeelddorp",
        "koppelingswijze": {"code": "ADM_GEO", "waarde": "administratief en geometrisch"},
    }


def _perceel(number: int, *adressen: Json, **extra: object) -> Json:
    return {
        "identificatie": _identificatie(number),
        "domein": "NL.IMKAD.KadastraalObject",
        "type": "perceel",
        "kadastraleAanduiding": f"Voorbeelddorp A {number}",
        "kadastraleGrootte": {"soortGrootte": {"code": "1", "waarde": "Vastgesteld"}, "waarde": 100 + number},
        "plaatscoordinaten": _PUNT,
        **({"adressen": list(adressen)} if adressen else {}),
        **extra,
    }


def _appartement(number: int, index: int, *adressen: Json, **extra: object) -> Json:
    return {
        "identificatie": _identificatie(number, index),
        "domein": "NL.IMKAD.KadastraalObject",
        "type": "appartementsrecht",
        "kadastraleAanduiding": f"Voorbeelddorp A {number} A{index}",
        "bijbehorendeGrondpercelen": [{"identificatie": _identificatie(number)}],
        "isOntstaanUit": {
            "aard": {"code": "1", "waarde": "Splitsing in appartementsrechten"},
            "kadastraalOnroerendeZaken": [{"identificatie": _identificatie(number), "type": "perceel"}],
        },
        **({"adressen": list(adressen)} if adressen else {}),
        **extra,
    }


def _gerechtigde(
    number: str,
    persoon: Json,
    teller: int = 1,
    noemer: int = 1,
    *,
    soort: str = "eigenaar",
    canon: Json | None = None,
    **extra: object,
) -> Json:
    return {
        "identificatie": number,
        "type": soort,
        "aanvangsdatum": "2019-05-01",
        **({"erfpachtCanon": canon} if canon else {}),
        "tenaamstelling": {
            "aandeel": {"teller": teller, "noemer": noemer},
            **extra,
            "isGebaseerdOpStukdeelIdentificaties": [f"1{number}"],
            "stukIdentificaties": [f"20190501{number}"],
        },
        "persoon": persoon,
        "zakelijkRecht": {"stukIdentificaties": [f"20190501{number}"]},
    }


_GEHUWD = {"code": "1", "waarde": "Gehuwd of geregistreerd partnerschap"}

ZAKEN: tuple[Zaak, ...] = (
    Zaak(
        _perceel(
            1,
            _adres(1, "Dorpsstraat", 1, "9999AA"),
            begrenzingPerceel={"type": "Polygon", "coordinates": _VLAK},
            koopsom={"koopsom": 325_000, "koopjaar": 2019},
            aardCultuurBebouwd={"code": "11", "waarde": "Wonen"},
            toelichtingBewaarder="Grens is niet ingemeten.",
            stukIdentificaties=["20190501990001"],
            isVermeldInStukdeelIdentificaties=["1990001"],
            perceelnummerRotatie=12.5,
            perceelnummerVerschuiving={"deltax": 1.5, "deltay": -2.0},
        ),
        "VBD00 A 1",
        {
            "zakelijkGerechtigden": (
                _gerechtigde(
                    "990001", _ZEEWIER, burgerlijkeStaatTenTijdeVanVerkrijging={"code": "2", "waarde": "Ongehuwd"}
                ),
            ),
            "hypotheken": (
                {
                    "identificatie": "25009991",
                    "domein": "NL.IMKAD.ZekerheidsRecht",
                    "aandeelInBetrokkenRecht": {"teller": 1, "noemer": 1},
                    "omschrijvingBetrokkenRecht": {"code": "2", "waarde": "Eigendom (recht van)"},
                    "bedragZekerheidsstelling": {"som": 300_000.0, "valuta": _EURO},
                    "hypotheekhouders": [_BANK],
                    "betreftGedeelteVanPerceel": False,
                    "gedeeltelijkeBezwaringOudObject": False,
                    "toelichtingBewaarder": "Rangwisseling verwerkt.",
                    "omschrijvingGekozenWoonplaats": "Voorbeelddorp, Havenkade 21",
                    "aantekeningen": [
                        {
                            "aard": {"code": "10", "waarde": "Rangwisseling"},
                            "omschrijving": "Gewisseld met een latere.",
                            "betreftGedeelteVanPerceel": True,
                        }
                    ],
                    "stukIdentificaties": ["20190501990002"],
                },
            ),
        },
    ),
    Zaak(
        _perceel(
            2,
            _adres(2, "Dorpsstraat", 1, "9999AA", huisletter="A"),
            _adres(3, "Dorpsstraat", 1, "9999AA", huisletter="A", huisnummertoevoeging="1"),
            koopsom={"koopsom": 410_000, "koopjaar": 2021, "indicatieMetMeerObjectenVerkregen": True},
            aardCultuurOnbebouwd={"code": "40", "waarde": "Erf - tuin"},
        ),
        "VBD00 A 2",
        {
            "zakelijkGerechtigden": (
                _gerechtigde(
                    "990002",
                    _ZEEWIER,
                    1,
                    2,
                    burgerlijkeStaatTenTijdeVanVerkrijging=_GEHUWD,
                    betrokkenPartner=_DUINROOS,
                    gezamenlijkAandeel={"teller": 1, "noemer": 1},
                ),
                _gerechtigde(
                    "990003", _NERGENS, 1, 2, verkregenNamensSamenwerkingsverband={"code": "1", "waarde": "VOF"}
                ),
            ),
            "beslagen": (
                {
                    "identificatie": "26009991",
                    "domein": "NL.IMKAD.ZekerheidsRecht",
                    "aard": {"code": "3", "waarde": "Executoriaal beslag"},
                    "aandeelInBetrokkenRecht": {"teller": 1, "noemer": 2},
                    "bedragVordering": {"som": 12_345.67, "valuta": _EURO},
                    "beslagleggers": [_BOUW],
                    "aantekeningen": [{"aard": {"code": "12", "waarde": "Rangorde"}, "omschrijving": "Eerste beslag."}],
                },
            ),
            "privaatrechtelijkeBeperkingen": (
                {
                    "identificatie": "27009991",
                    "domein": "NL.IMKAD.Aantekening",
                    "aard": {"code": "5", "waarde": "Kwalitatieve verplichting"},
                    "omschrijving": "Er mag niet hoger gebouwd worden dan de brug.",
                    "einddatum": "2039-12-31",
                    "einddatumRecht": "2040-12-31",
                    "stukIdentificaties": ["20210601990003"],
                },
            ),
            "publiekrechtelijkeBeperkingen": (
                {
                    "identificatie": "28009991",
                    "domein": "NL.IMKAD.PB",
                    "grondslag": {"code": "EWE", "waarde": "Erfgoedwet: beschermd monument"},
                    "datumInWerking": "2016-07-01",
                    "datumBeeindiging": "2046-07-01",
                    "bevoegdGezag": _persoon("ingeschreven_niet_natuurlijk", "999930084", "Gemeente Voorbeelddorp"),
                    "stukIdentificaties": ["20160701990004"],
                },
            ),
        },
    ),
    Zaak(
        _perceel(3),
        "VBD00 A 3",
        {
            "zakelijkGerechtigden": (
                _gerechtigde("990004", _KERK, betrokkenGorzenEnAanwassen=_BANK, betrokkenSamenwerkingsverband=_BOUW),
                _gerechtigde(
                    "990005",
                    _BOUW,
                    soort="erfpachter",
                    canon={
                        "soortErfpachtCanon": {"code": "2", "waarde": "Afgekocht tot en met"},
                        "jaarlijksBedrag": {"som": 1_250.5, "valuta": _EURO},
                        "betrefMeerOnroerendeZaken": True,
                        "einddatumAfkoop": "2049-01-01",
                        "indicatieOudeOnroerendeZaakBetrokken": True,
                        "stukIdentificaties": ["20000101990005"],
                    },
                    aantekeningen=[
                        {
                            "identificatie": "27009992",
                            "domein": "NL.IMKAD.Aantekening",
                            "aard": {"code": "7", "waarde": "Koopovereenkomst"},
                        }
                    ],
                ),
            ),
        },
    ),
    Zaak(
        _perceel(
            4,
            gesplitstZakelijkRecht="eigenaar",
            bijbehorendeAppartementsrechten=[
                {"identificatie": _identificatie(4, 1), "volgnummer": 1},
                {"identificatie": _identificatie(4, 2), "volgnummer": 2, "indicatieSluimerend": True},
            ],
        ),
        "VBD00 A 4",
    ),
    Zaak(
        _appartement(4, 1, _adres(6, "Dorpsstraat", 3, "9999AA", huisnummertoevoeging="bis")),
        "VBD00 A 4 A1",
        {
            "zakelijkGerechtigden": (_gerechtigde("990006", _DUINROOS),),
        },
    ),
    Zaak(_appartement(4, 2, indicatieSluimerend=True), "VBD00 A 4 A2"),
    Zaak(
        _perceel(
            5,
            indicatieVervallen=True,
            isOvergegaanIn={
                "aard": {"code": "3", "waarde": "Vereniging"},
                "kadastraalOnroerendeZaken": [{"identificatie": _identificatie(1), "type": "perceel"}],
            },
        ),
        "VBD00 A 5",
    ),
    *(
        Zaak(
            _appartement(9, floor, _adres(100 + floor, "Torenplein", floor, "9999AE")),
            f"VBD00 A 9 A{floor}",
            {
                "zakelijkGerechtigden": (_gerechtigde(f"9901{floor:02}", _BOUW),),
            },
        )
        for floor in range(1, 13)
    ),
)
