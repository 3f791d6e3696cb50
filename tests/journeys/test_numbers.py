"""Fifty senders ask for numbers and create zaken at once, while gateway and worker are killed: no number twice."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from lxml import etree

from adapters.stuf_zds.simulator import Afzender, Behandelsysteem, Verzoek, zaakidentificatie
from tests.support.installation import Installation, installation

SENDERS = 50
KILLS = 6
PATIENCE_S = 180.0
TRY_AGAIN_S = 0.05


def _asking(number: int) -> Verzoek:
    """Ask for the number of one zaak; asked again it is the same message."""
    return Behandelsysteem().genereer_zaakidentificatie(number)


def _creating(number: int, identificatie: str) -> Verzoek:
    made = Afzender().creeer_zaak(number)
    return made._replace(body=made.body.replace(zaakidentificatie(number).encode(), identificatie.encode()))


async def _said(session: aiohttp.ClientSession, url: str, verzoek: Verzoek) -> bytes:
    """Send until there is an answer, unchanged: what a sender does that heard nothing."""
    while True:
        try:
            async with session.post(url, data=verzoek.body, headers=verzoek.headers()) as answer:
                said = await answer.read()
                if answer.status == 200:
                    return said
        except aiohttp.ClientError:
            pass
        await asyncio.sleep(TRY_AGAIN_S)


async def _sender(hub: Installation, number: int, given: dict[int, str]) -> None:
    async with aiohttp.ClientSession() as session:
        answer = await _said(session, hub.door(), _asking(number))
        identificatie = next(etree.fromstring(answer).iter("{*}identificatie")).text
        given[number] = identificatie or ""
        await _said(session, hub.door(), _creating(number, given[number]))


async def _killing(hub: Installation, chance: random.Random) -> None:
    for _ in range(KILLS):
        await asyncio.sleep(chance.uniform(0.1, 0.5))
        victims = chance.choice([["gateway"], ["gateway", "work"]])
        for role in victims:
            await hub.kill(role)
        await hub.start(*victims)


async def _all_made(hub: Installation) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            stand = await hub.stand()
            if len(stand["zaken"]) >= SENDERS:
                return stand
            await asyncio.sleep(0.2)


class Numbering:
    """The run, for any bus and ledger."""

    async def run(self, folder: Path, *, bus: str, ledger: str, seed: int) -> None:
        """Run and judge."""
        given: dict[int, str] = {}
        async with installation(folder, bus=bus, ledger=ledger) as hub:
            await hub.start("zaaksysteem", "gateway", "work")
            killing = asyncio.create_task(_killing(hub, random.Random(seed)))
            await asyncio.gather(*(_sender(hub, number, given) for number in range(1, SENDERS + 1)))
            await killing
            stand = await _all_made(hub)

        numbers = sorted(given.values())
        year = numbers[0][5:9]
        assert numbers == [f"1900Z{year}{each:07}" for each in range(1, SENDERS + 1)]
        assert sorted(stand["zaken"]) == numbers


@pytest.mark.slow
@pytest.mark.xdist_group("kill-embedded")
class TestEmbedded(Numbering):
    """Embedded bus and SQLite ledger."""

    async def test_no_number_is_given_twice_and_none_is_lost(self, tmp_path: Path) -> None:
        """Every number that was given out is a zaak, and they follow one another."""
        await self.run(tmp_path, bus="", ledger="", seed=1)


@pytest.mark.slow
@pytest.mark.kafka
@pytest.mark.postgres
@pytest.mark.xdist_group("kill-kafka")
class TestKafka(Numbering):
    """Apache Kafka and PostgreSQL."""

    async def test_no_number_is_given_twice_and_none_is_lost(
        self, tmp_path: Path, kafka: str, postgres_database: str
    ) -> None:
        """Every number that was given out is a zaak, and they follow one another."""
        await self.run(tmp_path, bus=f"kafka://{kafka}", ledger=postgres_database, seed=2)
