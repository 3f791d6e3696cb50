"""What the BRK answers: its categories of questions, land with its parts, `fields`, and its problems.

Source: Haal Centraal BRK bevragen 2.0.0 (OpenAPI).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import orjson

from adapters.brk.simulator.records import Zaak
from hub.clock import Clock
from hub.ports.simulator import Answer, Json, Request
from hub.ports.simulator_hal import HalSimulator, Wrong, check_values, collection, href, only, shape

KEY_HEADER = "X-Api-Key"
_W = "(code waarde)"
_PERSON = "(identificatie omschrijving type)"
_BREUK, _BEDRAG = "(noemer teller)", f"(som valuta{_W})"
_STUKDELEN = "stukIdentificaties isGebaseerdOpStukdeelIdentificatie isVermeldInStukdeelIdentificaties"
_BASIS = f"aard{_W} omschrijving"
_AANTEKENING = f"{_BASIS} identificatie domein einddatum einddatumRecht {_STUKDELEN}"
_ADRES = f"""straat huisnummer huisletter huisnummertoevoeging postcode woonplaats nummeraanduidingIdentificatie
    adresregel1 adresregel2 adresregel3 land{_W}"""
_FILIATIE = f"(aard{_W} kadastraalOnroerendeZaken(identificatie type))"
_VAN_STUKKEN = "stukIdentificaties isGebaseerdOpStukdeelIdentificaties isVermeldInStukdeelIdentificaties"
_RECHT = f"""identificatie domein aandeelInBetrokkenRecht{_BREUK} gedeeltelijkeBezwaringOudObject
    omschrijvingBetrokkenRecht{_W} toelichtingBewaarder {_STUKDELEN}"""
FIELDS: Mapping[str, frozenset[str]] = {
    "kadastraalOnroerendeZaken": shape(f"""
        identificatie domein indicatieVervallen begrenzingPerceel(type coordinates) perceelnummerRotatie
        plaatscoordinaten(type coordinates) koopsom(koopsom koopjaar indicatieMetMeerObjectenVerkregen)
        toelichtingBewaarder type aardCultuurBebouwd{_W} aardCultuurOnbebouwd{_W} kadastraleAanduiding
        kadastraleGrootte(soortGrootte{_W} waarde) perceelnummerVerschuiving(deltax deltay)
        adressen({_ADRES} koppelingswijze{_W} adresseerbaarObjectIdentificatie) gesplitstZakelijkRecht
        zakelijkGerechtigdeIdentificaties privaatrechtelijkeBeperkingIdentificaties hypotheekIdentificaties
        beslagIdentificaties isOvergegaanIn{_FILIATIE} isOntstaanUit{_FILIATIE}
        bijbehorendeGrondpercelen(identificatie)
        bijbehorendeAppartementsrechten(identificatie volgnummer indicatieSluimerend)
        isVermeldInStukdeelIdentificaties stukIdentificaties indicatieSluimerend
    """),
    "zakelijkGerechtigden": shape(f"""
        identificatie type aanvangsdatum persoon{_PERSON} zakelijkRecht({_VAN_STUKKEN})
        erfpachtCanon(soortErfpachtCanon{_W} jaarlijksBedrag{_BEDRAG} betrefMeerOnroerendeZaken einddatumAfkoop
            indicatieOudeOnroerendeZaakBetrokken {_STUKDELEN})
        tenaamstelling(aandeel{_BREUK} burgerlijkeStaatTenTijdeVanVerkrijging{_W}
            verkregenNamensSamenwerkingsverband{_W} aantekeningen({_AANTEKENING}) gezamenlijkAandeel{_BREUK}
            betrokkenPartner{_PERSON} betrokkenSamenwerkingsverband{_PERSON} betrokkenGorzenEnAanwassen{_PERSON}
            {_VAN_STUKKEN})
    """),
    "hypotheken": shape(f"""
        {_RECHT} betreftGedeelteVanPerceel aantekeningen({_BASIS} betreftGedeelteVanPerceel) hypotheekhouders{_PERSON}
        bedragZekerheidsstelling{_BEDRAG} omschrijvingGekozenWoonplaats
    """),
    "beslagen": shape(f"{_RECHT} aard{_W} aantekeningen({_BASIS}) beslagleggers{_PERSON} bedragVordering{_BEDRAG}"),
    "privaatrechtelijkeBeperkingen": shape(_AANTEKENING),
    "publiekrechtelijkeBeperkingen": shape(
        f"identificatie domein grondslag{_W} datumInWerking datumBeeindiging bevoegdGezag{_PERSON} {_STUKDELEN}"
    ),
    "kadasterNietNatuurlijkPersonen": shape(f"""
        identificatie omschrijving domein indicatieNietToonbareDiakriet beschikkingsbevoegdheid{_W} woonadres({_ADRES})
        postadres({_ADRES} postbusnummer) kadastraalOnroerendeZaakIdentificaties statutaireNaam statutaireZetel
        rechtsvorm{_W} kvkNummer rsin
    """),
}
"""What `fields` may name, of each kind of thing."""
_AANDUIDING = r"([A-IK-Z]{1,2}) ([1-9][0-9]{0,4})( A[1-9][0-9]{0,3})?"
_PATTERNS = {
    "kadastraleAanduiding": rf"([a-zA-Z0-9'][a-zA-Z0-9' ,-]*[a-zA-Z0-9]) {_AANDUIDING}",
    "kadastraleAanduidingMetGemeentecode": rf"([A-Z]{{3}}[0-9]{{2}}) {_AANDUIDING}",
    "postcode": r"[1-9][0-9]{3}[A-Z]{2}",
    "huisletter": r"[a-zA-Z]",
    "huisnummertoevoeging": r"[a-zA-Z0-9]{1,4}",
    "nummeraanduidingIdentificatie": r"[0-9]{16}",
    "inclusiefKadastraalOnroerendeZakenUitSplitsing": r"true|false",
}
_NUMBERS = {"huisnummer": (1, 99_999)}
_ADDRESS = ("postcode", "huisnummer", "huisletter", "huisnummertoevoeging")
_SPLIT = "inclusiefKadastraalOnroerendeZakenUitSplitsing"
_CATEGORIES = (
    {"kadastraleAanduiding", _SPLIT},
    {"persoon__identificatie"},
    {*_ADDRESS},
    {"nummeraanduidingIdentificatie"},
    {"kadastraleAanduidingMetGemeentecode", _SPLIT},
)
_BESIDE = frozenset({"fields", "expand"})
_NO_RIGHTS = frozenset({"zakelijkGerechtigdeIdentificaties"})
_ZAKEN, _PUBLIC = "kadastraalonroerendezaken", "publiekrechtelijkebeperkingen"


class Simulator(HalSimulator):
    """A BRK that forgets everything when it stops."""

    key_header = KEY_HEADER
    methods = ("GET", "POST")
    version = "2.0.0"

    def __init__(
        self, *, data: Sequence[Zaak], organisaties: Mapping[str, Json], key: str, results_max: int, clock: Clock | None
    ) -> None:
        """See `create`."""
        super().__init__(key=key, clock=clock)
        self._zaken = {each.zaak["identificatie"]: each for each in data}
        self._organisaties = organisaties
        self._results_max = results_max

    def routed(self, request: Request) -> Answer:
        """Answer a request that was let in."""
        if request.headers.get("accept-crs", "epsg:28992") != "epsg:28992":
            return self.problem(406, request)
        _, _, rest = request.path.partition("/v2/")
        if request.method == "POST":
            return self._of_person(request) if rest == _ZAKEN else self.problem(405, request)
        match rest.split("/"):
            case ["kadastraalonroerendezaken"]:
                return self._searched(request)
            case ["kadastraalonroerendezaken", number]:
                return self._one(request, self._known(number), "kadastraalOnroerendeZaken")
            case ["kadasternietnatuurlijkpersonen", number]:
                return self._one(request, self._organisaties.get(number), "kadasterNietNatuurlijkPersonen")
            case _:
                return self._deel(request, rest)

    def _known(self, number: str) -> Json | None:
        found = self._zaken.get(number)
        return None if found is None else found.shown()

    def _one(self, request: Request, found: Json | None, kind: str) -> Answer:
        fields = request.query.get("fields", "")
        row = _linked(found or {}, href(request, {}))
        shown = only(row, fields, FIELDS[kind])
        return self.problem(404, request) if found is None else self.given(shown, Content_Crs="epsg:28992")

    def _searched(self, request: Request) -> Answer:
        query = {name: value for name, value in request.query.items() if name not in _BESIDE}
        unknown = query.keys() - set().union(*_CATEGORIES)
        if unknown:
            raise Wrong("paramsValidation", *((name, "unknownParam") for name in sorted(unknown)))
        if not query:
            raise Wrong("paramsRequired")
        check_values(query, patterns=_PATTERNS, numbers=_NUMBERS)
        if not any(query.keys() <= each for each in _CATEGORIES):
            raise Wrong("unsupportedCombination")
        if query.keys() <= {_SPLIT} or (query.keys() & {*_ADDRESS} and "postcode" not in query):
            raise Wrong("paramsCombination")
        found = [each for each in self._zaken.values() if _fits(each, query)]
        if query.get(_SPLIT) == "true":
            names = {each.zaak["identificatie"] for each in found}
            found += [each for each in self._zaken.values() if names & set(each.grounds())]
        hidden = _NO_RIGHTS if "persoon__identificatie" in query else frozenset[str]()
        return self._listed(request, found, request.query.get("fields", ""), hidden)

    def _of_person(self, request: Request) -> Answer:
        try:
            question = orjson.loads(request.body)
        except orjson.JSONDecodeError:
            raise Wrong("paramsValidation") from None
        bsn = question.get("burgerservicenummer") if isinstance(question, dict) else None
        if not isinstance(bsn, str) or not re.fullmatch(r"[0-9]{9}", bsn):
            raise Wrong("paramsValidation", ("burgerservicenummer", "required" if bsn is None else "pattern"))
        found = [each for each in self._zaken.values() if each.has_right(bsn, "ingeschreven_natuurlijk_persoon")]
        return self._listed(request, found, question.get("fields", ""), _NO_RIGHTS)

    def _listed(self, request: Request, found: list[Zaak], fields: str, hidden: frozenset[str]) -> Answer:
        if len(found) > self._results_max:
            raise Wrong("tooManyResults")
        kind, here = "kadastraalOnroerendeZaken", href(request, {})
        only({"_links": {"self": {}}}, fields, FIELDS[kind])
        rows = []
        for each in found:
            row = {name: value for name, value in each.shown().items() if name not in hidden}
            rows.append(only(_linked(row, f"{here}/{row['identificatie']}"), fields, FIELDS[kind]))
        links = {"self": {"href": href(request, request.query)}}
        return self.given({"_embedded": {}, **collection(kind, rows, links)}, Content_Crs="epsg:28992")

    def _deel(self, request: Request, rest: str) -> Answer:
        """Give what is asked for apart; of public limits there are none where there is no land."""
        if rest == _PUBLIC:
            found: Zaak | None = self._zaken.get(
                request.query.get("kadastraalOnroerendeZaakIdentificatie", ""), Zaak({})
            )
        else:
            found = self._zaken.get(rest.removeprefix(f"{_ZAKEN}/").partition("/")[0])
        kind = next((each for each in FIELDS if each.lower() == rest.rpartition("/")[2]), "")
        if found is None or not kind:
            return self.problem(404, request)
        fields = request.query.get("fields", "")
        rows = [_linked(each, f"{href(request, {})}/{each['identificatie']}") for each in found.delen.get(kind, ())]
        kept = [only(each, fields, FIELDS[kind]) for each in rows]
        if rest == _PUBLIC:
            kept = [{name: value for name, value in each.items() if name != "_links"} for each in kept]
        links = {"self": {"href": href(request, request.query)}}
        return self.given({"_embedded": {}, **collection(kind, kept, links)})


def _fits(zaak: Zaak, query: Mapping[str, str]) -> bool:
    plain = zaak.zaak.get("kadastraleAanduiding", "").casefold()
    address = [name for name in _ADDRESS if name in query]
    addresses = zaak.zaak.get("adressen", [])
    number, person = query.get("nummeraanduidingIdentificatie"), query.get("persoon__identificatie")
    return (
        query.get("kadastraleAanduiding", plain).casefold() == plain
        and query.get("kadastraleAanduidingMetGemeentecode", zaak.code) == zaak.code
        and (number is None or any(each.get("nummeraanduidingIdentificatie") == number for each in addresses))
        and (person is None or zaak.has_right(person, "niet_natuurlijk_persoon", "kadaster_natuurlijk_persoon"))
        and (not address or any(all(_same(each.get(name), query[name]) for name in address) for each in addresses))
    )


def _same(value: object, wanted: str) -> bool:
    return value is not None and str(value).casefold() == wanted.casefold()


def _linked(row: Json, here: str) -> Json:
    return {**row, "_links": {"self": {"href": here}}}
