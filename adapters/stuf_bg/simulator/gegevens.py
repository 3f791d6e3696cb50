"""Persons, companies and addresses that do not exist, as StUF-BG has them: one of each kind that an asker may meet.

A record names elements with their values; the definition knows their order and their entiteittypen. Numbers begin with
9999 and those of persons pass the 11-test; every name, street and identification is made up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from lxml import etree

from adapters.stuf_bg.forms import elements
from adapters.stuf_bg.sector import SECTOR
from adapters.stuf_bg.services import VRAGEN
from hub.wire.form import Form
from hub.wire.stuf.namespaces import STUF
from hub.wire.stuf.waarden import NoValue, OnvolledigeDatum, write_datum
from hub.wire.xml import XSI

Record = Mapping[str, Any]
"""Values by element: a text, a date of which a part is unknown, why there is none, a record, or several of these."""

Inhoud = Record | etree._Element  # noqa: SLF001 - lxml has no other name for it

GEZIN, PARTNER, KIND, OUDER = "999990007", "999990019", "999990020", "999990032"
BUITENLAND, OVERLEDEN, GEHEIM, ONDERZOCHT = "999990044", "999990056", "999990068", "999990093"
BEDRIJF, VESTIGING, RSIN = "99990001", "000099990011", "999990081"
ADRES, NEVENADRES = "9999200000000001", "9999200000000002"


class Markering(NamedTuple):
    """That something is under investigation: a group of the object, by its name, or the relation itself."""

    groepsnaam: str = ""


_HUWELIJK = {"soortVerbintenis": "H", "datumSluiting": "20100514", "plaatsSluiting": "Voorbeelddorp"}
_NEDERLANDER = {
    "gerelateerde": {"code": "0001", "omschrijving": "Nederlandse"},
    "inp.redenVerkrijging": "017",
    "inp.datumVerkrijging": "19800211",
}


def _adres(huisnummer: int, **erbij: str) -> Record:
    return {
        "aoa.identificatie": ADRES[:-2] + f"{huisnummer:02}",
        "wpl.woonplaatsNaam": "Voorbeelddorp",
        "gor.openbareRuimteNaam": "Verzonnen Hof",
        "gor.straatnaam": "Verzonnen Hof",
        "aoa.postcode": "9999ZX",
        "aoa.huisnummer": str(huisnummer),
        **erbij,
    }


def _wonen(huisnummer: int) -> Record:
    naam = {name: text for name, text in _adres(huisnummer).items() if name != "aoa.identificatie"}
    return {
        "inp.verblijftIn": {
            "gerelateerde": {
                "identificatie": f"99990100000000{huisnummer:02}",
                "adresAanduidingGrp": {"num.identificatie": ADRES[:-2] + f"{huisnummer:02}", **naam},
            }
        },
        "verblijfsadres": _adres(huisnummer, begindatumVerblijf="20150301"),
        "inp.adresHerkomst": "W",
    }


def _naam(voornamen: str, geslachtsnaam: str, voorvoegsel: str = "") -> Record:
    return {
        "geslachtsnaam": geslachtsnaam,
        **({"voorvoegselGeslachtsnaam": voorvoegsel} if voorvoegsel else {}),
        "voorletters": "".join(f"{each[0]}." for each in voornamen.split()),
        "voornamen": voornamen,
    }


def _persoon(bsn: str, geslacht: str, naam: Record, geboren: object, **erbij: Any) -> Record:  # noqa: ANN401 - a record
    return {
        "inp.bsn": bsn,
        "inp.a-nummer": f"9{bsn}",
        **naam,
        "aanduidingNaamgebruik": "E",
        "geslachtsaanduiding": geslacht,
        "geboortedatum": geboren,
        "inp.geboorteplaats": "Voorbeelddorp",
        "inp.geboorteLand": "6030",
        "overlijdensdatum": NoValue.GEEN_WAARDE,
        "inp.gemeenteVanInschrijving": "1900",
        "inp.datumInschrijving": "20150301",
        "inp.burgerlijkeStaat": "1",
        "inp.indicatieGeheim": "0",
        "inp.heeftAlsNationaliteit": [_NEDERLANDER],
        **erbij,
    }


_ROND_1950 = OnvolledigeDatum(1950)
_ADA, _BAS = _naam("Ada Maria", "Zandpoort", "van der"), _naam("Bas", "Duinroos")
_VADER = {"inp.bsn": OUDER, "geslachtsaanduiding": "M", "geboortedatum": _ROND_1950}
_CES, _DIRK = _naam("Ces", "Duinroos"), _naam("Dirk", "Zandpoort", "van der")

PERSONEN: Sequence[Record] = (
    _persoon(
        GEZIN, "V", _ADA, "19800211",
        **{
            **_wonen(1),
            "aanduidingNaamgebruik": "V",
            "geslachtsnaamPartner": "Duinroos",
            "aanhefAanschrijving": "Geachte mevrouw Duinroos-van der Zandpoort",
            "inp.burgerlijkeStaat": "2",
            "inp.heeftAlsEchtgenootPartner": {
                "gerelateerde": {"inp.bsn": PARTNER, **_BAS, "geslachtsaanduiding": "M", "geboortedatum": "19781120"},
                **_HUWELIJK,
            },
            "inp.heeftAlsKinderen": [{"gerelateerde": {"inp.bsn": KIND, **_CES, "geboortedatum": "20120705"}}],
            "inp.heeftAlsOuders": [
                {
                    "gerelateerde": {**_VADER, **_DIRK},
                    "ouderAanduiding": "Ouder1",
                    "datumIngangFamilierechtelijkeBetrekking": "19800211",
                }
            ],
        },
    ),
    _persoon(PARTNER, "M", _BAS, "19781120", **_wonen(1)),
    _persoon(KIND, "V", _CES, "20120705", **_wonen(1)),
    _persoon(OUDER, "M", _DIRK, _ROND_1950, **_wonen(2)),
    _persoon(
        BUITENLAND, "M", _naam("Emil", "Strandbeek"), OnvolledigeDatum(1975, 6),
        **{
            "sub.verblijfBuitenland": {
                "lnd.landcode": "5010",
                "lnd.landnaam": "België",
                "sub.adresBuitenland1": "Rue Inventée 3",
                "sub.adresBuitenland2": "1000 Exempleville",
            },
            "inp.datumVertrekUitNederland": "20190901",
            "inp.emigratieLand": "5010",
            "inp.datumOpschortingBijhouding": "20190901",
            "inp.redenOpschortingBijhouding": "E",
        },
    ),
    _persoon(
        OVERLEDEN, "V", _naam("Fenna", "Strandbeek"), NoValue.WAARDE_ONBEKEND,
        **{
            **_wonen(3),
            "overlijdensdatum": "20211224",
            "inp.overlijdenplaats": "Voorbeelddorp",
            "inp.overlijdenLand": "6030",
            "inp.datumOpschortingBijhouding": "20211224",
            "inp.redenOpschortingBijhouding": "O",
            "inOnderzoek": Markering("Overlijden"),
        },
    ),
    _persoon(GEHEIM, "O", _naam("Gijs", "Übermäß", "d'"), "19990101", **_wonen(4), **{"inp.indicatieGeheim": "7"}),
    _persoon(
        ONDERZOCHT, "M", {**_naam("Hugo", "Zeewier", "van"), "adellijkeTitelPredikaat": "JH"}, "19700228",
        **{
            "inp.verblijftIn": {"gerelateerde": {"identificatie": "9999010000000009"}},
            "verblijfsadres": {"inp.locatiebeschrijving": "Woonboot in de haven", "begindatumVerblijf": "20000101"},
            "inp.adresHerkomst": "B",
            "inp.burgerlijkeStaat": "6",
            "vbt.aanduidingVerblijfstitel": "27",
            "ing.datumVerkrijgingVerblijfstitel": "19950401",
            "ing.datumVerliesVerblijfstitel": OnvolledigeDatum(None),
            "inp.datumVestigingInNederland": "19950115",
            "inp.immigratieLand": "5010",
            "inp.aanduidingBijzonderNederlanderschap": "B",
            "ing.aanduidingEuropeesKiesrecht": "2",
            "ing.aanduidingUitgeslotenKiesrecht": "A",
            "ing.indicatieGezagMinderjarige": "12",
            "ing.indicatieCurateleRegister": "1",
            "inOnderzoek": [Markering("Persoonsgegevens"), Markering("Verblijfsplaats")],
            "inp.heeftAlsEchtgenootPartner": {
                "gerelateerde": {**_naam("Iris", "Zandpoort"), "geboortedatum": "19710609"},
                "soortVerbintenis": "P",
                "datumSluiting": "19990909",
                "landSluiting": "5010",
                "datumOntbinding": "20050505",
                "plaatsOntbinding": "Voorbeelddorp",
                "landOntbinding": "6030",
                "inOnderzoek": Markering(),
            },
            "inp.heeftAlsNationaliteit": [
                {"gerelateerde": {"code": "0499", "omschrijving": "Staatloos"}, "inOnderzoek": Markering()},
                {"gerelateerde": {"code": "0000", "omschrijving": "Onbekend"}},
                {"gerelateerde": {"code": "0052", "omschrijving": "Belgische"}, "inp.datumVerlies": "20010101"},
            ],
        },
    ),
)  # fmt: skip

_HANDEL = {"handelsnaam": ["Luchtkasteel Bouw", "Luchtkasteel Verbouw"], "datumAanvang": "20160301"}
_BOUW = {"omschrijving": "Algemene burgerlijke en utiliteitsbouw", "indicatieHoofdactiviteit": "J"}
_EIGENAAR = {"inn.nnpId": RSIN, "statutaireNaam": "Luchtkasteel Bouw B.V.", "inn.rechtsvorm": "Besloten Vennootschap"}

OBJECTEN: Mapping[str, Sequence[Record]] = {
    "NPS": PERSONEN,
    "NNP": [
        {
            **_EIGENAAR,
            "datumAanvang": "20160301",
            "bezoekadres": _adres(10),
            "rps.isEigenaarVan": {"gerelateerde": {"kvkNummer": BEDRIJF}},
        }
    ],
    "VES": [
        {
            "vestigingsNummer": VESTIGING,
            **_HANDEL,
            "activiteit": [_BOUW],
            "typeringVestiging": "Hoofdvestiging",
            "verblijfsadres": _adres(10),
            "oefentActiviteitenUitVoor": {"gerelateerde": {"kvkNummer": BEDRIJF}},
        }
    ],
    "MAC": [
        {
            "kvkNummer": BEDRIJF,
            **_HANDEL,
            "activiteit": [_BOUW],
            "heeftAlsEigenaar": {"gerelateerde": {"nietNatuurlijkPersoon": _EIGENAAR}},
            "oefentActiviteitUitIn": {"gerelateerde": {"vestigingsNummer": VESTIGING, **_HANDEL}},
        }
    ],
    "AOA": [
        {
            "identificatie": ADRES,
            "wpl.identificatie": "9999",
            "wpl.woonplaatsNaam": "Voorbeelddorp",
            "opr.identificatie": "9999300000000001",
            "gor.openbareRuimteNaam": "Verzonnen Hof",
            "huisnummer": "1",
            "postcode": "9999ZX",
            "gor.straatnaam": "Verzonnen Hof",
            "num.indicatieHoofdadres": "true",
            "isVan": {"gerelateerde": {"identificatie": "9999010000000001", "typering": "Verblijfsobject"}},
        },
        {
            "identificatie": NEVENADRES,
            "wpl.identificatie": "9999",
            "wpl.woonplaatsNaam": "Voorbeelddorp",
            "opr.identificatie": "9999300000000001",
            "gor.openbareRuimteNaam": "Verzonnen Hof",
            "huisnummer": "1",
            "huisletter": "A",
            "postcode": "9999ZX",
            "gor.straatnaam": "Verzonnen Hof",
            "num.indicatieHoofdadres": "false",
        },
    ],
}


def object_of(entiteittype: str, inhoud: Inhoud) -> etree._Element:
    """Make an object of an answer."""
    if isinstance(inhoud, etree._Element):  # noqa: SLF001 - see above
        return inhoud
    service = next(each for each in VRAGEN if each.entiteittype == entiteittype)
    return _made(elements()[service.antwoord_element].children["antwoord"].children["object"], inhoud)


def _made(form: Form, inhoud: object) -> etree._Element:
    made = etree.Element(f"{{{form.namespace}}}{form.name}", nsmap=SECTOR.prefixes)
    entiteittype = form.attributes.get("entiteittype")
    if entiteittype is not None and entiteittype.fixed:
        made.set(f"{{{STUF}}}entiteittype", entiteittype.fixed)
    if isinstance(inhoud, NoValue):
        made.set(f"{{{XSI}}}nil", "true")
        made.set(f"{{{STUF}}}noValue", inhoud.value)
    elif isinstance(inhoud, OnvolledigeDatum):
        made.text, indicatie = write_datum(inhoud)
        made.set(f"{{{STUF}}}indOnvolledigeDatum", indicatie)
    elif isinstance(inhoud, Markering):
        made.text = "J"
        made.set(f"{{{STUF}}}metagegeven", "true")
        if inhoud.groepsnaam:
            made.set("groepsnaam", inhoud.groepsnaam)
    elif isinstance(inhoud, Mapping):
        unknown = set(inhoud) - set(form.children)
        assert not unknown, f"{form.name} has no {', '.join(sorted(unknown))}"
        for name, child in form.children.items():
            found = inhoud.get(name, [])
            made.extend([_made(child, each) for each in (found if isinstance(found, list) else [found])])
    else:
        made.text = str(inhoud)
    return made
