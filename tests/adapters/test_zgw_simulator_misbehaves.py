"""The simulator misbehaves on demand, over real sockets: uvicorn on loopback."""

from __future__ import annotations

import asyncio
import base64
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import orjson
import pytest
import uvicorn

from adapters.zgw.simulator import RSIN, SECRET, ConnectionCut, Gedrag, Simulator, create
from tests.support.zgw_token import token

ZAKEN, CATALOGI, DOCUMENTEN = "/zaken/api/v1", "/catalogi/api/v1", "/documenten/api/v1"


class Far:
    """A running simulator and a session that may speak to it."""

    def __init__(self, simulator: Simulator, session: aiohttp.ClientSession) -> None:
        self.simulator = simulator
        self.session = session

    async def order(self, **gedrag: object) -> None:
        async with self.session.post("/_simulator/gedrag", data=orjson.dumps(gedrag)) as given:
            assert given.status == 200, await given.text()

    async def status(self, method: str, path: str, data: object = None) -> int:
        async with self.session.request(method, path, data=orjson.dumps(data) if data else None) as given:
            await given.read()
            return given.status

    async def zaak(self, identificatie: str = "ZAAK-1", **fields: object) -> dict[str, Any]:
        async with self.session.get(
            f"{CATALOGI}/zaaktypen", params={"identificatie": "B1026", "datumGeldigheid": "2026-01-01"}
        ) as given:
            zaaktype = orjson.loads(await given.read())["results"][0]["url"]
        return {
            "identificatie": identificatie,
            "bronorganisatie": RSIN,
            "verantwoordelijkeOrganisatie": RSIN,
            "startdatum": "2026-01-01",
            "zaaktype": zaaktype,
            **fields,
        }


@pytest.fixture
async def far() -> AsyncIterator[Far]:
    simulator = create()
    listening = socket.create_server(("127.0.0.1", 0))  # connections wait here until uvicorn takes them
    port = listening.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(simulator, log_level="critical", lifespan="on"))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    headers = {
        "authorization": f"Bearer {token(SECRET, at=datetime.now(UTC))}",
        "content-type": "application/json",
        "accept-crs": "EPSG:4326",
        "content-crs": "EPSG:4326",
    }
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}", headers=headers) as session:
        yield Far(simulator, session)
    server.should_exit = True
    await serving


async def test_it_serves_what_it_says(far: Far) -> None:
    """A URL in an answer can be followed as it is."""
    async with far.session.post(f"{ZAKEN}/zaken", data=orjson.dumps(await far.zaak())) as given:
        made = orjson.loads(await given.read())

    async with far.session.get(made["url"]) as given:
        assert orjson.loads(await given.read())["identificatie"] == "ZAAK-1"
    async with far.session.head(made["url"]) as given:
        assert (given.status, await given.read()) == (200, b"")


async def test_an_ordered_answer_comes_as_often_as_ordered(far: Far) -> None:
    """503 with Retry-After twice, then well again; nothing was done in between."""
    body = await far.zaak()
    await far.order(kind="answer", method="POST", path="/zaken$", times=2, status=503, retry_after_s=7)

    async with far.session.post(f"{ZAKEN}/zaken", data=orjson.dumps(body)) as given:
        assert (given.status, given.headers["retry-after"], given.content_type) == (
            503,
            "7",
            "application/problem+json",
        )
    statuses = [await far.status("POST", f"{ZAKEN}/zaken", body) for _ in range(2)]

    assert statuses == [503, 201]
    assert len(far.simulator.state.effects) == 1


@pytest.mark.parametrize("status", [401, 403, 409, 412, 429, 500, 502, 504])
async def test_any_error_can_be_ordered(far: Far, status: int) -> None:
    """Also with a body of one's own."""
    await far.order(kind="answer", status=status, body={"code": "eigen"})

    async with far.session.get(f"{CATALOGI}/zaaktypen") as given:
        assert (given.status, orjson.loads(await given.read())) == (status, {"code": "eigen"})


