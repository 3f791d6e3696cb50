from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from hub.configuration import Configuration
from tests.support.browser import browser
from tests.support.console_api import Api, console_api, installation
from tests.support.visitor import console_hub, visitors, visitors_of_the_run

__all__ = ["browser", "console_hub", "visitors", "visitors_of_the_run"]


@pytest.fixture(scope="session")
def api_configuration(tmp_path_factory: pytest.TempPathFactory) -> Configuration:
    return installation(tmp_path_factory.mktemp("installation"))


@pytest.fixture
async def api(api_configuration: Configuration) -> AsyncIterator[Api]:
    async with console_api(api_configuration) as running:
        yield running
