"""Questions to the KVK: the calls that the fields need and no more, what is shielded, and what goes wrong."""

from __future__ import annotations

import re
from typing import Any

import pytest

from adapters.kvk.lookup import create as create_lookup
from adapters.kvk.options import Options
from adapters.kvk.simulator import BASE, INSCHRIJVINGEN, KEY, KEY_HEADER, Gedrag, create, keten
from adapters.kvk.simulator.app import Simulator
from hub.errors import TargetFailed, TargetMisconfigured, TargetRefused, TargetUnavailable
from tests.support.source import NO_ANSWERS, Source

QUESTION = "nl.bedrijven.bedrijven-opvragen.v1"
BAKKER, BOUW, STICHTING, GEWEEST, BUITEN, BEZIG = (f"9999000{number}" for number in range(1, 7))
NUMMERS = ["kvkNummer", "vestigingen.vestigingsnummer"]


class Kvk(Source):
    """A KVK, and what asks it."""

    def __init__(self, simulator: Simulator | None = None, options: Options | None = None, key: str = KEY) -> None:
        super().__init__(simulator or create(), base=BASE, headers={KEY_HEADER: key})
        self.lookup = create_lookup(options or Options())

    async def answer(self, **question: Any) -> dict[str, Any]:  # noqa: ANN401 - a question is JSON
        return await self.ask(self.lookup, QUESTION, **question)

    async def rows(self, **question: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - the same
        rows: list[dict[str, Any]] = (await self.answer(**question))["bedrijven"]
        return rows


def branches(row: dict[str, Any]) -> list[str]:
    return [each["vestigingsnummer"][-2:] for each in row.get("vestigingen", ())]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ({"kvkNummer": BOUW}, [BOUW]),
        ({"kvkNummer": "12345678"}, []),
        ({"rsin": "999930011"}, [BOUW]),
        ({"rsin": "999930011", "type": "rechtspersoon"}, [BOUW]),
        ({"vestigingsnummer": "999900000022"}, [BOUW]),
        ({"vestigingsnummer": "999900000022", "kvkNummer": BOUW}, [BOUW]),
        ({"vestigingsnummer": "999900000022", "kvkNummer": BAKKER}, []),
        ({"vestigingsnummer": "000000000000"}, []),
        ({"naam": "luchtkasteel"}, [BOUW]),
        ({"naam": "luchtkasteel", "type": "nevenvestiging"}, [BOUW]),
        ({"naam": "luchtkast"}, []),
        ({"postcode": "9999 ad", "huisnummer": 23}, [BOUW]),
        ({"postcode": "9990AA", "postbusnummer": 90}, [BOUW]),
        ({"straatnaam": "Dorpsstraat", "plaats": "Voorbeelddorp"}, [BAKKER, BOUW]),
        ({"kvkNummer": GEWEEST}, []),
        ({"kvkNummer": GEWEEST, "inclusiefInactieve": True}, [GEWEEST]),
    ],
)
@pytest.mark.parametrize("velden", [["kvkNummer", "naam"], ["kvkNummer", "statutaireNaam", "vestigingen.adressen"]])
async def test_every_way_of_asking_finds_the_company(
    question: dict[str, Any], found: list[str], velden: list[str]
) -> None:
    """By number, name or address; unknown is an empty answer, whatever is wanted."""
    rows = await Kvk().rows(**question, velden=velden)

    assert [row["kvkNummer"] for row in rows] == found


