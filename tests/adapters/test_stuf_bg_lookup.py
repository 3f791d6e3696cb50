"""Questions to a makelaar of StUF-BG: what is put to it, and no more, and what becomes of its answers."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree

from adapters.stuf_bg.simulator import KEY, create
from adapters.stuf_bg.simulator.gegevens import (
    ADRES,
    BEDRIJF,
    BUITENLAND,
    GEHEIM,
    GEZIN,
    KIND,
    NEVENADRES,
    ONDERZOCHT,
    OUDER,
    OVERLEDEN,
    PARTNER,
    RSIN,
    VESTIGING,
)
from hub.errors import TargetFailed, TargetMisconfigured, TargetRefused, TargetUnavailable
from hub.event.vragen import ADRESSEN, BEDRIJVEN, PERSONEN, QUESTION_TYPES
from hub.net.failures import failure, too_large
from hub.net.problems import Wrong
from hub.ports.simulator import Gedrag
from hub.testkit.clock import FakeClock
from hub.testkit.network import Answered, FaultyNetwork, Weather
from hub.wire.xml import find, local_name
from tests.support.bg import official
from tests.support.makelaar import SERVICES, Vragend
from tests.support.shared import needs_shared

NUMMER = ["burgerservicenummer"]
ALTIJD = {"inp.datumOpschortingBijhouding", "inp.redenOpschortingBijhouding", "inp.indicatieGeheim", "inOnderzoek"}
"""What is asked of every person: that the rest must be handled with care."""
VERZONNEN = {"postcode": "9999ZX"}


@pytest.fixture
def vragend() -> Vragend:
    return Vragend()


def numbers(said: dict[str, Any]) -> list[str]:
    return [each["burgerservicenummer"] for each in said.get("personen", [])]


# What is asked


@pytest.mark.parametrize(
    ("velden", "elements"),
    [
        (NUMMER, {"inp.bsn"}),
        (["naam.geslachtsnaam"], {"geslachtsnaam"}),
        (["geboorte.datum"], {"geboortedatum"}),
        (["geboorte"], {"geboortedatum", "inp.geboorteplaats", "inp.geboorteLand"}),
        (["geslacht"], {"geslachtsaanduiding"}),
        (
            ["verblijfplaats.verblijfadres.postcode"],
            {
                "verblijfsadres/aoa.postcode",
                # What says whether it is an address, a location or abroad: the BRP always gives that.
                "verblijfsadres/inp.locatiebeschrijving",
                "sub.verblijfBuitenland/lnd.landcode",
            },
        ),
        (
            ["kinderen.burgerservicenummer"],
            {"inp.heeftAlsKinderen/gerelateerde/inp.bsn", "inp.heeftAlsKinderen/inOnderzoek"},
        ),
        (
            ["partners.soortVerbintenis"],
            {
                "inp.heeftAlsEchtgenootPartner/soortVerbintenis",
                "inp.heeftAlsEchtgenootPartner/inOnderzoek",
                # The standard wants the partner named: without an element all of him would be asked.
                "inp.heeftAlsEchtgenootPartner/gerelateerde/geslachtsaanduiding",
            },
        ),
        (["leeftijd"], set()),
    ],
)
async def test_the_scope_is_what_the_mapping_reads_for_the_fields(
    vragend: Vragend, velden: list[str], elements: set[str]
) -> None:
    """No element more than the rules of the answer read, and what is always told of a person."""
    await vragend.vraag(PERSONEN, velden=velden, burgerservicenummers=[GEZIN])

    assert set(vragend.scope) == elements | ALTIJD


async def test_without_fields_all_is_asked(vragend: Vragend) -> None:
    """Whoever asks without the hub around it gets what there is."""
    said = await vragend.vraag(PERSONEN, burgerservicenummers=[GEZIN])

    assert vragend.scope == []
    assert {"naam", "partners", "kinderen", "ouders", "verblijfplaats"} <= set(said["personen"][0])


@pytest.mark.parametrize(
    ("question", "gelijk", "found"),
    [
        ({"geslachtsnaam": "Zandpoort"}, {"geslachtsnaam": "Zandpoort"}, [GEZIN, OUDER]),
        ({"geslachtsnaam": "Zand*"}, {"geslachtsnaam": "Zand"}, [GEZIN, OUDER]),
        # StUF finds a part of a name wherever it stands.
        ({"geslachtsnaam": "poort*"}, {"geslachtsnaam": "poort"}, []),
        ({"geslachtsnaam": "Übermäß", "voorvoegsel": "d'"}, None, [GEHEIM]),
        ({"voornamen": "Ada*", "geslacht": "V"}, {"voornamen": "Ada", "geslachtsaanduiding": "V"}, [GEZIN]),
        ({"geboortedatum": "1978-11-20"}, {"geboortedatum": "19781120"}, [PARTNER]),
        ({**VERZONNEN, "huisnummer": 2}, None, [OUDER]),
        (
            {"straat": "Verzonnen*", "huisnummer": 1},
            {"verblijfsadres/gor.straatnaam": "Verzonnen", "verblijfsadres/aoa.huisnummer": "1"},
            [GEZIN, PARTNER, KIND],
        ),
        ({"gemeenteVanInschrijving": "1900", "voornamen": "Emil"}, None, [BUITENLAND]),
        ({"nummeraanduidingIdentificatie": ADRES}, {"verblijfsadres/aoa.identificatie": ADRES}, [GEZIN, PARTNER, KIND]),
        ({"adresseerbaarObjectIdentificatie": "9999010000000003"}, None, [OVERLEDEN]),
        (
            {"geslachtsnaam": "Strandbeek", "inclusiefOverledenPersonen": False},
            {"geslachtsnaam": "Strandbeek", "overlijdensdatum": ""},
            [BUITENLAND],
        ),
        ({"geslachtsnaam": "Strandbeek", "inclusiefOverledenPersonen": True}, None, [BUITENLAND, OVERLEDEN]),
        ({"geslachtsnaam": "Nergens", "voorvoegsel": None}, {"geslachtsnaam": "Nergens"}, []),
    ],
)
async def test_persons_are_searched_by_every_criterion(
    vragend: Vragend, question: dict[str, Any], gelijk: dict[str, str] | None, found: list[str]
) -> None:
    """Each is asked by its element, and whoever fits comes back in the order of the numbers."""
    said = await vragend.vraag(PERSONEN, velden=NUMMER, **question)

    assert numbers(said) == found
    assert gelijk is None or vragend.gelijk == gelijk


@pytest.mark.parametrize(
    ("kind", "question", "service", "found"),
    [
        (ADRESSEN, {"nummeraanduidingIdentificatie": NEVENADRES}, "aoaLv01", 1),
        (ADRESSEN, {**VERZONNEN, "huisnummer": 1}, "aoaLv01", 2),
        (ADRESSEN, {**VERZONNEN, "huisnummer": 1, "huisletter": None}, "aoaLv01", 1),
        (ADRESSEN, {"openbareRuimteNaam": "Verzonnen Hof", "woonplaatsNaam": "Voorbeelddorp"}, "aoaLv01", 2),
        (ADRESSEN, {"adresseerbaarObjectIdentificatie": "9999010000000001"}, "aoaLv01", 1),
        (BEDRIJVEN, {"kvkNummer": BEDRIJF}, "macLv01", 1),
        (BEDRIJVEN, {"naam": "Luchtkasteel*"}, "macLv01", 1),
        (BEDRIJVEN, {"vestigingsnummer": VESTIGING}, "vesLv01", 1),
        (BEDRIJVEN, {"kvkNummer": BEDRIJF, "type": "hoofdvestiging"}, "vesLv01", 1),
        (BEDRIJVEN, {"kvkNummer": BEDRIJF, "type": "nevenvestiging"}, "vesLv01", 0),
        (BEDRIJVEN, {**VERZONNEN, "huisnummer": 10}, "vesLv01", 1),
        (BEDRIJVEN, {"rsin": RSIN}, "nnpLv01", 1),
        (BEDRIJVEN, {"kvkNummer": BEDRIJF, "type": "rechtspersoon"}, "nnpLv01", 1),
        (BEDRIJVEN, {"rsin": RSIN, "inclusiefInactieve": False}, "nnpLv01", 1),
    ],
)
async def test_addresses_and_companies_are_asked_of_the_service_that_has_them(
    vragend: Vragend, kind: str, question: dict[str, Any], service: str, found: int
) -> None:
    """A company by macLv01, a branch by vesLv01, an owner by nnpLv01."""
    fields = ["postcode"] if kind == ADRESSEN else ["naam"]

    said = await vragend.vraag(kind, velden=fields, **question)

    assert local_name(vragend.makelaar.vragen[-1]) == service
    assert len(said.get("adressen" if kind == ADRESSEN else "bedrijven", [])) == found


@pytest.mark.parametrize(
    ("kind", "question"),
    [
        (PERSONEN, {}),
        (PERSONEN, {"geslachtsnaam": "*"}),
        (PERSONEN, {"geslachtsnaam": "Z*t"}),
        (PERSONEN, {"geslachtsnaam": "Zandpoort", "volgorde": ["-naam.geslachtsnaam"]}),
        (PERSONEN, {"geslachtsnaam": "Zandpoort", "volgorde": ["overlijden.datum"]}),
        (PERSONEN, {"geslachtsnaam": "Z" * 201}),
        (ADRESSEN, {"zoekterm": "Verzonnen Hof 1"}),
        (ADRESSEN, {"pandIdentificatie": "9999100000000001"}),
        (BEDRIJVEN, {"postbusnummer": 1, "postcode": "9999ZX"}),
        (BEDRIJVEN, {"rsin": RSIN, "vestigingsnummer": VESTIGING}),
    ],
)
async def test_what_stuf_cannot_ask_is_refused_and_never_left_out(
    vragend: Vragend, kind: str, question: dict[str, Any]
) -> None:
    """Others would be found; and no value of the question is repeated."""
    with pytest.raises(TargetRefused) as refused:
        await vragend.vraag(kind, velden=NUMMER, **question)

    assert refused.value.code == Wrong.QUESTION
    assert vragend.makelaar.requests == []
    assert not any(str(value) in refused.value.reason for value in question.values() if len(str(value)) > 2)


# How much of it


async def test_numbers_are_asked_one_by_one_and_those_that_follow_each_other_together() -> None:
    """In the order in which they are given; of whom is unknown there is nobody."""
    buren = ["999990007", "999990008", "999990009"]
    vragend = Vragend(create(data={"NPS": [{"inp.bsn": each} for each in [*buren, PARTNER]]}, clock=FakeClock()))

    said = await vragend.vraag(PERSONEN, velden=NUMMER, burgerservicenummers=[PARTNER, *buren, KIND, PARTNER])

    assert numbers(said) == [PARTNER, *buren]
    asked = [(each.find("{*}gelijk"), each.find("{*}vanaf"), each.find("{*}totEnMet")) for each in _asked(vragend)]
    assert sorted(len([side for side in sides if side is not None]) for sides in asked) == [1, 1, 2]


async def test_several_numbers_come_in_the_order_that_is_asked(vragend: Vragend) -> None:
    """The makelaar orders one answer; of several the adapter does."""
    volgorde = ["geboorte.datum"]

    said = await vragend.vraag(PERSONEN, velden=NUMMER, burgerservicenummers=[GEZIN, PARTNER, KIND], volgorde=volgorde)
    after = await vragend.vraag(
        PERSONEN, velden=["geslacht"], burgerservicenummers=[GEZIN, PARTNER, KIND], volgorde=volgorde, na=GEZIN
    )

    assert numbers(said) == [PARTNER, GEZIN, KIND]
    assert len(after["personen"]) == 1


@pytest.mark.parametrize(
    ("volgorde", "sortering", "found"),
    [
        ([], "8", [GEZIN, PARTNER, KIND, OUDER, OVERLEDEN, GEHEIM]),
        (["naam.geslachtsnaam"], "1", [PARTNER, KIND, OVERLEDEN, GEZIN, OUDER, GEHEIM]),
        (["verblijfplaats.verblijfadres.postcode"], "3", [GEZIN, PARTNER, KIND, OUDER, OVERLEDEN, GEHEIM]),
        (["geboorte.datum", "naam.geslachtsnaam"], "7", [OUDER, PARTNER, GEZIN, GEHEIM, KIND, OVERLEDEN]),
    ],
)
@pytest.mark.parametrize("per_keer", [2, 100])
async def test_an_answer_in_parts_is_put_together(
    volgorde: list[str], sortering: str, found: list[str], per_keer: int
) -> None:
    """The question goes on after the last object, in the order that is asked, until there are as many as are asked."""
    vragend = Vragend(create(per_keer=per_keer, clock=FakeClock()))

    said = await vragend.vraag(PERSONEN, velden=NUMMER, **VERZONNEN, volgorde=volgorde)
    some = await vragend.vraag(PERSONEN, velden=NUMMER, **VERZONNEN, volgorde=volgorde, maximum=3)

    assert numbers(said) == found
    assert not said["meer"]
    assert (numbers(some), some["meer"]) == (found[:3], True)
    assert {_parameter(each, "sortering") for each in _asked(vragend)} == {sortering}


@pytest.mark.parametrize("volgorde", [[], ["naam.geslachtsnaam"], ["geboorte.datum"]])
async def test_an_asker_goes_on_after_the_last_of_the_answer_before(vragend: Vragend, volgorde: list[str]) -> None:
    """In any order: what the object is put in order by is read first, where that is not its number."""
    found: list[str] = []
    meer = True
    while meer:
        na = {"na": found[-1]} if found else {}
        said = await vragend.vraag(PERSONEN, velden=NUMMER, **VERZONNEN, volgorde=volgorde, maximum=2, **na)
        found, meer = [*found, *numbers(said)], said["meer"]

    assert sorted(found) == sorted([GEZIN, PARTNER, KIND, OUDER, OVERLEDEN, GEHEIM])


async def test_going_on_after_somebody_who_is_gone_is_refused(vragend: Vragend) -> None:
    """Where an order is asked it cannot be known where to go on."""
    with pytest.raises(TargetRefused) as refused:
        await vragend.vraag(PERSONEN, velden=NUMMER, **VERZONNEN, volgorde=["geboorte.datum"], na="999990445")

    assert refused.value.code == Wrong.QUESTION


# What comes back


async def test_nobody_found_is_an_empty_answer(vragend: Vragend) -> None:
    """Also where a makelaar says it with a fault."""
    assert await vragend.vraag(PERSONEN, velden=NUMMER, burgerservicenummers=["999990445"]) == {"meer": False}

    vragend.makelaar.fouten = ["StUF064"]
    assert await vragend.vraag(PERSONEN, velden=NUMMER, burgerservicenummers=[GEZIN]) == {"meer": False}


async def test_groups_that_say_nothing_are_left_out(vragend: Vragend) -> None:
    """A makelaar gives every part that was asked, empty with the reason: of an address abroad nothing is left."""
    said = await vragend.said(PERSONEN, velden=["verblijfplaats", "partners"], burgerservicenummers=[OUDER])

    [persoon] = said.iterfind("{*}antwoord/{*}object")
    assert find(persoon, "verblijfsadres/aoa.postcode") is not None
    assert find(persoon, "sub.verblijfBuitenland") is None


async def test_what_is_under_investigation_is_told_whatever_is_asked(vragend: Vragend) -> None:
    """Of the groups that are asked, and of the person."""
    said = await vragend.vraag(PERSONEN, velden=["naam.geslachtsnaam"], burgerservicenummers=[ONDERZOCHT])

    [persoon] = said["personen"]
    assert persoon["naam"]["inOnderzoek"] == {"velden": ["voornamen", "voorvoegsel", "geslachtsnaam"]}
    assert persoon["inOnderzoek"] == {"velden": ["burgerservicenummer", "geslacht"]}


@pytest.mark.parametrize(
    ("gedrag", "kind", "code"),
    [
        (Gedrag(kind="answer", status=401), TargetMisconfigured, Wrong.CREDENTIALS),
        (Gedrag(kind="answer", status=403), TargetMisconfigured, Wrong.CREDENTIALS),
        (Gedrag(kind="answer", status=404), TargetMisconfigured, Wrong.CONTRACT),
        (Gedrag(kind="answer", status=302), TargetMisconfigured, Wrong.CONTRACT),
        (Gedrag(kind="answer", status=400), TargetMisconfigured, Wrong.CONTRACT),
        (Gedrag(kind="answer", status=429, retry_after_s=7), TargetUnavailable, Wrong.BUSY),
        (Gedrag(kind="answer", status=503, retry_after_s=7), TargetUnavailable, Wrong.LATER),
        (Gedrag(kind="answer", status=500), TargetUnavailable, Wrong.SOURCE),
        (Gedrag(kind="cut"), TargetUnavailable, "geen-antwoord"),
        (Gedrag(kind="half"), TargetUnavailable, Wrong.SOURCE),
        (Gedrag(kind="garbage"), TargetUnavailable, Wrong.SOURCE),
        (Gedrag(kind="extra"), TargetMisconfigured, Wrong.CONTRACT),
    ],
    ids=lambda value: f"{value.kind}-{value.status}" if isinstance(value, Gedrag) else "",
)
async def test_a_makelaar_that_misbehaves_is_told_in_the_words_of_all_sources(
    vragend: Vragend, gedrag: Gedrag, kind: type[TargetFailed], code: Wrong
) -> None:
    """Nothing that was asked changes anything there, so nothing is uncertain; and no value is repeated."""
    vragend.makelaar.misbehave(gedrag)

    with pytest.raises(TargetFailed) as failed:
        await vragend.vraag(PERSONEN, velden=NUMMER, geslachtsnaam="Zandpoort")

    assert (type(failed.value), failed.value.code) == (kind, code)
    assert getattr(failed.value, "retry_after_s", None) == gedrag.retry_after_s
    assert "Zandpoort" not in failed.value.reason + failed.value.advice


@pytest.mark.parametrize(
    ("fout", "kind", "code"),
    [
        ("StUF010", TargetMisconfigured, Wrong.CREDENTIALS),
        ("StUF013", TargetMisconfigured, Wrong.CREDENTIALS),
        ("StUF052", TargetMisconfigured, Wrong.CREDENTIALS),
        ("StUF040", TargetMisconfigured, Wrong.CONTRACT),
        ("StUF055", TargetMisconfigured, Wrong.CONTRACT),
        ("StUF133", TargetRefused, Wrong.QUESTION),
        ("StUF067", TargetRefused, Wrong.TOO_MANY),
        ("StUF049", TargetUnavailable, Wrong.LATER),
        ("StUF960", TargetUnavailable, Wrong.LATER),
        ("StUF058", TargetUnavailable, Wrong.SOURCE),
    ],
)
async def test_a_fault_of_stuf_is_told_in_the_words_of_all_sources(
    vragend: Vragend, fout: str, kind: type[TargetFailed], code: Wrong
) -> None:
    """Each code of the standard is one of the taxonomy, and is named in the reason."""
    vragend.makelaar.fouten = [fout]

    with pytest.raises(TargetFailed) as failed:
        await vragend.vraag(PERSONEN, velden=NUMMER, burgerservicenummers=[GEZIN])

    assert (type(failed.value), failed.value.code) == (kind, code)
    assert fout in failed.value.reason


async def test_a_field_that_the_standard_does_not_know_may_be_let_pass(vragend: Vragend) -> None:
    """`validate: accept` takes what can be read of an answer that does not fit the definition."""
    vragend = Vragend(validate="accept")
    vragend.makelaar.misbehave(Gedrag(kind="extra"))

    said = await vragend.said(PERSONEN, velden=NUMMER, burgerservicenummers=[GEZIN])

    assert find(said, "antwoord/object/nieuwElement") is not None


async def test_a_criterion_that_the_makelaar_leaves_aside_is_no_answer(vragend: Vragend) -> None:
    """StUF lets it (StUF0001): then others are found, whose data goes nowhere."""
    vragend.makelaar.negeert = frozenset({"voornamen"})

    with pytest.raises(TargetRefused) as refused:
        await vragend.vraag(PERSONEN, velden=NUMMER, geslachtsnaam="Zandpoort", voornamen="Dirk")

    assert refused.value.code == Wrong.QUESTION


async def test_a_person_who_was_not_asked_for_breaks_the_contract(vragend: Vragend) -> None:
    """His data goes nowhere."""

    async def other(method: str, path: str, query: Any, headers: Any, body: bytes) -> Answered:  # noqa: ANN401 - as asked
        given = await vragend.makelaar.handle(method, path, query, headers, body)
        return given.status, given.headers, given.body.replace(GEZIN.encode(), PARTNER.encode())

    vragend.client = FaultyNetwork(other, SERVICES, headers=_key)
    with pytest.raises(TargetMisconfigured) as broken:
        await vragend.vraag(PERSONEN, velden=NUMMER, burgerservicenummers=[GEZIN])

    assert broken.value.code == Wrong.CONTRACT
    assert PARTNER not in broken.value.reason


async def test_the_answer_to_another_question_breaks_the_contract(vragend: Vragend) -> None:
    """A path that leads to another service."""

    async def other(*_: object) -> Answered:
        envelope = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>%s</s:Body></s:Envelope>'
        body = envelope % '<BG:vesLa01 xmlns:BG="http://www.egem.nl/StUF/sector/bg/0310"/>'
        return 200, [("content-type", "text/xml")], body.encode()

    vragend.client = FaultyNetwork(other, SERVICES)
    with pytest.raises(TargetMisconfigured) as broken:
        await vragend.vraag(PERSONEN, velden=NUMMER, burgerservicenummers=[GEZIN])

    assert broken.value.code == Wrong.CONTRACT


async def test_a_network_that_fails_is_told_as_it_is(vragend: Vragend) -> None:
    """Nothing was asked: that is of the network, and not of the makelaar."""
    vragend.client.weather = Weather(refused=1.0)

    with pytest.raises(TargetUnavailable) as failed:
        await vragend.vraag(PERSONEN, velden=NUMMER, burgerservicenummers=[GEZIN])

    assert failed.value.code == "verbinding"


@pytest.mark.parametrize(
    ("lost", "kind", "code"),
    [
        (too_large("response_bytes_max", safe=False), TargetMisconfigured, "antwoord-te-groot"),
        (failure(TimeoutError(), safe=False, what="POST"), TargetUnavailable, "geen-antwoord"),
    ],
    ids=["too large", "slow"],
)
async def test_an_answer_that_is_too_large_or_too_late_is_not_uncertain(
    vragend: Vragend, lost: TargetFailed, kind: type[TargetFailed], code: str
) -> None:
    """A question changes nothing there; what is too large has to be mended here."""

    async def never(*_: object) -> Answered:
        raise lost

    vragend.client = FaultyNetwork(never, SERVICES)
    with pytest.raises(TargetFailed) as failed:
        await vragend.vraag(PERSONEN, velden=NUMMER, burgerservicenummers=[GEZIN])

    assert (type(failed.value), failed.value.code) == (kind, code)


async def test_check_asks_about_nobody() -> None:
    """It shows reach, credentials and rights."""
    vragend = Vragend()
    assert await vragend.lookup.check(vragend.client) == []
    assert vragend.gelijk == {"inp.bsn": "000000000"}

    vragend.makelaar.fouten = ["StUF013"]
    [told] = await vragend.lookup.check(vragend.client)
    assert "options.organisatie" in told

    wrong_key = Vragend(key="wrong")
    [told] = await wrong_key.lookup.check(wrong_key.client)
    assert "target.auth" in told


@needs_shared
@pytest.mark.shared
async def test_every_question_and_answer_fits_the_official_schema() -> None:
    """Of every kind, with every field asked and with none."""
    vragend = Vragend()
    alles: dict[str, dict[str, Any]] = {
        PERSONEN: {**VERZONNEN, "geslachtsnaam": "Z*", "inclusiefOverledenPersonen": False, "na": GEZIN},
        ADRESSEN: {**VERZONNEN, "huisletter": None},
    }
    for kind, question in alles.items():
        await vragend.vraag(kind, velden=_fields(kind), **question)
    await vragend.vraag(PERSONEN, velden=_fields(PERSONEN), burgerservicenummers=[GEZIN, "999990008"])
    await vragend.vraag(PERSONEN, velden=_fields(PERSONEN), **VERZONNEN, volgorde=["geboorte.datum"], na=OVERLEDEN)
    for question in ({"kvkNummer": BEDRIJF}, {"vestigingsnummer": VESTIGING, "type": "hoofdvestiging"}, {"rsin": RSIN}):
        for velden in (_fields(BEDRIJVEN), ["naam"], None):
            await vragend.vraag(BEDRIJVEN, velden=velden, **question)

    schema = official()
    for message in _asked(vragend):
        assert schema.validate(message), schema.error_log
    for body in await _answers(vragend):
        assert schema.validate(body), schema.error_log


def _asked(vragend: Vragend) -> list[etree._Element]:
    return vragend.makelaar.vragen


async def _key() -> dict[str, str]:
    return {"X-API-KEY": KEY}


async def _answers(vragend: Vragend) -> list[etree._Element]:
    """Ask everything once more, for the answers as they come over the wire."""
    found = []
    for each in list(vragend.makelaar.requests):
        given = await vragend.makelaar.handle(each.method, each.path, each.query, each.headers, each.body)
        root = etree.fromstring(given.body)
        found.append(next(root.iterchildren("{*}Body"))[0])
    return found


def _fields(kind: str) -> list[str]:
    return list(QUESTION_TYPES[kind].found[1].model_fields)


def _parameter(message: etree._Element, name: str) -> str:
    found = find(message, f"parameters/{name}")
    return "" if found is None else found.text or ""
