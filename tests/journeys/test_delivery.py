"""The same journey on both pairs of backends: four messages of several zaken from HTTP to the zaaksysteem."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters.stuf_zds.simulator import Afzender, contents, zaakidentificatie
from tests.support.installation import Installation, installation

BETROKKENEN = ("natuurlijkPersoon", "nietNatuurlijkPersoon", "vestiging", "medewerker", "organisatorischeEenheid")
LARGE_BYTES = 60 * 1024 * 1024
MEMORY_MAX_KB = 250 * 1024


class Journey:
    """The journeys, for any bus and ledger."""

    async def deliver(self, folder: Path, *, bus: str, ledger: str) -> None:
        """Five zaken, one per kind of initiator, four messages each; a resend; a failure that is repaired."""
        async with installation(folder, bus=bus, ledger=ledger) as hub:
            await hub.start("zaaksysteem", "gateway", "work")
            await hub.order({"kind": "answer", "method": "POST", "path": "/rollen$", "status": 503, "times": 2})
            afzender = Afzender()
            for number, initiator in enumerate(BETROKKENEN, 1):
                for verzoek in (
                    afzender.creeer_zaak(number, initiator=initiator),  # type: ignore[arg-type]
                    afzender.update_zaak(number, objects=1 if number % 2 else 2),
                    afzender.actualiseer_zaakstatus(number),
                    afzender.voeg_zaakdocument_toe(number, b"inhoud " * number),
                    afzender.actualiseer_zaakstatus(number, 3),
                ):
                    await _post(hub, verzoek.body, verzoek.headers())
            resend = afzender.creeer_zaak(1)
            await _post(hub, resend.body, resend.headers())
            stand = await _until(hub, _five_closed)

        for number in range(1, 6):
            zaak = stand["zaken"][zaakidentificatie(number)]
            assert (zaak["rollen"], zaak["statussen"], zaak["zaakeigenschappen"]) == (2, 3, 2)
            assert zaak["resultaat"] == "Toegekend"
            [document] = zaak["documenten"]
            assert document["sha256"] == hashlib.sha256(b"inhoud " * number).hexdigest()


@pytest.mark.slow
class TestEmbedded(Journey):
    """Embedded bus and SQLite ledger."""

    async def test_what_is_sent_stands_in_the_zaaksysteem(self, tmp_path: Path) -> None:
        """All of it, once."""
        await self.deliver(tmp_path, bus="", ledger="")

    async def test_a_document_of_60_mb_passes_in_little_memory(self, tmp_path: Path) -> None:
        """Peak memory of the whole hub, doors and workers in one process, stays under 250 MB."""
        async with installation(tmp_path) as hub:
            await hub.start("zaaksysteem", "serve")
            afzender = Afzender()
            zaak = afzender.creeer_zaak(1)
            await _post(hub, zaak.body, zaak.headers(), role="serve")
            verzoek, pieces = afzender.voeg_groot_zaakdocument_toe(1, LARGE_BYTES)
            async with (
                aiohttp.ClientSession() as session,
                session.post(hub.door("serve"), data=_stream(pieces), headers=verzoek.headers()) as answer,
            ):
                assert answer.status == 200, await answer.text()
            stand = await _until(hub, lambda zaken: any(zaak["documenten"] for zaak in zaken.values()))
            peak_kb = hub.peak_memory_kb("serve")

        [document] = stand["zaken"][zaakidentificatie(1)]["documenten"]
        digest = hashlib.sha256()
        for piece in contents(LARGE_BYTES):
            digest.update(piece)
        assert (document["omvang"], document["sha256"]) == (LARGE_BYTES, digest.hexdigest())
        assert peak_kb < MEMORY_MAX_KB


@pytest.mark.slow
@pytest.mark.kafka
@pytest.mark.postgres
class TestKafka(Journey):
    """Apache Kafka and PostgreSQL."""

    async def test_what_is_sent_stands_in_the_zaaksysteem(
        self, tmp_path: Path, kafka: str, postgres_database: str
    ) -> None:
        """All of it, once."""
        await self.deliver(tmp_path, bus=f"kafka://{kafka}", ledger=postgres_database)


def _five_closed(zaken: dict[str, Any]) -> bool:
    return len(zaken) == len(BETROKKENEN) and all(zaak["einddatum"] for zaak in zaken.values())


async def _post(hub: Installation, body: bytes, headers: dict[str, str], *, role: str = "gateway") -> None:
    async with aiohttp.ClientSession() as session, session.post(hub.door(role), data=body, headers=headers) as answer:
        assert answer.status == 200, await answer.text()


async def _until(hub: Installation, done: Any) -> dict[str, Any]:  # noqa: ANN401 - a predicate on the simulator's JSON
    async with asyncio.timeout(120):
        while True:
            stand = await hub.stand()
            if done(stand["zaken"]):
                return stand
            await asyncio.sleep(0.1)


async def _stream(pieces: Any) -> Any:  # noqa: ANN401 - an iterator as aiohttp wants it
    for piece in pieces:
        yield piece
