"""What an event costs at the target: measured, limited, and told in the README."""

from __future__ import annotations

from pathlib import Path

from adapters.zgw import outbound
from tests.support.zgw_calls import measure, table

CREEER_ZAAK_MAX = 6
"""Bridges that are in use make 16 to 26."""


async def test_a_zaak_with_two_rollen_and_a_status_costs_at_most_six_requests() -> None:
    """One where the target has zaak_registreren, four where it has not; none of them to the catalogus."""
    [cost] = [each for each in await measure() if each.operation.says == "with two rollen and a status"]

    assert cost.requests == ["POST zaak_registreren"]
    assert cost.plain == ["POST zaken", "POST rollen", "POST rollen", "POST statussen"]
    assert len(cost.plain) <= CREEER_ZAAK_MAX


async def test_the_readme_tells_what_each_operation_costs() -> None:
    """Printed by `python -m tests.support.zgw_calls`."""
    readme = (Path(outbound.__file__).parent / "README.md").read_text()

    assert table(await measure()) in readme
