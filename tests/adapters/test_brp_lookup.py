"""The lookup of the BRP: which call a question becomes, how few fields it asks, and what it makes of an answer."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from adapters.brp.simulator import create
from adapters.brp.simulator.records import DOCHTER, EMIGRANT, GEHEIM, MOEDER, PERSONEN, VADER, ZOON
from hub.errors import TargetFailed, TargetMisconfigured, TargetRefused, TargetUnavailable
from hub.event.vragen import BEWONINGEN, REISDOCUMENTEN, VERBLIJFPLAATSEN
from hub.event.vragen import PERSONEN as PERSONEN_OPVRAGEN
from hub.net.problems import Wrong
from hub.ports.simulator import Gedrag
from hub.testkit.clock import FakeClock
from tests.support.brp_bron import Bron

Json = dict[str, Any]

UNKNOWN = "999999990"
BORN: Json = {"geboortedatum": "1980-02-14"}
TWINS: Json = {"geslachtsnaam": "Akkerwinde", "geboortedatum": "2015-05-07"}
WAYS: tuple[tuple[Json, Json], ...] = (
    (
        {"burgerservicenummers": [VADER], "inclusiefOverledenPersonen": True},
        {"type": "RaadpleegMetBurgerservicenummer", "burgerservicenummer": [VADER]},
    ),
    (
        {"geslachtsnaam": "akker*", "geboortedatum": date(2015, 5, 7), "voornamen": "fen*", "voorvoegsel": "van"},
        {
            "type": "ZoekMetGeslachtsnaamEnGeboortedatum",
            "geslachtsnaam": "akker*",
            "geboortedatum": "2015-05-07",
            "voornamen": "fen*",
            "voorvoegsel": "van",
        },
    ),
    (
        {"geslachtsnaam": "Cederkamp", "voornamen": "Robin", "gemeenteVanInschrijving": "0518", "geslacht": "O"},
        {
            "type": "ZoekMetNaamEnGemeenteVanInschrijving",
            "geslachtsnaam": "Cederkamp",
            "voornamen": "Robin",
            "gemeenteVanInschrijving": "0518",
            "geslacht": "O",
        },
    ),
    (
        {"postcode": "2599ZX", "huisnummer": 12, "huisletter": "B", "geslachtsnaam": "Akkerwinde"},
        {
            "type": "ZoekMetPostcodeEnHuisnummer",
            "postcode": "2599ZX",
            "huisnummer": 12,
            "huisletter": "B",
            "geslachtsnaam": "Akkerwinde",
        },
    ),
    (
        {"straat": "verzonn*", "huisnummer": 12, "gemeenteVanInschrijving": "0518", "huisnummertoevoeging": "2"},
        {
            "type": "ZoekMetStraatHuisnummerEnGemeenteVanInschrijving",
            "straat": "verzonn*",
            "huisnummer": 12,
            "gemeenteVanInschrijving": "0518",
            "huisnummertoevoeging": "2",
        },
    ),
    (
        {"nummeraanduidingIdentificatie": "0518200000000012"},
        {"type": "ZoekMetNummeraanduidingIdentificatie", "nummeraanduidingIdentificatie": "0518200000000012"},
    ),
    (
        {"adresseerbaarObjectIdentificatie": "0518010000000007", "inclusiefOverledenPersonen": True},
        {
            "type": "ZoekMetAdresseerbaarObjectIdentificatie",
            "adresseerbaarObjectIdentificatie": "0518010000000007",
            "inclusiefOverledenPersonen": True,
        },
    ),
)


@pytest.mark.parametrize(("question", "sent"), WAYS, ids=[sent["type"] for _, sent in WAYS])
async def test_a_question_takes_the_way_that_its_criteria_are_for(question: Json, sent: Json) -> None:
    """All seven ways of the BRP, with what each may have besides; no field more than is wanted."""
    bron = Bron()

    answer = await bron.vraag(PERSONEN_OPVRAGEN, velden=["naam.volledigeNaam"], **question)

    assert bron.vragen == [{**sent, "fields": ["naam.volledigeNaam"]}]
    assert answer["personen"]
    assert all(set(person) <= {"naam", "opschortingBijhouding"} | ALWAYS for person in answer["personen"])


ALWAYS = {"geheimhoudingPersoonsgegevens", "opschortingBijhouding", "rni", "verificatie"}


@pytest.mark.parametrize(
    ("question", "advice"),
    [
        ({}, "ask with one of"),
        ({"geslachtsnaam": "Akkerwinde"}, "ask with one of"),
        ({"postcode": "2599ZX", "huisnummer": 12, "voornamen": "Fenna"}, "leave out voornamen"),
        ({"burgerservicenummers": [VADER], "geslachtsnaam": "Akkerwinde"}, "leave out geslachtsnaam"),
    ],
)
async def test_criteria_that_no_way_can_take_are_refused(question: Json, advice: str) -> None:
    """A criterion is never left out: others would be found. The refusal names criteria, no values."""
    bron = Bron()

    with pytest.raises(TargetRefused) as refusal:
        await bron.vraag(PERSONEN_OPVRAGEN, velden=["naam"], **question)

    assert refusal.value.code == Wrong.QUESTION
    assert advice in refusal.value.advice
    assert not bron.gesteld
    assert _silent(refusal.value, question)


async def test_a_search_that_gives_too_little_is_followed_by_reading_who_was_found() -> None:
    """The search asks for the number only; nothing of anybody who is not given is read."""
    bron = Bron()

    answer = await bron.vraag(
        PERSONEN_OPVRAGEN, velden=["ouders.naam", "naam.voornamen"], volgorde=["-naam.voornamen"], maximum=1, **TWINS
    )

    search, read = bron.vragen
    assert search["fields"] == ["burgerservicenummer", "naam.voornamen"]
    assert (read["burgerservicenummer"], read["fields"]) == (
        [ZOON],
        ["ouders.naam", "naam.voornamen"],
    )
    assert [person["naam"]["voornamen"] for person in answer["personen"]] == ["Thijs"]
    assert answer["meer"]
    assert "burgerservicenummer" not in answer["personen"][0]


async def test_who_is_sorted_by_what_a_search_does_not_give_is_read_first() -> None:
    """Then all that were found are read, for the order is not known before."""
    bron = Bron()

    answer = await bron.vraag(
        PERSONEN_OPVRAGEN, velden=["burgerservicenummer"], volgorde=["-aNummer"], maximum=1, **TWINS
    )

    assert bron.vragen[1]["burgerservicenummer"] == [DOCHTER, ZOON]
    assert answer["personen"] == [{"burgerservicenummer": ZOON}]


async def test_nothing_found_is_an_empty_answer() -> None:
    """An unknown person, and a search that finds nobody: no second call, no error."""
    bron = Bron()

    by_number = await bron.vraag(PERSONEN_OPVRAGEN, velden=["partners"], burgerservicenummers=[UNKNOWN])
    searched = await bron.vraag(
        PERSONEN_OPVRAGEN, velden=["partners"], geslachtsnaam="Niemand", geboortedatum="1900-01-01"
    )

    assert by_number == searched == {"personen": [], "meer": False}
    assert len(bron.gesteld) == 2


async def test_more_than_twenty_numbers_are_several_calls() -> None:
    """The BRP takes 20 a call; each number is asked once, and the order is that of the number."""
    numbers = [f"9999{each:05d}" for each in range(19_000, 19_040)]
    bron = Bron()

    answer = await bron.vraag(
        PERSONEN_OPVRAGEN, velden=["burgerservicenummer"], burgerservicenummers=[ZOON, *numbers, VADER, ZOON]
    )

    assert sorted(len(each["burgerservicenummer"]) for each in bron.vragen) == [2, 20, 20]
    assert [person["burgerservicenummer"] for person in answer["personen"]] == [VADER, ZOON]


async def test_an_answer_goes_on_after_the_last_person_of_the_one_before() -> None:
    """In the same order: who are equal stand in the order of their numbers. Who is gone, can't be gone on from."""
    bron = Bron()
    asked: Json = {"velden": ["burgerservicenummer"], "postcode": "2599ZX", "huisnummer": 12, "volgorde": ["geslacht"]}

    first = await bron.vraag(PERSONEN_OPVRAGEN, **asked, maximum=3)
    rest = await bron.vraag(PERSONEN_OPVRAGEN, **asked, maximum=3, na=MOEDER)

    assert [each["burgerservicenummer"] for each in first["personen"]] == [VADER, ZOON, MOEDER]
    assert (rest["personen"], first["meer"], rest["meer"]) == ([{"burgerservicenummer": DOCHTER}], True, False)
    with pytest.raises(TargetRefused, match="not among those found"):
        await bron.vraag(PERSONEN_OPVRAGEN, **asked, na=UNKNOWN)


