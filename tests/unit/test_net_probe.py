"""One look at a TLS server: until when its certificate is valid, and whether it proves anything."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from hub.cli.live.transport import certificates, clocks
from hub.clock import Clock
from hub.config.connection import Connection, Direction
from hub.config.target import Target, TargetTls
from hub.errors import TargetMisconfigured, TargetUnavailable
from hub.net.probe import certificate_ends, secured
from hub.ports.contracts import Response
from hub.testkit.clock import FakeClock
from tests.support.pki import ENDS, NOW, Authorities, authorities
from tests.support.zgw import Scripted


@asynccontextmanager
async def server(folder: Path, *, ends: datetime = ENDS) -> AsyncIterator[int]:
    """Speak TLS and say nothing."""
    certificate, key = authorities().server(ends=ends).save(folder, "server")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    async def hear(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    opened = await asyncio.start_server(hear, "127.0.0.1", 0, ssl=context)
    try:
        yield opened.sockets[0].getsockname()[1]
    finally:
        opened.close()
        await opened.wait_closed()


def target(folder: Path, port: int, *, trusted: Authorities | None = None, hub_ends: datetime = ENDS) -> Target:
    certificate, key = authorities().sender("0" * 20, ends=hub_ends).save(folder, "hub")
    (folder / "ca.pem").write_bytes((trusted or authorities()).root.alone)
    tls = TargetTls(certificate=certificate, key=key, ca=folder / "ca.pem")
    return Target(services={name: f"https://127.0.0.1:{port}/{name}" for name in ("zaken", "catalogi")}, tls=tls)


def leaving(target: Target) -> Connection:
    return Connection(connection="naar-zgw", direction=Direction.OUTBOUND, adapter="zgw", domain="zaken", target=target)


async def test_a_certificate_that_is_trusted_tells_until_when(tmp_path: Path) -> None:
    """One look per server, however many services it has."""
    async with server(tmp_path) as port:
        asked = target(tmp_path, port)
        ends = await certificate_ends(asked, "127.0.0.1", port, timeout_s=5)

        assert secured(asked) == {("127.0.0.1", port): "zaken"}
        assert await certificates(leaving(asked), NOW) == ([], [])

    assert abs(ends - ENDS) < timedelta(seconds=1)


async def test_one_of_another_authority_proves_nothing(tmp_path: Path) -> None:
    """And where nobody is, nothing is seen."""
    async with server(tmp_path) as port:
        asked = target(tmp_path, port, trusted=authorities("Elders"))
        with pytest.raises(TargetMisconfigured, match="not trusted"):
            await certificate_ends(asked, "127.0.0.1", port, timeout_s=5)
        [problem], warnings = await certificates(leaving(asked), NOW)
        assert problem.startswith("zaken: the certificate of 127.0.0.1 is not trusted")
        assert warnings == []
    with pytest.raises(TargetUnavailable):
        await certificate_ends(asked, "127.0.0.1", port, timeout_s=5)


async def test_a_certificate_that_ends_soon_needs_a_look_and_one_that_ended_is_wrong(tmp_path: Path) -> None:
    """That of the server, and that of the hub."""
    soon, over = NOW + timedelta(days=9.2), NOW - timedelta(hours=1)
    async with server(tmp_path, ends=soon) as port:
        problems, warnings = await certificates(leaving(target(tmp_path, port, hub_ends=over)), NOW)

    assert warnings == ["zaken: the certificate of 127.0.0.1 ends in 9 days"]
    assert problems == [f"{tmp_path}/hub.pem: the certificate of the hub has ended"]


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({"date": "Mon, 02 Nov 2026 08:00:20 GMT"}, []),
        ({"date": "Mon, 02 Nov 2026 08:00:31 GMT"}, ["zaken: its clock is 31 s ahead of ours; a token may be refused"]),
        ({"date": "Mon, 02 Nov 2026 07:59:00 GMT"}, ["zaken: its clock is 60 s behind ours; a token may be refused"]),
        ({"date": "gisteren"}, ["zaken: gives no Date, so its clock can't be compared"]),
        ({}, ["zaken: gives no Date, so its clock can't be compared"]),
    ],
)
async def test_the_clock_of_a_target_is_held_beside_ours(headers: Mapping[str, str], said: list[str]) -> None:
    """By the Date of any answer, whatever its status."""
    clock = FakeClock(datetime(2026, 11, 2, 8, 0, tzinfo=UTC))
    client = Scripted()
    client.on("GET zaken", Response(404, headers, b""))

    seen = leaving(Target(services={"zaken": "https://zgw.test/zaken/api/v1"}))
    assert await clocks(seen, client, cast("Clock", clock)) == said


async def test_a_target_that_gives_no_answer_has_no_clock_to_compare() -> None:
    """That it can't be reached is told elsewhere."""
    client = Scripted()
    client.on("GET zaken", TargetUnavailable("down", code="verbinding"))

    seen = leaving(Target(services={"zaken": "https://zgw.test/zaken/api/v1"}))
    assert await clocks(seen, client, FakeClock()) == []
