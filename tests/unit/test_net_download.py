"""Something large is got in chunks: limits, losses halfway, and what every status means."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.typedefs import Handler

from hub.config.policy import DOWNLOAD_S_MAX, ConnectionPolicy
from hub.config.target import Target
from hub.errors import TargetFailed, TargetMisconfigured, TargetRefused, TargetUnavailable
from hub.net.client import TargetClient
from hub.ports.contracts import Client
from hub.testkit.clock import FakeClock
from hub.testkit.network import FAIR, Answered, FaultyNetwork, Weather

LIMITS = ConnectionPolicy(request_timeout_s=5, message_bytes_max=1_000_000, response_bytes_max=1000)


@asynccontextmanager
async def target(handler: Handler, *, clock: FakeClock | None = None) -> AsyncIterator[TargetClient]:
    app = web.Application()
    app.router.add_get("/documenten/{path:.*}", handler)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        services = {"documenten": f"http://127.0.0.1:{runner.addresses[0][1]}/documenten/"}
        made = TargetClient(Target(services=services), name="uit", limits=LIMITS, clock=clock or FakeClock())
        async with made as client:
            yield client
    finally:
        await runner.cleanup()


async def whole(client: Client, path: str = "inhoud") -> bytes:
    return b"".join([chunk async for chunk in client.download("documenten", path)])


async def test_what_is_larger_than_any_answer_comes_whole() -> None:
    """`response_bytes_max` is for answers; a document has the limit of a message."""
    content = bytes(range(256)) * 1000

    async def handler(request: web.Request) -> web.Response:
        assert request.headers["Accept"] == "*/*"
        assert request.query["versie"] == "2"
        return web.Response(body=content)

    async with target(handler) as client:
        chunks = [each async for each in client.download("documenten", "inhoud", query={"versie": "2"})]

    assert len(chunks) > 1
    assert b"".join(chunks) == content


async def test_what_is_larger_than_a_message_is_for_a_person() -> None:
    """It stops at the limit, whatever is still to come."""
    sent = 0

    async def handler(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        answer = web.StreamResponse()
        await answer.prepare(request)
        while sent < 100 * LIMITS.message_bytes_max:
            sent += 65536
            await answer.write(b"x" * 65536)
        return answer

    async with target(handler) as client:
        with pytest.raises(TargetMisconfigured, match="message_bytes_max"):
            await whole(client)

    assert sent < 50 * LIMITS.message_bytes_max


async def test_a_loss_halfway_is_told_halfway() -> None:
    """Whoever keeps the chunks hears that they are not all; nothing was changed, so it may be done again."""

    async def handler(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Length": "100000"})
        await answer.prepare(request)
        await answer.write(b"half")
        assert request.transport is not None
        request.transport.abort()
        return answer

    async with target(handler) as client:
        chunks = client.download("documenten", "inhoud")
        assert await anext(chunks) == b"half"
        with pytest.raises(TargetUnavailable):
            await anext(chunks)


async def test_what_trickles_is_given_up() -> None:
    """A connection is held by nobody for ever."""
    clock = FakeClock()

    async def handler(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        for _ in range(3):
            await answer.write(b"x")
            clock.advance(DOWNLOAD_S_MAX)
            await asyncio.sleep(0)
        return answer

    async with target(handler, clock=clock) as client:
        with pytest.raises(TargetUnavailable, match="no answer in time"):
            await whole(client)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (204, TargetMisconfigured),
        (302, TargetMisconfigured),
        (400, TargetMisconfigured),
        (401, TargetMisconfigured),
        (403, TargetMisconfigured),
        (404, TargetRefused),
        (410, TargetRefused),
        (408, TargetUnavailable),
        (429, TargetUnavailable),
        (500, TargetUnavailable),
        (503, TargetUnavailable),
    ],
)
async def test_a_status_says_whose_turn_it_is(status: int, error: type[TargetFailed]) -> None:
    """The same for a real target and for the network of the testkit."""

    async def handler(_: web.Request) -> web.Response:
        return web.Response(status=status, headers={"Retry-After": "9", "Location": "http://elders.example/"})

    async def far_side(*_: object) -> Answered:
        return status, [("retry-after", "9")], b""

    faulty = FaultyNetwork(far_side, {"documenten": "http://doel/documenten"})
    async with target(handler) as client:
        for each in (client, faulty):
            with pytest.raises(error) as caught:
                await whole(each)
            assert caught.value.code == str(status)
            if isinstance(caught.value, TargetUnavailable):
                assert caught.value.retry_after_s == 9


async def test_a_url_elsewhere_is_not_followed() -> None:
    """The credentials of the target are for the target."""

    async def handler(_: web.Request) -> web.Response:
        raise AssertionError

    async with target(handler) as client:
        with pytest.raises(TargetMisconfigured):
            await whole(client, "http://elders.example/inhoud")


async def test_the_breaker_hears_of_a_target_that_is_gone_and_not_of_a_reader_that_stops() -> None:
    """A permit is handed back once, whatever happens."""

    async def handler(_: web.Request) -> web.Response:
        return web.Response(body=b"x" * 200_000)

    async with target(handler) as client:
        for _ in range(30):
            chunks = client.download("documenten", "inhoud")
            await anext(chunks)
            assert isinstance(chunks, AsyncGenerator)
            await chunks.aclose()
        assert not client.breaker.is_open
    gone = Target(services={"documenten": "http://127.0.0.1:9/"})
    async with TargetClient(gone, name="uit", limits=LIMITS, clock=FakeClock()) as client:
        for _ in range(LIMITS.breaker_failures):
            with pytest.raises(TargetUnavailable):
                await whole(client)
        assert client.breaker.is_open


async def test_the_network_of_the_testkit_loses_halfway() -> None:
    """What an adapter must live with, by seed."""
    content = bytes(5000)

    async def far_side(method: str, path: str, *_: object) -> Answered:
        assert (method, path) == ("GET", "/documenten/inhoud")
        return 200, [], content

    fair = FaultyNetwork(far_side, {"documenten": "http://doel/documenten"}, weather=FAIR)
    assert await whole(fair) == content
    storm = FaultyNetwork(far_side, {"documenten": "http://doel/documenten"}, weather=Weather(lost_after=1.0))
    chunks = storm.download("documenten", "inhoud")
    assert await anext(chunks)
    with pytest.raises(TargetUnavailable):
        _ = [each async for each in chunks]
