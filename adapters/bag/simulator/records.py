"""Addresses of a municipality that does not exist, in the form of /adressenuitgebreid.

Each is there for a situation: letters and additions, a nevenadres, a ligplaats, several panden, a field under
investigation, a long name, and a tower for what comes in pages.
"""

from __future__ import annotations

from hub.ports.simulator import Json

_WOONPLAATS = ("Voorbeelddorp", "9999")
_PLACE = {"woonplaatsNaam": _WOONPLAATS[0], "woonplaatsIdentificatie": _WOONPLAATS[1]}
_STREETS = {
    "Dorpsstraat": ("Dorpsstraat", "9999300000000001"),
    "Laan van de Onvoltooide Voorbeelden en Andere Fictie": ("Ln vd Onv Vb en Andere F", "9999300000000002"),
    "Café-Zuidhoeképlein": ("Café-Zuidhoeképlein", "9999300000000003"),
    "Havenkade": ("Havenkade", "9999300000000004"),
    "Torenplein": ("Torenplein", "9999300000000005"),
}


def _adres(
    number: int,
    straat: str,
    huisnummer: int,
    postcode: str,
    *,
    letter: str = "",
    toevoeging: str = "",
    soort: str = "Verblijfsobject",
    van: int = 0,
    **extra: object,
) -> Json:
    kort, openbare_ruimte = _STREETS[straat]
    code = {"Verblijfsobject": "01", "Ligplaats": "02", "Standplaats": "03"}[soort]
    letters = {name: text for name, text in (("huisletter", letter), ("huisnummertoevoeging", toevoeging)) if text}
    written = f"{huisnummer}{' ' + letter if letter else ''}{'-' + toevoeging if toevoeging else ''}"
    home = {"gebruiksdoelen": ["woonfunctie"], "oppervlakte": 60 + number, "oorspronkelijkBouwjaar": ["1931"]}
    on_land = soort == "Verblijfsobject"
    return {
        "openbareRuimteNaam": straat,
        "korteNaam": kort,
        "huisnummer": huisnummer,
        **letters,
        "postcode": postcode,
        **_PLACE,
        "nummeraanduidingIdentificatie": f"999920{number:010}",
        "openbareRuimteIdentificatie": openbare_ruimte,
        "adresseerbaarObjectIdentificatie": f"9999{code}{van or number:010}",
        **({"pandIdentificaties": [f"999910{van or number:010}"]} if on_land else {}),
        "adresregel5": f"{kort} {written}",
        "adresregel6": f"{postcode[:4]} {postcode[4:]}  {_WOONPLAATS[0].upper()}",
        "typeAdresseerbaarObject": soort,
        "adresseerbaarObjectGeometrie": {
            "punt": {"type": "Point", "coordinates": [200000.0 + number, 450000.0 - number, 0.0]}
        },
        "adresseerbaarObjectStatus": "Verblijfsobject in gebruik" if on_land else "Plaats aangewezen",
        **(home if on_land else {}),
        **extra,
    }


_TOWER_PAND = "9999100000000900"
_QUAY = [[[200100.0, 450100.0], [200110.0, 450100.0], [200110.0, 450120.0], [200100.0, 450100.0]]]

ADRESSEN: tuple[Json, ...] = (
    _adres(1, "Dorpsstraat", 1, "9999AA"),
    _adres(2, "Dorpsstraat", 1, "9999AA", letter="A"),
    _adres(3, "Dorpsstraat", 1, "9999AA", letter="A", toevoeging="1"),
    _adres(4, "Dorpsstraat", 1, "9999AA", letter="A", toevoeging="2"),
    _adres(5, "Dorpsstraat", 1, "9999AA", letter="B"),
    _adres(
        6, "Dorpsstraat", 3, "9999AA", toevoeging="bis", pandIdentificaties=["9999100000000006", "9999100000000007"]
    ),
    _adres(7, "Laan van de Onvoltooide Voorbeelden en Andere Fictie", 12, "9999AB"),
    _adres(8, "Dorpsstraat", 14, "9999AA", van=7, indicatieNevenadres=True),
    _adres(
        9,
        "Café-Zuidhoeképlein",
        7,
        "9999AC",
        gebruiksdoelen=["winkelfunctie", "bijeenkomstfunctie"],
        oorspronkelijkBouwjaar=["1899", "2004"],
        geconstateerd={"nummeraanduiding": True, "pand": True},
        inonderzoek={"postcode": True, "oppervlakte": True, "toelichting": ["Oppervlakte is mogelijk onjuist."]},
    ),
    _adres(
        10,
        "Havenkade",
        21,
        "9999AD",
        soort="Ligplaats",
        adresseerbaarObjectGeometrie={"vlak": {"type": "Polygon", "coordinates": _QUAY}},
    ),
    _adres(11, "Havenkade", 23, "9999AD", soort="Standplaats"),
    *(_adres(100 + floor, "Torenplein", floor, "9999AE", pandIdentificaties=[_TOWER_PAND]) for floor in range(1, 26)),
)
