"""The published rules of the BRP API (Gherkin), run against the simulator. Needs the reference data.

Each example of an outline is a scenario of its own. What is not run is named, with the reason.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import cache

import pytest

from tests.support.brp_stappen import Verhaal
from tests.support.gherkin import Scenario, scenarios_of
from tests.support.shared import SHARED, cases_of, needs_shared

pytestmark = [needs_shared, pytest.mark.shared]

FEATURES = SHARED / "standards" / "haalcentraal-brp" / "features"

NOT_OF_THIS_API: Mapping[str, str] = {
    "bevragen/gezag/leeftijd.feature:63": "the gezag service gives a date of birth, Personen 2.7 only the age",
    "bevragen/gezag/volledige-naam.feature:44": "the gezag service gives parts of a name, Personen 2.7 the full name",
    "bevragen/gezag/volledige-naam.feature:67": "the gezag service gives parts of a name, Personen 2.7 the full name",
}
"""Scenarios tagged gezag-api: they tell what another service gives to this one, in fields that this one has not. The
rules by which that service derives gezag are not published."""

AT_LEAST = 2_267


@cache
def _scenarios() -> list[Scenario]:
    return [scenario for file in sorted(FEATURES.rglob("*.feature")) for scenario in scenarios_of(file, FEATURES)]


def _place(scenario: Scenario) -> str:
    return f"{scenario.file}:{scenario.line}"


RUN = [scenario for scenario in _scenarios() if _place(scenario) not in NOT_OF_THIS_API]


@pytest.mark.parametrize("scenario", cases_of(RUN, lambda scenario: str(scenario.id)))
def test_the_simulator_follows_the_published_rule(scenario: Scenario) -> None:
    """What the scenario expects is what the simulator answers, no more and no less."""
    asyncio.run(Verhaal(scenario).speel())


def test_every_scenario_is_run_or_named() -> None:
    """Nothing is left out in silence: only what another service gives, and all of that is tagged so."""
    left_out = [scenario for scenario in _scenarios() if _place(scenario) in NOT_OF_THIS_API]

    assert {_place(scenario) for scenario in left_out} == set(NOT_OF_THIS_API)
    assert all("gezag-api" in scenario.tags for scenario in left_out)
    assert len(RUN) >= AT_LEAST
    assert len(RUN) + len(left_out) == len(_scenarios())
    assert all(any(step.kind == "Dan" for step in scenario.steps) for scenario in RUN)


def test_every_file_has_a_scenario() -> None:
    """The reader finds something to run in each published file."""
    assert {scenario.file for scenario in RUN} == {
        str(file.relative_to(FEATURES)) for file in FEATURES.rglob("*.feature")
    }
