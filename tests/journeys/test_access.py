"""Who may send, over real sockets with real certificates and in the message itself. Who may not changes nothing."""

from __future__ import annotations

import asyncio
import ssl
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from urllib.parse import quote

import aiohttp
import pytest
from lxml import etree
from structlog.testing import capture_logs

from adapters.stuf_zds.simulator import Verzoek
from hub.config.connection import Connection
from hub.config.settings import Address, Settings
from hub.errors import ConfigurationWrong
from hub.ingress.asgi import Ingress
from hub.ingress.server import serve, tls_of
from hub.observe.metrics import Count
from hub.security.wsse import write
from hub.testkit.memory import shipped_configuration
from hub.wire.soap.envelope import Version
from tests.support.asgi import Answer, ask
from tests.support.berichten import ZAAK, creeer_zaak, voeg_document_toe
from tests.support.gemeente import gemeente
from tests.support.installation import free_port
from tests.support.pki import BEGINS, DAY, NOW, OIN, OTHER_OIN, Authorities, Identity, authorities
from tests.support.tap import records_on
from tests.support.zaaksysteem import Municipality

NAME = "formulieren-naar-zaken"
PATH = f"/in/{NAME}/OntvangAsynchroon"
BASIC = {"kind": "basic", "user": "formulieren", "password": "geheim"}
WS_SECURITY = {"kind": "ws-security", "user": "formulieren", "password": "geheim"}
RIGHT = creeer_zaak()


_shipped = cache(shipped_configuration)


@asynccontextmanager
async def guarded(access: object, **settings: object) -> AsyncIterator[Municipality]:
    """Run the shipped hub with this `access` for its sender."""
    shipped = _shipped()
    said = shipped.connections[NAME]
    connections = shipped.connections | {
        NAME: Connection.model_validate({**said.model_dump(), "access": access}),
    }
    set_ = Settings.model_validate({**shipped.settings.model_dump(exclude_unset=True), **settings})
    async with gemeente(settings=shipped._replace(connections=connections, settings=set_)) as each:
        yield each


@asynccontextmanager
async def listening(hub: Municipality) -> AsyncIterator[str]:
    """Serve it on a free port, as in production."""
    address, stop = Address("127.0.0.1", free_port()), asyncio.Event()
    tls = tls_of(hub.hub.app.configuration.settings)
    serving = asyncio.create_task(serve(Ingress(hub.hub.app, doors=True), address, stop, tls=tls))
    await asyncio.sleep(0)  # one turn: it listens before it first waits
    try:
        yield f"{'https' if tls else 'http'}://localhost:{address.port}"
    finally:
        stop.set()
        await serving


class Senders:
    """Files of the hub, and contexts of senders with one certificate or another."""

    def __init__(self, folder: Path, trusted: Authorities) -> None:
        self.folder = folder
        self.trusted = trusted
        trusted.server().save(folder, "hub")
        (folder / "ca.pem").write_bytes(trusted.root.alone)

    @property
    def settings(self) -> dict[str, object]:
        names = {"tls_certificate": "hub.pem", "tls_key": "hub.key", "tls_client_ca": "ca.pem"}
        return {setting: self.folder / name for setting, name in names.items()}

    def context(self, shown: Identity | None) -> ssl.SSLContext:
        """Trust the hub's root, and show a certificate or none."""
        context = ssl.create_default_context(cadata=self.trusted.root.alone.decode())
        if shown is not None:
            context.load_cert_chain(*shown.save(self.folder, "sender"))
        return context


@pytest.fixture
def senders(tmp_path: Path) -> Senders:
    return Senders(tmp_path, authorities())


async def send(url: str, context: ssl.SSLContext | None, verzoek: Verzoek = RIGHT, **headers: str) -> Answer:
    connector = aiohttp.TCPConnector(ssl=context if context is not None else True)
    async with (
        aiohttp.ClientSession(connector=connector) as session,
        session.post(url + PATH, data=verzoek.body, headers={**verzoek.headers(), **headers}) as answer,
    ):
        return Answer(answer.status, dict(answer.headers), await answer.read())


async def assert_turned_away(hub: Municipality, answer: Answer, check: str, *, status: int = 403) -> None:
    """See that it heard no more than that, and that nothing is kept of it, not even a refusal."""
    assert (answer.status, answer.kind) == (status, "Fo03Bericht")
    assert answer.text("body/code") == "StUF013"
    assert hub.hub.app.metrics.value(Count.NOT_ADMITTED, NAME, check) == 1
    await hub.hub.settle()
    app = hub.hub.app
    assert await records_on(app, app.topics.inbound(NAME)) == []
    assert app.payloads._contents == {}  # type: ignore[attr-defined] # the payload store of the testkit
    assert set((await app.ledger.counts()).values()) == {0}


