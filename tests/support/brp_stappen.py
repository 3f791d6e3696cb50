"""The steps of the published rules of the BRP API: what each sets up, asks, and expects of the simulator.

One scenario is one `Verhaal`. A step that it does not know fails the scenario, and says so. What is expected is
compared as a whole: a field more or less than a scenario names fails it, except empty groups, which the rules name
where they matter (`een leeg 'naam' object`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson

from adapters.brp.simulator import KEY, OUDE_VERSIE, PERSONEN_PAD, VERSIE, create
from adapters.brp.simulator.datum import MAANDEN
from hub.testkit.clock import FakeClock
from tests.support.brp_lo3 import Json, Lijst, Tabellen, elementen
from tests.support.gherkin import Scenario, Step

VANDAAG = date(2025, 6, 15)
"""When scenarios are run that do not say when; the end dates that they write out lie after it."""

_QUOTED = r"'((?:\\'|[^'])*)'"
_MEERVOUD = {"partner": "partners", "ouder": "ouders", "kind": "kinderen", "nationaliteit": "nationaliteiten"}
_LIJSTEN = frozenset({*_MEERVOUD.values(), "rni", "gezag"})
_BINNENLAND = {"verblijfplaats binnenland": "verblijfplaats", "adressering binnenland": "adressering"}
_JAREN = re.compile(r"(.+?) - (\d+) jaar")
_ZOEKWIJZEN = {
    "burgerservicenummer": "RaadpleegMetBurgerservicenummer",
    "adresseerbaar object identificatie": "ZoekMetAdresseerbaarObjectIdentificatie",
    "nummeraanduiding identificatie": "ZoekMetNummeraanduidingIdentificatie",
    "postcode": "ZoekMetPostcodeEnHuisnummer",
    "straatnaam": "ZoekMetStraatHuisnummerEnGemeenteVanInschrijving",
    "geslachtsnaam en geboortedatum": "ZoekMetGeslachtsnaamEnGeboortedatum",
    "geslachtsnaam, voornamen": "ZoekMetNaamEnGemeenteVanInschrijving",
}
_PARAMETERS = {
    "straatnaam": "straat",
    "gemeentecode": "gemeenteVanInschrijving",
    "gemeente van inschrijving": "gemeenteVanInschrijving",
    "adresseerbaar object identificatie": "adresseerbaarObjectIdentificatie",
    "nummeraanduiding identificatie": "nummeraanduidingIdentificatie",
}
_VAN_ADRES = {
    "adresseerbaarObjectIdentificatie": "11.80",
    "nummeraanduidingIdentificatie": "11.90",
    "postcode": "11.60",
    "huisnummer": "11.20",
    "straat": "11.10",
    "gemeenteVanInschrijving": "92.10",
}

Asked = tuple[Json, dict[str, str]]
"""A question and the headers that are not what they are by themselves."""
Handeling = Callable[..., Any]
STAPPEN: list[tuple[str, re.Pattern[str], Handeling]] = []


def stap(kind: str, tekst: str) -> Callable[[Handeling], Handeling]:
    """Say what a step of this kind does; `{}` stands for something between quotes."""
    pattern = re.compile(tekst.replace("{}", _QUOTED))

    def neem(handeling: Handeling) -> Handeling:
        STAPPEN.append((kind, pattern, handeling))
        return handeling

    return neem


class Verhaal:
    """One scenario while it is run."""

    def __init__(self, scenario: Scenario) -> None:
        """Begin with nobody."""
        self.scenario = scenario
        self.vandaag = VANDAAG
        self.tabellen = Tabellen()
        self.lijsten: list[Lijst] = []
        self.namen: dict[str, Lijst] = {}
        self.adressen: dict[str, dict[str, str]] = {}
        self.gezagsrelaties: set[tuple[str, str, str]] = set()
        self.niet_toegestaan: set[str] = set()
        self.nu: Lijst | None = None
        self.laatste: dict[str, str] | None = None
        self.antwoord: Any = None
        self.verwacht: Json | None = None
        self.over: Any = None
        self.leeg: list[tuple[str, ...]] = []

    async def speel(self) -> None:
        """Run every step, then compare what is expected as a whole."""
        for step in self.scenario.steps:
            await self._speel(step)
        if self.verwacht is not None:
            self._vergelijk(self.verwacht)

    async def _speel(self, step: Step) -> None:
        tekst = step.text.strip().replace("\\'", "\u2019")
        for kind, pattern, handeling in STAPPEN:
            found = pattern.fullmatch(tekst) if kind == step.kind else None
            if found:
                given = [word.replace("\u2019", "'") if word else word for word in found.groups()]
                if kind == "Als":
                    await self._vraag(*handeling(self, rijen_van(step), *given))
                else:
                    handeling(self, rijen_van(step), *given)
                return
        raise AssertionError(f"unknown step: {step.kind} {step.text}")

    def lijst(self, bsn: str) -> Lijst:
        """Give the persoonslijst with a number, made when it is not there yet; it is what `de persoon` means now."""
        found = next((each for each in self.lijsten if each.bsn == bsn), None)
        if found is None:
            found = Lijst(bsn)
            self.lijsten.append(found)
        self.nu = found
        return found

    def genoemd(self, naam: str, bsn: str | None) -> Lijst:
        """Give somebody with a name: his surname, until a step says otherwise."""
        if naam not in self.namen:
            lijst = Lijst(bsn)
            lijst.enkel["persoon"] = {"02.40": naam}
            self.lijsten.append(lijst)
            self.namen[naam] = lijst
        self.nu = self.namen[naam]
        return self.nu

    @property
    def huidige(self) -> Lijst:
        """Who `de persoon` means."""
        assert self.nu is not None, "no person was named yet"
        return self.nu

    def datums(self, rijen: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
        """Give rows in which what is said of a date in words is a date."""
        return [{kop: self.datum(waarde) for kop, waarde in rij.items()} for rij in rijen]

    def datum(self, tekst: str) -> str:
        """Give the date of words like `vorige maand - 12 jaar`; what is no such words stays."""
        jaren = 0
        wat = tekst
        if found := re.fullmatch(r"(\d+) jaar geleden", tekst):
            wat, jaren = "vandaag", int(found[1])
        elif found := _JAREN.fullmatch(tekst):
            wat, jaren = found[1], int(found[2])
        dagen = {"vandaag": 0, "gisteren": -1, "morgen": 1}
        maanden = {"vorige maand": -1, "deze maand": 0, "volgende maand": 1}
        jaar = {"vorig jaar": -1, "dit jaar": 0, "volgend jaar": 1}
        if wat in dagen:
            dag = self.vandaag + timedelta(days=dagen[wat])
            return f"{dag.year - jaren}{dag:%m%d}"
        if wat in maanden:
            maand = self.vandaag.year * 12 + self.vandaag.month - 1 + maanden[wat]
            return f"{maand // 12 - jaren:04d}{maand % 12 + 1:02d}00"
        if wat in jaar:
            return f"{self.vandaag.year + jaar[wat] - jaren:04d}0000"
        return tekst

    async def _vraag(self, vraag: Json, headers: Mapping[str, str]) -> None:
        self._geef_gezag()
        # What was deprecated is about gezag as it was told before, as are the rules that name its old types.
        oud = "deprecated" in self.scenario.tags or self.scenario.file.endswith("persoon/gezag/fields.feature")
        klok = FakeClock(datetime(self.vandaag.year, self.vandaag.month, self.vandaag.day, 12, tzinfo=UTC))
        simulator = create(
            data=[lijst.gba(self.tabellen) for lijst in self.lijsten],
            clock=klok,
            niet_toegestaan=self.niet_toegestaan,
            gezag_versie=OUDE_VERSIE if oud else VERSIE,
        )
        given = await simulator.handle(
            "POST",
            PERSONEN_PAD,
            {},
            {"x-api-key": KEY, "accept": "application/json", "content-type": "application/json", **headers},
            orjson.dumps(vraag),
        )
        self.antwoord = orjson.loads(given.body)

    def _geef_gezag(self) -> None:
        """Do what the gezag service does, for the few relations that these scenarios need."""
        for lijst in self.lijsten:
            eigen = [rij for rij in self.gezagsrelaties if lijst.bsn in {rij[0], rij[2]}]
            for kind, soort in dict.fromkeys((rij[0], rij[1]) for rij in sorted(eigen)):
                wie = sorted(rij[2] for rij in self.gezagsrelaties if rij[:2] == (kind, soort))
                lijst.gezag.append(self._relatie(kind, soort, wie))
        for lijst in self.namen.values():
            ouders = [self._wie(lijst.enkel[naam]) for naam in ("ouder1", "ouder2") if naam in lijst.enkel]
            if ouders:
                lijst.gezag.append(self._afgeleid(lijst, ouders))

    def _relatie(self, kind: str, soort: str, wie: list[str]) -> Json:
        minderjarige = {"burgerservicenummer": kind}
        houders = [{"burgerservicenummer": each} for each in wie]
        if soort == "OG1":
            return {"type": "EenhoofdigOuderlijkGezag", "minderjarige": minderjarige, "ouder": houders[0]}
        if soort == "OG2":
            return {"type": "TweehoofdigOuderlijkGezag", "minderjarige": minderjarige, "ouders": houders}
        van_kind = next(each for each in self.lijsten if each.bsn == kind)
        ouders = {van_kind.enkel.get(naam, {}).get("01.20") for naam in ("ouder1", "ouder2")}
        ouder = next(each for each in houders if each["burgerservicenummer"] in ouders)
        derde = next(each for each in houders if each is not ouder)
        return {"type": "GezamenlijkGezag", "minderjarige": minderjarige, "ouder": ouder, "derde": derde}

    def _afgeleid(self, kind: Lijst, ouders: list[Lijst]) -> Json:
        minderjarige = self._houder(kind)
        if len(ouders) > 1:
            houders = [self._houder(each) for each in ouders]
            return {"type": "TweehoofdigOuderlijkGezag", "minderjarige": minderjarige, "ouders": houders}
        derde = self._wie(ouders[0].reeks["partner"][0])
        return {
            "type": "GezamenlijkGezag",
            "minderjarige": minderjarige,
            "ouder": self._houder(ouders[0]),
            "derde": self._houder(derde),
        }

    def _wie(self, categorie: Mapping[str, str]) -> Lijst:
        """Give the person that a category is about; who has no number is found by his name."""
        return next(
            each
            for naam, each in self.namen.items()
            if naam == categorie.get("wie") or (each.bsn and each.bsn == categorie.get("01.20"))
        )

    def _houder(self, lijst: Lijst) -> Json:
        gba = lijst.gba(self.tabellen)
        return {naam: gba[naam] for naam in ("burgerservicenummer", "naam", "geslacht", "geboorte") if naam in gba}

    @property
    def personen(self) -> list[Json]:
        """The persons of the answer; fails on an error, with what it says."""
        assert "personen" in self.antwoord, f"an error: {self.antwoord}"
        found: list[Json] = self.antwoord["personen"]
        return found

    @property
    def persoon(self) -> Json:
        """The one person of the answer."""
        assert len(self.personen) == 1, f"{len(self.personen)} persons"
        return self.personen[0]

    def verwacht_van(self, naam: str = "") -> Json:
        """Give what is expected of the person, to add to; of a person with a name it is looked up in the answer."""
        if naam:
            nummer = self.namen[naam].bsn
            found = [each for each in self.personen if each.get("burgerservicenummer", nummer) == nummer]
            assert len(found) == 1, f"{naam} is found {len(found)} times"
            self.antwoord = {**self.antwoord, "personen": [{**found[0], "burgerservicenummer": nummer}]}
            self.verwacht = {"burgerservicenummer": nummer}
        if self.verwacht is None:
            self.verwacht = {}
        return self.verwacht

    def _vergelijk(self, verwacht: Json) -> None:
        persoon = self.persoon
        assert plat(verwacht) == plat(persoon), f"expected {verwacht}, got {persoon}"
        for pad in self.leeg:
            assert {} in lagen(persoon, pad), f"no empty {'.'.join(pad)} in {persoon}"


def rijen_van(step: Step) -> list[dict[str, str]]:
    """Give the rows of a step's table by its head; a table of `naam` and `waarde` is one row."""
    if not step.rows:
        return []
    kop, *rijen = step.rows
    if kop[:2] == ("naam", "waarde"):
        return [{rij[0]: rij[1] for rij in rijen}]
    return [dict(zip(kop, rij, strict=False)) for rij in rijen]