@pytest.mark.parametrize(
    ("question", "velden", "calls"),
    [
        ({"kvkNummer": BOUW}, ["kvkNummer", "naam"], ["v2/zoeken"]),
        ({"kvkNummer": BOUW}, ["statutaireNaam", "naam"], [f"v1/basisprofielen/{BOUW}"]),
        ({"kvkNummer": BOUW}, ["eigenaar.rsin"], [f"v1/basisprofielen/{BOUW}/eigenaar"]),
        ({"kvkNummer": BOUW}, ["hoofdvestiging.adressen.postcode"], [f"v1/basisprofielen/{BOUW}/hoofdvestiging"]),
        ({"kvkNummer": BOUW}, ["eigenaar.rsin", "hoofdvestiging.adressen"], [f"v1/basisprofielen/{BOUW}"]),
        (
            {"kvkNummer": BOUW},
            ["statutaireNaam", "hoofdvestiging.rsin"],
            [f"v1/basisprofielen/{BOUW}", f"v1/basisprofielen/{BOUW}/hoofdvestiging"],
        ),
        ({"kvkNummer": BOUW}, ["actief", "eigenaar.rsin"], ["v2/zoeken", f"v1/basisprofielen/{BOUW}/eigenaar"]),
        ({"kvkNummer": BOUW}, NUMMERS, [f"v1/basisprofielen/{BOUW}/vestigingen"]),
        ({"kvkNummer": BOUW}, ["vestigingen.adressen.volledigAdres"], [f"v1/basisprofielen/{BOUW}/vestigingen"]),
        ({"kvkNummer": BOUW}, ["vestigingen.handelsnamen"], [f"v1/naamgevingen/kvknummer/{BOUW}"]),
        ({"kvkNummer": BOUW}, ["ookGenoemd", "vestigingen.handelsnamen"], [f"v1/naamgevingen/kvknummer/{BOUW}"]),
        (
            {"kvkNummer": BOUW},
            ["vestigingen.handelsnamen", "vestigingen.websites"],
            [
                f"v1/basisprofielen/{BOUW}/vestigingen",
                *(f"v1/vestigingsprofielen/9999000000{number}" for number in (21, 22, 23)),
            ],
        ),
        ({"vestigingsnummer": "999900000022"}, NUMMERS, ["v2/zoeken"]),
        ({"vestigingsnummer": "999900000022"}, ["vestigingen.adressen"], ["v1/vestigingsprofielen/999900000022"]),
        (
            {"vestigingsnummer": "999900000022"},
            ["vestigingen.adressen", "statutaireNaam", "naam"],
            ["v1/vestigingsprofielen/999900000022", f"v1/basisprofielen/{BOUW}"],
        ),
        ({"vestigingsnummer": "999900000022"}, ["naam"], ["v2/zoeken", f"v1/basisprofielen/{BOUW}"]),
        ({"kvkNummer": BOUW}, ["naam", "eigenaar.rsin"], ["v2/zoeken", f"v1/basisprofielen/{BOUW}/eigenaar"]),
        ({"naam": "luchtkasteel"}, ["eigenaar.rsin"], ["v2/zoeken", f"v1/basisprofielen/{BOUW}/eigenaar"]),
        ({"rsin": "999930011"}, NUMMERS, ["v2/zoeken", f"v1/basisprofielen/{BOUW}/vestigingen"]),
        ({"kvkNummer": BOUW}, None, [f"v1/basisprofielen/{BOUW}", f"v1/basisprofielen/{BOUW}/hoofdvestiging"]),
        ({"vestigingsnummer": "999900000022"}, None, ["v2/zoeken", "v1/vestigingsprofielen/999900000022"]),
    ],
)
async def test_only_the_calls_that_the_fields_need_are_made(
    question: dict[str, Any], velden: list[str] | None, calls: list[str]
) -> None:
    """A search costs nothing, a profile does, and shows more than was asked."""
    kvk = Kvk()
    rows = await kvk.rows(**question, velden=velden)

    assert kvk.paths == calls
    assert len(rows) == 1


async def test_the_numbers_of_the_bag_are_asked_where_they_are_wanted() -> None:
    """`geoData` goes along for those addresses only."""
    kvk = Kvk()
    row = (await kvk.rows(kvkNummer=BOUW, velden=["hoofdvestiging.adressen.nummeraanduidingIdentificatie"]))[0]
    await kvk.rows(kvkNummer=BOUW, velden=["hoofdvestiging.adressen.postcode"])
    await kvk.rows(vestigingsnummer="999900000022", velden=["vestigingen.adressen"])
    await kvk.rows(kvkNummer=BOUW, velden=["statutaireNaam", "eigenaar.adressen.plaats"])

    assert [each.query.get("geoData") for each in kvk.called] == ["true", None, "true", None]
    assert row["_embedded"]["hoofdvestiging"]["adressen"][0]["geoData"]["nummerAanduidingId"] == "9999200000000011"


