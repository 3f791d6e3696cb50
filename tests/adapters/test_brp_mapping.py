"""From the answer of the BRP to canonical persons: nothing is lost, and what is given fits the model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import orjson
import pytest
from pydantic import BaseModel

from adapters.brp.simulator import create
from adapters.brp.vormen import PERSOON
from hub.desk.tools import tools_of
from hub.event.models import ANSWERS
from hub.event.personen import Persoon
from hub.event.vragen import PERSONEN, answer_kind
from hub.mapping.cases import Tools
from hub.mapping.functions import FUNCTIONS
from hub.testkit.clock import FakeClock
from tests.support.brp_bron import Bron
from tests.support.shared import SHARED, needs_shared

Json = dict[str, Any]

MAPPINGS = Path(__file__).parents[2] / "mappings"
CONNECTION = MAPPINGS / "_voorbeelden" / "personen-uit-brp"
TEST_SET = SHARED / "standards" / "haalcentraal-brp" / "testpersonen" / "brp-personen-gba-testset.json"
GROUPS = [name for name in PERSOON if not name.endswith("Binnenland")]

NOT_TOLD = {
    "gezag.ouders.leeftijd": "of a minor only",
    "gezag.derden.leeftijd": "of a minor only",
    "gezag.minderjarige.type": "of a third party only",
    "gezag.ouders.type": "of a third party only",
    "partners.ontbindingHuwelijkPartnerschap.plaats": "of the end of a marriage only the date",
    "partners.ontbindingHuwelijkPartnerschap.land": "of the end of a marriage only the date",
}
"""Fields of the model that the BRP does not give there."""


@pytest.fixture(scope="module")
def tools() -> Tools:
    return tools_of(CONNECTION, root=MAPPINGS)


@needs_shared
@pytest.mark.shared
async def test_all_published_test_persons_become_canonical_persons(tools: Tools) -> None:
    """Nothing of the answer stays unread, and everything fits the model."""
    data = json.loads(TEST_SET.read_text(encoding="utf-8"))
    bron = Bron(create(data=data, clock=FakeClock()))
    numbers = [person["burgerservicenummer"] for person in data]
    kind = answer_kind(PERSONEN)

    persons = 0
    for begin in range(0, len(numbers), 200):
        answer = await bron.vraag(PERSONEN, velden=GROUPS, burgerservicenummers=numbers[begin : begin + 200])
        mapped = tools.mappings[kind].run(answer, context={"type": kind})
        ANSWERS[kind].model_validate(mapped.data)
        assert mapped.unread == ()
        persons += len(mapped.data["personen"])
        assert _told(answer) == _told_canonical(mapped.data)

    assert persons == len(data)


def test_every_field_of_a_person_is_in_a_case() -> None:
    """What the BRP gives and the model has, some case shows."""
    shown = {path for file in CONNECTION.glob("cases/personen-*/expected.json") for path in _shown(file)}

    assert set(_model_paths(Persoon)) - shown == set(NOT_TOLD)


def _shown(file: Path) -> Iterator[str]:
    for person in orjson.loads(file.read_bytes()).get("personen", []):
        yield from _paths(person)


def _paths(value: Any, before: str = "") -> Iterator[str]:  # noqa: ANN401 - JSON
    if before:
        yield before
    if isinstance(value, list):
        for each in value:
            yield from _paths(each, before)
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from _paths(each, f"{before}.{name}".strip("."))


def _model_paths(model: type[BaseModel], before: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        path = f"{before}.{name}".strip(".")
        yield path
        inner = next((each for each in _leaves(field.annotation) if _is_model(each)), None)
        # A date and a table value are proven as such, not in every place where they stand.
        if inner is not None and inner.__name__ not in {"OnvolledigeDatum", "Waarde", "Onderzoek"}:
            yield from _model_paths(inner, path)


def _is_model(found: Any) -> bool:  # noqa: ANN401 - a part of an annotation
    return isinstance(found, type) and issubclass(found, BaseModel)


def _leaves(annotation: Any) -> Iterator[Any]:  # noqa: ANN401 - an annotation
    parts = get_args(annotation)
    for each in parts:
        yield from _leaves(each)
    if not parts:
        yield annotation


def _told(answer: Json) -> list[str]:
    """Give every single value of an answer of the BRP, dates and investigations in canonical form."""
    return sorted(_values(_canonical(answer["personen"])))


def _told_canonical(answer: Json) -> list[str]:
    return sorted(_values(answer["personen"]))


def _canonical(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, list):
        return [_canonical(each) for each in value]
    if not isinstance(value, dict):
        return value
    if "langFormaat" in value:
        return FUNCTIONS["brp-datum"].make()(value)
    if any(name.startswith("datumIngangOnderzoek") for name in value):
        return FUNCTIONS["brp-in-onderzoek"].make("Persoon")(value)
    return {name: _canonical(each) for name, each in value.items()}


def _values(value: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    if isinstance(value, list):
        for each in value:
            yield from _values(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from _values(each)
    else:
        yield repr(value)
