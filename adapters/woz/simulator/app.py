"""What the LV WOZ answers: how it is searched, its pages, `fields`, and its problems.

Source: Haal Centraal WOZ bevragen 1.0.0 (OpenAPI).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from hub.clock import Clock
from hub.ports.simulator import Answer, Json, Request
from hub.ports.simulator_hal import HalSimulator, Wrong, check_values, only, shape

KEY_HEADER = "X-Api-Key"
_BELANGHEBBENDE = "burgerservicenummer geheimhoudingPersoonsgegevens kvkNummer naam rsin type vestigingsnummer"
FIELDS = shape(f"""
    aanduiding(straat huisnummer huisletter huisnummertoevoeging postcode woonplaats locatieomschrijving
        nummeraanduidingIdentificatie)
    adresseerbaarObjectIdentificaties pandIdentificaties grondoppervlakte identificatie
    belanghebbendeEigenaar({_BELANGHEBBENDE}) belanghebbendeGebruiker({_BELANGHEBBENDE})
    kadastraalOnroerendeZaken(identificatie aanduidingMetGemeentenaam
        aanduiding(gemeentecode sectie perceelnummer deelperceelnummer appartementsindex))
    verantwoordelijkeGemeente(code omschrijving)
    waarden(vastgesteldeWaarde waardepeildatum ingangsdatum beschikkingsStatussen indicatieBezwaarBeroep)
""")
"""What `fields` may name."""
_NUMBER = r"[0-9]{12}"
_PATTERNS = {
    "rsin": r"[0-9]{9}",
    "kvkNummer": r"[0-9]{8}",
    "adresseerbaarObjectIdentificatie": r"[0-9]{16}",
    "nummeraanduidingIdentificatie": r"[0-9]{16}",
    "postcode": r"[1-9][0-9]{3}[A-Z]{2}",
    "huisletter": r"[a-zA-Z]",
    "huisnummertoevoeging": r"[0-9a-zA-Z]{1,4}",
}
_NUMBERS = {"huisnummer": (1, 99_999), "page": (1, None), "pageSize": (1, 100)}
_BESIDE = frozenset({"fields", "page", "pageSize"})
_ALONE = ("rsin", "kvkNummer", "adresseerbaarObjectIdentificatie", "nummeraanduidingIdentificatie")
_ADDRESS = ("postcode", "huisnummer", "huisletter", "huisnummertoevoeging", "nummeraanduidingIdentificatie")


class Simulator(HalSimulator):
    """An LV WOZ that forgets everything when it stops."""

    key_header = KEY_HEADER
    version = "1.0.0"

    def __init__(self, *, data: Sequence[Json], key: str, page_size_max: int, clock: Clock | None) -> None:
        """See `create`."""
        super().__init__(key=key, clock=clock)
        self._objecten = list(data)
        self._page_size_max = page_size_max

    def routed(self, request: Request) -> Answer:
        """Answer a request that was let in."""
        before, _, rest = request.path.rpartition("/wozobjecten")
        base, fields = f"{request.base}{before}", request.query.get("fields", "")
        if not rest:
            found = [only(_linked(each, base), fields, FIELDS) for each in self._found(request.query)]
            return self.page("wozObjecten", found, request, size_max=self._page_size_max)
        number = rest.removeprefix("/")
        if not re.fullmatch(_NUMBER, number):
            raise Wrong("paramsValidation", ("identificatie", "pattern"))
        for each in self._objecten:
            if each["identificatie"] == number:
                return self.given(only(_linked(each, base), fields, FIELDS))
        only({"_links": {"self": {}}}, fields, FIELDS)
        return self.problem(404, request)

    def _found(self, query: Mapping[str, str]) -> list[Json]:
        unknown = query.keys() - _PATTERNS.keys() - _NUMBERS.keys() - _BESIDE
        if unknown:
            raise Wrong("paramsValidation", *((name, "unknownParam") for name in sorted(unknown)))
        check_values(query, patterns=_PATTERNS, numbers=_NUMBERS)
        given = query.keys() - _BESIDE
        if not given:
            raise Wrong("paramsRequired")
        if not given & {*_ALONE} and not {"postcode", "huisnummer"} <= given:
            raise Wrong("paramsCombination")
        return [each for each in self._objecten if _fits(each, query)]


def _fits(row: Json, query: Mapping[str, str]) -> bool:
    owner, address = row.get("belanghebbendeEigenaar", {}), row.get("aanduiding", {})
    thing = query.get("adresseerbaarObjectIdentificatie")
    return (
        all(owner.get(name) == query[name] for name in ("rsin", "kvkNummer") if name in query)
        and all(_same(address.get(name), query[name]) for name in _ADDRESS if name in query)
        and (thing is None or thing in row.get("adresseerbaarObjectIdentificaties", ()))
    )


def _same(value: object, wanted: str) -> bool:
    return value is not None and str(value).casefold() == wanted.casefold()


def _linked(row: Json, base: str) -> Json:
    links: Json = {"self": {"href": f"{base}/wozobjecten/{row['identificatie']}"}}
    if "nummeraanduidingIdentificatie" in row.get("aanduiding", {}):
        links["adres"] = {"href": f"{base}/adressen/{row['aanduiding']['nummeraanduidingIdentificatie']}"}
    if row.get("pandIdentificaties"):
        links["panden"] = [{"href": f"{base}/panden/{each}"} for each in row["pandIdentificaties"]]
    return {**row, "_links": links}