@pytest.mark.parametrize(
    ("question", "velden"),
    [
        ({"kvkNummer": BAKKER}, ["hoofdvestiging.adressen"]),
        ({"kvkNummer": BAKKER}, ["statutaireNaam", "hoofdvestiging.adressen"]),
        ({"kvkNummer": BAKKER}, ["vestigingen.adressen.volledigAdres"]),
        ({"kvkNummer": BAKKER}, ["vestigingen"]),
        ({"kvkNummer": BAKKER}, None),
        ({"vestigingsnummer": "999900000011"}, None),
        ({"naam": "Zuurdesem"}, ["vestigingen", "hoofdvestiging"]),
        ({"naam": "Zuurdesem", "type": "hoofdvestiging"}, ["vestigingen.adressen"]),
    ],
)
async def test_a_shielded_address_is_withheld(question: dict[str, Any], velden: list[str] | None) -> None:
    """By no way of asking does it come out; that there is one does."""
    told = str(await Kvk().rows(**question, velden=velden))
    allowed = str(await Kvk(options=Options(afgeschermde_adressen=True)).rows(**question, velden=velden))

    assert "Dorpsstraat" not in told
    assert "9999AA" not in told
    assert "'Ja'" in told
    assert "Dorpsstraat" in allowed


async def test_an_address_that_does_not_say_that_it_is_open_is_shielded() -> None:
    """What a source forgets to say is not given away."""
    profiel = {**INSCHRIJVINGEN[1].profielen[0]}
    profiel["adressen"] = [{name: value for name, value in profiel["adressen"][0].items() if name != "indAfgeschermd"}]
    kvk = Kvk(create(data=[INSCHRIJVINGEN[1]._replace(profielen=(profiel,))]))
    row = (await kvk.rows(vestigingsnummer="999900000021", velden=["vestigingen.adressen"]))[0]

    assert row["vestigingen"][0]["adressen"] == [{"type": "bezoekadres", "indAfgeschermd": "Ja"}]


async def test_with_a_type_each_branch_is_one_in_the_answer() -> None:
    """Without, each company is, with those of its branches that fit."""
    by_type = await Kvk().rows(naam="luchtkasteel", type="nevenvestiging", velden=["type", *NUMMERS])
    by_name = await Kvk().rows(naam="luchtkasteel", velden=["naam", *NUMMERS])

    assert [(row["type"], branches(row)) for row in by_type] == [("nevenvestiging", ["23"])]
    assert [(row["naam"], "type" in row, branches(row)) for row in by_name] == [
        ("Luchtkasteel Bouw", False, ["21", "23"])
    ]


async def test_the_name_of_a_branch_is_not_that_of_its_company() -> None:
    """Found by a nevenvestiging, the company has its own name; the branch the one that was found."""
    by_number = (await Kvk().rows(vestigingsnummer="999900000022", velden=["naam", "vestigingen.naam"]))[0]
    by_name = (await Kvk().rows(naam="morgana", velden=["naam", "vestigingen.naam"]))[0]

    for row in (by_number, by_name):
        assert row["naam"] == "Luchtkasteel Bouw"
        assert row["vestigingen"][0]["naam"] == "Fata Morgana Advies"


async def test_a_former_name_finds_it_and_is_said() -> None:
    """So that who asks sees why it was found."""
    rows = await Kvk().rows(naam="zandkasteel", velden=["naam", "vervallenNaam"])

    assert [(row["naam"], row["vervallenNaam"]) for row in rows] == [("Luchtkasteel Bouw", "Zandkasteel Aannemers")]


async def test_a_company_that_has_ended_is_what_the_search_says() -> None:
    """It has no profile (IPD0005): that takes nothing away from what was found."""
    rows = await Kvk().rows(kvkNummer=GEWEEST, inclusiefInactieve=True, velden=["naam", "actief", "statutaireNaam"])

    assert rows == [{"kvkNummer": GEWEEST, "naam": "Verleden Tijd B.V.", "actief": "Nee"}]


async def test_pages_are_read_until_there_is_enough() -> None:
    """A branch is one hit, so reading stops; a company is whole when all are read."""
    kvk = Kvk(create(data=[keten(35)], page_size_max=100))
    first = await kvk.answer(naam="Overal", type="nevenvestiging", maximum=5, velden=NUMMERS)
    assert ([branches(row) for row in first["bedrijven"]], first["meer"]) == ([[f"0{nr}"] for nr in range(2, 7)], True)

    last = first["bedrijven"][-1]["vestigingen"][0]["vestigingsnummer"]
    rest = await kvk.answer(naam="Overal", type="nevenvestiging", na=last, velden=NUMMERS)
    assert (len(rest["bedrijven"]), rest["meer"]) == (29, False)


