"""What the client says when the far side misbehaves, against a real TCP server on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus

import pytest

from hub.clock import SystemClock
from hub.config.policy import ConnectionPolicy
from hub.config.target import Target
from hub.errors import HubUnavailable, TargetMisconfigured, TargetUnavailable, TargetUncertain
from hub.net.client import TargetClient, _Source
from hub.observe.metrics import Count, Metrics
from hub.ports.contracts import Client

Behaviour = Callable[["Conversation"], Awaitable[None]]

QUICK = ConnectionPolicy(request_timeout_s=0.4, breaker_failures=1000)
PATIENT = ConnectionPolicy(request_timeout_s=10, breaker_failures=1000)


class Conversation:
    """One connection, seen from the misbehaving side."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self.writer = writer
        self.head = b""
        self.body = b""

    async def read_request(self) -> None:
        """Read one whole request."""
        self.head = await self._reader.readuntil(b"\r\n\r\n")
        sizes = [line for line in self.head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        self.body = await self._reader.readexactly(int(sizes[0].split(b":")[1])) if sizes else b""

    async def answer(self, raw: bytes) -> None:
        """Send bytes as they are."""
        self.writer.write(raw)
        await self.writer.drain()

    async def until_closed(self) -> None:
        """Say nothing until the other side goes away."""
        while await self._reader.read(65536):
            pass


@asynccontextmanager
async def far_side(behave: Behaviour) -> AsyncIterator[str]:
    """Serve on loopback; give the base URL."""
    running: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        try:
            await behave(Conversation(reader, writer))
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            running.discard(task)
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/zaken/api/v1/"
    finally:
        server.close()
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def a_client(url: str, limits: ConnectionPolicy = QUICK, metrics: Metrics | None = None) -> TargetClient:
    target = Target(services={"zaken": url})
    return TargetClient(target, name="zaken-naar-zgw", limits=limits, clock=SystemClock(), metrics=metrics)


def answering(raw: bytes) -> Behaviour:
    async def behave(conversation: Conversation) -> None:
        while True:
            await conversation.read_request()
            await conversation.answer(raw)

    return behave


def json_answer(status: str, body: bytes = b"{}", *headers: bytes) -> bytes:
    lines = [f"HTTP/1.1 {status}".encode(), b"Content-Type: application/json", b"Content-Length: %d" % len(body)]
    return b"\r\n".join([*lines, *headers, b"", body])


async def silent(conversation: Conversation) -> None:
    await conversation.read_request()
    await conversation.until_closed()


async def hangs_up(conversation: Conversation) -> None:
    await conversation.read_request()


async def resets(conversation: Conversation) -> None:
    await conversation.read_request()
    conversation.writer.transport.abort()


async def stops_halfway(conversation: Conversation) -> None:
    await conversation.read_request()
    await conversation.answer(b"HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{")


async def speaks_no_http(conversation: Conversation) -> None:
    await conversation.read_request()
    await conversation.answer(b"220 mail.example ESMTP\r\n\r\n")


async def trickles(conversation: Conversation) -> None:
    await conversation.read_request()
    await conversation.answer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        await conversation.answer(b"1\r\n \r\n")
        await asyncio.sleep(0.01)


LOST_AFTER_SENDING = [silent, hangs_up, resets, stops_halfway, speaks_no_http, trickles]


@pytest.mark.parametrize("behave", LOST_AFTER_SENDING)
@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
async def test_a_change_that_left_without_an_answer_is_uncertain(behave: Behaviour, method: str) -> None:
    """The effect may have happened: only the target knows."""
    async with far_side(behave) as url, a_client(url) as client:
        with pytest.raises(TargetUncertain):
            await client.request(method, "zaken", "zaken", json={"identificatie": "ZAAK-1"})


@pytest.mark.parametrize("behave", LOST_AFTER_SENDING)
async def test_a_question_without_an_answer_may_simply_be_asked_again(behave: Behaviour) -> None:
    """A GET changes nothing, so nothing is uncertain."""
    async with far_side(behave) as url, a_client(url) as client:
        with pytest.raises(TargetUnavailable):
            await client.request("GET", "zaken", "zaken")


async def test_a_connection_that_is_refused_sent_nothing() -> None:
    """Nobody listens: the POST never left."""
    async with far_side(silent) as url:
        pass
    async with a_client(url) as client:
        with pytest.raises(TargetUnavailable) as caught:
            await client.request("POST", "zaken", "zaken", json={})

    assert caught.value.code == "verbinding"


async def test_an_unknown_host_sent_nothing() -> None:
    """The name does not resolve (RFC 2606 keeps .invalid free for this)."""
    async with a_client("http://zaaksysteem.invalid/", PATIENT) as client:
        with pytest.raises(TargetUnavailable) as caught:
            await client.request("POST", "zaken", "zaken", json={})

    assert caught.value.code == "verbinding"


async def test_a_failed_tls_handshake_sent_nothing() -> None:
    """The far side speaks plain HTTP on a port that should be TLS."""

    async def plain(conversation: Conversation) -> None:
        await conversation.answer(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async with far_side(plain) as url, a_client(url.replace("http:", "https:")) as client:
        with pytest.raises(TargetUnavailable) as caught:
            await client.request("POST", "zaken", "zaken", json={})

    assert caught.value.code == "tls"


async def test_waiting_in_vain_for_a_free_connection_sent_nothing() -> None:
    """With every connection of the pool in use a request waits; it has not left when its time is up."""
    limits = QUICK.model_copy(update={"connections_max": 1})
    async with far_side(silent) as url, a_client(url, limits) as client:
        first = asyncio.create_task(client.request("POST", "zaken", "zaken", json={}))
        results = await asyncio.gather(first, client.request("POST", "zaken", "zaken", json={}), return_exceptions=True)

    assert [type(each) for each in results] == [TargetUncertain, TargetUnavailable]
    assert isinstance(results[1], TargetUnavailable)
    assert results[1].code == "verbinding"


async def test_an_idle_connection_that_was_closed_makes_a_change_uncertain_and_a_question_not() -> None:
    """The server closes after one answer while the client still thinks that the connection is good."""

    async def once(conversation: Conversation) -> None:
        await conversation.read_request()
        await conversation.answer(json_answer("200 OK"))
        await conversation.read_request()

    async with far_side(once) as url, a_client(url, PATIENT) as client:
        await client.request("GET", "zaken", "zaken")
        with pytest.raises(TargetUncertain) as caught:
            await client.request("POST", "zaken", "zaken", json={})
        answer = await client.request("GET", "zaken", "zaken")

    assert caught.value.code == "verbroken"
    assert answer.status == 200


async def test_an_answer_is_given_whatever_its_status() -> None:
    """What a status means is the adapter's business; header names come in lower case."""
    problem = b'{"code":"invalid"}'
    raw = json_answer("400 Bad Request", problem, b"Retry-After: 7")
    async with far_side(answering(raw)) as url, a_client(url, PATIENT) as client:
        client_as_adapters_see_it: Client = client
        answer = await client_as_adapters_see_it.request("POST", "zaken", "zaken", json={"a": 1})

    assert (answer.status, answer.headers["retry-after"], answer.json()) == (400, "7", {"code": "invalid"})


async def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    """Following it would carry the credentials and the zaak to another host."""
    raw = json_answer("302 Found", b"", b"Location: http://127.0.0.1:1/steal")
    async with far_side(answering(raw)) as url, a_client(url, PATIENT) as client:
        answer = await client.request("GET", "zaken", "zaken")

    assert answer.status == 302


@pytest.mark.parametrize(("method", "error"), [("GET", TargetMisconfigured), ("POST", TargetUncertain)])
async def test_an_answer_that_is_too_large_is_not_read_to_its_end(method: str, error: type[Exception]) -> None:
    """The cap counts what arrives, with or without a Content-Length, and a POST has had its effect by then."""
    limits = PATIENT.model_copy(update={"response_bytes_max": 1000})
    async with far_side(answering(json_answer("200 OK", b"x" * 1001))) as url, a_client(url, limits) as client:
        with pytest.raises(error, match="response_bytes_max"):
            await client.request(method, "zaken", "zaken")


async def test_an_answer_that_is_no_json_keeps_the_body_out_of_the_error() -> None:
    """A login page, or worse a page with a person on it, is not repeated."""
    async with far_side(answering(json_answer("200 OK", b"<p>999990019</p>"))) as url, a_client(url) as client:
        answer = await client.request("GET", "zaken", "zaken")
    with pytest.raises(TargetUncertain) as caught:
        answer.json()

    assert "999990019" not in repr(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    "path",
    [
        "http://169.254.169.254/latest",
        "http://127.0.0.1.evil.example/zaken/api/v1/zaken",
        "//evil.example/zaken",
        "../admin",
        "zaken/%2e%2e/%2e%2e/%2e%2e/admin",
        "file:///etc/passwd",
        "\\\\evil.example\\zaken",
    ],
)
async def test_a_url_outside_the_services_is_never_asked(path: str) -> None:
    """URLs come from answers and messages; the hub only goes where its configuration says."""
    async with a_client("http://127.0.0.1:1/zaken/api/v1/") as client:
        with pytest.raises(TargetMisconfigured) as caught:
            await client.request("GET", "zaken", path)

    assert caught.value.code == "vreemde-url"


async def test_a_whole_url_below_a_service_is_asked_with_its_own_query() -> None:
    """So `next` of a paged list is followed."""
    heads: list[bytes] = []

    async def behave(conversation: Conversation) -> None:
        await conversation.read_request()
        heads.append(conversation.head.split(b"\r\n")[0])
        await conversation.answer(json_answer("200 OK", b"{}", b"Connection: close"))

    async with far_side(behave) as url, a_client(url, PATIENT) as client:
        await client.request("GET", "zaken", f"{url}zaken?page=2&a=b%20c")
        await client.request("GET", "zaken", "rollen", query={"zaak": "http://x/1?y=z&a"})

    assert heads == [
        b"GET /zaken/api/v1/zaken?page=2&a=b%20c HTTP/1.1",
        b"GET /zaken/api/v1/rollen?zaak=http://x/1?y%3Dz%26a HTTP/1.1",
    ]


async def test_an_unknown_service_is_a_configuration_error() -> None:
    """The connection's target lacks a service that the adapter needs."""
    async with a_client("http://127.0.0.1:1/") as client:
        with pytest.raises(TargetMisconfigured, match="no service documenten"):
            await client.request("GET", "documenten", "x")


async def test_a_stream_goes_out_with_the_length_it_was_given() -> None:
    """A body in chunks and a Content-Length of our own: no chunked encoding, which many gateways buffer or refuse."""
    seen: list[Conversation] = []

    async def behave(conversation: Conversation) -> None:
        seen.append(conversation)
        await conversation.read_request()
        await conversation.answer(json_answer("201 Created"))

    async def chunks() -> AsyncIterator[bytes]:
        for chunk in (b"ab", b"cd", b"e"):
            yield chunk

    async with far_side(behave) as url, a_client(url, PATIENT) as client:
        await client.request("POST", "zaken", "x", body=chunks(), headers={"Content-Length": "5"})

    assert seen[0].body == b"abcde"
    assert b"transfer-encoding" not in seen[0].head.lower()


async def test_an_error_of_the_source_of_a_stream_is_passed_on_and_the_target_sees_no_whole_request() -> None:
    """The payload store failed, not the target: the same error comes out, and the breaker knows nothing of it."""
    whole: list[bool] = []

    async def behave(conversation: Conversation) -> None:
        await conversation.read_request()
        whole.append(True)

    async def chunks() -> AsyncIterator[bytes]:
        yield b"ab"
        raise HubUnavailable("content is gone", code="payloads")

    limits = PATIENT.model_copy(update={"breaker_failures": 1})
    async with far_side(behave) as url, a_client(url, limits) as client:
        with pytest.raises(HubUnavailable):
            await client.request("POST", "zaken", "x", body=chunks(), headers={"Content-Length": "5"})
        open_now = client.breaker.is_open

    assert whole == []
    assert not open_now


async def test_every_chunk_of_a_stream_starts_the_time_anew() -> None:
    """A large document over a slow line is no failure as long as it moves."""

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"x"

    async with asyncio.timeout(10) as deadline:
        stream = _Source(3600).watched(chunks(), deadline)
        assert stream is not None
        assert not isinstance(stream, bytes)
        before = deadline.when() or 0
        moved_on = [(deadline.when() or 0) - before > 3000 async for _ in stream]

    assert moved_on == [True, True, True]


async def test_after_failures_in_a_row_the_target_is_left_alone() -> None:
    """The second request is not sent at all, and it says when to come back."""
    limits = QUICK.model_copy(update={"breaker_failures": 1})
    async with far_side(hangs_up) as url, a_client(url, limits) as client:
        with pytest.raises(TargetUncertain):
            await client.request("POST", "zaken", "zaken", json={})
        with pytest.raises(TargetUnavailable) as caught:
            await client.request("POST", "zaken", "zaken", json={})

    assert caught.value.code == "zekering"
    assert caught.value.retry_after_s is not None
    assert 0 < caught.value.retry_after_s <= limits.breaker_open_s


async def test_503_counts_as_down_and_500_does_not() -> None:
    """A 500 may be the fault of one message; 503 is a gateway that has no target behind it."""
    limits = PATIENT.model_copy(update={"breaker_failures": 1})
    async with far_side(answering(json_answer("500 Oops"))) as url, a_client(url, limits) as client:
        await client.request("GET", "zaken", "zaken")
        after_500 = client.breaker.is_open
    async with far_side(answering(json_answer("503 Busy"))) as url, a_client(url, limits) as client:
        await client.request("GET", "zaken", "zaken")
        after_503 = client.breaker.is_open

    assert (after_500, after_503) == (False, True)


async def test_requests_are_counted_by_class_of_answer() -> None:
    """The labels are the connection and the class: nothing of the message."""
    metrics = Metrics()
    async with far_side(answering(json_answer("201 Created"))) as url, a_client(url, PATIENT, metrics) as client:
        await client.request("POST", "zaken", "zaken", json={})
    async with far_side(hangs_up) as url, a_client(url, PATIENT, metrics) as client:
        with pytest.raises(TargetUncertain):
            await client.request("POST", "zaken", "zaken", json={})

    counted = [metrics.value(Count.TARGET_REQUESTS, "zaken-naar-zgw", status) for status in ("2xx", "none")]
    assert counted == [1, 1]


async def test_an_error_never_repeats_the_url_or_the_body() -> None:
    """A query may hold an identificatie, a body a person."""
    async with far_side(hangs_up) as url, a_client(url) as client:
        with pytest.raises(TargetUncertain) as caught:
            await client.request("POST", "zaken", "zaken", query={"identificatie": "GEHEIM"}, json={"bsn": "999990019"})

    assert "GEHEIM" not in str(caught.value)
    assert "999990019" not in str(caught.value)


async def test_a_question_that_meets_a_connection_being_closed_is_asked_again() -> None:
    """RFC 9112 §9.3.1: the server closed what was kept open at the moment that it was used; nothing was done."""
    requests: list[bytes] = []

    async def behave(conversation: Conversation) -> None:
        await conversation.read_request()
        requests.append(conversation.head)
        await conversation.answer(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        if len(requests) == 1:
            await conversation.read_request()

    async with far_side(behave) as url, a_client(url, PATIENT) as client:
        for _ in range(2):
            answer = await client.request("GET", "zaken", "zaken")

    assert answer.status == HTTPStatus.OK
    assert len(requests) == 2
