"""What the KVK says becomes canonical companies, and nothing of it is lost without a reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from adapters.kvk.lookup import create as create_lookup
from adapters.kvk.options import Options
from adapters.kvk.simulator import BASE, INSCHRIJVINGEN, KEY, KEY_HEADER, create
from hub.desk.tools import tools_of
from hub.event.bedrijven import Bedrijf, BedrijvenAntwoord, Vestiging
from tests.support.source import Source

MAPPINGS = Path(__file__).parents[2] / "mappings"
QUESTION = "nl.bedrijven.bedrijven-opvragen.v1"
WANTED = (
    None,
    ["naam", "type", "actief"],
    ["eigenaar", "hoofdvestiging", "ookGenoemd"],
    ["vestigingen"],
    ["vestigingen.adressen.volledigAdres", "vestigingen.indCommercieleVestiging"],
    ["vestigingen.handelsnamen"],
)


@pytest.mark.parametrize("shielded", [False, True])
async def test_everything_the_kvk_says_becomes_a_company(*, shielded: bool) -> None:
    """Every company, by each way of asking, fits the model; what is left unread is named with a reason."""
    source = Source(create(), base=BASE, headers={KEY_HEADER: KEY})
    lookup = create_lookup(Options(afgeschermde_adressen=not shielded))
    tools = tools_of(MAPPINGS / "_voorbeelden" / "bedrijven-uit-kvk", root=MAPPINGS)
    mapping = tools.mappings[f"{QUESTION}.antwoord"]
    companies: list[Bedrijf] = []
    branches: list[Vestiging] = []
    for each in INSCHRIJVINGEN:
        if each.busy:
            continue
        questions: list[dict[str, Any]] = [
            {"kvkNummer": each.basisprofiel["kvkNummer"], "inclusiefInactieve": each.ended},
            {"naam": each.basisprofiel["naam"], "type": "hoofdvestiging"},
            *({"naam": each.former} for _ in range(bool(each.former))),
            *({"vestigingsnummer": profiel["vestigingsnummer"]} for profiel in each.profielen),
        ]
        for question in questions:
            for velden in WANTED:
                said = await source.ask(lookup, QUESTION, velden=velden, **question)
                mapped = mapping.run(said, context={"type": QUESTION})
                assert not mapped.unread
                companies += BedrijvenAntwoord.model_validate(mapped.data).bedrijven
    branches = [branch for company in companies for branch in company.vestigingen or ()]
    never = [name for name in Bedrijf.model_fields if all(getattr(each, name) is None for each in companies)]
    never += [name for name in Vestiging.model_fields if all(getattr(each, name) is None for each in branches)]

    assert {each.kvkNummer for each in companies} == {
        each.basisprofiel["kvkNummer"] for each in INSCHRIJVINGEN if not each.busy
    }
    assert never == []
