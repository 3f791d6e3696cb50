"""What journeys have in common."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.support.gemeente import gemeente
from tests.support.zaaksysteem import Municipality


@pytest.fixture
async def hub() -> AsyncIterator[Municipality]:
    """Give a hub in memory between form engine and zaaksysteem, as it is shipped."""
    async with gemeente() as each:
        yield each