async def test_dates_sort_as_far_as_they_are_known() -> None:
    """Less is known, earlier; who has no date comes last, in either direction."""
    bron = Bron(create(data=[each for each in PERSONEN if each["geboorte"]["datum"] > "195"], clock=FakeClock()))
    numbers = [person["burgerservicenummer"] for person in bron.simulator.personen]
    asked: Json = {"velden": ["geboorte.datum"], "burgerservicenummers": numbers}

    up = await bron.vraag(PERSONEN_OPVRAGEN, **asked, volgorde=["geboorte.datum"])
    down = await bron.vraag(PERSONEN_OPVRAGEN, **asked, volgorde=["-geboorte.datum"])

    told = [person["geboorte"]["datum"]["langFormaat"] for person in up["personen"]]
    assert told[:3] == ["1 januari 1955", "1960", "31 december 1970"]
    assert down["personen"][0]["geboorte"]["datum"]["langFormaat"] == "7 mei 2015"


@pytest.mark.parametrize(
    ("velden", "fields"),
    [
        (["naam", "naam.voornamen"], ["naam"]),
        (["geheimhoudingPersoonsgegevens", "inOnderzoek", "rni.deelnemer.code"], []),
        (["naam.inOnderzoek.velden", "naam.voornamen"], ["naam.voornamen"]),
        (["verblijfplaats.indicatieVastgesteldVerblijftNietOpAdres"], ["verblijfplaats.type"]),
        (["adressering.indicatieVastgesteldVerblijftNietOpAdres"], ["adressering.adresregel1"]),
        (["gezag.ouders.volledigeNaam", "gezag.minderjarige"], ["gezag"]),
        (["geboorte.datum", "partners.naam.voornamen"], ["geboorte.datum", "partners.naam.voornamen"]),
    ],
)
async def test_only_what_is_wanted_is_asked(velden: list[str], fields: list[str]) -> None:
    """What comes by itself may not be asked for; what stands in a group that is asked for is not asked again."""
    bron = Bron()

    await bron.vraag(PERSONEN_OPVRAGEN, velden=velden, burgerservicenummers=[VADER])

    assert bron.vragen[0]["fields"] == (fields or ["burgerservicenummer"])