async def test_of_a_search_no_more_than_a_thousand_can_be_seen() -> None:
    """It says that there is more, and past the last asks for a narrower question."""
    kvk = Kvk(create(data=[keten(1201)]))
    answer = await kvk.answer(naam="Overal", type="nevenvestiging", velden=NUMMERS)
    last = answer["bedrijven"][-1]["vestigingen"][0]["vestigingsnummer"]

    assert (len(answer["bedrijven"]), answer["meer"]) == (1000, True)
    assert len(kvk.called) == 10
    with pytest.raises(TargetRefused, match="1000"):
        await kvk.answer(naam="Overal", type="nevenvestiging", na=last, velden=NUMMERS)


async def test_profiles_have_a_limit() -> None:
    """More than a hundred branches are not read one by one; their list is."""
    kvk = Kvk(create(data=[keten(101)]))
    with pytest.raises(TargetRefused, match="100 branches"):
        await kvk.rows(kvkNummer="99990090", velden=["vestigingen.adressen.postcode"])

    row = (await kvk.rows(kvkNummer="99990090", velden=["vestigingen.adressen.volledigAdres"]))[0]
    assert len(row["vestigingen"]) == 101

    some = await kvk.answer(naam="Overal", type="nevenvestiging", velden=["vestigingen.adressen.postcode"])
    assert (len(some["bedrijven"]), some["meer"]) == (100, False)
    assert 1 < kvk.most <= 8


async def test_companies_are_ordered_by_what_a_search_says() -> None:
    """By name or number; the rest is known too late."""
    place = {"plaats": "Voorbeelddorp"}
    rows = await Kvk().rows(**place, volgorde=["-naam"], velden=["naam"])
    names = [row["naam"] for row in rows]

    assert names == sorted(names, key=str.casefold, reverse=True)
    with pytest.raises(TargetRefused, match="ordered"):
        await Kvk().rows(**place, volgorde=["datumAanvang"], velden=["naam"])


@pytest.mark.parametrize(
    "question",
    [
        {},
        {"type": "rechtspersoon"},
        {"postcode": "9999AA"},
        {"huisnummer": 1, "plaats": "Voorbeelddorp"},
        {"postcode": "9999AA", "postbusnummer": 1, "huisletter": "A"},
        {"kvkNummer": "../1"},
        {"vestigingsnummer": "21"},
    ],
)
async def test_a_question_without_a_way_is_refused_before_asking(question: dict[str, Any]) -> None:
    """The KVK is not asked what it cannot answer, and nothing leaves the service's own path."""
    kvk = Kvk()
    with pytest.raises(TargetRefused) as refused:
        await kvk.answer(**question)

    assert refused.value.code == "ongeldige-vraag"
    assert not kvk.called


@pytest.mark.parametrize(
    ("status", "code", "kind", "said"),
    [
        (404, "IPD1002", TargetUnavailable, "tijdelijk-niet-beschikbaar"),
        (404, "IPD1003", TargetUnavailable, "tijdelijk-niet-beschikbaar"),
        (400, "IPD0004", TargetRefused, "ongeldige-vraag"),
        (400, "IPD0006", TargetRefused, "ongeldige-vraag"),
        (400, "IPD0007", TargetRefused, "ongeldige-vraag"),
        (400, "IPD0010", TargetRefused, "ongeldige-vraag"),
        (400, "IPD1998", TargetRefused, "ongeldige-vraag"),
        (400, "IPD1999", TargetRefused, "ongeldige-vraag"),
        (500, "IPD9999", TargetUnavailable, "bron-faalt"),
        (404, "IPD0001", TargetMisconfigured, "contract-verbroken"),
        (401, "401", TargetMisconfigured, "niet-gemachtigd"),
        (403, "403", TargetMisconfigured, "niet-gemachtigd"),
        (429, "429", TargetUnavailable, "te-veel-vragen"),
        (503, "503", TargetUnavailable, "tijdelijk-niet-beschikbaar"),
    ],
)
async def test_what_goes_wrong_there_has_one_kind(status: int, code: str, kind: type[TargetFailed], said: str) -> None:
    """Whose turn it is follows from the code; its sentence, which repeats what was asked, goes nowhere."""
    kvk = Kvk()
    fault = {"fout": [{"code": code, "omschrijving": f"Op basis van {BAKKER} GEHEIM kan dit niet."}]}
    kvk.simulator.misbehave(Gedrag(kind="answer", status=status, body=fault))
    with pytest.raises(kind) as failed:
        await kvk.answer(naam="geheim")

    assert failed.value.code == said
    assert "GEHEIM" not in f"{failed.value} {failed.value.advice}"
    assert BAKKER not in f"{failed.value} {failed.value.advice}"


