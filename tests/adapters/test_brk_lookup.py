"""Questions to the BRK: one way of finding land, then only the calls that the fields need, beside each other."""

from __future__ import annotations

import re
from typing import Any

import orjson
import pytest

from adapters.brk.simulator import ZAKEN, Zaak, create
from hub.config.policy import BRK_ZAKEN_MAX
from hub.errors import TargetMisconfigured, TargetRefused, TargetUnavailable, TargetUncertain
from hub.ports.contracts import Response
from hub.ports.simulator import Gedrag
from tests.support.landregisters import BOUW, BRK, DUINROOS, FIRST_BRK, ZEEWIER, Far

PATH = "kadastraalonroerendezaken"
SPLIT = "inclusiefKadastraalOnroerendeZakenUitSplitsing"


def written(*numbers: str) -> list[str]:
    """Write numbers of land: `4`, or `4.2` for the second apartment on it."""
    parts = [each.partition(".") for each in numbers]
    return [f"9999{int(number):06}7{int(index or 0):04}" for number, _, index in parts]


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ({"identificatie": FIRST_BRK}, ["1"]),
        ({"identificatie": "999900999970000"}, []),
        ({"burgerservicenummer": ZEEWIER}, ["1", "2"]),
        ({"burgerservicenummer": "999990032"}, []),
        ({"rsin": BOUW, "kadastraleAanduiding": "voorbeelddorp a 3"}, ["3"]),
        ({"kadastraleAanduiding": "Voorbeelddorp A 4"}, ["4"]),
        ({"kadastraleAanduiding": "Voorbeelddorp A 4", SPLIT: True}, ["4", "4.1", "4.2"]),
        ({"kadastraleAanduiding": "VBD00 A 4 A1"}, ["4.1"]),
        ({"nummeraanduidingIdentificatie": "9999200000000003"}, ["2"]),
        ({"postcode": "9999 aa"}, ["1", "2", "4.1"]),
        ({"postcode": "9999AA", "huisnummer": 1}, ["1", "2"]),
        ({"postcode": "9999AA", "huisnummer": 1, "huisletter": "a", "huisnummertoevoeging": "1"}, ["2"]),
        ({"postcode": "9999ZZ"}, []),
    ],
)
@pytest.mark.parametrize("velden", [None, ["koopsom.koopsom"], ["zakelijkGerechtigden.type"]])
async def test_every_way_of_asking_finds_the_land(
    question: dict[str, Any], found: list[str], velden: list[str] | None
) -> None:
    """By number, by who has a right on it, by name or address; unknown is an empty answer."""
    assert await Far(BRK).numbers(**question, velden=velden) == written(*found)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ({"postcode": "9999AA", "huisnummer": 1, "huisletter": None}, ["1"]),
        ({"postcode": "9999AA", "huisletter": "A", "huisnummertoevoeging": None}, ["2"]),
        ({"burgerservicenummer": ZEEWIER, "identificatie": FIRST_BRK}, ["1"]),
        ({"burgerservicenummer": DUINROOS, "postcode": "9999AA", "huisnummer": 3}, ["4.1"]),
        ({"burgerservicenummer": ZEEWIER, "adresseerbaarObjectIdentificatie": "9999010000000003"}, ["2"]),
        # One of its addresses has the number, another the letter: none has both.
        ({"burgerservicenummer": ZEEWIER, "huisletter": "A", "huisnummertoevoeging": "2"}, []),
        ({"rsin": BOUW, "postcode": "9999AE", "huisnummer": 7}, ["9.7"]),
    ],
)
async def test_criteria_that_the_brk_does_not_look_at_are_looked_at_here(
    question: dict[str, Any], found: list[str]
) -> None:
    """One category is asked; nothing else of the question is left out, and null is an address without it."""
    assert await Far(BRK).numbers(**question, velden=["koopsom"]) == written(*found)


async def test_the_number_of_a_person_is_in_the_body_and_nowhere_else() -> None:
    """A POST where the BRK has it, and never a URL: also not of what is read afterwards."""
    far = Far(BRK)
    rows = await far.rows(burgerservicenummer=ZEEWIER, velden=["zakelijkGerechtigden.persoon", "koopsom"])

    sent = far.simulator.requests[0]
    assert (far.called[0].method, orjson.loads(sent.body)) == (
        "POST", {"burgerservicenummer": ZEEWIER, "fields": "identificatie,koopsom"},
    )  # fmt: skip
    assert len(rows) == 2
    assert not [each.path for each in far.simulator.requests if ZEEWIER in f"{each.path}{each.query}"]