def genest(rij: Mapping[str, str]) -> Json:
    """Give a row with paths as a group; an empty cell is nothing."""
    uit: Json = {}
    for pad, waarde in rij.items():
        if pad and waarde:
            *groepen, naam = pad.split(".")
            groep = uit
            for each in groepen:
                groep = groep.setdefault(each, {})
            groep[naam] = waarde
    return uit


def samen(groep: Json, erbij: Json) -> None:
    """Add to a group, group by group."""
    for naam, waarde in erbij.items():
        if isinstance(waarde, dict) and isinstance(groep.get(naam), dict):
            samen(groep[naam], waarde)
        else:
            groep[naam] = waarde


def plat(waarde: Any) -> Any:  # noqa: ANN401 - a part of an answer
    """Give an answer to compare: values as text, without empty groups, and lists in no order."""
    if isinstance(waarde, dict):
        leden = {naam: plat(waarde[naam]) for naam in sorted(waarde)}
        return {naam: each for naam, each in leden.items() if each not in ({}, [], "")}
    if isinstance(waarde, list):
        return sorted((plat(each) for each in waarde), key=repr)
    return "true" if waarde is True else str(waarde)


def lagen(waarde: Any, pad: tuple[str, ...]) -> list[Any]:  # noqa: ANN401 - a part of an answer
    """Give what stands at a path, in every item of a list."""
    if isinstance(waarde, list):
        return [found for each in waarde for found in lagen(each, pad)]
    if not pad:
        return [waarde]
    return lagen(waarde[pad[0]], pad[1:]) if isinstance(waarde, dict) and pad[0] in waarde else []