@pytest.mark.parametrize(("kind", "effects"), [("cut-before", 0), ("cut-after", 1)])
async def test_a_connection_is_cut_without_an_answer(far: Far, kind: str, effects: int) -> None:
    """The client sees the connection end, not a status; the effect is there or not, as ordered."""
    body = await far.zaak()
    await far.order(kind=kind, method="POST")

    with pytest.raises(aiohttp.ClientConnectionError):
        await far.status("POST", f"{ZAKEN}/zaken", body)

    assert len(far.simulator.state.effects) == effects
    assert await far.status("POST", f"{ZAKEN}/zaken", {**body, "identificatie": "ZAAK-2"}) == 201


async def test_an_upload_can_be_cut(far: Far) -> None:
    """Also in the middle of a body that streams."""
    await far.order(kind="cut-before", method="POST", path="informatieobjecten")

    async def upload() -> AsyncIterator[bytes]:
        yield b'{"inhoud": "'
        for _ in range(64):
            yield base64.b64encode(bytes(48 * 1024))
        yield b'"}'

    with pytest.raises(aiohttp.ClientConnectionError):
        async with far.session.post(f"{DOCUMENTEN}/enkelvoudiginformatieobjecten", data=upload()):
            pass


async def test_an_answer_can_be_no_json_though_it_was_done(far: Far) -> None:
    """As behind a gateway that puts its own page in the way."""
    await far.order(kind="garbage", method="POST", path="/zaken$")

    async with far.session.post(f"{ZAKEN}/zaken", data=orjson.dumps(await far.zaak())) as given:
        assert (given.status, given.content_type) == (201, "text/html")
    assert len(far.simulator.state.effects) == 1


async def test_a_slow_answer_is_an_answer_after_all(far: Far) -> None:
    """An order of slow goes together with what comes after it."""
    await far.order(kind="slow", seconds=0.01)
    await far.order(kind="answer", status=500)

    assert await far.status("GET", f"{CATALOGI}/zaaktypen") == 500
    assert await far.status("GET", f"{CATALOGI}/zaaktypen") == 200


async def test_a_value_is_refused_until_it_is_mended(far: Far) -> None:
    """Other values pass; the same one passes when the order is withdrawn."""
    body = await far.zaak(omschrijving="fout")
    await far.order(kind="refuse", path="/zaken$", field="omschrijving", value="fout", times=None)

    async with far.session.post(f"{ZAKEN}/zaken", data=orjson.dumps(body)) as given:
        assert orjson.loads(await given.read())["invalidParams"][0] == {
            "name": "omschrijving",
            "code": "invalid",
            "reason": "Geweigerd op bestelling.",
        }
    statuses = [
        await far.status("POST", f"{ZAKEN}/zaken", body),
        await far.status("POST", f"{ZAKEN}/zaken", {**body, "identificatie": "ZAAK-2", "omschrijving": "goed"}),
        await far.status("DELETE", "/_simulator/gedrag"),
        await far.status("POST", f"{ZAKEN}/zaken", body),
    ]

    assert statuses == [400, 201, 200, 201]


async def test_other_processes_can_see_what_stands(far: Far) -> None:
    """GET /_simulator/stand, of all or of one zaak, with the orders that are left."""
    await far.status("POST", f"{ZAKEN}/zaken", await far.zaak("ZAAK-1"))
    await far.status("POST", f"{ZAKEN}/zaken", await far.zaak("ZAAK-2"))
    await far.order(kind="answer", times=3)

    async with far.session.get("/_simulator/stand", params={"zaak": "ZAAK-2"}) as given:
        stand = orjson.loads(await given.read())

    assert list(stand["zaken"]) == ["ZAAK-2"]
    assert [each["number"] for each in stand["effecten"]] == [2]
    assert stand["gedrag"] == [{"kind": "answer", "times": 3}]


async def test_an_order_that_makes_no_sense_is_refused(far: Far) -> None:
    """A typing error in an order is told, not ignored."""
    assert await far.status("POST", "/_simulator/gedrag", {"kind": "explode"}) == 400
    assert await far.status("POST", "/_simulator/gedrag", {"kind": "answer", "path": "("}) == 400
    assert await far.status("GET", "/_simulator/weer") == 404


async def test_without_sockets_the_caller_carries_out_the_cut() -> None:
    """The core raises ConnectionCut and says on which side of the effect."""
    simulator = create()
    simulator.orders.add(Gedrag(kind="cut-before"))

    with pytest.raises(ConnectionCut) as cut:
        await simulator.handle("GET", f"{CATALOGI}/zaaktypen", {}, {})

    assert cut.value.effect is False
