"""Questions to the BAG: one way of asking, no more calls than the fields need, and what goes wrong."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.bag.lookup import create as create_lookup
from adapters.bag.options import Options
from adapters.bag.simulator import ADRESSEN, BASE, KEY, KEY_HEADER, Gedrag, Limits, create
from adapters.bag.simulator.app import Simulator
from hub.errors import TargetFailed, TargetMisconfigured, TargetRefused, TargetUnavailable
from tests.support.source import KINDS, NO_ANSWERS, Source

QUESTION = "nl.adressen.adressen-opvragen.v1"
TOREN = "9999100000000900"
LINES = ["postcode", "huisnummer", "huisletter", "huisnummertoevoeging"]


class Bag(Source):
    """A BAG, and what asks it."""

    def __init__(self, simulator: Simulator | None = None, options: Options | None = None, key: str = KEY) -> None:
        super().__init__(simulator or create(), base=BASE, headers={KEY_HEADER: key})
        self.lookup = create_lookup(options or Options())

    async def found(self, **question: Any) -> list[str]:  # noqa: ANN401 - a question is JSON
        """Ask, and give the numbers of what was found."""
        return numbers(await self.ask(self.lookup, QUESTION, **question))

    async def answer(self, **question: Any) -> dict[str, Any]:  # noqa: ANN401 - the same
        return await self.ask(self.lookup, QUESTION, **question)


def numbers(answer: dict[str, Any]) -> list[str]:
    return [row["nummeraanduidingIdentificatie"][-4:].lstrip("0") for row in answer["adressen"]]


def written(number: int) -> str:
    return f"999920{number:010}"


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ({"nummeraanduidingIdentificatie": written(7)}, ["7"]),
        ({"nummeraanduidingIdentificatie": written(999)}, []),
        ({"adresseerbaarObjectIdentificatie": "9999010000000007"}, ["7", "8"]),
        ({"postcode": "9999 aa", "huisnummer": 1}, ["1", "2", "3", "4", "5"]),
        ({"postcode": "9999AA", "huisnummer": 1, "huisletter": "a"}, ["2", "3", "4"]),
        ({"postcode": "9999AA", "huisnummer": 1, "huisletter": "A", "huisnummertoevoeging": "2"}, ["4"]),
        ({"postcode": "9999AA", "huisnummer": 3, "huisnummertoevoeging": "BIS"}, ["6"]),
        ({"openbareRuimteNaam": "Dorpsstraat", "woonplaatsNaam": "Voorbeelddorp", "huisnummer": 14}, ["8"]),
        ({"openbareRuimteNaam": "Café-Zuidhoeképlein", "woonplaatsNaam": "Voorbeelddorp", "huisnummer": 7}, ["9"]),
        ({"zoekterm": "dorpsstraat 3"}, ["6"]),
        ({"zoekterm": "nergens"}, []),
    ],
)
async def test_every_way_of_asking_finds_the_address(question: dict[str, Any], found: list[str]) -> None:
    """By number, object, postcode, street or a term; unknown is an empty answer."""
    assert await Bag().found(**question) == found


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ({"postcode": "9999AA", "huisnummer": 1, "huisletter": None, "huisnummertoevoeging": None}, ["1"]),
        ({"postcode": "9999AA", "huisnummer": 1, "huisletter": "A", "huisnummertoevoeging": None}, ["2"]),
        ({"postcode": "9999AA", "huisnummer": 1, "huisnummertoevoeging": None}, ["1", "2", "5"]),
    ],
)
async def test_null_is_an_address_without_it(question: dict[str, Any], found: list[str]) -> None:
    """Absent is any letter, null is none: with both said it is the exact address."""
    assert await Bag().found(**question) == found


async def test_a_connection_may_want_the_exact_address_always() -> None:
    """Then a house number without letter is the house itself."""
    bag = Bag(options=Options(exacte_match=True))

    assert await bag.found(postcode="9999AA", huisnummer=1) == ["1"]
    assert bag.called[0].query["exacteMatch"] == "true"


async def test_criteria_that_the_bag_takes_no_part_in_are_looked_at_here() -> None:
    """The BAG takes one combination; a question has all its criteria kept."""
    bag = Bag()

    assert await bag.found(nummeraanduidingIdentificatie=written(7), postcode="9999ZZ") == []
    assert await bag.found(pandIdentificatie=TOREN, huisnummer=4) == ["104"]
    assert await bag.found(zoekterm="voorbeelddorp", postcode="9999AD") == ["10", "11"]
    assert await bag.found(adresseerbaarObjectIdentificatie="9999010000000007", openbareRuimteNaam="dorpsstraat") == [
        "8"
    ]
    assert await bag.found(nummeraanduidingIdentificatie=written(6), pandIdentificatie="9999100000000007") == ["6"]


async def test_only_the_fields_of_an_object_need_adressenuitgebreid() -> None:
    """What stands in /adressen is asked there."""
    bag = Bag()
    await bag.answer(postcode="9999AA", huisnummer=14, velden=LINES)
    await bag.answer(postcode="9999AA", huisnummer=14, velden=[*LINES, "oppervlakte"])
    await bag.answer(nummeraanduidingIdentificatie=written(8), velden=LINES)
    await bag.answer(nummeraanduidingIdentificatie=written(8))

    assert bag.paths == [
        "adressen", "adressenuitgebreid", f"adressen/{written(8)}", f"adressenuitgebreid/{written(8)}",
    ]  # fmt: skip


async def test_of_a_pand_the_objects_are_read_one_by_one_a_few_at_a_time() -> None:
    """/adressenuitgebreid takes no pand; only those that are given are read."""
    bag = Bag()
    answer = await bag.answer(pandIdentificatie=TOREN, maximum=10, velden=["oppervlakte"])

    assert len(answer["adressen"]) == 10
    assert answer["meer"] is True
    assert answer["adressen"][0]["oppervlakte"] == 161
    assert bag.paths == ["adressen", *(f"adressenuitgebreid/{written(nr)}" for nr in range(101, 111))]
    assert 1 < bag.most <= 8


async def test_pages_are_read_until_there_is_enough() -> None:
    """One more than asked for says that there is more; without a maximum all are read."""
    bag = Bag(create(page_size_max=10))

    first = await bag.answer(pandIdentificatie=TOREN, maximum=12, velden=LINES)
    assert (len(first["adressen"]), first["meer"], len(bag.called)) == (12, True, 2)

    whole = await bag.answer(pandIdentificatie=TOREN, velden=LINES)
    assert (len(whole["adressen"]), whole["meer"], len(bag.called)) == (25, False, 5)
    assert [each.query["page"] for each in bag.called] == ["1", "2", "1", "2", "3"]
    assert {each.query["pageSize"] for each in bag.called} == {"100"}


async def test_a_next_question_goes_on_after_the_last() -> None:
    """`na` and `maximum` walk through everything once."""
    bag = Bag(create(page_size_max=10))
    seen: list[str] = []
    after: dict[str, str] = {}
    for _ in range(9):
        answer = await bag.answer(pandIdentificatie=TOREN, maximum=10, velden=LINES, **after)
        seen += numbers(answer)
        if not answer["meer"]:
            break
        after = {"na": answer["adressen"][-1]["nummeraanduidingIdentificatie"]}

    assert seen == [str(number) for number in range(101, 126)]


async def test_going_on_after_what_is_gone_is_refused() -> None:
    """Where to go on is not guessed."""
    with pytest.raises(TargetRefused, match="go on"):
        await Bag().answer(pandIdentificatie=TOREN, na=written(7))


async def test_an_order_is_kept_over_pages() -> None:
    """By more than one field, `-` for descending, numbers as numbers; also by a field of the object."""
    bag = Bag(create(page_size_max=10))

    assert await bag.found(pandIdentificatie=TOREN, volgorde=["-huisnummer"], maximum=2) == ["125", "124"]
    assert await bag.found(postcode="9999AA", huisnummer=1, volgorde=["huisnummertoevoeging", "-huisletter"]) == [
        "3", "4", "5", "2", "1",
    ]  # fmt: skip
    assert await bag.found(pandIdentificatie=TOREN, volgorde=["-oppervlakte"], maximum=1, velden=LINES) == ["125"]


async def test_a_term_costs_no_more_than_its_limit() -> None:
    """Of a term that finds too much the first are looked up, and it says that there is more."""
    many = [{**ADRESSEN[0], "nummeraanduidingIdentificatie": written(number)} for number in range(1, 71)]
    bag = Bag(create(data=many))
    answer = await bag.answer(zoekterm="dorpsstraat", velden=LINES)

    assert (len(answer["adressen"]), answer["meer"], len(bag.called)) == (20, True, 21)
    with pytest.raises(TargetRefused, match="more than 20 were found"):
        await bag.answer(zoekterm="dorpsstraat", na=answer["adressen"][-1]["nummeraanduidingIdentificatie"])


@pytest.mark.parametrize(
    "question",
    [
        {},
        {"postcode": "9999AA"},
        {"huisnummer": 1, "huisletter": "A"},
        {"openbareRuimteNaam": "Dorpsstraat", "woonplaatsNaam": "Voorbeelddorp"},
        {"zoekterm": ""},
        {"nummeraanduidingIdentificatie": "../panden/9999100000000001"},
    ],
)
async def test_a_question_without_a_way_is_refused_before_asking(question: dict[str, Any]) -> None:
    """The BAG is not asked what it cannot answer, and nothing leaves the service's own path."""
    bag = Bag()
    with pytest.raises(TargetRefused) as refused:
        await bag.answer(**question)

    assert refused.value.code == "ongeldige-vraag"
    assert not bag.called
    assert "Dorpsstraat" not in str(refused.value)