def _in(groep: Json, wat: str) -> Json:
    """Give the group with a name, of a list the item that was added last."""
    naam = _MEERVOUD.get(wat, wat)
    if naam in _LIJSTEN:
        found: Json = groep.setdefault(naam, [{}])[-1]
        return found
    return groep.setdefault(naam, {})  # type: ignore[no-any-return]


def _erbij(groep: Json, wat: str, deel: Json) -> None:
    naam = _MEERVOUD.get(wat, wat)
    if naam in _LIJSTEN:
        groep.setdefault(naam, []).append(deel)
    else:
        samen(groep.setdefault(naam, {}), deel)


# Gegeven: persoonslijsten met een nummer


@stap("Gegeven", r"de persoon met burgerservicenummer {} heeft de volgende gegevens")
def _persoon(verhaal: Verhaal, rijen: list[dict[str, str]], bsn: str) -> None:
    verhaal.lijst(bsn).enkel["persoon"] = elementen(verhaal.datums(rijen))


@stap("Gegeven", r"(?:de persoon met burgerservicenummer {} heeft|de persoon heeft) de volgende {} gegevens")
def _enkel(verhaal: Verhaal, rijen: list[dict[str, str]], bsn: str | None, wat: str) -> None:
    lijst = verhaal.lijst(bsn) if bsn else verhaal.huidige
    lijst.enkel[wat] = elementen(verhaal.datums(rijen))
    verhaal.laatste = lijst.enkel[wat]


