"""What an event costs at the target: measured, limited, and told in the README."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import AsyncMock

import pytest

from adapters.zgw import outbound
from adapters.zgw.calls import Calls
from hub.errors import TargetMisconfigured
from hub.net.failures import too_large
from hub.ports.contracts import Client
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


async def test_an_answer_to_a_search_that_is_too_large_is_mended_here() -> None:
    """A search is a POST that changes nothing: asking again gives as much."""
    client = AsyncMock(spec=Client)
    client.request.side_effect = too_large("response_bytes_max", safe=False)

    with pytest.raises(TargetMisconfigured, match="response_bytes_max"):
        _ = [page async for page in Calls(client, None).pages("zaken", "zaken/_zoek", search={}, what="zaken zoeken")]
