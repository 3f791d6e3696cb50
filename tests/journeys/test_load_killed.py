"""An initial load by the command line: kill -9 of loader and worker halfway, then the same command again."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections import Counter
from collections.abc import AsyncIterator
from itertools import islice
from pathlib import Path
from shutil import copytree

import orjson
import pytest
import uvicorn

from adapters.brp.simulator import KEY, Brp
from adapters.brp.simulator import create as create_brp
from adapters.brp.simulator.records import PERSONEN as PERSONS
from hub.app import App
from hub.config.settings import Settings
from hub.config.shipped import shipped
from hub.configuration import Need
from hub.event.envelope import Event
from hub.security.personal import is_bsn
from tests.support.installation import Installation, free_port, installation
from tests.support.tap import records_on

NAME = "personen-uit-signalen"
PEOPLE = 3_500
"""More than are under way at once: the first loader is killed with a part of the file offered."""
PATIENCE_S = 120.0

_CONNECTION = f"""connection: {NAME}
direction: inbound
adapter: brp
access: {{kind: none}}
target:
  services: {{personen: "${{BRP_PERSONEN_URL}}"}}
  auth: {{kind: api-key, header: X-API-KEY, key: "${{BRP_KEY}}"}}
verwerking:
  activiteit: https://register.example/verwerkingen/volgen
  grondslag: Wet BRP art. 3.5
"""


@contextlib.asynccontextmanager
async def served(brp: Brp) -> AsyncIterator[str]:
    """Serve the BRP; give its address."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(brp, port=port, log_config=None, access_log=False, lifespan="off"))
    serving = asyncio.create_task(server.serve())
    try:
        yield f"http://127.0.0.1:{port}/haalcentraal/api/brp"
    finally:
        server.should_exit = True
        await serving


def take_into_use(folder: Path) -> Path:
    """Make a folder of mappings with the example alone, and a BRP behind a key."""
    there, here = Path(shipped("mappings")), folder / "mappings"
    for each in ("_parts", "_codes"):
        copytree(there / each, here / each)
    copytree(there / "_voorbeelden" / NAME, here / NAME)
    (here / NAME / "connection.yaml").write_text(_CONNECTION)
    return here


async def load(hub: Installation, file: Path, *, log: Path) -> asyncio.subprocess.Process:
    with log.open("wb") as out:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "hub.cli", "load", NAME, str(file), "--reason", "de eerste vulling",
            env=hub.environ, stdout=out, stderr=out,
        )  # fmt: skip


async def until_done(log: Path, count: int) -> None:
    """Wait until a load says that so many are told."""
    async with asyncio.timeout(PATIENCE_S):
        while not any(each["done"] >= count for each in looks(log)):  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.05)


def looks(log: Path) -> list[dict[str, int]]:
    """Give what a load said of itself."""
    return [
        orjson.loads(line) for line in log.read_bytes().splitlines() if line.startswith(b"{") and line.endswith(b"}")
    ]


async def events(hub: Installation) -> list[Event]:
    """Give all that was told."""
    settings = Settings.read(hub.environ)
    async with App.open(settings, hub.environ, client_id="test", mappings=Need.NONE) as app:
        records = await records_on(app, app.topics.events("personen"))
    return [Event.read(each.headers, each.value) for each in records]


@pytest.mark.slow
@pytest.mark.xdist_group("load-killed")
async def test_a_load_that_is_killed_goes_on_and_tells_everybody_once(tmp_path: Path) -> None:
    """Kill -9 of the loader at a fifth, of the worker at two fifths; exactly as many events as persons, none twice."""
    numbers = list(islice((f"{each:09d}" for each in range(999900000, 999999999) if is_bsn(f"{each:09d}")), PEOPLE))
    persons = [{**PERSONS[0], "burgerservicenummer": each, "aNummer": f"9{each}"} for each in numbers]
    file = tmp_path / "inwoners.csv"
    file.write_text("\n".join(["bsn", *numbers]))
    async with served(create_brp(data=persons)) as url, installation(tmp_path) as hub:
        hub.environ |= {"ZAAKHUB_MAPPINGS": str(take_into_use(tmp_path)), "BRP_PERSONEN_URL": url, "BRP_KEY": KEY}
        await hub.start("work")
        first = await load(hub, file, log=tmp_path / "load-1.log")
        await until_done(tmp_path / "load-1.log", PEOPLE // 5)
        first.kill()
        await first.wait()
        assert looks(tmp_path / "load-1.log")[-1]["offered"] < PEOPLE
        second = await load(hub, file, log=tmp_path / "load-2.log")
        await until_done(tmp_path / "load-2.log", PEOPLE * 2 // 5)
        await hub.kill("work")
        await hub.start("work")

        async with asyncio.timeout(PATIENCE_S):
            assert await second.wait() == 0, (tmp_path / "load-2.log").read_text()[-2000:]

        told = await events(hub)
        said = b"".join((tmp_path / name).read_bytes() for name in ("load-1.log", "load-2.log", "work.log"))

    # A worker that is killed between publishing and noting it publishes the same event again, under the same id.
    once = {each.id: each.data["persoon"]["burgerservicenummer"] for each in told}
    assert Counter(once.values()) == Counter(numbers)
    last = looks(tmp_path / "load-2.log")[-1]
    assert (last["done"], last["failed"], last["under_way"], last["ended"]) == (PEOPLE, 0, 0, True)
    assert not any(number.encode() in said for number in numbers)
