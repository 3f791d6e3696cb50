"""Questions over a real socket: credentials, pages, content that streams, and answers that do not come."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple

import pytest
import uvicorn
from pydantic import SecretStr

from adapters.zgw.lookup import create as create_lookup
from adapters.zgw.options import Options
from adapters.zgw.simulator import CLIENT_ID, RSIN, SECRET, Gedrag, Simulator, create
from hub.clock import SystemClock
from hub.config.policy import ConnectionPolicy
from hub.config.target import Target, ZgwJwtAuth
from hub.errors import TargetFailed, TargetMisconfigured, TargetUnavailable
from hub.net.client import TargetClient
from hub.ports.contracts import Inquiry
from tests.support.zgw import AANGEMAAKT, DOCUMENT_TOEGEVOEGD, Delivery, Stored, a_document, a_person
from tests.support.zgw_asked import DOCUMENTEN_OPVRAGEN, SERVICES, VERGRENDELEN, ZAKEN_OPVRAGEN

CONTENT = b"%PDF-1.7 fictief " * 10_000
BSN = "999990019"


class Far(NamedTuple):
    """A simulator that listens, and what asks it."""

    simulator: Simulator
    client: TargetClient
    kept: list[str]

    async def ask(self, kind: str, **question: Any) -> dict[str, Any]:  # noqa: ANN401 - a question is JSON
        lookup = create_lookup(Options(rsin=RSIN))
        return await lookup.ask(kind, question, Inquiry(self.client, self._keep, datetime.now(UTC)))

    async def _keep(self, chunks: AsyncIterator[bytes]) -> str:
        digest, size = sha256(), 0
        async for chunk in chunks:
            digest.update(chunk)
            size += len(chunk)
        self.kept.append(digest.hexdigest())
        return f"zaakhub-inhoud:inhoud:{size}:{digest.hexdigest()}"


@pytest.fixture
async def far() -> AsyncIterator[Far]:
    simulator = create(page_size=10)
    listening = socket.create_server(("127.0.0.1", 0))  # connections wait here until uvicorn takes them
    base = f"http://127.0.0.1:{listening.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(simulator, log_level="critical", lifespan="on"))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    target = Target(
        services={name: f"{base}/{name}/api/v1" for name in SERVICES},
        auth=ZgwJwtAuth(kind="zgw-jwt", client_id=CLIENT_ID, secret=SecretStr(SECRET)),
    )
    async with TargetClient(target, name="zaken-naar-zgw", limits=ConnectionPolicy(), clock=SystemClock()) as client:
        yield Far(simulator, client, [])
    server.should_exit = True
    await serving


async def a_zaak_with_a_document(far: Far, identificatie: str = "ZAAK-2026-0001", content: bytes = CONTENT) -> None:
    delivery = Delivery(far.client, stored=Stored(ref=content))
    delivery.now = datetime.now(UTC)
    await delivery.once(AANGEMAAKT, a_document(zaak={"identificatie": identificatie}, rollen=[a_person(BSN)]))
    inhoud = {"verwijzing": "ref", "omvang": len(content), "sha256": sha256(content).hexdigest()}
    document = {
        "identificatie": f"DOC-{identificatie}", "titel": "Aanvraag", "auteur": "Voorbeeld", "taal": "nld",
        "creatiedatum": "2026-03-01", "informatieobjecttype": {"omschrijving": "Bijlage"}, "inhoud": inhoud,
    }  # fmt: skip
    await delivery.once(DOCUMENT_TOEGEVOEGD, {"zaak": {"identificatie": identificatie}, "document": document})


async def test_a_zaak_comes_back_as_it_was_brought(far: Far) -> None:
    """With its rollen and documents."""
    await a_zaak_with_a_document(far)

    answer = await far.ask(ZAKEN_OPVRAGEN, identificatie="ZAAK-2026-0001", onderdelen=["rollen", "documenten"])

    (zaak,) = answer["zaken"]
    assert [rol["betrokkeneIdentificatie"]["inpBsn"] for rol in zaak["rollen"]] == [BSN]
    assert [each["identificatie"] for each in zaak["documenten"]] == ["DOC-ZAAK-2026-0001"]


async def test_every_page_of_a_search_comes(far: Far) -> None:
    """The body goes with every page."""
    for number in range(25):
        await a_zaak_with_a_document(far, f"ZAAK-{number:02}", b"klein")
    person = {"natuurlijkPersoon": {"bsn": BSN}}

    answer = await far.ask(ZAKEN_OPVRAGEN, betrokkene=person, onderdelen=["documenten"])

    assert [each["identificatie"] for each in answer["zaken"]] == [f"ZAAK-{number:02}" for number in range(25)]
    assert all(len(each["documenten"]) == 1 for each in answer["zaken"])


async def test_content_streams_into_the_payload_store(far: Far) -> None:
    """Byte for byte, of a document that is read and of one that is locked."""
    await a_zaak_with_a_document(far)

    for kind in (DOCUMENTEN_OPVRAGEN, VERGRENDELEN):
        (document,) = (await far.ask(kind, identificatie="DOC-ZAAK-2026-0001", inhoud=True))["documenten"]
        assert document["inhoud"].endswith(sha256(CONTENT).hexdigest())
    assert far.kept == [sha256(CONTENT).hexdigest()] * 2


@pytest.mark.parametrize(
    ("order", "raises"),
    [
        ({"kind": "cut-before"}, TargetUnavailable),
        ({"kind": "cut-after"}, TargetUnavailable),
        ({"kind": "garbage"}, TargetUnavailable),
        ({"kind": "answer", "status": 503, "retry_after_s": 7}, TargetUnavailable),
        ({"kind": "answer", "status": 403}, TargetMisconfigured),
    ],
)
async def test_a_search_that_gets_no_answer_left_nothing_behind(
    far: Far, order: dict[str, Any], raises: type[Exception]
) -> None:
    """It is told as a target that is away, and no error holds who was asked for."""
    far.simulator.orders.add(Gedrag.model_validate({**order, "path": re.compile("_zoek"), "times": None}))

    with pytest.raises(raises) as failure:
        await far.ask(ZAKEN_OPVRAGEN, betrokkene={"natuurlijkPersoon": {"bsn": BSN}})
    assert isinstance(failure.value, TargetFailed)
    assert BSN not in str(failure.value) + failure.value.advice