@pytest.mark.parametrize(
    ("velden", "calls"),
    [
        (["koopsom.koopsom"], [(PATH, "identificatie,koopsom.koopsom")]),
        (["aardCultuurBebouwd.omschrijving"], [(PATH, "identificatie,aardCultuurBebouwd")]),
        (
            ["zakelijkGerechtigden.persoon.burgerservicenummer"],
            [(PATH, "identificatie"), ("zakelijkgerechtigden", "persoon.identificatie,persoon.type")],
        ),
        (
            ["zakelijkGerechtigden.persoon.omschrijving", "zakelijkGerechtigden.tenaamstelling.aandeel"],
            [(PATH, "identificatie"), ("zakelijkgerechtigden", "persoon.omschrijving,tenaamstelling.aandeel")],
        ),
        (
            ["hypotheken.bedragZekerheidsstelling"],
            [(PATH, "identificatie"), ("hypotheken", "bedragZekerheidsstelling")],
        ),
        (
            ["hypotheken.hypotheekhouders.rechtsvorm.omschrijving"],
            [
                (PATH, "identificatie"),
                ("hypotheken", "hypotheekhouders.identificatie,hypotheekhouders.type"),
                ("kadasternietnatuurlijkpersonen", "rechtsvorm"),
            ],
        ),
        (["beslagen"], [(PATH, "identificatie"), ("beslagen", "")]),
        (["privaatrechtelijkeBeperkingen.aard"], [(PATH, "identificatie"), ("privaatrechtelijkebeperkingen", "aard")]),
        (
            ["publiekrechtelijkeBeperkingen.grondslag"],
            [(PATH, "identificatie"), ("publiekrechtelijkebeperkingen", "grondslag")],
        ),
        (None, [(PATH, "")]),
    ],
)
async def test_only_the_calls_that_the_fields_need_are_made(
    velden: list[str] | None, calls: list[tuple[str, str]]
) -> None:
    """Nobody is looked up for who asks about land; of a part no more is asked than is wanted of it."""
    far = Far(BRK)
    await far.answer(identificatie=FIRST_BRK, velden=velden)

    names = [each.path.replace(f"/{FIRST_BRK}", "").partition("/") for each in far.called]
    made = [first if first != PATH or not rest else rest for first, _, rest in names]
    assert list(zip(made, [each.query.get("fields", "") for each in far.called], strict=True)) == calls


async def test_parts_of_several_are_read_beside_each_other() -> None:
    """A few at a time, and each stands with its own land."""
    far = Far(BRK)
    rows = await far.rows(rsin=BOUW, velden=["zakelijkGerechtigden.identificatie", "hypotheken.identificatie"])

    assert len(far.called) == 1 + 2 * len(rows)
    assert 1 < far.most <= 8
    shown = {each.zaak["identificatie"]: each.shown().get("zakelijkGerechtigdeIdentificaties") for each in ZAKEN}
    given = {row["identificatie"]: [each["identificatie"] for each in row["zakelijkGerechtigden"]] for row in rows}
    assert given == {number: shown[number] for number in given}


async def test_an_organisation_is_read_once_wherever_it_stands() -> None:
    """Only those that no other register has, and only what is wanted of them."""
    far = Far(BRK)
    [row] = await far.rows(identificatie=written("3")[0], velden=["zakelijkGerechtigden.persoon.rsin"])
    persons = [each["persoon"] for each in row["zakelijkGerechtigden"]]

    assert far.paths[2:] == ["kadasternietnatuurlijkpersonen/70009991"]
    assert persons[1]["identificatie"] == BOUW
    assert "rsin" not in persons[0]

    far = Far(BRK)
    [row] = await far.rows(burgerservicenummer=ZEEWIER, velden=["hypotheken.hypotheekhouders.kvkNummer"], maximum=1)
    assert row["hypotheken"][0]["hypotheekhouders"] == [
        {"identificatie": "70009992", "type": "kadaster_niet_natuurlijk_persoon", "kvkNummer": "99990077"}
    ]


async def test_an_organisation_that_is_gone_stays_as_it_was_found() -> None:
    """Its name is known, and no more."""
    far = Far(BRK, create(organisaties={}))
    [row] = await far.rows(identificatie=written("3")[0], velden=["zakelijkGerechtigden"])

    assert row["zakelijkGerechtigden"][0]["persoon"]["omschrijving"] == "Parochie van de Heilige Fictie"


async def test_land_of_which_parts_are_read_is_limited() -> None:
    """The rest is asked for with `na`; without parts there is no such limit."""
    many = [Zaak({**ZAKEN[0].zaak, "identificatie": written(str(number))[0]}) for number in range(1, BRK_ZAKEN_MAX + 3)]
    far = Far(BRK, create(data=many, results_max=1_000))

    whole = await far.answer(postcode="9999AA", velden=["identificatie"])
    cut = await far.answer(postcode="9999AA", velden=["beslagen.aard"])
    assert (len(whole[BRK.found]), whole["meer"]) == (BRK_ZAKEN_MAX + 2, False)
    assert (len(cut[BRK.found]), cut["meer"]) == (BRK_ZAKEN_MAX, True)

    rest = await far.answer(postcode="9999AA", velden=["beslagen.aard"], na=cut[BRK.found][-1]["identificatie"])
    assert (len(rest[BRK.found]), rest["meer"]) == (2, False)