async def test_a_field_that_the_brp_does_not_have_is_refused_by_name() -> None:
    """A path holds no personal data."""
    with pytest.raises(TargetRefused, match=r"no field naam\.bijnaam"):
        await Bron().vraag(PERSONEN_OPVRAGEN, velden=["naam.bijnaam"], burgerservicenummers=[VADER])


async def test_what_was_only_needed_to_sort_by_does_not_go_on() -> None:
    """Nor what of it is under investigation: of the naamketen the date of birth is."""
    bron = Bron()

    answer = await bron.vraag(
        PERSONEN_OPVRAGEN,
        velden=["geboorte.plaats"],
        burgerservicenummers=["999910127"],
        volgorde=["geboorte.datum", "leeftijd"],
    )

    plaats = {"code": "0518", "omschrijving": "'s-Gravenhage"}
    assert bron.vragen[0]["fields"] == ["geboorte.plaats", "geboorte.datum", "leeftijd"]
    (person,) = answer["personen"]
    assert set(person) == {"geboorte"}
    assert person["geboorte"]["plaats"] == plaats
    assert set(person["geboorte"]["inOnderzoek"]) == {"plaats", "datumIngangOnderzoek"}


async def test_who_may_not_see_addresses_abroad_asks_for_those_here() -> None:
    """`buitenland: false` asks by the names that the BRP has for it, and leaves out what is only abroad."""
    bron = Bron(buitenland=False)

    answer = await bron.vraag(
        PERSONEN_OPVRAGEN,
        velden=["verblijfplaats.verblijfadres.regel1", "verblijfplaats.datumVan", "adressering.adresregel1"],
        burgerservicenummers=[EMIGRANT],
    )

    assert bron.vragen[0]["fields"] == [
        "verblijfplaatsBinnenland.datumVan",
        "adresseringBinnenland.adresregel1",
    ]
    assert "verblijfplaats" not in answer["personen"][0]


