"""Adapter, client and simulator over a real socket: credentials, streaming, and answers that do not come."""

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

from adapters.zgw.simulator import CLIENT_ID, SECRET, Gedrag, Simulator, create
from adapters.zgw.simulator.besluiten import BESLUITEN
from hub.clock import SystemClock
from hub.config.policy import ConnectionPolicy
from hub.config.target import Target, ZgwJwtAuth
from hub.net.client import TargetClient
from tests.support.zgw import (
    AANGEMAAKT,
    BESLUIT_GENOMEN,
    DOCUMENT_BIJGEWERKT,
    DOCUMENT_TOEGEVOEGD,
    Delivery,
    Stored,
    a_document,
    a_person,
)
from tests.support.zgw_events import IN_PARTS, a_besluit

CONTENT = b"%PDF-1.7 fictief " * 10_000
PART_BYTES = 64 * 1024


class Far(NamedTuple):
    """A simulator that listens, and a client that may ask it."""

    simulator: Simulator
    client: TargetClient


@pytest.fixture
async def far() -> AsyncIterator[Far]:
    simulator = create(part_size=PART_BYTES)
    listening = socket.create_server(("127.0.0.1", 0))  # connections wait here until uvicorn takes them
    base = f"http://127.0.0.1:{listening.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(simulator, log_level="critical", lifespan="on"))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    target = Target(
        services={name: f"{base}/{name}/api/v1" for name in ("zaken", "catalogi", "documenten", "besluiten")},
        auth=ZgwJwtAuth(kind="zgw-jwt", client_id=CLIENT_ID, secret=SecretStr(SECRET)),
    )
    async with TargetClient(target, name="zaken-naar-zgw", limits=ConnectionPolicy(), clock=SystemClock()) as client:
        yield Far(simulator, client)
    server.should_exit = True
    await serving


def a_delivery(far: Far) -> Delivery:
    delivery = Delivery(far.client, stored=Stored(ref=CONTENT))
    delivery.now = datetime.now(UTC)
    return delivery


def a_message() -> dict[str, Any]:
    inhoud = {"verwijzing": "ref", "omvang": len(CONTENT), "sha256": sha256(CONTENT).hexdigest()}
    document = {
        "identificatie": "DOC-1",
        "titel": "Aanvraag",
        "auteur": "Voorbeeld",
        "taal": "nld",
        "creatiedatum": "2026-03-01",
        "informatieobjecttype": {"omschrijving": "Bijlage"},
        "inhoud": inhoud,
    }
    return {"zaak": {"identificatie": "ZAAK-2026-0001"}, "document": document}


async def test_a_zaak_and_a_document_arrive_whole(far: Far) -> None:
    """The token is trusted, the content is the one that was sent."""
    delivery = a_delivery(far)
    await delivery.once(AANGEMAAKT, a_document(rollen=[a_person()]))
    await delivery.once(DOCUMENT_TOEGEVOEGD, a_message())

    zaak = far.simulator.state.stand()["zaken"]["ZAAK-2026-0001"]
    assert zaak["rollen"] == 1
    assert zaak["documenten"] == [
        {"identificatie": "DOC-1", "omvang": len(CONTENT), "sha256": sha256(CONTENT).hexdigest()}
    ]
    assert await delivery.outbound.check(far.client) == []


@pytest.mark.parametrize("kind", ["cut-before", "cut-after", "garbage", "answer"])
@pytest.mark.parametrize("path", ["/zaken$", "/rollen$", "/enkelvoudiginformatieobjecten$", "/zaakinformatieobjecten$"])
async def test_whatever_happens_to_an_answer_there_is_one_effect(far: Far, kind: str, path: str) -> None:
    """Cut before or after, an answer that is no JSON, a 504 of a gateway: found back, made once."""
    order = {"kind": kind, "method": "POST", "path": re.compile(path), "status": 504}
    far.simulator.orders.add(Gedrag.model_validate(order))
    delivery = a_delivery(far)
    await delivery.until_done(AANGEMAAKT, a_document(rollen=[a_person()]))
    await delivery.until_done(DOCUMENT_TOEGEVOEGD, a_message())

    made = [(effect.resource, effect.action) for effect in far.simulator.state.effects]
    assert sorted(made) == sorted(set(made))
    assert far.simulator.orders.shown() == []
    assert len(made) == 4


async def test_a_large_document_arrives_in_bestandsdelen(far: Far) -> None:
    """Forms of a known size over a socket; the content is the one that was sent."""
    delivery = Delivery(far.client, IN_PARTS, stored=Stored(ref=CONTENT))
    delivery.now = datetime.now(UTC)
    await delivery.once(AANGEMAAKT, a_document())
    await delivery.once(DOCUMENT_TOEGEVOEGD, a_message())

    [document] = far.simulator.state.stand()["zaken"]["ZAAK-2026-0001"]["documenten"]
    assert document["sha256"] == sha256(CONTENT).hexdigest()
    assert far.simulator.requests["PUT /documenten/api/v1/bestandsdelen/{uuid}"] == len(CONTENT) // PART_BYTES + 1


@pytest.mark.parametrize("kind", ["cut-before", "cut-after", "garbage", "answer"])
@pytest.mark.parametrize("path", ["/enkelvoudiginformatieobjecten/[^/]+$", "/unlock$", "/besluiten$"])
async def test_whatever_happens_there_is_one_new_version_and_one_besluit(far: Far, kind: str, path: str) -> None:
    """The content of a version is compared by its hash: it is read back, once."""
    delivery = a_delivery(far)
    await delivery.once(AANGEMAAKT, a_document())
    await delivery.once(DOCUMENT_TOEGEVOEGD, a_message())
    order = {"kind": kind, "method": "PATCH" if path.endswith("+$") else "POST", "path": re.compile(path)}
    far.simulator.orders.add(Gedrag.model_validate({**order, "status": 504}))
    change = a_message()["document"] | {"titel": "Tweede versie"}

    await delivery.until_done(DOCUMENT_BIJGEWERKT, {"document": change})
    await delivery.until_done(BESLUIT_GENOMEN, {**a_besluit(), "documenten": [{"identificatie": "DOC-1"}]})

    document, content = far.simulator.state.document("DOC-1")
    assert (document["versie"], document["titel"], document["locked"]) == (2, "Tweede versie", False)
    assert content is not None
    assert content.sha256 == sha256(CONTENT).hexdigest()
    assert len(far.simulator.state.collections[BESLUITEN]) == 1
    assert far.simulator.orders.shown() == []