async def test_a_value_that_the_bag_does_not_take_is_the_fault_of_who_asks() -> None:
    """The parameter is named, its value is not."""
    with pytest.raises(TargetRefused) as refused:
        await Bag().answer(postcode="GEHEIM", huisnummer=123456)

    assert "postcode: pattern" in refused.value.reason
    assert "GEHEIM" not in f"{refused.value} {refused.value.advice}"


@pytest.mark.parametrize(("status", "kind", "code"), KINDS)
async def test_what_goes_wrong_there_has_one_kind(status: int, kind: type[TargetFailed], code: str) -> None:
    """Whose turn it is follows from the status and the code of the BAG."""
    bag = Bag()
    bag.simulator.misbehave(Gedrag(kind="answer", status=status, retry_after_s=7))
    with pytest.raises(kind) as failed:
        await bag.answer(postcode="9999AA", huisnummer=1)

    assert failed.value.code == code
    if isinstance(failed.value, TargetUnavailable):
        assert failed.value.retry_after_s == 7
    assert "9999AA" not in str(failed.value)


async def test_a_wrong_path_is_no_empty_answer() -> None:
    """A 404 without the code of the BAG is a mistake in the connection, not an address that is not there."""
    bag = Bag()
    bag.simulator.misbehave(Gedrag(kind="answer", status=404, body={"message": "no route"}))
    with pytest.raises(TargetMisconfigured):
        await bag.answer(nummeraanduidingIdentificatie=written(1))