async def test_a_connection_may_ask_only_about_its_own_municipality() -> None:
    """`gemeente` comes with every question; a question about another municipality is refused."""
    bron = Bron(gemeente="0599")

    answer = await bron.vraag(PERSONEN_OPVRAGEN, velden=["naam"], burgerservicenummers=[VADER])

    assert bron.vragen[0]["gemeenteVanInschrijving"] == "0599"
    assert answer["personen"] == []
    with pytest.raises(TargetRefused, match="its own municipality"):
        await bron.vraag(PERSONEN_OPVRAGEN, velden=["naam"], gemeenteVanInschrijving="0518", **TWINS)


async def test_too_many_persons_is_a_refusal_with_its_own_reason() -> None:
    """The BRP has no pages: who finds too many, asks with more."""
    many = [{**PERSONEN[2], "burgerservicenummer": f"9999{each:05d}"} for each in range(20_000, 20_011)]
    bron = Bron(create(data=many, clock=FakeClock()))

    with pytest.raises(TargetRefused, match="more is found") as refusal:
        await bron.vraag(PERSONEN_OPVRAGEN, velden=["naam.volledigeNaam"], **TWINS)

    assert refusal.value.code == Wrong.TOO_MANY
    assert _silent(refusal.value, TWINS)


@pytest.mark.parametrize(
    ("gedrag", "failure", "code"),
    [
        (Gedrag(kind="answer", status=400), TargetRefused, Wrong.QUESTION),
        (Gedrag(kind="answer", status=401), TargetMisconfigured, Wrong.CREDENTIALS),
        (Gedrag(kind="answer", status=403), TargetMisconfigured, Wrong.CREDENTIALS),
        (Gedrag(kind="answer", status=404), TargetMisconfigured, Wrong.CONTRACT),
        (Gedrag(kind="answer", status=429, retry_after_s=7), TargetUnavailable, Wrong.BUSY),
        (Gedrag(kind="answer", status=500), TargetUnavailable, Wrong.SOURCE),
        (Gedrag(kind="answer", status=503), TargetUnavailable, Wrong.LATER),
        (Gedrag(kind="cut"), TargetUnavailable, "verbroken"),
        (Gedrag(kind="half"), TargetUnavailable, Wrong.SOURCE),
        (Gedrag(kind="garbage"), TargetUnavailable, Wrong.SOURCE),
    ],
    ids=lambda each: f"{each.kind}-{each.status}" if isinstance(each, Gedrag) else "",
)
async def test_what_goes_wrong_at_the_brp_is_told_in_one_way(
    gedrag: Gedrag, failure: type[TargetFailed], code: str
) -> None:
    """A question changes nothing there, so nothing is ever uncertain; no error repeats what was asked."""
    bron = Bron()
    bron.simulator.misbehave(gedrag)

    with pytest.raises(failure) as told:
        await bron.vraag(PERSONEN_OPVRAGEN, velden=["naam"], burgerservicenummers=[VADER])

    assert told.value.code == code
    assert getattr(told.value, "retry_after_s", None) == gedrag.retry_after_s
    assert _silent(told.value, {"burgerservicenummers": [VADER]})


