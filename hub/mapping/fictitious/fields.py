"""Which field says what about whom, by its name in StUF-BG, StUF-ZKN and the events of the hub.

It knows names and where they stand. It refuses to know values; what an unknown name holds is told by its look.
"""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What a field holds, in the words of the report."""

    ELEVEN = "BSN and RSIN"
    NUMBER = "numbers of persons and companies"
    LOGIN = "user names and medewerkers"
    SURNAME = "surnames"
    FIRST = "first names"
    INITIALS = "initials"
    PREFIX = "voorvoegsels"
    PERSON = "names"
    COMPANY = "names of companies"
    STREET = "streets"
    TOWN = "towns"
    POSTCODE = "postcodes"
    HOUSE = "house numbers"
    ADDITION = "additions to house numbers"
    PHONE = "phone numbers"
    EMAIL = "e-mail addresses"
    IBAN = "bank accounts"
    IDENTIFICATION = "identifications"
    CONTENT = "contents of documents"
    FILE = "file names"
    LINK = "links"
    PLACE = "coordinates"
    DATE = "dates"
    TEXT = "free texts"
    LOOK = "values of fields that the hub does not know"
    LABEL = "names of types and organisations"
    CODE = "codes"


_NAMES: dict[Kind, str] = {
    Kind.ELEVEN: "bsn burgerservicenummer bsnnummer sofinummer rsin nnpid",
    Kind.NUMBER: "anummer kvknummer vestigingsnummer annidentificatie anpidentificatie",
    Kind.LOGIN: "gebruiker medewerkeridentificatie checkedoutby username password nonce checkedoutid",
    Kind.SURNAME: "geslachtsnaam achternaam geslachtsnaampartner geslachtsnaamaanschrijving",
    Kind.FIRST: "voornamen voornaam roepnaam voornamenaanschrijving",
    Kind.INITIALS: "voorletters initialen voorlettersaanschrijving",
    Kind.PREFIX: "voorvoegsel voorvoegsels voorvoegselgeslachtsnaam voorvoegselachternaam"
    " voorvoegselgeslachtsnaampartner",
    Kind.PERSON: "naam auteur aanhefaanschrijving",
    Kind.COMPANY: "statutairenaam handelsnaam handelsnamen handelsnaamverkort verkortenaam",
    Kind.STREET: "openbareruimtenaam straatnaam straat",
    Kind.TOWN: "woonplaatsnaam woonplaatsnaamnen woonplaats geboorteplaats overlijdenplaats plaatssluiting"
    " plaatsontbinding",
    Kind.POSTCODE: "postcode",
    Kind.HOUSE: "huisnummer postadresnummer",
    Kind.ADDITION: "huisletter huisnummertoevoeging aanduidingbijhuisnummer",
    Kind.PHONE: "telefoonnummer telefoon mobiel faxnummer",
    Kind.EMAIL: "emailadres email",
    Kind.IBAN: "iban rekeningnummer rekeningnummerbankgiro",
    Kind.IDENTIFICATION: "identificatie referentienummer crossrefnummer zaakidentificatie kadastraleidentificatie"
    " woonplaatsidentificatie openbareruimteidentificatie sleutelverzendend sleutelontvangend sleutelgegevensbeheer"
    " sleutelsynchronisatie messageid kadastraalperceelnummer wozobjectnummer",
    Kind.CONTENT: "inhoud verwijzing sha256",
    Kind.FILE: "bestandsnaam",
    Kind.LINK: "link url",
    Kind.PLACE: "pos poslist coordinates",
    Kind.DATE: "begingeldigheid eindgeldigheid beginrelatie eindrelatie begin eind time",
    Kind.TEXT: "toelichting reden beschrijving titel zaaktitel zaakbeschrijving opmerking melding antwoord"
    " locatiebeschrijving locatieomschrijving locatieaanduiding adresbuitenland1 adresbuitenland2 adresbuitenland3"
    " adresregel1 adresregel2 adresregel3 aanduiding functie omschrijving relatieomschrijving",
    Kind.LOOK: "extraelement waarde",
    # A type, an organisation, a country: a mapping looks them up, so they stay, unless a person's name is in them.
    Kind.LABEL: "zaaktypeomschrijving rolomschrijving landnaam rechtsvorm kenmerk bron typering registratie relatie"
    " omschrijvinggeneriek rolomschrijvinggeneriek gezetdoorrol gezetdoorrolgeneriek gemeentenaam",
    # From lists of the standards: another value would be another message, or no valid one.
    Kind.CODE: "organisatie applicatie administratie berichtcode entiteittype mutatiesoort indicatorovername"
    " verwerkingssoort"
    " code volgnummer geslachtsaanduiding landcode zaaktype zaakniveau deelzakenindicatie betalingsindicatie sortering"
    " archiefnominatie vertrouwelijkaanduiding vertrouwelijkheidaanduiding status taal formaat versie authentiek"
    " mutatie objecttype betrokkenetype aard contenttype omvang duur postadrestype indicatie inonderzoek novalue nil"
    " indonvolledigedatum metagegeven functie indicatielaatstestatus maximumaantal indicatorvervolgvraag"
    " gemeentecode srsname srsdimension exact scope informatieobjecttype besluittype type schemalocation"
    " indicatiegebruiksrecht aantalvoorkomens zender",
}  # fmt: skip
_BY_NAME = {name: kind for kind, names in _NAMES.items() for name in names.split() if name != "functie"}
_DATES = ("datum", "tijdstip")
# Of an omschrijving these say that it is that of a type in a catalogus: StUF-ZKN prefixes and the entities themselves.
_OF_TYPES = frozenset({"zkt", "stt", "dct", "bst", "rlt", "rst"})
_TYPED = frozenset({"gerelateerde", "isvan", "heeft", "resultaat", "rollen", "statussen", "vorige", "oud"})
_ZAKEN = frozenset({"heeftalsdeelzaak", "heeftalshoofdzaak", "heeftbetrekkingopandere", "isrelevantvoor"})
_DEPARTMENT = "organisatorischeeenheid"


def kind_of(name: str, above: tuple[str, ...]) -> Kind | None:
    """Give what the element, attribute or key `name` holds, `above` the names around it, the nearest last.

    None for a name that is not known.
    """
    group, _, bare = name.rpartition(".")
    plain = _plain(bare)
    around = [_plain(each) for each in above]
    parent = around[-1] if around else ""
    if plain in {"omschrijving", "naam", "identificatie", "functie"}:
        return _by_place(plain, group, parent, around)
    if plain in _BY_NAME:
        return _BY_NAME[plain]
    return Kind.DATE if any(each in plain for each in _DATES) else None


def _by_place(name: str, group: str, parent: str, around: list[str]) -> Kind:
    """Give what a name holds that says different things in different places."""
    match name:
        case "omschrijving":
            of_zaak = parent == "gerelateerde" and around[-2:-1] and around[-2] in _ZAKEN
            typed = group in _OF_TYPES or parent in _TYPED or parent.startswith("heeftals")
            return Kind.LABEL if typed and not of_zaak else Kind.TEXT
        case "naam":
            return Kind.LABEL if parent in {_DEPARTMENT, "eigenschappen", "extraelement"} else Kind.PERSON
        case "functie":
            return Kind.CODE if parent == "stuurgegevens" else Kind.TEXT
        case _:
            if parent == "medewerker":
                return Kind.LOGIN
            return Kind.LABEL if parent == _DEPARTMENT else Kind.NUMBER if group == "anp" else Kind.IDENTIFICATION


def _plain(name: str) -> str:
    return name.rpartition(".")[2].removeprefix("@").replace("-", "").lower()
