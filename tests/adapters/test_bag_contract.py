"""What the adapter asks of the BAG, and what the simulator says, is what the published API has.

Needs the reference data. The published example is asked too, and the rules of exacte_match and foutafhandeling are
those of the feature files.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from adapters.bag.lookup import create as create_lookup
from adapters.bag.options import Options
from adapters.bag.simulator import ADRESSEN, BASE, KEY, KEY_HEADER, Gedrag, Limits, create
from tests.support.openapi import OpenApi
from tests.support.shared import SHARED, needs_shared
from tests.support.source import Source

pytestmark = [needs_shared, pytest.mark.shared]

BAG = SHARED / "standards" / "bag"
QUESTION = "nl.adressen.adressen-opvragen.v1"
FREE = Limits(per_second=10_000)


@cache
def api() -> OpenApi:
    # The schema demands kortNaam and calls it korteNaam; it has no adresregels, which adresregels.feature has. The
    # published example has korteNaam only, and adresregels.
    return OpenApi(
        BAG / "bag-individuele-bevragingen-v2.openapi.yaml",
        forgive=frozenset({"Adres/kortNaam"}),
        besides=frozenset({"adresregel5", "adresregel6"}),
    )


def source(**settings: Any) -> Source:  # noqa: ANN401 - see `create`
    return Source(create(limits=FREE, **settings), base=BASE, headers={KEY_HEADER: KEY})


def wrong_with(far: Source) -> list[str]:
    wrong = []
    for call in far.called:
        body = json.loads(call.answer.body)
        media = call.answer.headers["content-type"]
        assert call.answer.headers["api-version"]
        wrong += api().wrong_with_request(call.method, call.path, call.query, call.headers)
        wrong += api().wrong_with_answer(call.method, call.path, call.answer.status, media, body)
    return wrong


async def test_every_call_and_every_answer_is_one_of_the_api() -> None:
    """Each address by each way of asking, in short and whole, and a check."""
    far = source(page_size_max=10)
    lookup = create_lookup(Options())
    for velden in (["postcode"], None):
        for adres in ADRESSEN:
            letters = {name: adres.get(name) for name in ("huisletter", "huisnummertoevoeging")}
            for question in (
                {"nummeraanduidingIdentificatie": adres["nummeraanduidingIdentificatie"]},
                {"adresseerbaarObjectIdentificatie": adres["adresseerbaarObjectIdentificatie"]},
                {"postcode": adres["postcode"], "huisnummer": adres["huisnummer"], **letters},
                {name: adres[name] for name in ("openbareRuimteNaam", "woonplaatsNaam", "huisnummer")},
                {"zoekterm": f"{adres['postcode']} {adres['huisnummer']}"},
                *({"pandIdentificatie": pand} for pand in adres.get("pandIdentificaties", ())),
            ):
                answer = await far.ask(lookup, QUESTION, velden=velden, **question)
                assert adres["nummeraanduidingIdentificatie"] in {
                    each["nummeraanduidingIdentificatie"] for each in answer["adressen"]
                }
    await lookup.check(far)

    assert wrong_with(far) == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 406, 429, 500, 503])
async def test_every_problem_is_one_of_the_api(status: int) -> None:
    """Also those that the simulator gives on order."""
    far = source()
    far.simulator.misbehave(Gedrag(kind="answer", status=status))
    await far.request("GET", "bag", "adressen", query={"postcode": "9999AA", "huisnummer": "1"})

    assert wrong_with(far) == []


async def test_the_published_example_is_answered_as_published() -> None:
    """The simulator with the address of the example gives the example: its fields and its links."""
    example = json.loads((BAG / "examples" / "getting-started-1.json").read_text(encoding="utf-8"))
    published = example["_embedded"]["adressen"][0]
    adres = {name: value for name, value in published.items() if name != "_links"}
    far = source(data=[adres])
    question = {"postcode": "2631CR", "huisnummer": 15, "huisletter": "C", "huisnummertoevoeging": None}
    answer = await far.ask(create_lookup(Options()), QUESTION, velden=["postcode"], **question)

    given = answer["adressen"][0]
    assert {name: given[name] for name in adres} == adres
    assert given["_links"].keys() == published["_links"].keys()
    assert api().wrong_with_answer("GET", "adressen", 200, "application/hal+json", example) == []


def _matches() -> list[dict[str, str]]:
    """Give the addresses of the background of exacte_match.feature."""
    lines = (BAG / "features" / "exacte_match.feature").read_text(encoding="utf-8").splitlines()
    begin = next(nr for nr, line in enumerate(lines) if line.strip().startswith("| postcode"))
    names = [cell.strip() for cell in lines[begin].strip().strip("|").split("|")]
    rows = []
    for line in lines[begin + 1 :]:
        if not line.strip().startswith("|"):
            break
        rows.append(dict(zip(names, (cell.strip() for cell in line.strip().strip("|").split("|")), strict=True)))
    return rows


def _scenarios() -> list[tuple[dict[str, str], set[tuple[str, ...]]]]:
    """Give each question of exacte_match.feature with the addresses that it must find."""
    lines = [line.strip() for line in (BAG / "features" / "exacte_match.feature").read_text("utf-8").splitlines()]
    found: list[tuple[dict[str, str], set[tuple[str, ...]]]] = []
    for nr, line in enumerate(lines):
        if not line.startswith("Als er wordt gezocht met"):
            continue
        if "| q " in lines[nr + 1]:  # of the free text search of an earlier version
            continue
        names, values = ([cell.strip() for cell in lines[nr + each].strip("|").split("|")] for each in (1, 2))
        expected = set()
        for row in lines[nr + 4 :]:
            if not row.startswith("|"):
                break
            cells = [cell.strip() for cell in row.strip("|").split("|")]
            if cells[0] != "postcode":
                expected.add(tuple(cells[:4]))
        found.append((dict(zip(names, values, strict=True)), expected))
    return found


@needs_shared
async def test_exact_match_is_that_of_the_feature() -> None:
    """Every scenario of exacte_match.feature, asked of the simulator with the addresses of its background."""
    names = ("postcode", "huisnummer", "huisletter", "huisnummertoevoeging")
    data = [
        {
            **ADRESSEN[0],
            **{name: row[name] for name in names if row[name]},
            "huisnummer": int(row["huisnummer"]),
            "nummeraanduidingIdentificatie": row["nummeraanduidingIdentificatie"],
        }
        for row in _matches()
    ]
    far = source(data=data)
    scenarios = _scenarios()
    wrong = []
    for asked, expected in scenarios:
        query = {name: value for name, value in asked.items() if value}
        answer = json.loads((await far.request("GET", "bag", "adressen", query=query)).body)
        rows = answer.get("_embedded", {}).get("adressen", [])
        given = {tuple(str(row.get(name, "")) for name in names) for row in rows}
        wrong += [] if given == expected else [(asked, given ^ expected)]

    assert len(scenarios) > 15
    assert wrong == []


@pytest.mark.parametrize(
    ("query", "code", "parameter"),
    [
        ("postcode=1234aa&huisnummer=a", "paramsValidation", "huisnummer: integer"),
        ("pandIdentificatie=0345100002016017X", "paramsValidation", "pandIdentificatie: pattern"),
        ("postcode=1234AA&huisnummer=999999", "paramsValidation", "huisnummer: maximum"),
        ("page=1&pageSize=20&expand=adresseerbaarObject", "paramsRequired", ""),
        ("huisletter=a&huisnummertoevoeging=II", "paramsRequired", ""),
        ("postcode=2391PH", "paramsCombination", ""),
        ("huisnummer=3", "paramsCombination", ""),
        ("postcode=2391PH&huisletter=a&huisnummertoevoeging=2", "paramsCombination", ""),
        ("zoekresultaatIdentificatie=adr-1&pandIdentificatie=0826100000000467", "unsupportedCombination", ""),
        ("zoekresultaatIdentificatie=adr-1&postcode=2391PH&huisnummer=1", "unsupportedCombination", ""),
        (
            "pandIdentificatie=0226100000008856&adresseerbaarObjectIdentificatie=0226010000038820",
            "unsupportedCombination",
            "",
        ),
        ("pandIdentificatie=0226100000008856&postcode=4904AM", "unsupportedCombination", ""),
    ],
)
async def test_what_is_refused_is_that_of_the_feature(query: str, code: str, parameter: str) -> None:
    """Codes of foutafhandeling.feature."""
    far = source()
    asked = dict(pair.split("=") for pair in query.split("&"))
    answer = await far.request("GET", "bag", "adressen", query=asked)
    said = json.loads(answer.body)

    assert (answer.status, said["code"]) == (400, code)
    assert [f"{each['name']}: {each['code']}" for each in said.get("invalid-params", ())] == [parameter][
        : bool(parameter)
    ]
