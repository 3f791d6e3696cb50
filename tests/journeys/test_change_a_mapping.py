"""A mapping is changed under a running hub, by the commands a person types: previewed, activated, rolled back."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import aiohttp
import orjson
import pytest

from adapters.stuf_zds.simulator import Afzender, Verzoek, zaakidentificatie
from hub.bus.open import open_bus
from hub.bus.topics import Topics
from hub.clock import SystemClock
from hub.config import policy
from hub.ledger.contract import Ledger
from hub.ledger.entries import RevisionState
from hub.ledger.open import open_ledger
from tests.support.installation import CONNECTION, Installation, installation

SHIPPED = Path(__file__).parents[2] / "mappings"
STATUS = f"{CONNECTION}/actualiseerZaakstatus_Lk01.map.yaml"
PATIENCE_S = 120.0

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("change-a-mapping")]


class Done(NamedTuple):
    """What a command printed, and how it ended."""

    status: int
    out: str
    err: str


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[Installation]:
    """Give a hub of two workers: one with the doors, one that stands by. Its connections are a copy to change."""
    async with installation(tmp_path) as hub:
        hub.environ["ZAAKHUB_MAPPINGS"] = str(shutil.copytree(SHIPPED, tmp_path / "mappings"))
        await hub.start("zaaksysteem", "serve", "work")
        yield hub


@pytest.fixture
async def ledger(hub: Installation) -> AsyncIterator[Ledger]:
    """Look into the ledger of the hub."""
    ledger = open_ledger(hub.environ["ZAAKHUB_LEDGER"], clock=SystemClock())
    await ledger.start()
    yield ledger
    await ledger.stop()


async def test_a_change_is_previewed_activated_and_rolled_back(hub: Installation, tmp_path: Path) -> None:
    """Each command says what it did; every event carries the revision that made it."""
    mapping = tmp_path / "mappings" / STATUS
    before = mapping.read_text()
    await _send(hub, 1)
    await _delivered(hub, 1)
    [revision] = {await _made_by(hub)}

    lines = before.splitlines(keepends=True)
    mapping.write_text("".join(line for line in lines if "{to: organisatie" not in line))
    preview = orjson.loads((await _zaakhub(hub, "map", "preview", CONNECTION, "--json")).out)
    refused = await _zaakhub(hub, "map", "activate", CONNECTION, "--yes")

    assert (preview["messages"], preview["changed"]) == (4, 1)
    assert [(each["path"], each["disappears"]) for each in preview["fields"]] == [("zaak.organisatie", 1)]
    assert preview["fields"][0]["examples"][0]["before"] == "***"
    assert refused.status == 1, refused
    assert "cases" in refused.err or "lint" in refused.err

    mapping.write_text(f"{before}# Changed, and does the same.\n")
    same = orjson.loads((await _zaakhub(hub, "map", "preview", CONNECTION, "--json")).out)
    assert (same["changed"], same["newly_failing"]) == (0, [])
    assert same["running"] != same["candidate"]
    check = await _zaakhub(hub, "check")
    assert "files are not what runs" not in check.out
    activated = await _zaakhub(hub, "map", "activate", CONNECTION, "--yes", "--reason", "a comment")
    assert activated.status == 0, activated
    assert "on 2 workers" in activated.out
    await _send(hub, 2)
    await _delivered(hub, 2)
    changed = await _made_by(hub)
    assert changed != revision

    again = await _zaakhub(hub, "map", "activate", CONNECTION, "--yes")
    assert (again.status, "nothing to activate" in again.err) == (1, True)
    back = await _zaakhub(hub, "map", "rollback", CONNECTION, "--reason", "to see it work")
    assert back.status == 0, back
    await _send(hub, 3)
    await _delivered(hub, 3)
    assert await _made_by(hub) == revision

    known = orjson.loads((await _zaakhub(hub, "map", "revisions", CONNECTION, "--json")).out)
    assert [(each["number"], each["state"], each["restores"]) for each in known["revisions"]] == [
        (3, "actief", 1),
        (2, "vervangen", 0),
        (1, "vervangen", 0),
    ]
    assert [each["running"] for each in known["workers"]] == [3, 3]
    assert f"{CONNECTION}: the files are not what runs" in (await _zaakhub(hub, "check")).out


async def test_a_worker_that_is_killed_between_the_two_phases_ends_on_the_active_revision(
    hub: Installation, ledger: Ledger, tmp_path: Path
) -> None:
    """It is stopped before it can answer, killed, and started again: the command waits, and all end on the new one.

    Messages go on all the while; none is lost or doubled.
    """
    mapping = tmp_path / "mappings" / STATUS
    first = await _zaakhub(hub, "map", "activate", CONNECTION, "--yes")
    assert first.status == 0, first
    sending = asyncio.create_task(_send(hub, *range(1, 16)))
    os.kill(hub.pid("work"), signal.SIGSTOP)
    mapping.write_text(mapping.read_text() + "# Changed, and does the same.\n")
    activating = asyncio.create_task(_zaakhub(hub, "map", "activate", CONNECTION, "--yes"))
    number = await _prepared(ledger)
    states = [each.state.value for each in await ledger.current_revisions()]
    assert states == ["actief", "voorbereid"]
    await hub.kill("work")
    mapping.write_text("this is no mapping any more, and a worker that starts now must not care")
    await hub.start("work")

    activated = await activating
    await sending
    stand = await _delivered(hub, *range(1, 16))

    assert activated.status == 0, activated
    [active] = await ledger.current_revisions()
    assert (active.number, active.state.value) == (number, "actief")
    await _all_run(ledger, number)
    for each in range(1, 16):
        zaak = stand["zaken"][zaakidentificatie(each)]
        assert (zaak["rollen"], zaak["statussen"], zaak["zaakeigenschappen"], len(zaak["documenten"])) == (2, 2, 2, 1)


def _messages(number: int) -> list[Verzoek]:
    afzender = Afzender()
    return [
        afzender.creeer_zaak(number),
        afzender.update_zaak(number),
        afzender.voeg_zaakdocument_toe(number),
        afzender.actualiseer_zaakstatus(number),
    ]


async def _send(hub: Installation, *numbers: int) -> None:
    """Send the messages of some zaken; what is not acknowledged is sent again."""
    async with aiohttp.ClientSession() as session:
        for number in numbers:
            for verzoek in _messages(number):
                async with session.post(hub.door("serve"), data=verzoek.body, headers=verzoek.headers()) as answer:
                    assert b"Bv03" in await answer.read()


async def _delivered(hub: Installation, *numbers: int) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            stand = await hub.stand()
            zaken = [stand["zaken"].get(zaakidentificatie(number)) for number in numbers]
            if all(zaak and zaak["statussen"] == 2 and zaak["documenten"] for zaak in zaken):
                return stand
            await asyncio.sleep(0.2)


async def _made_by(hub: Installation) -> str:
    """Give the revision of the mapping that made the last event of a status."""
    bus = open_bus(hub.environ["ZAAKHUB_BUS"], clock=SystemClock(), client_id="test")
    await bus.start()
    topic = Topics(hub.environ["ZAAKHUB_OMGEVING"], hub.environ["ZAAKHUB_GEMEENTE"]).events("zaken")
    events = [dict(record.headers) for record in await bus.tail(topic, 100)]
    await bus.stop()
    return next(each["ce_revisie"].decode() for each in reversed(events) if b"zaakstatus" in each["ce_type"])


async def _prepared(ledger: Ledger) -> int:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            found = [each for each in await ledger.current_revisions() if each.state is RevisionState.PREPARED]
            if found:
                return found[0].number
            await asyncio.sleep(0.05)


async def _all_run(ledger: Ledger, number: int) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            since = SystemClock().now() - timedelta(seconds=policy.WORKER_LIVES_S)
            workers = await ledger.workers(CONNECTION, number=number, since=since)
            if [each.running for each in workers] == [number, number]:
                return
            await asyncio.sleep(0.2)


async def _zaakhub(hub: Installation, *words: str) -> Done:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "hub.cli",
        *words,
        env={**hub.environ, "COLUMNS": "200"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode is not None
    return Done(process.returncode, out.decode(), err.decode())