async def test_a_field_that_the_schema_does_not_know_stops_nothing() -> None:
    """What the mapping does with it is another matter: it reports it as unread."""
    bron = Bron()
    bron.simulator.misbehave(Gedrag(kind="extra"))

    answer = await bron.vraag(PERSONEN_OPVRAGEN, velden=["naam.voornamen"], burgerservicenummers=[VADER])

    assert answer["personen"][0]["naam"]["voornamen"] == "Joris Maarten"


@pytest.mark.parametrize(
    "body",
    [{}, {"personen": None}, {"personen": ["x"]}, {"personen": [{"burgerservicenummer": GEHEIM}]}, {"personen": [{}]}],
)
async def test_an_answer_that_is_not_the_one_asked_for_is_not_used(body: Json) -> None:
    """Without persons, or with somebody who was not asked for: his data goes nowhere."""
    bron = Bron()
    bron.simulator.misbehave(Gedrag(kind="answer", status=499, body=body))
    _answer_as_success(bron)

    with pytest.raises(TargetMisconfigured) as told:
        await bron.vraag(PERSONEN_OPVRAGEN, velden=["burgerservicenummer", "naam"], burgerservicenummers=[VADER])

    assert told.value.code == Wrong.CONTRACT
    assert _silent(told.value, {"burgerservicenummers": [VADER, GEHEIM]})


async def test_bewoning_is_asked_for_a_day_or_a_time() -> None:
    """Each is a way of its own; neither, or both, is refused."""
    bron = Bron()
    where = {"velden": ["bewoners"], "adresseerbaarObjectIdentificatie": "0518010000000007"}

    day = await bron.vraag(BEWONINGEN, **where, peildatum=date(2009, 6, 1))
    time = await bron.vraag(BEWONINGEN, **where, datumVan="2007-06-01", datumTot="2014-01-01")

    assert [each["type"] for each in bron.vragen] == ["BewoningMetPeildatum", "BewoningMetPeriode"]
    assert len(day["bewoningen"]) == 1
    assert [len(each["mogelijkeBewoners"]) for each in time["bewoningen"]] == [0, 1, 0, 0]
    for wrong in ({}, {"peildatum": "2009-06-01", "datumVan": "2007-06-01"}, {"datumVan": "2007-06-01"}):
        with pytest.raises(TargetRefused, match="a day or a time"):
            await bron.vraag(BEWONINGEN, **where, **wrong)


async def test_history_is_newest_first() -> None:
    """With where it ended."""
    answer = await Bron().vraag(
        VERBLIJFPLAATSEN, velden=["datumVan"], burgerservicenummer=VADER, datumVan="2000-01-01", datumTot="2024-01-01"
    )

    assert [each["datumVan"]["datum"] for each in answer["verblijfplaatsen"]] == ["2013-04-01", "2005-09-01"]
    assert answer["verblijfplaatsen"][1]["datumTot"]["datum"] == "2013-04-01"


async def test_travel_documents_are_asked_by_number_or_by_holder() -> None:
    """With the fields that are wanted, and nothing else."""
    bron = Bron()

    of_holder = await bron.vraag(REISDOCUMENTEN, velden=["reisdocumentnummer"], burgerservicenummer=VADER)
    by_number = await bron.vraag(
        REISDOCUMENTEN, velden=["houder.opschortingBijhouding"], reisdocumentnummer="NZ0000003"
    )

    assert of_holder["reisdocumenten"] == [{"reisdocumentnummer": "NZ0000001"}, {"reisdocumentnummer": "NZ0000002"}]
    assert bron.vragen[1] == {
        "type": "RaadpleegMetReisdocumentnummer",
        "reisdocumentnummer": ["NZ0000003"],
        "fields": ["houder.burgerservicenummer"],
    }
    assert by_number["reisdocumenten"] == [{"houder": {"burgerservicenummer": MOEDER}}]
    with pytest.raises(TargetRefused, match="by number or by holder"):
        await bron.vraag(REISDOCUMENTEN, velden=["soort"])


async def test_another_question_is_refused() -> None:
    """The manifest says which there are."""
    with pytest.raises(TargetRefused, match=r"nl\.zaken"):
        await Bron().vraag("nl.zaken.zaken-opvragen.v1")


