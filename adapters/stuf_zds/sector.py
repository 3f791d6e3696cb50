"""The sector model of zaken, StUF-ZKN 03.10: what identifies its entities, and what may be empty in an answer."""

from __future__ import annotations

from adapters.stuf_zds.versie import PREFIXES
from hub.wire.stuf.namespaces import ZKN
from hub.wire.stuf.sector import HISTORIE, HISTORIE_NOOIT_LEEG, Sector

SECTOR = Sector(
    "ZKN",
    ZKN,
    PREFIXES,
    kerngegevens={
        "ZAK": ("identificatie", "omschrijving", "isVan"),
        "EDC": ("identificatie", "dct.omschrijving", "titel"),
        "BSL": ("identificatie", "bst.omschrijving", "datumBeslissing"),
        "ZKT": ("omschrijving", "code", "ingangsdatumObject"),
        "STT": ("zkt.code", "zkt.omschrijving", "volgnummer", "code", "omschrijving", "ingangsdatumObject"),
        "MDW": ("identificatie", "achternaam", "voorletters", "voorvoegselAchternaam"),
        "OEH": ("identificatie", "naam", "isGehuisvestIn"),
        "NPS": (
            "inp.bsn", "anp.identificatie", "inp.a-nummer", "geslachtsnaam", "voorvoegselGeslachtsnaam", "voorletters",
            "voornamen", "geslachtsaanduiding", "geboortedatum", "verblijfsadres", "sub.verblijfBuitenland",
        ),
        "NNP": ("inn.nnpId", "ann.identificatie", "statutaireNaam", "inn.rechtsvorm", "bezoekadres"),
        "VES": ("vestigingsNummer", "handelsnaam", "verblijfsadres"),
        "AOA": (
            "identificatie", "typering", "wpl.woonplaatsNaam", "gor.openbareRuimteNaam", "huisnummer", "huisletter",
            "huisnummertoevoeging", "postcode",
        ),
    },
    groepen={"opschorting": ("indicatie", "reden"), "verlenging": ("duur", "reden"), "kenmerk": ("kenmerk", "bron")},
    niet_ondersteund=HISTORIE,
    nooit_leeg=HISTORIE_NOOIT_LEEG | {"inhoud"},
)  # fmt: skip
"""A zaaksysteem that knows its zaken has no values it does not know: what it has no value for is geenWaarde."""
