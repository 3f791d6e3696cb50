"""Mutual TLS towards a target, and the credentials that stand in the message."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat
from lxml import etree
from pydantic import SecretStr, ValidationError

from hub.config.policy import ConnectionPolicy
from hub.config.target import Target, TargetTls, UsernameTokenAuth
from hub.errors import ConfigurationWrong, TargetUnavailable
from hub.net.client import TargetClient
from hub.testkit.clock import BEGIN, FakeClock
from hub.wire.soap.wsse import Recognised, judge
from tests.support.pki import OIN, OTHER_OIN, Authorities, authorities

LIMITS = ConnectionPolicy(request_timeout_s=5, breaker_failures=1000)


@asynccontextmanager
async def target(folder: Path, trusted: Authorities, *, asks: bool = True) -> AsyncIterator[tuple[str, list[str]]]:
    """Serve with mutual TLS, unless it `asks` for nothing; give the URL, and the OINs of who came."""
    certificate, key = trusted.server().save(folder, "target")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.load_verify_locations(cadata=trusted.root.alone.decode())
    context.verify_mode = ssl.CERT_REQUIRED if asks else ssl.CERT_NONE
    came: list[str] = []

    async def handler(request: web.Request) -> web.Response:
        assert request.transport is not None
        shown = request.transport.get_extra_info("ssl_object").getpeercert(binary_form=True)
        name = x509.load_der_x509_certificate(shown).subject if shown else None
        came.append("" if name is None else str(name.get_attributes_for_oid(x509.NameOID.SERIAL_NUMBER)[0].value))
        return web.json_response({}, headers={"Connection": "close"})

    app = web.Application()
    app.router.add_get("/zaken/{path:.*}", handler)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
        yield f"https://127.0.0.1:{runner.addresses[0][1]}/zaken/", came
    finally:
        await runner.cleanup()


async def test_a_target_with_a_root_of_its_own_may_ask_for_no_certificate(tmp_path: Path) -> None:
    """As that of the KVK: then the root is all there is to say, and nothing of the hub is shown."""
    (tmp_path / "ca.pem").write_bytes(authorities().root.alone)
    trusting = TargetTls(ca=tmp_path / "ca.pem")
    async with target(tmp_path, authorities(), asks=False) as (url, came), a_client(url, trusting) as client:
        answer = await client.request("GET", "zaken", "zaken")
    async with target(tmp_path, authorities(), asks=False) as (url, _), a_client(url, None) as client:
        with pytest.raises(TargetUnavailable, match="no secure connection"):
            await client.request("GET", "zaken", "zaken")

    assert answer.status == 200
    assert came == [""]


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({}, "ca\n.*is missing: say whom to trust"),
        ({"certificate": "hub.pem"}, "key\n.*is missing: a certificate needs its key"),
        ({"key": "hub.key", "ca": "root.pem"}, "key\n.*needs a certificate"),
    ],
)
def test_half_of_what_tls_needs_is_a_mistake(said: dict[str, str], wrong: str) -> None:
    """A certificate has its key, and something is said."""
    with pytest.raises(ValidationError, match=wrong):
        TargetTls.model_validate(said)


def files(folder: Path, trusted: Authorities, *, oin: str = OIN) -> TargetTls:
    certificate, key = trusted.sender(oin).save(folder, "hub")
    (folder / "ca.pem").write_bytes(trusted.root.alone)
    return TargetTls(certificate=certificate, key=key, ca=folder / "ca.pem")


def a_client(url: str, tls: TargetTls | None) -> TargetClient:
    return TargetClient(Target(services={"zaken": url}, tls=tls), name="uit", limits=LIMITS, clock=FakeClock())


async def test_the_hub_shows_its_certificate_to_a_target_that_it_trusts(tmp_path: Path) -> None:
    """Both chains are of one root that the machine does not know: as with PKIoverheid private."""
    async with target(tmp_path, authorities()) as (url, came), a_client(url, files(tmp_path, authorities())) as client:
        answer = await client.request("GET", "zaken", "zaken")

    assert answer.status == 200
    assert came == [OIN]


async def test_a_replaced_certificate_is_shown_without_a_restart(tmp_path: Path) -> None:
    """Also a half-written one in between does no harm."""
    async with target(tmp_path, authorities()) as (url, came), a_client(url, files(tmp_path, authorities())) as client:
        await client.request("GET", "zaken", "zaken")
        (tmp_path / "hub.pem").write_bytes(b"-----BEGIN CERT")
        await client.request("GET", "zaken", "zaken")
        files(tmp_path, authorities(), oin=OTHER_OIN)
        await client.request("GET", "zaken", "zaken")

    assert came == [OIN, OIN, OTHER_OIN]


@pytest.mark.parametrize("which", ["none shown", "another root shown", "another root trusted"])
async def test_without_trust_both_ways_nothing_leaves(tmp_path: Path, which: str) -> None:
    """No connection: the hub tries again, and the reason names TLS."""
    other = authorities("Elders")
    (tmp_path / "other").mkdir()
    tls = {
        "none shown": None,
        "another root shown": files(tmp_path / "other", other).model_copy(update={"ca": tmp_path / "ca.pem"}),
        "another root trusted": files(tmp_path, authorities()).model_copy(update={"ca": tmp_path / "other" / "ca.pem"}),
    }[which]
    files(tmp_path, authorities())
    async with target(tmp_path, authorities()) as (url, came), a_client(url, tls) as client:
        with pytest.raises(TargetUnavailable):
            await client.request("GET", "zaken", "zaken")

    assert came == []


def test_files_that_cannot_be_used_stop_the_start(tmp_path: Path) -> None:
    """Each by its name; a passphrase is not asked for."""
    right = files(tmp_path, authorities())
    other = authorities().sender(OIN)
    other.save(tmp_path, "other")
    locked = tmp_path / "locked.key"
    locked.write_bytes(
        other.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"wachtwoord"))
    )
    (tmp_path / "empty.pem").touch()
    for wrong, said in (
        ({"certificate": tmp_path / "weg.pem"}, r"weg\.pem: cannot be read"),
        ({"key": tmp_path / "other.key"}, r"other\.key: is not the key of the certificate"),
        ({"key": locked}, r"locked\.key: has a passphrase"),
        ({"certificate": tmp_path / "empty.pem"}, "cannot be used as a certificate"),
        ({"ca": tmp_path / "empty.pem"}, r"empty\.pem: holds no certificates"),
    ):
        with pytest.raises(ConfigurationWrong, match=said):
            a_client("https://zgw.example/", right.model_copy(update=wrong))


def test_a_certificate_for_a_target_without_tls_is_a_mistake(tmp_path: Path) -> None:
    """It would never be shown."""
    tls = files(tmp_path, authorities())

    with pytest.raises(ValidationError, match="no service has an https URL"):
        Target(services={"zaken": "http://zgw.example/"}, tls=tls)


@pytest.mark.parametrize("digest", [False, True])
def test_a_username_token_is_made_for_every_message(*, digest: bool) -> None:
    """By the clock of the hub, with a nonce of its own; the other side recognises it."""
    auth = UsernameTokenAuth(kind="ws-security", user="hub", password=SecretStr("geheim & co"), digest=digest)
    target_ = Target(services={"zaken": "https://zs.example/"}, auth=auth)
    client = TargetClient(target_, name="uit", limits=LIMITS, clock=FakeClock())
    first, second = client.soap_security(), client.soap_security()
    soap = "http://schemas.xmlsoap.org/soap/envelope/"
    message = etree.fromstring(f'<s:Envelope xmlns:s="{soap}"><s:Header>{first}</s:Header></s:Envelope>')
    judged = judge(message, user="hub", password="geheim & co", timestamp_required=True, now=BEGIN)

    assert isinstance(judged, Recognised)
    assert first != second
    assert ("geheim" in first) is not digest
    assert a_client("https://zs.example/", None).soap_security() == ""
