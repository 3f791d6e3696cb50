"""Every case of every connection: the message becomes what the case says.

`pytest tests/mappings --refresh-cases` rewrites what is expected and prints the difference by path.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from hub.desk.tools import tools_of
from hub.event.models import MODELS
from hub.mapping.cases import Case, Tools, differences, find_cases, refresh, run_case

MAPPINGS = Path(__file__).parents[2] / "mappings"
EXAMPLES = MAPPINGS / "_voorbeelden"
CONNECTIONS = sorted({path.parent for root in (MAPPINGS, EXAMPLES) for path in root.glob("*/*.map.yaml")})


@cache
def _tools(connection: Path) -> Tools:
    return tools_of(connection, root=MAPPINGS)


@pytest.mark.parametrize("case", [*find_cases(MAPPINGS), *find_cases(EXAMPLES)], ids=lambda case: case.name)
def test_the_message_becomes_what_the_case_says(case: Case, *, refresh_cases: bool) -> None:
    """The mapped data and the unread paths are those of the case."""
    outcome = run_case(case, _tools(case.connection))

    found = [str(each) for each in differences(case, outcome)]
    if refresh_cases and found:
        refresh(case, outcome)
        print("\n".join([case.name, *found]))  # noqa: T201 - the flag is used by a person
    assert refresh_cases or not found, "\n".join([case.name, *found])


@pytest.mark.parametrize("connection", CONNECTIONS, ids=lambda path: path.name)
def test_every_mapping_of_a_connection_compiles(connection: Path) -> None:
    """Every file of the connection is right, each reads a message, and what it gives has a model."""
    mappings = _tools(connection).mappings

    assert len(mappings) == len(list(connection.glob("*.map.yaml")))
    assert all(each.gives in MODELS for each in mappings.values() if each.gives.startswith("nl."))