@stap(
    "Gegeven",
    r"(?:de persoon met burgerservicenummer {}|de persoon) heeft (?:nog )?een {} (?:verkregen )?"
    r"met de volgende gegevens",
)
def _reeks(verhaal: Verhaal, rijen: list[dict[str, str]], bsn: str | None, wat: str) -> None:
    lijst = verhaal.lijst(bsn) if bsn else verhaal.huidige
    categorie = elementen(verhaal.datums(rijen))
    if wat == "verblijfstitel":
        lijst.enkel[wat] = categorie
    else:
        lijst.reeks.setdefault(wat.removeprefix("ex-"), []).append(categorie)


@stap("Gegeven", r"(?:de persoon met burgerservicenummer {}|de persoon) heeft een ouder {} met de volgende gegevens")
def _ouder(verhaal: Verhaal, rijen: list[dict[str, str]], bsn: str | None, nummer: str) -> None:
    lijst = verhaal.lijst(bsn) if bsn else verhaal.huidige
    lijst.enkel[f"ouder{nummer}"] = elementen(verhaal.datums(rijen))


@stap("Gegeven", r"de {} heeft de volgende 'adres' gegevens")
def _adres_van(verhaal: Verhaal, rijen: list[dict[str, str]], wat: str) -> None:
    verhaal.huidige.enkel[wat].update(elementen(verhaal.datums(rijen)))


@stap("Gegeven", r"(?:de|het) {} is (?:gewijzigd|gecorrigeerd) naar de volgende gegevens")
def _gewijzigd(verhaal: Verhaal, rijen: list[dict[str, str]], wat: str) -> None:
    categorie = elementen(verhaal.datums(rijen))
    if wat in verhaal.huidige.enkel:
        verhaal.huidige.enkel[wat] = categorie
    else:
        verhaal.huidige.reeks[wat][-1] = categorie


@stap("Gegeven", r"de ouder {} is (?:gewijzigd|gecorrigeerd) naar de volgende gegevens")
def _ouder_gewijzigd(verhaal: Verhaal, rijen: list[dict[str, str]], nummer: str) -> None:
    verhaal.huidige.enkel[f"ouder{nummer}"] = elementen(verhaal.datums(rijen))


@stap("Gegeven", r"de persoon is gewijzigd naar de volgende gegevens")
def _persoon_gewijzigd(verhaal: Verhaal, rijen: list[dict[str, str]]) -> None:
    verhaal.huidige.enkel["persoon"] = elementen(verhaal.datums(rijen))


@stap("Gegeven", r"de persoon heeft (?:geen {} gegevens|geen actuele partner|geen \(ex\)partner|nooit een .*)")
def _niets(_verhaal: Verhaal, _rijen: list[dict[str, str]], _wat: str | None) -> None:
    """Nothing stands in a persoonslijst until a step says so."""


