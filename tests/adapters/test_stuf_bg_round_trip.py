"""Every person of the published test set as npsLa01, back, and as npsLa01 again: nothing is lost that no table tells.

The tables stand in the README of the example, where users see them; a row that no person needs fails too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from typing import Any, NamedTuple

import orjson
import pytest
from lxml import etree

from adapters.brp.simulator import create as create_brp
from adapters.brp.vormen import PERSOON
from adapters.stuf_bg.antwoord import written
from adapters.stuf_bg.definition import definition
from adapters.stuf_bg.sector import SECTOR
from adapters.stuf_bg.services import by_kind
from adapters.stuf_bg.simulator import create
from hub.desk.tools import tools_of
from hub.event.vragen import PERSONEN, answer_kind
from hub.mapping.run import Mapping as FieldMapping
from hub.testkit.clock import FakeClock
from hub.wire.stuf.stellen import lv01
from hub.wire.stuf.stuurgegevens import Stuurgegevens, Systeem
from hub.wire.xml import local_name
from tests.support.bg import official
from tests.support.brp_bron import Bron
from tests.support.makelaar import MAPPINGS, NAME, Vragend
from tests.support.shared import SHARED, needs_shared

Json = dict[str, Any]

EXAMPLES = MAPPINGS / "_voorbeelden"
TEST_SET = SHARED / "standards" / "haalcentraal-brp" / "testpersonen" / "brp-personen-gba-testset.json"
KIND = answer_kind(PERSONEN)
VELDEN = [name for name in PERSOON if not name.endswith("Binnenland")]

MENDED = {" 051820000162525": "0518200001625250", " 036301000059975": "0363010000599750"}
"""Two numbers of the published set are a blank and fifteen digits: no number of the BAG, and no number of StUF-BG."""

SAID = Stuurgegevens("La01", Systeem("1900", "HUB"), Systeem("1900", "BALIE"), "1", "20260302090000000", "2", "NPS")


class Verlies(NamedTuple):
    """A row of the table: a pattern of paths, and what comes back."""

    field: str
    back: str


class Verschil(NamedTuple):
    """A difference between a person and the one who came back; None is what is not there."""

    field: str
    was: object
    back: object


def _rows(head: str) -> list[list[str]]:
    """Give the rows of the table in the README with this head."""
    text = (EXAMPLES / NAME / "README.md").read_text(encoding="utf-8")
    table = text.partition(f"| {head} |")[2].partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip().strip("`") for cell in line.strip("|").split(" | ")] for line in table]


VERLIEZEN = [Verlies(field.strip(" `|"), back) for field, back, _ in _rows("Field")]
ELEMENTEN = {row[0].strip(" `|") for row in _rows("Element")}


async def _personen() -> list[Json]:
    """Ask the BRP for all there is of every person."""
    data = orjson.loads(TEST_SET.read_bytes())
    bron = Bron(create_brp(data=data, clock=FakeClock()))
    numbers = [person["burgerservicenummer"] for person in data]
    said = await bron.vraag(PERSONEN, velden=VELDEN, burgerservicenummers=numbers)
    made = tools_of(EXAMPLES / "personen-uit-brp", root=MAPPINGS).mappings[KIND].run(said, context={"type": KIND})
    text = orjson.dumps(made.data["personen"]).decode()
    for wrong, right in MENDED.items():
        text = text.replace(f'"{wrong}"', f'"{right}"')
    found: list[Json] = orjson.loads(text)
    return found


@needs_shared
@pytest.mark.shared
async def test_all_published_test_persons_go_to_stuf_and_back() -> None:
    """Person, npsLa01, canonical, npsLa01: every message fits both definitions, and no more is lost than documented."""
    personen = await _personen()
    assert len(personen) == len(orjson.loads(TEST_SET.read_bytes()))
    schema, used = official(), Counter[Verlies]()
    again: Counter[str] = Counter()
    first = {person["burgerservicenummer"]: _la01(person) for person in personen}
    for message in first.values():
        assert definition().check(message) == ()
        assert schema.validate(message), schema.error_log
    vragend = Vragend(create(data={"NPS": [_object(message) for message in first.values()]}, clock=FakeClock()))

    came = await vragend.vraag(PERSONEN, burgerservicenummers=list(first))

    backs = {person["burgerservicenummer"]: person for person in came["personen"]}
    assert list(backs) == list(first)
    for person in personen:
        number = person["burgerservicenummer"]
        for each in _differences(person, backs[number]):
            row = next((row for row in VERLIEZEN if _tells(row, each)), None)
            assert row is not None or _only_white_space(each), (number, each)
            used.update([row] if row else [])
        message = _la01(backs[number])
        assert schema.validate(message), schema.error_log
        lost = _elements(first[number]) - _elements(message)
        assert {name for name, *_ in lost} <= ELEMENTEN, (number, lost)
        assert _elements(message) - _elements(first[number]) == Counter(), number
        again.update(name for name, *_ in lost)
    assert [row for row in VERLIEZEN if row not in used] == []
    assert set(again) == ELEMENTEN


def _la01(person: Json) -> etree._Element:
    """Write the answer about a person as our own server does, to somebody who asks for all there is."""
    service = by_kind()["npsLv01"]
    question = lv01("npsLv01", SECTOR, "NPS", gelijk=f"<BG:inp.bsn>{person['burgerservicenummer']}</BG:inp.bsn>")
    heen = _heen()
    made = heen.make({"personen": [person], "meer": False, "vraag": {}}, context={"type": heen.message})
    assert isinstance(made.body, bytes)
    return written(question, service, made.body, SAID)


@cache
def _heen() -> FieldMapping:
    return tools_of(EXAMPLES / "vragen-naar-personen", root=MAPPINGS).mappings["npsLv01.antwoord"]


def _object(message: etree._Element) -> etree._Element:
    [found] = message.iterfind("{*}antwoord/{*}object")
    return etree.fromstring(etree.tostring(found))


def _elements(message: etree._Element) -> Counter[tuple[str, str, tuple[tuple[str, str], ...]]]:
    """Count the elements of an answer, each with its value and its attributes."""
    [found] = message.iterfind("{*}antwoord")
    return Counter(
        (local_name(each), (each.text or "").strip(), tuple(sorted((str(n), str(v)) for n, v in each.attrib.items())))
        for each in found.iter("{*}*")
    )


def _differences(was: Any, back: Any, at: str = "") -> Iterator[Verschil]:  # noqa: ANN401 - JSON
    if isinstance(was, dict) and isinstance(back, dict):
        for name in dict.fromkeys((*was, *back)):
            yield from _differences(was.get(name), back.get(name), f"{at}.{name}".strip("."))
    elif isinstance(was, list) and isinstance(back, list) and len(was) == len(back):
        for one, other in zip(was, back, strict=True):
            yield from _differences(one, other, at)
    elif was != back:
        yield Verschil(at, was, back)


def _tells(row: Verlies, each: Verschil) -> bool:
    """Say whether a row of the table tells a difference."""
    if not fnmatchcase(each.field, row.field):
        return False
    match row.back:
        case "not":
            return each.back is None
        case "shorter":
            return str(each.was).startswith(str(each.back))
        case _:
            return row.back == "otherwise"


def _only_white_space(each: Verschil) -> bool:
    return isinstance(each.was, str) and each.was.strip() == each.back