async def test_a_registration_under_work_is_asked_again_after_five_minutes() -> None:
    """IPD1003 comes with a 404, and is not taken for nothing found."""
    with pytest.raises(TargetUnavailable) as later:
        await Kvk().answer(kvkNummer=BEZIG)

    assert later.value.retry_after_s == 300


@pytest.mark.parametrize("code", ["IPD5200", "IPD0005", "IPD0007"])
async def test_nothing_found_is_an_empty_answer(code: str) -> None:
    """Also for a number that is known but has no profile."""
    kvk = Kvk()
    body = {"fout": [{"code": code, "omschrijving": ""}]}
    kvk.simulator.misbehave(Gedrag(kind="answer", status=404, body=body, path=re.compile("profielen"), times=None))

    assert await kvk.answer(kvkNummer="12345678", velden=["statutaireNaam"]) == {"bedrijven": [], "meer": False}
    assert await kvk.answer(vestigingsnummer="999900000021", velden=["vestigingen.adressen"]) == {
        "bedrijven": [], "meer": False,
    }  # fmt: skip


@pytest.mark.parametrize("velden", [["hoofdvestiging.adressen"], ["vestigingen.vestigingsnummer"], ["vestigingen"]])
async def test_a_company_without_what_is_wanted_of_it_is_there_all_the_same(velden: list[str]) -> None:
    """A rechtspersoon without branches is not nobody; it costs a search to tell the two apart."""
    kvk = Kvk()
    kvk.simulator.misbehave(
        Gedrag(
            kind="answer",
            status=404,
            body={"fout": [{"code": "IPD0005", "omschrijving": ""}]},
            path=re.compile("vestigingen$"),
            times=None,
        )
    )

    assert [row["kvkNummer"] for row in await kvk.rows(kvkNummer=BUITEN, velden=velden)] == [BUITEN]
    assert await kvk.rows(kvkNummer="12345678", velden=velden) == []


@pytest.mark.parametrize(
    ("gedrag", "kind"),
    [
        *NO_ANSWERS,
        (Gedrag(kind="answer", status=404, body={"message": "no route"}), TargetMisconfigured),
        (Gedrag(kind="answer", status=200, body={"resultaten": [], "totaal": "0"}), TargetMisconfigured),
        (Gedrag(kind="answer", status=200, body={"totaal": 1}), TargetMisconfigured),
        (Gedrag(kind="answer", status=200, body={"totaal": 1, "resultaten": [{"naam": "x"}]}), TargetMisconfigured),
    ],
)
async def test_what_is_no_answer_is_not_read(gedrag: Gedrag, kind: type[TargetFailed]) -> None:
    """Half an answer, a login page, a redirect, another contract: none is taken for an empty answer."""
    kvk = Kvk()
    kvk.simulator.misbehave(gedrag)
    with pytest.raises(kind):
        await kvk.answer(naam="luchtkasteel")


async def test_a_field_that_is_new_changes_nothing() -> None:
    """What the schema does not know yet is passed over."""
    kvk = Kvk()
    kvk.simulator.misbehave(Gedrag(kind="extra", times=None))

    assert [row["kvkNummer"] for row in await kvk.rows(naam="luchtkasteel")] == [BOUW]


async def test_a_check_tells_a_wrong_key_and_asks_about_nobody() -> None:
    """Well is nothing to say; the number it asks by is nobody's."""
    well, wrong = Kvk(), Kvk(key="other")
    assert await well.lookup.check(well) == []
    told = await wrong.lookup.check(wrong)

    assert len(told) == 1
    assert "target.auth" in told[0]
    assert well.called[0].query == {"kvkNummer": "00000000"}