@stap("Gegeven", r'landelijke tabel "(.*)" heeft de volgende waarden')
def _tabel(verhaal: Verhaal, rijen: list[dict[str, str]], naam: str) -> None:
    verhaal.tabellen.zet(naam, rijen)


@stap("Gegeven", r"voor de persoon met burgerservicenummer {} gelden de volgende gezagsrelaties")
def _gezagsrelaties(verhaal: Verhaal, rijen: list[dict[str, str]], _bsn: str) -> None:
    for rij in rijen:
        verhaal.gezagsrelaties.add((rij["bsnMinderjarige"], rij["soortGezag"], rij["bsnMeerderjarige"]))


@stap("Gegeven", r"de afnemer met indicatie {} is geautoriseerd voor {} gegevens")
def _autorisatie(verhaal: Verhaal, _rijen: list[dict[str, str]], _indicatie: str, wat: str) -> None:
    if wat in _BINNENLAND:
        verhaal.niet_toegestaan.add(_BINNENLAND[wat])


# Gegeven: personen en adressen met een naam


@stap("Gegeven", r"adres {}(?: in gemeente {})?")
def _adres(verhaal: Verhaal, rijen: list[dict[str, str]], naam: str, gemeente: str | None) -> None:
    nummer = len(verhaal.adressen) + 1
    code = verhaal.tabellen.gemeentecode(gemeente) if gemeente else "0518"
    verhaal.adressen[naam] = {
        "92.10": code,
        "11.10": "Proefstraat",
        "11.20": str(nummer),
        "11.60": f"99{nummer:02d}ZZ",
        "11.80": f"{code}01{nummer:010d}",
        "11.90": f"{code}20{nummer:010d}",
        **elementen(rijen),
    }


@stap("Gegeven", r"(?:de )?persoon {}(?: met burgerservicenummer {}| (zonder burgerservicenummer))?")
def _genoemd(verhaal: Verhaal, _rijen: list[dict[str, str]], naam: str, bsn: str | None, zonder: str | None) -> None:
    verhaal.genoemd(naam, None if zonder else bsn or f"9990{len(verhaal.namen):05d}")


@stap("Gegeven", r"de op ([\d-]+) geboren (vrouw |man )?{}")
def _geboren(verhaal: Verhaal, _rijen: list[dict[str, str]], op: str, geslacht: str | None, naam: str) -> None:
    lijst = verhaal.genoemd(naam, f"9990{len(verhaal.namen):05d}")
    lijst.enkel["persoon"] |= {"03.10": _op(op)}
    if geslacht:
        lijst.enkel["persoon"]["04.10"] = geslacht[0].upper()


@stap("Gegeven", r"(?:de persoon {} )?heeft de volgende gegevens")
def _heeft(verhaal: Verhaal, rijen: list[dict[str, str]], naam: str | None) -> None:
    if naam:
        verhaal.genoemd(naam, None)
    verhaal.huidige.enkel.setdefault("persoon", {}).update(elementen(verhaal.datums(rijen)))


@stap("Gegeven", r"is geboren op ([\d-]+)")
def _geboren_op(verhaal: Verhaal, _rijen: list[dict[str, str]], op: str) -> None:
    verhaal.huidige.enkel["persoon"]["03.10"] = _op(op)


def _op(tekst: str) -> str:
    """Give the date of `26-5-1983`."""
    dag, maand, jaar = tekst.split("-")
    return f"{jaar}{int(maand):02d}{int(dag):02d}"


@stap("Gegeven", r"is meerderjarig")
def _meerderjarig(verhaal: Verhaal, _rijen: list[dict[str, str]]) -> None:
    verhaal.huidige.enkel["persoon"]["03.10"] = verhaal.datum("vandaag - 45 jaar")


@stap("Gegeven", r"is (?:in Nederland geboren|ingeschreven in de BRP)")
def _nederland(verhaal: Verhaal, _rijen: list[dict[str, str]]) -> None:
    verhaal.huidige.enkel["persoon"].setdefault("03.30", "6030")


@stap("Gegeven", r"heeft {} als ouder (\d)")
def _als_ouder(verhaal: Verhaal, _rijen: list[dict[str, str]], naam: str, nummer: str) -> None:
    ouder = verhaal.namen[naam]
    verhaal.huidige.enkel[f"ouder{nummer}"] = {"wie": naam, **_gerelateerd(ouder)}