async def test_the_sender_with_its_certificate_is_let_in(senders: Senders) -> None:
    """Root, authority, certificate with the OIN of the connection: the message is delivered."""
    async with (
        guarded({"kind": "mutual-tls", "oin": OIN}, **senders.settings) as hub,
        listening(hub) as url,
    ):
        answer = await send(url, senders.context(senders.trusted.sender(OIN)))
        await hub.hub.settle()

        assert (answer.status, answer.kind) == (200, "Bv03Bericht")
        assert ZAAK in hub.zaaksysteem.state.zaken


@pytest.mark.parametrize("oins", [None, (OTHER_OIN,), ()], ids=["no certificate", "another OIN", "no OIN"])
async def test_another_sender_is_turned_away(senders: Senders, oins: tuple[str, ...] | None) -> None:
    """However right its certificate is, this connection is not for it."""
    async with (
        guarded({"kind": "mutual-tls", "oin": OIN}, **senders.settings) as hub,
        listening(hub) as url,
    ):
        shown = None if oins is None else senders.trusted.sender(*oins)
        await assert_turned_away(hub, await send(url, senders.context(shown)), "mutual-tls")


@pytest.mark.parametrize("which", ["ended", "not begun", "another root", "made by itself"])
async def test_a_certificate_that_proves_nothing_gets_no_connection(senders: Senders, which: str) -> None:
    """OpenSSL ends the handshake: there is nobody to tell anything to."""
    shown = {
        "ended": lambda: senders.trusted.sender(OIN, ends=NOW - DAY, begins=BEGINS - DAY),
        "not begun": lambda: senders.trusted.sender(OIN, begins=NOW + DAY),
        "another root": lambda: authorities("Elders").sender(OIN),
        "made by itself": lambda: authorities("Staat van Voorbeeld (nagemaakt)").sender(OIN)._replace(chain=()),
    }[which]()
    async with (
        guarded({"kind": "mutual-tls", "oin": OIN}, **senders.settings) as hub,
        listening(hub) as url,
    ):
        with pytest.raises((aiohttp.ClientError, OSError)):
            await send(url, senders.context(shown))
        await hub.hub.settle()

        assert hub.zaaksysteem.state.zaken == {}


async def test_one_connection_may_trust_fewer_authorities(senders: Senders) -> None:
    """Two roots are taken, each for its own sender: neither can give out the OIN of the other's."""
    other = authorities("Eigen CA van een leverancier")
    with (senders.folder / "ca.pem").open("ab") as ca:
        ca.write(other.root.alone)
    (senders.folder / "issuers.pem").write_bytes(senders.trusted.domain.alone)
    rule = {"kind": "mutual-tls", "oin": OIN, "issuers": str(senders.folder / "issuers.pem")}
    async with guarded(rule, **senders.settings) as hub, listening(hub) as url:
        await assert_turned_away(hub, await send(url, senders.context(other.sender(OIN))), "mutual-tls")
        assert (await send(url, senders.context(senders.trusted.sender(OIN)))).status == 200


async def test_the_description_is_guarded_too_and_health_is_not(senders: Senders) -> None:
    """A load balancer has no certificate; a stranger needs no WSDL."""
    async with (
        guarded({"kind": "mutual-tls", "oin": OIN}, **senders.settings) as hub,
        listening(hub) as url,
    ):
        statuses = {}
        for shown in (None, senders.trusted.sender(OIN)):
            async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=senders.context(shown))) as session:
                for path in (f"{PATH}?wsdl", "/health/live", "/in/bestaat-niet"):
                    async with session.get(url + path) as answer:
                        statuses[path, shown is not None] = answer.status
                        text = await answer.text()
        assert NAME not in text  # which connections there are is not for strangers

    assert statuses == {
        (f"{PATH}?wsdl", False): 403,
        (f"{PATH}?wsdl", True): 200,
        ("/health/live", False): 200,
        ("/health/live", True): 200,
        ("/in/bestaat-niet", False): 404,
        ("/in/bestaat-niet", True): 404,
    }


