"""The sector model of persons and addresses, StUF-BG 03.10: what identifies its entities, and what may be empty.

It holds no values and no meaning of fields.
"""

from __future__ import annotations

from hub.wire.stuf.namespaces import BG, STUF
from hub.wire.stuf.sector import HISTORIE, HISTORIE_NOOIT_LEEG, Sector
from hub.wire.xml import XSI

PREFIXES = {"BG": BG, "StUF": STUF, "xsi": XSI}

_ADRES = (
    "aoa.identificatie", "wpl.identificatie", "opr.identificatie", "gor.openbareRuimteNaam", "gor.straatnaam",
    "aoa.huisnummer", "aoa.huisletter", "aoa.huisnummertoevoeging",
)  # fmt: skip
"""What an address for correspondence has where it is no postbus."""

SECTOR = Sector(
    "BG",
    BG,
    PREFIXES,
    kerngegevens={
        "NPS": (
            "inp.bsn", "authentiek", "anp.identificatie", "inp.a-nummer", "geslachtsnaam", "voorvoegselGeslachtsnaam",
            "voorletters", "voornamen", "geslachtsaanduiding", "geboortedatum", "verblijfsadres",
            "sub.verblijfBuitenland",
        ),
        "NNP": (
            "inn.nnpId", "authentiek", "ann.identificatie", "statutaireNaam", "inn.rechtsvorm", "bezoekadres",
            "sub.verblijfBuitenland",
        ),
        "VES": ("vestigingsNummer", "authentiek", "handelsnaam", "verblijfsadres", "sub.verblijfBuitenland"),
        "MAC": ("kvkNummer", "authentiek", "handelsnaam"),
        "AOA": (
            "identificatie", "authentiek", "typering", "wpl.woonplaatsNaam", "gor.openbareRuimteNaam", "huisnummer",
            "huisletter", "huisnummertoevoeging", "postcode",
        ),
        "TGO": ("identificatie", "authentiek", "typering", "adresAanduidingGrp"),
        "NAT": ("code", "omschrijving"),
    },
    keuzes=(
        ("inp.bsn", "anp.identificatie"),
        ("inn.nnpId", "ann.identificatie"),
        ("verblijfsadres", "sub.verblijfBuitenland"),
        ("bezoekadres", "sub.verblijfBuitenland"),
        ("num.identificatie", "oao.identificatie"),
        *((address, postbus) for address in _ADRES for postbus in ("sub.postadresType", "sub.postadresNummer")),
    ),
    niet_ondersteund=HISTORIE,
    # A mark is there when it is so, and says nothing when it is not.
    nooit_leeg=HISTORIE_NOOIT_LEEG
    | {"authentiek", "inOnderzoek", "aanduidingStrijdigheidNietigheid", "brondocument", "bronDocument"},
    nooit_nil=frozenset(
        (
            "verblijfsadres", "bezoekadres", "sub.verblijfBuitenland", "sub.correspondentieAdres", "adresAanduidingGrp",
            "aoa.woonplaatsWaarinGelegen", "woonplaatsWaarinGelegen", "activiteit", "gerelateerde",
        )
    ),
)  # fmt: skip

PREFILL = SECTOR._replace(nooit_nil=frozenset())
"""Of an answer to a form: there an address is whole, or not there at all (Prefill eFormulierenservices 1.0)."""