def _gerelateerd(lijst: Lijst) -> dict[str, str]:
    """Give what stands of somebody on the lists of others: number, name, birth and geslacht."""
    groepen = {"02", "03", "04"}
    uit = {element: each for element, each in lijst.enkel["persoon"].items() if element[:2] in groepen}
    return {**uit, "01.20": lijst.bsn} if lijst.bsn else uit


@stap("Gegeven", r"{} is (?:vandaag )?(\d+) jaar geleden ingeschreven op adres {}")
def _ingeschreven(verhaal: Verhaal, _rijen: list[dict[str, str]], naam: str, jaren: str, adres: str) -> None:
    lijst = verhaal.genoemd(naam, None)
    elders = verhaal.adressen[adres]
    sinds = verhaal.datum(f"{jaren} jaar geleden")
    lijst.enkel["verblijfplaats"] = {**elders, "09.10": elders["92.10"], "10.10": "W", "10.30": sinds}


@stap("Gegeven", r"{} is op ([\d-]+) overleden")
def _overleden(verhaal: Verhaal, _rijen: list[dict[str, str]], naam: str, op: str) -> None:
    lijst = verhaal.genoemd(naam, None)
    lijst.enkel["overlijden"] = {"08.10": _op(op)}
    lijst.enkel["inschrijving"] = {"67.10": _op(op), "67.20": "O"}


@stap("Gegeven", r"{} en {} zijn met elkaar (gehuwd|een geregistreerd partnerschap aangegaan)(?: met .*)?")
def _verbonden(verhaal: Verhaal, rijen: list[dict[str, str]], een: str, ander: str, hoe: str) -> None:
    soort = "H" if hoe == "gehuwd" else "P"
    for wie, met in ((een, ander), (ander, een)):
        partner = verhaal.namen[met]
        verhaal.namen[wie].reeks.setdefault("partner", []).append(
            {"wie": met, **_gerelateerd(partner), "15.10": soort, **elementen(rijen)}
        )


# Als


@stap("Als", r"personen (?:op {} )?wordt gezocht met de volgende parameters")
def _gezocht(verhaal: Verhaal, rijen: list[dict[str, str]], op: str | None) -> Asked:
    if op:
        dag, maand, jaar = op.split()
        verhaal.vandaag = date(int(jaar), MAANDEN.index(maand) + 1, int(dag))
    parameters = rijen[0] if rijen else {}
    headers = {naam.removeprefix("header: ").lower(): each for naam, each in parameters.items() if "header: " in naam}
    return {
        naam.removesuffix(" (als string)"): _parameter(naam, waarde)
        for naam, waarde in parameters.items()
        if not naam.startswith("header: ")
    }, headers


def _parameter(naam: str, waarde: str) -> Any:  # noqa: ANN401 - whatever JSON it is
    if naam in {"fields", "burgerservicenummer"}:
        return waarde.split(",") if waarde else []
    if naam == "huisnummer" and waarde.isdecimal():
        return int(waarde)
    if naam == "inclusiefOverledenPersonen" and waarde in {"true", "false"}:
        return waarde == "true"
    return waarde


@stap("Als", r"{} wordt gevraagd van personen gezocht met (.*?)(?: en parameters)?")
def _gezocht_met(verhaal: Verhaal, rijen: list[dict[str, str]], velden: str, criteria: str) -> Asked:
    kaal = re.sub(r" ?'[^']*'", "", criteria)
    soort = next(wijze for begin, wijze in _ZOEKWIJZEN.items() if kaal.startswith(begin))
    vraag: Json = {"type": soort, "fields": _metnummer(velden)}
    vraag |= _van(verhaal, kaal.removesuffix(" van"), re.findall(_QUOTED, criteria), van=kaal.endswith(" van"))
    vraag |= {naam: _parameter(naam, each) for rij in rijen for naam, each in rij.items()}
    return vraag, {}


def _metnummer(velden: str) -> list[str]:
    """Ask for the number too, by which it is told who was found."""
    return list(dict.fromkeys([*velden.split(","), "burgerservicenummer"]))


def _van(verhaal: Verhaal, kaal: str, given: list[str], *, van: bool) -> Json:
    namen = [_PARAMETERS.get(naam, naam) for naam in re.split(r", | en ", kaal)]
    if not van:
        return {naam: _parameter(naam, each) for naam, each in zip(namen, given, strict=True)}
    if given[0] in verhaal.adressen:
        adres = verhaal.adressen[given[0]]
        return {naam: _parameter(naam, adres[_VAN_ADRES[naam]]) for naam in namen}
    wie = [verhaal.namen[naam] for naam in re.split(r", | en ", given[0])]
    if namen == ["burgerservicenummer"]:
        return {"burgerservicenummer": [lijst.bsn for lijst in wie]}
    persoon = wie[0].enkel["persoon"]
    geboren = persoon["03.10"]
    return {"geslachtsnaam": persoon["02.40"], "geboortedatum": f"{geboren[:4]}-{geboren[4:6]}-{geboren[6:]}"}


