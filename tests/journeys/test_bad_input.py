"""What comes in wrong, through the real ingress: the right answer, nothing on the bus, nothing repeated, nothing kept.

In-process over ASGI; once over sockets, under the server that runs in production.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import tracemalloc
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import aiohttp
import pytest
from structlog.testing import capture_logs

from adapters.stuf_zds.simulator import Afzender, Verzoek
from hub.app import App
from hub.bus.contract import Bus, Record
from hub.config.settings import Address
from hub.errors import HubUnavailable
from hub.ingress.asgi import Ingress
from hub.ingress.server import serve
from hub.observe.metrics import Metrics
from hub.payloads.files import FilePayloads
from hub.testkit.memory import Memory
from hub.testkit.network import FaultyNetwork
from hub.wire.soap.envelope import Version
from tests.support.asgi import Answer, ask
from tests.support.berichten import BSN, ZAAK, creeer_zaak, voeg_document_toe
from tests.support.gemeente import INBOUND, configuration, gemeente, post
from tests.support.tap import records_on
from tests.support.wrong_messages import (
    CASES,
    HEADLESS,
    NAME,
    RIGHT,
    SUBJECT,
    ZDS_ACTION,
    billion_laughs,
    everywhere,
    instead,
)
from tests.support.zaaksysteem import Municipality

PATH = f"/in/{INBOUND}/OntvangAsynchroon"


@pytest.fixture
async def hub() -> AsyncIterator[Municipality]:
    async with gemeente() as each:
        yield each


@pytest.mark.parametrize("name", CASES)
async def test_a_wrong_message_is_refused_with_its_place_and_without_its_values(hub: Municipality, name: str) -> None:
    """Fo03 with the code of the standard, the element and the line; our own number, and theirs beside it."""
    spoil, code, path, tag = CASES[name]
    body = spoil(RIGHT.body)
    with capture_logs() as logs:
        answer = await post(hub, RIGHT._replace(body=body))

    assert (answer.status, answer.kind, answer.text("body/code")) == (500, "Fo03Bericht", code)
    details = answer.text("body/details")
    if path:
        assert f"element: {path}" in details
    if tag:
        assert f"line: {line_of(body, tag)}" in details
    assert_numbered(answer, name not in HEADLESS)
    assert b"<faultcode>soap:" in answer.body
    assert_tells_nothing(answer.body.decode())
    assert_tells_nothing(str(logs))
    await assert_nothing_kept(hub, refusals=1)


@pytest.mark.parametrize("name", ["wrong date", "text"])
async def test_a_fault_comes_in_the_soap_version_of_the_request(hub: Municipality, name: str) -> None:
    """SOAP 1.2 has codes Sender and Receiver, and its own media type."""
    new = Version.SOAP12
    body = CASES[name].spoil(everywhere(Version.SOAP11.value, new.value)(RIGHT.body))
    answer = await post(hub, RIGHT._replace(version=new, body=body))

    assert answer.headers["content-type"].startswith("application/soap+xml")
    assert b"<soap:Value>soap:Sender</soap:Value>" in answer.body
    assert new.value.encode() in answer.body


async def test_an_unknown_soap_version_is_a_version_mismatch(hub: Municipality) -> None:
    """SOAP 1.2 part 1 appendix A: answered in SOAP 1.1, without a StUF message."""
    body = everywhere(Version.SOAP11.value, "http://voorbeeld.test/soap")(RIGHT.body)
    answer = await post(hub, RIGHT._replace(body=body))

    assert answer.status == 500
    assert b"<faultcode>soap:VersionMismatch</faultcode>" in answer.body
    await assert_nothing_kept(hub, refusals=1)


@pytest.mark.parametrize(
    "action",
    [
        None,
        "",
        '""',
        f"{ZDS_ACTION}creeerZaak_Lk01",
        f'"{ZDS_ACTION}creeerZaak_Lk01"',
        f'"{ZDS_ACTION}creeerzaak_lk01"',
        "creeerZaak_Lk01",
        f'"{ZDS_ACTION}zakLk01"',
        "urn:iets-anders",
    ],
)
async def test_an_action_that_says_the_same_or_nothing_is_accepted(hub: Municipality, action: str | None) -> None:
    """Quoted, bare, empty, absent, in any case: what the message is shows from its content as well."""
    headers = {"content-type": "text/xml; charset=utf-8"} | ({} if action is None else {"soapaction": action})
    answer = await ask(Ingress(hub.hub.app, doors=True), PATH, RIGHT.body, headers=headers)
    await hub.hub.settle()

    assert (answer.status, answer.kind) == (200, "Bv03Bericht")
    assert ZAAK in hub.zaaksysteem.state.zaken


@pytest.mark.parametrize("action", ["voegZaakdocumentToe_Lk01", "geefZaakdetails_Lv01", "updateZaak_Lk01"])
async def test_an_action_that_contradicts_the_message_is_refused(hub: Municipality, action: str) -> None:
    """A creeerZaak is not carried out under another name."""
    answer = await post(hub, RIGHT._replace(action=f"{ZDS_ACTION}{action}"))

    assert answer.status == 500
    assert answer.text("body/code") in {"StUF040", "StUF055"}
    await assert_nothing_kept(hub, refusals=1)


async def test_a_charset_of_the_http_header_is_followed(hub: Municipality) -> None:
    """Some senders write ISO-8859-1 and say so in the Content-Type only."""
    body = RIGHT.body.replace(b'encoding="UTF-8"', b"").replace(b"geheime", "gehéime".encode("latin-1"))
    headers = {"content-type": "text/xml; charset=ISO-8859-1", "soapaction": RIGHT.action}
    answer = await ask(Ingress(hub.hub.app, doors=True), PATH, body, headers=headers)
    await hub.hub.settle()

    assert answer.kind == "Bv03Bericht"
    assert hub.stand(ZAAK)["omschrijving"] == "Een gehéime aanvraag"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/in/onbekend/OntvangAsynchroon", 404),
        ("POST", "/in/zaken-naar-zgw/OntvangAsynchroon", 404),
        ("GET", "/in/onbekend", 404),
        ("POST", "/", 404),
        ("PUT", PATH, 405),
        ("DELETE", PATH, 405),
        ("GET", PATH, 404),
    ],
)
async def test_what_is_no_door_is_not_one(hub: Municipality, method: str, path: str, status: int) -> None:
    """The answer says where messages go, and repeats nothing."""
    answer = await ask(Ingress(hub.hub.app, doors=True), path, RIGHT.body, method=method, headers=RIGHT.headers())

    assert answer.status == status
    assert_tells_nothing(answer.body.decode())
    await assert_nothing_kept(hub, refusals=0)


@pytest.mark.parametrize("port_type", ["OntvangAsynchroon", "BeantwoordVraag"])
async def test_the_wsdl_is_there_for_whoever_asks(hub: Municipality, port_type: str) -> None:
    """Open Forms tries `?wsdl` on an address before it uses it; the schemas it names are there too."""
    ingress = Ingress(hub.hub.app, doors=True)
    wsdl = await ask(ingress, f"/in/{INBOUND}/{port_type}", method="GET", query="wsdl")
    names = re.findall(r"xsd=([\w.]+)", wsdl.body.decode())
    schemas = [await ask(ingress, PATH, method="GET", query=f"xsd={name}") for name in names]

    assert (wsdl.status, {each.status for each in schemas}) == (200, {200})
    operation = b"creeerZaak_Lk01" if port_type == "OntvangAsynchroon" else b"geefZaakdetails_Lv01"
    assert operation in wsdl.body
    assert (await ask(ingress, PATH, method="GET", query="xsd=../../secret")).status == 404


@pytest.mark.parametrize("content", ["dit is geen base64!", "QUJD=QUJD", "QUJ"])
async def test_a_document_that_is_no_base64_is_refused_and_not_kept(hub: Municipality, content: str) -> None:
    """StUF055, also when it shows only at the end of the content."""
    right = voeg_document_toe(b"PLAATS")
    body = right.body.replace(b64encode(b"PLAATS"), content.encode())
    answer = await post(hub, right._replace(body=body))

    assert (answer.status, answer.text("body/code")) == (500, "StUF055")
    await assert_nothing_kept(hub, refusals=1)


async def test_a_refused_message_leaves_no_document_behind(hub: Municipality) -> None:
    """The document was stored before the message proved to be wrong: it goes."""
    right = voeg_document_toe(b"De inhoud")
    answer = await post(hub, right._replace(body=instead("<ZKN:taal>", "<ZKN:tael>")(right.body)))

    assert answer.status == 500
    await assert_nothing_kept(hub, refusals=1)


async def test_a_sender_that_goes_away_leaves_nothing_behind(hub: Municipality) -> None:
    """The connection ends after the document and before the end of the message."""
    right = voeg_document_toe(b"De inhoud" * 1000)
    arriving = iter([{"type": "http.request", "body": right.body[:-100], "more_body": True}])

    async def receive() -> dict[str, object]:
        return next(arriving, {"type": "http.disconnect"})

    async def send(_: dict[str, object]) -> None:
        raise AssertionError("there is nobody to answer")

    headers = [(name.encode(), value.encode()) for name, value in right.headers().items()]
    scope = {"type": "http", "method": "POST", "path": PATH, "query_string": b"", "headers": headers}
    await Ingress(hub.hub.app, doors=True)(scope, receive, send)

    await assert_nothing_kept(hub, refusals=0)


async def test_a_message_that_the_bus_kept_without_saying_so_is_still_delivered_whole(hub: Municipality) -> None:
    """503 to the sender, who sends it again: the first is on the bus after all, and its document is still there."""
    right = voeg_document_toe(b"De inhoud")
    await hub.send(creeer_zaak())
    with unsure(hub.hub.app):
        refused = await post(hub, right)
    await hub.hub.settle()
    again = await post(hub, right)
    await hub.hub.settle()

    assert (refused.status, refused.text("body/code")) == (503, "StUF046")
    assert again.status == 200
    assert await hub.hub.failures() == []
    assert len(hub.stand(ZAAK)["zaakinformatieobjecten"]) == 1


@pytest.mark.slow
async def test_memory_stays_flat_under_a_body_of_200_mb(tmp_path: Path) -> None:
    """Above the limit it is refused as soon as it is known to be, and below it the document streams to the disk."""
    for size_bytes, status in ((100 * 1024 * 1024, 200), (200 * 1024 * 1024, 413)):
        verzoek, pieces = Afzender().voeg_groot_zaakdocument_toe(1, size_bytes, document=size_bytes)
        async with doors_only(tmp_path) as app:
            tracemalloc.start()
            answer = await ask(Ingress(app, doors=True), PATH, streamed(pieces), headers=verzoek.headers())
            _, peak_bytes = tracemalloc.get_traced_memory()
            tracemalloc.stop()

        assert answer.status == status
        assert peak_bytes < 20 * 1024 * 1024
    assert sizes_in(tmp_path) == [100 * 1024 * 1024]


async def test_a_body_that_says_it_is_too_large_is_not_read(hub: Municipality) -> None:
    """Content-Length above the limit: 413 before the first byte."""
    read = 0

    async def counted() -> AsyncIterator[bytes]:
        nonlocal read
        read += 1
        yield RIGHT.body

    headers = {**RIGHT.headers(), "content-length": str(10**12)}
    answer = await ask(Ingress(hub.hub.app, doors=True), PATH, counted(), headers=headers)

    assert (answer.status, answer.text("body/code"), read) == (413, "StUF055", 0)
    await assert_nothing_kept(hub, refusals=1)


async def test_an_envelope_without_end_is_refused_before_it_fills_memory(hub: Municipality) -> None:
    """Without documents a message is small: a megabyte is the most."""
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        yield RIGHT.body.partition(SUBJECT.encode())[0]
        while True:
            sent += 1
            yield b"ha" * 32 * 1024

    answer = await ask(Ingress(hub.hub.app, doors=True), PATH, endless(), headers=RIGHT.headers())

    assert answer.text("body/code") == "StUF055"
    assert sent <= 20
    await assert_nothing_kept(hub, refusals=1)


async def test_the_same_holds_over_sockets(hub: Municipality) -> None:
    """One right and some wrong requests, under the server of production."""
    address = Address("127.0.0.1", free_port())
    stop = asyncio.Event()
    serving = asyncio.create_task(serve(Ingress(hub.hub.app, doors=True), address, stop))
    await asyncio.sleep(0)  # one turn: it listens before it first waits
    wrong = CASES["wrong date"].spoil(RIGHT.body)
    async with aiohttp.ClientSession(f"http://{address}") as session:
        answers = [
            await over_http(session, RIGHT, RIGHT.body),
            await over_http(session, RIGHT, wrong),
            await over_http(session, RIGHT, billion_laughs(RIGHT.body)),
        ]
        async with session.get(f"{PATH}?wsdl") as described:
            wsdl = described.status
    stop.set()
    await serving

    assert [each.status for each in answers] == [200, 500, 500]
    assert [each.kind for each in answers] == ["Bv03Bericht", "Fo03Bericht", "Fo03Bericht"]
    assert wsdl == 200
    for each in answers[1:]:
        assert_tells_nothing(each.body.decode())


def assert_tells_nothing(told: str) -> None:
    """No value of the message: not the number, not the name, not what it is about."""
    for value in (BSN, NAME, SUBJECT, "geheime", ZAAK):
        assert value not in told


def assert_numbered(answer: Answer, theirs: bool) -> None:  # noqa: FBT001 - reads as what is asserted
    """Our own number, and theirs where it could be read."""
    own = answer.text("stuurgegevens/referentienummer")
    assert own
    assert own != RIGHT.referentienummer
    assert answer.text("stuurgegevens/crossRefnummer") == (RIGHT.referentienummer if theirs else "")


async def assert_nothing_kept(hub: Municipality, *, refusals: int) -> None:
    """Nothing on the bus and nothing in the payload store; in the ledger only that it was refused."""
    app = hub.hub.app
    assert await records_on(app, app.topics.inbound(INBOUND)) == []
    assert app.payloads._contents == {}  # type: ignore[attr-defined] # the payload store of the testkit
    counts = await app.ledger.counts()
    assert counts == {**dict.fromkeys(counts, 0), "refusals": refusals}


def sizes_in(folder: Path) -> list[int]:
    """Give the sizes of all files in a folder."""
    return [each.stat().st_size for each in folder.rglob("*") if each.is_file()]


def line_of(body: bytes, tag: str) -> int:
    """Give the line on which an element begins."""
    return body[: body.index(tag.encode())].count(b"\n") + 1


async def streamed(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Give pieces as a body arrives."""
    for piece in pieces:
        yield piece


@contextlib.asynccontextmanager
async def doors_only(folder: Path) -> AsyncIterator[App]:
    """Run a gateway without a worker, with documents on disk."""
    parts = Memory().parts(lambda _: FaultyNetwork(_nobody, {}))
    app = App(configuration(), parts._replace(payloads=FilePayloads(folder)), metrics=Metrics())
    async with app:
        yield app


async def _nobody(*_: object) -> tuple[int, Sequence[tuple[str, str]], bytes]:
    raise ConnectionError


@contextlib.contextmanager
def unsure(app: App) -> Iterator[None]:
    """Let the bus keep what it is given and fail before it says so."""
    bus: Bus = app.bus
    publish = bus.publish

    async def keeps_and_fails(records: Sequence[Record]) -> None:
        await publish(records)
        raise HubUnavailable("no answer from the bus", code="bus")

    bus.publish = keeps_and_fails  # type: ignore[method-assign]
    try:
        yield
    finally:
        bus.publish = publish  # type: ignore[method-assign]


async def over_http(session: aiohttp.ClientSession, verzoek: Verzoek, body: bytes) -> Answer:
    """Send over a socket."""
    async with session.post(PATH, data=body, headers=verzoek.headers()) as response:
        return Answer(response.status, {}, await response.read())


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
