"""Kill -9 of gateway, worker and both at random moments of a run: nothing lost, nothing doubled, order kept."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters.stuf_zds.simulator import Afzender, Verzoek, zaakidentificatie
from tests.support.installation import Installation, installation

ZAKEN = 125
KILLS = 20
SENDERS = 6
PATIENCE_S = 240.0


def _messages(number: int) -> list[Verzoek]:
    """Four messages of one zaak: 125 zaken make 500 messages."""
    afzender = Afzender()
    return [
        afzender.creeer_zaak(number),
        afzender.update_zaak(number),
        afzender.actualiseer_zaakstatus(number),
        afzender.voeg_zaakdocument_toe(number),
    ]


async def _send_all(hub: Installation, sent: asyncio.Event) -> None:
    """Send every zaak's messages in order; a sender repeats a message unchanged until it has its Bv03."""
    waiting = iter(range(1, ZAKEN + 1))

    async def sender() -> None:
        async with aiohttp.ClientSession() as session:
            for number in waiting:
                for verzoek in _messages(number):
                    while not await _acknowledged(session, hub, verzoek):  # noqa: ASYNC110 - a sender that tries again
                        await asyncio.sleep(0.05)

    await asyncio.gather(*(sender() for _ in range(SENDERS)))
    sent.set()


async def _acknowledged(session: aiohttp.ClientSession, hub: Installation, verzoek: Verzoek) -> bool:
    try:
        async with session.post(hub.door(), data=verzoek.body, headers=verzoek.headers()) as answer:
            return answer.status == 200 and b"Bv03" in await answer.read()
    except aiohttp.ClientError:
        return False


async def _kill_at_random(hub: Installation, sent: asyncio.Event, chance: random.Random) -> int:
    """Kill and start again; the moments fall anywhere between two effects at the zaaksysteem."""
    kills = 0
    for _ in range(KILLS):
        await asyncio.sleep(chance.uniform(0.05, 0.6))
        victims = chance.choice([["work"], ["gateway"], ["gateway", "work"]])
        for role in victims:
            await hub.kill(role)
        kills += 1
        await hub.start(*victims)
    await sent.wait()
    return kills


async def _all_delivered(hub: Installation) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            stand = await hub.stand()
            if len(stand["zaken"]) == ZAKEN and all(zaak["documenten"] for zaak in stand["zaken"].values()):
                return stand
            await asyncio.sleep(0.2)


def _wrong(stand: dict[str, Any]) -> list[str]:
    """Say what is lost, doubled or out of order, per zaak."""
    wrong = []
    for number in range(1, ZAKEN + 1):
        identificatie = zaakidentificatie(number)
        zaak = stand["zaken"][identificatie]
        counts = (zaak["rollen"], zaak["statussen"], zaak["zaakeigenschappen"], len(zaak["documenten"]))
        if counts != (2, 2, 2, 1):
            wrong.append(f"{identificatie}: rollen, statussen, eigenschappen, documenten are {counts}")
        steps = [
            (effect["resource"], effect["action"]) for effect in stand["effecten"] if effect["zaak"] == identificatie
        ]
        changes = [steps.index(("zaak", "aangemaakt")), steps.index(("zaak", "gewijzigd"))]
        statuses = [index for index, (resource, _) in enumerate(steps) if resource == "status"]
        documents = [index for index, (resource, _) in enumerate(steps) if resource == "zaakinformatieobject"]
        order = [changes[0], statuses[0], changes[1], statuses[1], documents[0]]
        if order != sorted(order) or steps.count(("zaak", "gewijzigd")) != 1:
            wrong.append(f"{identificatie}: effects in this order: {steps}")
    if stand["losseDocumenten"]:
        wrong.append(f"{len(stand['losseDocumenten'])} documents without a zaak")
    return wrong


class Killing:
    """The run, for any bus and ledger."""

    async def run(self, folder: Path, *, bus: str, ledger: str, seed: int) -> None:
        """Run and judge."""
        async with installation(folder, bus=bus, ledger=ledger) as hub:
            await hub.start("zaaksysteem", "gateway", "work")
            sent = asyncio.Event()
            sending = asyncio.create_task(_send_all(hub, sent))
            kills = await _kill_at_random(hub, sent, random.Random(seed))
            await sending
            stand = await _all_delivered(hub)

        assert kills == KILLS
        assert _wrong(stand) == []


@pytest.mark.slow
@pytest.mark.xdist_group("kill-embedded")
class TestEmbedded(Killing):
    """Embedded bus and SQLite ledger."""

    async def test_nothing_is_lost_doubled_or_out_of_order(self, tmp_path: Path) -> None:
        """20 kills in a run of 500 messages."""
        await self.run(tmp_path, bus="", ledger="", seed=1)


@pytest.mark.slow
@pytest.mark.kafka
@pytest.mark.postgres
@pytest.mark.xdist_group("kill-kafka")
class TestKafka(Killing):
    """Apache Kafka and PostgreSQL."""

    async def test_nothing_is_lost_doubled_or_out_of_order(
        self, tmp_path: Path, kafka: str, postgres_database: str
    ) -> None:
        """20 kills in a run of 500 messages; an own omgeving, so that its topics are its own."""
        await self.run(tmp_path, bus=f"kafka://{kafka}", ledger=postgres_database, seed=2)