async def test_a_check_asks_about_nobody() -> None:
    """An empty question shows reach and credentials: the BRP turns it down in its own words."""
    bron = Bron()

    assert await bron.lookup.check(bron) == []
    assert bron.vragen == [{}]


async def test_a_check_tells_what_is_wrong() -> None:
    """A wrong key, and a BRP that is down."""
    wrong_key, down = Bron(key="verkeerd"), Bron()
    down.simulator.misbehave(Gedrag(kind="answer", status=503))

    assert "does not know us" in (await wrong_key.lookup.check(wrong_key))[0]
    assert "come back later" in (await down.lookup.check(down))[0]


def _silent(failure: TargetFailed, question: Json) -> bool:
    """Say whether an error keeps quiet about what was asked."""
    told = f"{failure} {failure.reason} {failure.advice} {failure.code}"
    values = [str(each) for value in question.values() for each in (value if isinstance(value, list) else [value])]
    return not any(value in told for value in values if not value.isdecimal() or len(value) > 3)


def _answer_as_success(bron: Bron) -> None:
    """Let what was ordered come with status 200: Gedrag orders failures only."""
    request = bron.request

    async def succeeding(*args: Any, **named: Any) -> Any:  # noqa: ANN401 - as it is
        return (await request(*args, **named))._replace(status=200)

    bron.request = succeeding  # type: ignore[method-assign]


@pytest.mark.parametrize("groep", ["adressering", "geboorte", "geslacht", "leeftijd", "naam"])
@pytest.mark.parametrize("buitenland", [True, False])
async def test_a_group_is_as_whole_by_a_search_as_by_number(groep: str, buitenland: bool) -> None:  # noqa: FBT001 - a case
    """A search has smaller groups of the same names; whatever else is asked, the group is the same."""
    bron = Bron(buitenland=buitenland)

    searched = await bron.vraag(PERSONEN_OPVRAGEN, velden=[groep], geslachtsnaam="Akkerwinde", **BORN)
    by_number = await bron.vraag(PERSONEN_OPVRAGEN, velden=[groep], burgerservicenummers=[VADER])

    assert searched["personen"] == by_number["personen"]
    assert searched["personen"][0].keys() - ALWAYS


async def test_going_on_in_an_order_after_the_one_person_there_is_finds_nobody_else() -> None:
    """His number is asked to know him by, and goes no further."""
    bron = Bron()
    asked: Json = {"velden": ["aNummer"], "volgorde": ["aNummer"], "geslachtsnaam": "Akkerwinde", **BORN}

    first = await bron.vraag(PERSONEN_OPVRAGEN, **asked)
    rest = await bron.vraag(PERSONEN_OPVRAGEN, **asked, na=VADER)

    assert [set(each) - ALWAYS for each in first["personen"]] == [{"aNummer"}]
    assert rest == {"personen": [], "meer": False}


async def test_the_numbers_of_several_who_are_read_go_no_further() -> None:
    """They are asked to know who is who."""
    answer = await Bron().vraag(PERSONEN_OPVRAGEN, velden=["aNummer"], **TWINS)

    assert [set(each) - ALWAYS for each in answer["personen"]] == [{"aNummer"}] * 2


@pytest.mark.parametrize(
    ("kind", "question"),
    [
        (BEWONINGEN, {"adresseerbaarObjectIdentificatie": "0518010000000007", "peildatum": "2020-01-01"}),
        (VERBLIJFPLAATSEN, {"burgerservicenummer": VADER, "peildatum": "2020-01-01"}),
        (REISDOCUMENTEN, {"burgerservicenummer": VADER}),
    ],
)
async def test_what_can_not_be_kept_to_a_municipality_is_not_asked_where_that_is_meant(
    kind: str, question: Json
) -> None:
    """These ways of the BRP take none: others would be found."""
    bron = Bron(gemeente="0518")

    with pytest.raises(TargetRefused) as refusal:
        await bron.vraag(kind, velden=["soort"], **question)

    assert "options.gemeente" in refusal.value.advice
    assert not bron.gesteld
