"""What WOZ and BRK say becomes canonical data, and nothing of it is lost without a reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.desk.tools import tools_of
from hub.event.canonical import Canonical
from hub.event.kadaster import OnroerendeZakenAntwoord
from hub.event.velden import velden_of
from hub.event.woz import WozObjectenAntwoord
from hub.mapping.run import Mapping
from tests.support.landregisters import BRK, WOZ, Far, Register

MAPPINGS = Path(__file__).parents[2] / "mappings"


def mapping_of(register: Register) -> Mapping:
    """Give the mapping of the answer, of the example."""
    tools = tools_of(MAPPINGS / "_voorbeelden" / register.example, root=MAPPINGS)
    return tools.mappings[f"{register.kind}.antwoord"]


def never_filled(model: type[Canonical], found: list[Canonical]) -> set[str]:
    """Name the fields that nothing that was found has."""
    return {*velden_of(model)} - {path for each in found for path in _filled(each, "")}


def _filled(value: object, at: str) -> Iterator[str]:
    if value is not None:
        yield at
    for each in value if isinstance(value, list) else ():
        yield from _filled(each, at)
    if isinstance(value, Canonical):
        for name in type(value).model_fields:
            yield from _filled(getattr(value, name), f"{at}.{name}" if at else name)


async def test_everything_the_woz_says_becomes_an_object() -> None:
    """Every object of the simulator fits the model; what is left unread is named with a reason."""
    far, mapping = Far(WOZ), mapping_of(WOZ)
    found: list[Canonical] = []
    for each in WOZ.simulator.OBJECTEN:
        mapped = mapping.run(await far.answer(identificatie=each["identificatie"]), context={"type": WOZ.kind})
        assert not mapped.unread
        found += WozObjectenAntwoord.model_validate(mapped.data).wozObjecten

    assert len(found) == len(WOZ.simulator.OBJECTEN)
    assert never_filled(WOZ.model, found) == set()


@pytest.mark.parametrize("velden", [None, "all", "none of the person"])
async def test_everything_the_brk_says_becomes_land(velden: str | None) -> None:
    """Land with all that is asked for apart, or without: it fits the model, and nothing is unread without a reason."""
    far, mapping = Far(BRK), mapping_of(BRK)
    asked = {"all": [*BRK.model.model_fields], "none of the person": ["zakelijkGerechtigden.tenaamstelling.aandeel"]}
    found: list[Canonical] = []
    for each in BRK.simulator.ZAKEN:
        said = await far.answer(identificatie=each.zaak["identificatie"], velden=velden and asked[velden])
        mapped = mapping.run(said, context={"type": BRK.kind})
        assert not mapped.unread
        found += OnroerendeZakenAntwoord.model_validate(mapped.data).kadastraalOnroerendeZaken

    assert len(found) == len(BRK.simulator.ZAKEN)
    if velden == "all":
        everywhere = {path.rpartition(".")[2] for path in never_filled(BRK.model, found)}
        somewhere = {path.rpartition(".")[2] for each in found for path in _filled(each, "")}
        # A person is the same thing in seven places: each field of him is in one of them.
        assert everywhere <= somewhere