async def test_more_organisations_than_are_read_for_one_question_are_refused() -> None:
    """It would be an extract of a register; nothing of them is read then."""
    kerk = ZAKEN[2].delen["zakelijkGerechtigden"][0]
    many = [{**kerk, "persoon": {**kerk["persoon"], "identificatie": str(number)}} for number in range(101)]
    far = Far(BRK, create(data=[ZAKEN[2]._replace(delen={"zakelijkGerechtigden": many})]))
    with pytest.raises(TargetRefused, match="more than 100 organisations"):
        await far.answer(identificatie=written("3")[0], velden=["zakelijkGerechtigden.persoon.rechtsvorm"])

    assert len(far.called) == 2


@pytest.mark.parametrize(
    "question",
    [
        {},
        {"huisnummer": 1},
        {"adresseerbaarObjectIdentificatie": "9999010000000003"},
        {"identificatie": "../stukken/1"},
        {"burgerservicenummer": "99999001"},
        {"burgerservicenummer": ZEEWIER, "rsin": BOUW},
        {"burgerservicenummer": ZEEWIER, "kadastraleAanduiding": "VBD00 A 1"},
        {"postcode": "9999AA", SPLIT: True},
        {"identificatie": FIRST_BRK, "velden": ["eigenaren"]},
    ],
)
async def test_a_question_without_a_way_is_refused_before_asking(question: dict[str, Any]) -> None:
    """What is left out would find others; and nothing of the question is told."""
    far = Far(BRK)
    with pytest.raises(TargetRefused) as refused:
        await far.answer(**question)

    assert refused.value.code == "ongeldige-vraag"
    assert not far.called
    assert ZEEWIER not in f"{refused.value} {refused.value.advice}"


async def test_more_land_than_the_brk_gives_is_refused() -> None:
    """It has no pages: who asks must ask for less."""
    far = Far(BRK, create(results_max=2))
    with pytest.raises(TargetRefused) as refused:
        await far.answer(postcode="9999AE", velden=["identificatie"])

    assert refused.value.code == "te-veel-gevonden"


@pytest.mark.parametrize("path", ["zakelijkgerechtigden", "kadasternietnatuurlijkpersonen"])
@pytest.mark.parametrize("kind", ["answer", "half", "cut"])
async def test_half_an_answer_is_no_answer(path: str, kind: Any) -> None:  # noqa: ANN401 - a name of Gedrag
    """Land without its owners would say that there are none."""
    far = Far(BRK)
    far.simulator.misbehave(Gedrag(kind=kind, path=re.compile(path)))
    with pytest.raises(TargetUnavailable):
        await far.answer(identificatie=written("3")[0], velden=["zakelijkGerechtigden"])


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("", {"identificatie": "999900000270000"}),
        ("", {"identificatie": 7}),
        ("zakelijkgerechtigden", {"zakelijkGerechtigden": []}),
        ("zakelijkgerechtigden", {"_embedded": {"zakelijkGerechtigden": [{"persoon": "Jan Zeewier"}]}}),
        (
            "zakelijkgerechtigden",
            {
                "_embedded": {
                    "zakelijkGerechtigden": [
                        {"persoon": {"type": "kadaster_niet_natuurlijk_persoon", "identificatie": "../x"}}
                    ]
                }
            },
        ),
    ],
)
async def test_an_answer_of_another_contract_is_told(path: str, body: dict[str, Any]) -> None:
    """Other land, a list where the schema has none, a person that is none: and nothing of it is repeated."""
    far = Far(BRK)
    far.simulator.misbehave(Gedrag(kind="answer", status=200, path=re.compile(path), body=body))
    with pytest.raises(TargetMisconfigured) as broken:
        await far.answer(identificatie=FIRST_BRK, velden=["zakelijkGerechtigden"])

    assert broken.value.code == "contract-verbroken"
    assert "Zeewier" not in str(broken.value)


async def test_a_question_that_was_sent_and_not_answered_may_be_asked_again() -> None:
    """A POST changes nothing there: nobody has to look whether it was done."""

    class Silent(Far):
        async def request(self, *_: Any, **__: Any) -> Response:  # noqa: ANN401 - of a Client
            raise TargetUncertain("no answer", code="geen-antwoord")

    with pytest.raises(TargetUnavailable):
        await Silent(BRK).answer(burgerservicenummer=ZEEWIER, velden=["koopsom"])