async def test_new_certificates_are_used_without_a_restart(senders: Senders) -> None:
    """The hub's own and those of the authorities; a file that cannot be used changes nothing."""
    async with (
        guarded({"kind": "mutual-tls", "oin": OIN}, **senders.settings) as hub,
        listening(hub) as url,
    ):
        context = senders.context(senders.trusted.sender(OIN))
        first = await _certificate_of(url, context)
        renewed, new = senders.trusted.server(), authorities("Opvolger")

        (senders.folder / "hub.pem").write_bytes(b"half a certifi")
        assert await _certificate_of(url, context) == first
        renewed.save(senders.folder, "hub")
        assert await _certificate_of(url, context) == ssl.PEM_cert_to_DER_cert(renewed.alone.decode())

        assert (await send(url, context)).status == 200
        (senders.folder / "ca.pem").write_bytes(new.root.alone)
        with pytest.raises((aiohttp.ClientError, OSError)):
            await send(url, senders.context(senders.trusted.sender(OIN)))
        assert (await send(url, senders.context(new.sender(OIN)))).status == 200


async def _certificate_of(url: str, context: ssl.SSLContext) -> bytes:
    port = int(url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("localhost", port, ssl=context)
    shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.close()
    await asyncio.gather(writer.wait_closed(), reader.read(), return_exceptions=True)
    assert isinstance(shown, bytes)
    return shown


async def test_a_certificate_that_ends_while_a_connection_lasts_is_not_let_in(senders: Senders) -> None:
    """The handshake was long ago: every message is judged by the clock of now."""
    async with (
        guarded({"kind": "mutual-tls", "oin": OIN}, **senders.settings) as hub,
        listening(hub) as url,
    ):
        connector = aiohttp.TCPConnector(ssl=senders.context(senders.trusted.sender(OIN)))
        async with aiohttp.ClientSession(url, connector=connector) as session:
            statuses = []
            for _ in range(2):
                async with session.post(PATH, data=RIGHT.body, headers=RIGHT.headers()) as answer:
                    statuses.append(answer.status)
                hub.hub.clock.advance(400 * 24 * 3600)

    assert statuses == [200, 403]


async def test_plain_http_is_not_spoken_where_tls_is(senders: Senders) -> None:
    """A sender that forgot the s sends no message in the clear: it hears nothing."""
    async with guarded({"kind": "none"}, **senders.settings) as hub, listening(hub) as url:
        with pytest.raises(aiohttp.ClientError):
            await send(url.replace("https", "http"), None)


async def test_old_tls_is_refused(senders: Senders) -> None:
    """1.2 with forward secrecy is the least (NCSC): no 1.2 with a key that is read back later."""
    async with guarded({"kind": "none"}, **senders.settings) as hub, listening(hub) as url:
        weak = senders.context(None)
        weak.maximum_version = ssl.TLSVersion.TLSv1_2
        weak.set_ciphers("ECDHE+AES+SHA1:ECDHE+AES+SHA256:!AESGCM")
        with pytest.raises((aiohttp.ClientError, OSError)):
            await send(url, weak)
        good = senders.context(None)
        good.maximum_version = ssl.TLSVersion.TLSv1_2

        assert (await send(url, good)).status == 200


async def test_a_proxy_in_front_passes_the_certificate_on() -> None:
    """Only when it is trusted: the same header from anybody else is worth nothing."""
    sender, header = authorities().sender(OIN), "X-Client-Certificate"
    passed_on = {header: quote(sender.alone.decode())}
    rule = {"kind": "mutual-tls", "oin": OIN}
    proxy = {"trusted_proxies": "127.0.0.0/8", "client_certificate_header": header}
    async with guarded(rule, **proxy) as hub, listening(hub) as url:
        assert (await send(url.replace("localhost", "127.0.0.1"), None, RIGHT, **passed_on)).status == 200
    async with guarded(rule, **{**proxy, "trusted_proxies": "10.0.0.1"}) as hub, listening(hub) as url:
        answer = await send(url.replace("localhost", "127.0.0.1"), None, RIGHT, **passed_on)
        await assert_turned_away(hub, answer, "mutual-tls")


async def test_a_key_that_is_not_of_the_certificate_stops_the_start(senders: Senders) -> None:
    """It names the file, before anything listens."""
    authorities().server().save(senders.folder, "other")
    wrong = {**senders.settings, "tls_key": senders.folder / "other.key"}

    with pytest.raises(ConfigurationWrong, match=r"other\.key: is not the key of the certificate"):
        tls_of(Settings.model_validate(wrong))
    with pytest.raises(ConfigurationWrong, match=r"weg\.pem: cannot be read"):
        tls_of(Settings.model_validate({**senders.settings, "tls_client_ca": senders.folder / "weg.pem"}))


async def test_a_password_over_http() -> None:
    """401 says which scheme is meant; the password reaches neither the bus nor the log."""
    right = "Basic " + b64encode(b"formulieren:geheim").decode()
    with capture_logs() as logs:
        async with guarded(BASIC) as hub:
            ingress = Ingress(hub.hub.app, doors=True)
            wrong = await ask(ingress, PATH, RIGHT.body, headers={**RIGHT.headers(), "authorization": right + "A"})
            await assert_turned_away(hub, wrong, "basic", status=401)
            assert wrong.headers["www-authenticate"].startswith("Basic ")
            accepted = await ask(ingress, PATH, RIGHT.body, headers={**RIGHT.headers(), "authorization": right})
            await hub.hub.settle()
            [record] = await records_on(hub.hub.app, hub.hub.app.topics.inbound(NAME))

    assert accepted.status == 200
    assert b64encode(b"formulieren:geheim").decode() not in str(record)
    assert [each["check"] for each in logs if each["event"] == "not_admitted"] == ["basic"]
    assert right.split()[1] not in str(logs)


async def test_nothing_is_taken_in_of_who_may_not_send() -> None:
    """Judged by its headers: of a message without end not one byte is read."""
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield b"x" * 65536

    async with guarded(BASIC) as hub:
        answer = await ask(Ingress(hub.hub.app, doors=True), PATH, endless(), headers=RIGHT.headers())
        await assert_turned_away(hub, answer, "basic", status=401)

    assert taken == 0


def signed(verzoek: Verzoek, hub: Municipality, *, password: str = "geheim") -> bytes:
    """Put a UsernameToken of now in the header of a message."""
    root = etree.fromstring(verzoek.body)
    soap = Version(str(etree.QName(root).namespace)).value
    header = root.find(f"{{{soap}}}Header")
    if header is None:
        header = etree.Element(f"{{{soap}}}Header")
        root.insert(0, header)
    block = write("formulieren", password, digest=True, now=hub.hub.clock.now(), life_s=60)
    header.append(etree.fromstring(block))
    return etree.tostring(root)


async def test_a_username_token_is_taken_once() -> None:
    """The message itself carries it; whoever sends the same bytes again is not the sender."""
    async with guarded(WS_SECURITY) as hub:
        ingress = Ingress(hub.hub.app, doors=True)
        body = signed(RIGHT, hub)
        first = await ask(ingress, PATH, body, headers=RIGHT.headers())
        again = await ask(ingress, PATH, body, headers=RIGHT.headers())
        await hub.hub.settle()

        assert [first.status, again.status] == [200, 403]
        assert again.text("body/code") == "StUF013"
        assert list(hub.zaaksysteem.state.zaken) == [ZAAK]


@pytest.mark.parametrize("password", [None, "fout"])
async def test_without_a_right_token_nothing_is_kept(password: str | None) -> None:
    """Also not the document that was cut out before the header could be read."""
    verzoek = voeg_document_toe()
    async with guarded(WS_SECURITY) as hub:
        body = verzoek.body if password is None else signed(verzoek, hub, password=password)
        answer = await ask(Ingress(hub.hub.app, doors=True), PATH, body, headers=verzoek.headers())

        await assert_turned_away(hub, answer, "ws-security")


async def test_an_address_and_a_password_together() -> None:
    """All that stands under access must hold."""
    right = {**RIGHT.headers(), "authorization": "Basic " + b64encode(b"formulieren:geheim").decode()}
    async with guarded([BASIC, {"kind": "addresses", "allow": ["10.0.0.0/8"]}]) as hub, listening(hub) as url:
        answer = await send(url.replace("localhost", "127.0.0.1"), None, RIGHT, authorization=right["authorization"])
        await assert_turned_away(hub, answer, "addresses")
    async with guarded([BASIC, {"kind": "addresses", "allow": ["127.0.0.1"]}]) as hub, listening(hub) as url:
        answer = await send(url.replace("localhost", "127.0.0.1"), None, RIGHT, authorization=right["authorization"])

        assert answer.status == 200


async def test_mutual_tls_that_nobody_could_show_stops_the_start() -> None:
    """At the line of access in the file."""
    async with guarded({"kind": "mutual-tls", "oin": OIN}) as hub:
        with pytest.raises(ConfigurationWrong, match="takes no client certificates"):
            Ingress(hub.hub.app, doors=True)
        Ingress(hub.hub.app, doors=False)
