"""A pytest plugin: one real PostgreSQL per run, shared by all workers of xdist, and a fresh database per test.

The server starts when the first test asks for it. A machine without PostgreSQL skips those tests and says why;
with ZAAKHUB_REQUIRE_SERVERS=1 they fail instead.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from tests.support.postgres_server import NoPostgres, Place

_PLACE = pytest.StashKey[Place]()
_WORKER_INPUT = "zaakhub_postgres"


def pytest_configure(config: pytest.Config) -> None:
    """Make the place where the server will be; a worker of xdist is told where that is."""
    told = getattr(config, "workerinput", None)
    if told is not None:
        config.stash[_PLACE] = Place(Path(told[_WORKER_INPUT]))
        return
    owner = ExitStack()
    config.stash[_PLACE] = owner.enter_context(Place.made())
    config.add_cleanup(owner.close)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:  # noqa: ANN401 - xdist brings no types
    """Tell a worker."""
    node.workerinput[_WORKER_INPUT] = str(node.config.stash[_PLACE].folder)


@pytest.fixture(scope="session")
def postgres_server(pytestconfig: pytest.Config) -> str:
    """Give the DSN of the server of this run."""
    try:
        return pytestconfig.stash[_PLACE].dsn()
    except NoPostgres as error:
        if os.environ.get("ZAAKHUB_REQUIRE_SERVERS") == "1":
            pytest.fail(f"ZAAKHUB_REQUIRE_SERVERS=1, but {error}")
        pytest.skip(str(error))


@pytest.fixture
async def postgres_database(postgres_server: str) -> AsyncIterator[str]:
    """Give the DSN of an empty database of this test's own."""
    name = f"test_{uuid4().hex}"
    connection = await asyncpg.connect(postgres_server)
    try:
        await connection.execute(f"create database {name} template template0")
        yield postgres_server.replace("/postgres?", f"/{name}?")
        await connection.execute(f"drop database {name} with (force)")
    finally:
        await connection.close()