@stap("Als", r"{} wordt gevraagd van {}")
def _gevraagd_van(verhaal: Verhaal, _rijen: list[dict[str, str]], velden: str, naam: str) -> Asked:
    nummer = verhaal.namen[naam].bsn
    wijze = "RaadpleegMetBurgerservicenummer"
    return {"type": wijze, "burgerservicenummer": [nummer], "fields": _metnummer(velden)}, {}


# Dan: fouten en wie er gevonden wordt


@stap("Dan", r"heeft de response een object met de volgende gegevens")
def _object(verhaal: Verhaal, rijen: list[dict[str, str]]) -> None:
    found = {naam: str(each) for naam, each in verhaal.antwoord.items() if naam != "invalidParams"}
    verwacht = dict(rijen[0])
    if "detail" in verwacht and "," in verwacht["detail"]:
        # The order in which faults are told is no rule: the published scenarios differ in it.
        assert _woorden(found.pop("detail", "")) == _woorden(verwacht.pop("detail"))
    assert found == verwacht


def _woorden(tekst: str) -> list[str]:
    return sorted(re.split(r"[ ,.]+", tekst))


@stap("Dan", r"heeft het object de volgende 'invalidParams' gegevens")
def _invalid(verhaal: Verhaal, rijen: list[dict[str, str]]) -> None:
    found = [tuple(sorted(each.items())) for each in verhaal.antwoord["invalidParams"]]
    assert sorted(found) == sorted(tuple(sorted(each.items())) for each in rijen)


@stap("Dan", r"heeft de response (\d+) personen")
def _aantal(verhaal: Verhaal, _rijen: list[dict[str, str]], aantal: str) -> None:
    assert len(verhaal.personen) == int(aantal)


@stap("Dan", r"worden er geen personen gevonden")
def _niemand(verhaal: Verhaal, _rijen: list[dict[str, str]]) -> None:
    assert verhaal.personen == []


@stap("Dan", r"(?:wordt|worden) (?:alleen )?{} gevonden")
def _gevonden(verhaal: Verhaal, _rijen: list[dict[str, str]], wie: str) -> None:
    verwacht = [verhaal.namen[naam].bsn for naam in re.split(r", | en ", wie)]
    assert sorted(each["burgerservicenummer"] for each in verhaal.personen) == sorted(str(each) for each in verwacht)


# Dan: wat er van een persoon gezegd wordt

_EEN = r"(?:heeft de response een persoon met|heeft de persoon)"


@stap("Dan", rf"{_EEN} (?:alleen )?de volgende gegevens")
def _gegevens(verhaal: Verhaal, rijen: list[dict[str, str]]) -> None:
    verwacht = verhaal.verwacht_van()
    for rij in rijen:
        samen(verwacht, genest(rij))


@stap("Dan", rf"{_EEN} (?:alleen )?de volgende {{}} gegevens")
def _groep(verhaal: Verhaal, rijen: list[dict[str, str]], wat: str) -> None:
    for rij in rijen:
        samen(_in(verhaal.verwacht_van(), wat), genest(rij))


@stap("Dan", rf"{_EEN} (?:nog )?een {{}} met (?:alleen )?de volgende gegevens")
def _item(verhaal: Verhaal, rijen: list[dict[str, str]], wat: str) -> None:
    for rij in rijen:
        _erbij(verhaal.verwacht_van(), wat, genest(rij))


@stap("Dan", rf"{_EEN} (?:nog )?een {{}} met (?:alleen )?de volgende {{}} gegevens")
def _item_groep(verhaal: Verhaal, rijen: list[dict[str, str]], wat: str, deel: str) -> None:
    for rij in rijen:
        _erbij(verhaal.verwacht_van(), wat, {deel: genest(rij)})


@stap("Dan", rf"{_EEN} een leeg {{}} object")
def _leeg(verhaal: Verhaal, _rijen: list[dict[str, str]], wat: str) -> None:
    verhaal.verwacht_van()
    verhaal.leeg.append((wat,))


@stap("Dan", rf"{_EEN} een {{}} met een leeg {{}} object")
def _item_leeg(verhaal: Verhaal, _rijen: list[dict[str, str]], wat: str, deel: str) -> None:
    _erbij(verhaal.verwacht_van(), wat, {})
    verhaal.leeg.append((_MEERVOUD.get(wat, wat), deel))


