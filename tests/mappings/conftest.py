"""The flag that makes what comes out of a mapping what its cases expect."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `pytest tests/mappings --refresh-cases`."""
    parser.addoption(
        "--refresh-cases",
        action="store_true",
        default=False,
        help="write what the mappings give into the cases, and print the difference by path",
    )


@pytest.fixture
def refresh_cases(request: pytest.FixtureRequest) -> bool:
    """Whether the cases are to be rewritten; never when the whole suite runs."""
    return bool(request.config.getoption("refresh_cases", default=False))
