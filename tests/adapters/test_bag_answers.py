"""What the BAG says becomes canonical addresses, and nothing is lost without a reason; also over a real socket."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from adapters.bag.lookup import create as create_lookup
from adapters.bag.options import Options
from adapters.bag.simulator import ADRESSEN, BASE, KEY, KEY_HEADER, Gedrag, Limits, Simulator, create
from hub.desk.tools import tools_of
from hub.errors import TargetMisconfigured, TargetUnavailable
from hub.event.adressen import AdressenAntwoord, BagAdres
from hub.net.client import TargetClient
from tests.support.listening import ask, listening
from tests.support.source import Source

MAPPINGS = Path(__file__).parents[2] / "mappings"
QUESTION = "nl.adressen.adressen-opvragen.v1"


async def test_everything_the_bag_says_becomes_an_address() -> None:
    """Every address of the simulator fits the model; what is left unread is named with a reason."""
    source = Source(create(limits=Limits(per_second=10_000)), base=BASE, headers={KEY_HEADER: KEY})
    tools = tools_of(MAPPINGS / "_voorbeelden" / "adressen-uit-bag", root=MAPPINGS)
    mapping = tools.mappings[f"{QUESTION}.antwoord"]
    found: list[BagAdres] = []
    for adres in ADRESSEN:
        said = await source.ask(
            create_lookup(Options()), QUESTION, nummeraanduidingIdentificatie=adres["nummeraanduidingIdentificatie"]
        )
        mapped = mapping.run(said, context={"type": QUESTION})
        assert not mapped.unread
        found += AdressenAntwoord.model_validate(mapped.data).adressen

    assert len(found) == len(ADRESSEN)
    never = {name for name in BagAdres.model_fields if all(getattr(each, name) is None for each in found)}
    assert never == {"nummeraanduidingStatus"}  # only StUF-BG tells it


class Far(NamedTuple):
    """A simulator that listens, and what asks it."""

    simulator: Simulator
    client: TargetClient

    async def ask(self, **question: Any) -> dict[str, Any]:  # noqa: ANN401 - a question is JSON
        answer: dict[str, Any] = await ask(create_lookup(Options()), self.client, QUESTION, **question)
        return answer


@pytest.fixture
async def far() -> AsyncIterator[Far]:
    simulator = create()
    async with listening(simulator, "bag", base=BASE) as client:
        yield Far(simulator, client)


async def test_a_question_over_http(far: Far, caplog: pytest.LogCaptureFixture) -> None:
    """With a key in its header, a name with diacritics in the query, and no address in any log."""
    caplog.set_level(logging.DEBUG)
    answer = await far.ask(openbareRuimteNaam="Café-Zuidhoeképlein", woonplaatsNaam="Voorbeelddorp", huisnummer=7)

    assert [row["postcode"] for row in answer["adressen"]] == ["9999AC"]
    assert await create_lookup(Options()).check(far.client) == []
    assert "Zuidhoek" not in caplog.text


@pytest.mark.parametrize(
    "gedrag",
    # aiohttp itself asks once more on a new connection when one is cut under a GET.
    [Gedrag(kind="cut", times=None), Gedrag(kind="slow", seconds=2.0), Gedrag(kind="half")],
    ids=lambda each: each.kind,
)
async def test_an_answer_that_does_not_come_is_asked_for_later(far: Far, gedrag: Gedrag) -> None:
    """Cut, too slow, or half: nothing was done there, and nothing of the address is told."""
    far.simulator.misbehave(gedrag)
    with pytest.raises(TargetUnavailable) as failed:
        await far.ask(postcode="9999AA", huisnummer=1)

    assert "9999AA" not in f"{failed.value} {failed.value.__cause__}"


async def test_a_key_that_was_replaced_is_a_matter_of_the_connection(far: Far) -> None:
    """401 after rotation: nobody tries on with the old one."""
    far.simulator.key = "another"
    with pytest.raises(TargetMisconfigured):
        await far.ask(postcode="9999AA", huisnummer=1)