@pytest.mark.parametrize(("gedrag", "kind"), NO_ANSWERS)
async def test_what_is_no_answer_is_not_read(gedrag: Gedrag, kind: type[TargetFailed]) -> None:
    """Half an answer, a login page, a redirect: none is taken for an empty answer."""
    bag = Bag()
    bag.simulator.misbehave(gedrag)
    with pytest.raises(kind):
        await bag.answer(postcode="9999AA", huisnummer=1)


@pytest.mark.parametrize(
    "body",
    [
        {"adressen": []},
        {"_embedded": []},
        {"_embedded": {"adressen": {}}},
        {"_embedded": {"adressen": [{"huisnummer": 1}]}},
        {"_embedded": {"adressen": [{"huisnummer": "1", "nummeraanduidingIdentificatie": "x"}]}},
    ],
)
async def test_an_answer_of_another_contract_is_told(body: dict[str, Any]) -> None:
    """A list that is not where the schema puts it is no empty list."""
    bag = Bag()
    bag.simulator.misbehave(Gedrag(kind="answer", status=200, body=body))
    with pytest.raises(TargetMisconfigured) as broken:
        await bag.answer(postcode="9999AA", huisnummer=1)

    assert broken.value.code == "contract-verbroken"


async def test_a_field_that_is_new_changes_nothing() -> None:
    """What the schema does not know yet is passed over."""
    bag = Bag()
    bag.simulator.misbehave(Gedrag(kind="extra"))

    assert await bag.found(postcode="9999AA", huisnummer=14) == ["8"]


async def test_the_limits_of_the_key_say_how_long_to_wait() -> None:
    """Above 50 a second it is the second that is waited for; when the day is used up, the day."""
    second = Bag(create(limits=Limits(per_second=1)))
    day = Bag(create(limits=Limits(per_day=1)))
    waits = []
    for bag in (second, day):
        await bag.answer(postcode="9999AA", huisnummer=14)
        with pytest.raises(TargetUnavailable) as busy:
            await bag.answer(postcode="9999AA", huisnummer=14)
        waits.append(busy.value.retry_after_s)

    assert waits[0] == 1
    assert waits[1] is not None
    assert waits[1] > 86_000


async def test_a_check_tells_a_wrong_key_and_asks_about_nobody() -> None:
    """Well is nothing to say."""
    assert await create_lookup(Options()).check(Bag()) == []
    wrong = Bag(key="other")
    told = await create_lookup(Options()).check(wrong)

    assert len(told) == 1
    assert "target.auth" in told[0]
    assert wrong.paths == ["info"]