@stap("Dan", rf"{_EEN} een {{}} zonder (?:{{}} )?gegevens")
def _item_zonder(verhaal: Verhaal, _rijen: list[dict[str, str]], wat: str, _deel: str | None) -> None:
    _erbij(verhaal.verwacht_van(), wat, {})


@stap("Dan", r"heeft de response een persoon zonder (?:{} )?gegevens")
@stap("Dan", r"heeft de persoon geen {} gegevens")
def _zonder(verhaal: Verhaal, _rijen: list[dict[str, str]], _wat: str | None) -> None:
    verhaal.verwacht_van()


@stap("Dan", r"heeft (?:de|het) {} de volgende {} gegevens")
def _deel(verhaal: Verhaal, rijen: list[dict[str, str]], wat: str, deel: str) -> None:
    for rij in rijen:
        samen(_in(verhaal.verwacht_van(), wat).setdefault(deel, {}), genest(rij))


@stap("Dan", r"heeft (?:de|het) {} geen {} gegevens")
def _deel_zonder(verhaal: Verhaal, _rijen: list[dict[str, str]], wat: str, deel: str) -> None:
    assert deel not in _in(verhaal.verwacht_van(), wat)


@stap("Dan", r"heeft 'gezag' een 'ouder' met de volgende gegevens")
def _gezag_ouder(verhaal: Verhaal, rijen: list[dict[str, str]]) -> None:
    _in(verhaal.verwacht_van(), "gezag").setdefault("ouders", []).extend(genest(rij) for rij in rijen)


@stap("Dan", r"heeft {} de volgende {} gegevens")
def _van_naam(verhaal: Verhaal, rijen: list[dict[str, str]], naam: str, wat: str) -> None:
    verwacht = verhaal.verwacht_van(naam)
    for rij in rijen:
        samen(_in(verwacht, wat), genest(rij))


@stap("Dan", r"heeft {} een {} met de volgende gegevens")
def _item_van_naam(verhaal: Verhaal, rijen: list[dict[str, str]], naam: str, wat: str) -> None:
    verwacht = verhaal.verwacht_van(naam)
    for rij in rijen:
        _erbij(verwacht, wat, genest(rij))


# Dan: wie gezag heeft


@stap("Dan", r"is het gezag over {} gezamenlijk gezag met ouder {} en derde {}")
def _gezamenlijk(verhaal: Verhaal, _rijen: list[dict[str, str]], kind: str, ouder: str, derde: str) -> None:
    relatie = _relatie(verhaal, kind, "GezamenlijkGezag")
    assert relatie["ouder"].get("burgerservicenummer") == verhaal.namen[ouder].bsn
    assert relatie["derde"].get("burgerservicenummer") == verhaal.namen[derde].bsn


@stap("Dan", r"is het gezag over {} gezamenlijk ouderlijk gezag met ouder {} en ouder {}")
def _ouderlijk(verhaal: Verhaal, _rijen: list[dict[str, str]], kind: str, een: str, ander: str) -> None:
    relatie = _relatie(verhaal, kind, "GezamenlijkOuderlijkGezag")
    nummers = [each.get("burgerservicenummer") for each in relatie["ouders"]]
    assert nummers == [verhaal.namen[een].bsn, verhaal.namen[ander].bsn]


@stap("Dan", r"is het gezag over {} niet te bepalen met de toelichting {}")
def _niet_te_bepalen(verhaal: Verhaal, _rijen: list[dict[str, str]], kind: str, toelichting: str) -> None:
    assert _relatie(verhaal, kind, "GezagNietTeBepalen")["toelichting"] == toelichting


@stap("Dan", r"heeft de (minderjarige|ouder|derde) de volgende gegevens")
def _houder(verhaal: Verhaal, rijen: list[dict[str, str]], wie: str) -> None:
    for rij in rijen:
        for pad, waarde in rij.items():
            found = lagen(verhaal.over[wie], tuple(pad.split(".")))
            assert [plat(each) for each in found] == ([verhaal.datum(waarde)] if waarde else [])


@stap("Dan", r"heeft de minderjarige geen leeftijd")
def _zonder_leeftijd(verhaal: Verhaal, _rijen: list[dict[str, str]]) -> None:
    assert "leeftijd" not in verhaal.over["minderjarige"]


def _relatie(verhaal: Verhaal, kind: str, soort: str) -> Json:
    relaties: list[Json] = [each for persoon in verhaal.personen for each in persoon["gezag"]]
    assert [each["type"] for each in relaties] == [soort]
    assert relaties[0]["minderjarige"]["burgerservicenummer"] == verhaal.namen[kind].bsn
    verhaal.over = relaties[0]
    return relaties[0]
