"""OAuth2 client credentials, against Authlib's server over HTTP, and against one that misbehaves."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from aiohttp import web
from pydantic import SecretStr

from hub.config.policy import TOKEN_BYTES_MAX, TOKEN_FRESH_S, TOKEN_LIFE_S, TOKEN_MARGIN_S, ConnectionPolicy
from hub.config.target import OAuth2Auth, Target, TargetTls
from hub.errors import TargetMisconfigured, TargetUnavailable
from hub.net.client import TargetClient
from hub.testkit.clock import FakeClock
from tests.support.authorisation import CLIENT, LIFE_S, SCOPE, SECRET, Authorisation, authorisation
from tests.support.pki import authorities

LIMITS = ConnectionPolicy(request_timeout_s=5, breaker_failures=3, breaker_open_s=15)


class Setting:
    """A client, its clock, and the server that gives it tokens."""

    def __init__(self, client: TargetClient, server: Authorisation, clock: FakeClock) -> None:
        self.client = client
        self.server = server
        self.clock = clock

    async def status(self) -> int:
        return (await self.client.request("GET", "zaken", "zaken")).status


@asynccontextmanager
async def setting(
    *, client_auth: Literal["basic", "post"] = "basic", secret: str = SECRET, scope: str = SCOPE, life_s: int = LIFE_S
) -> AsyncIterator[Setting]:
    clock = FakeClock()
    async with authorisation(methods=(f"client_secret_{client_auth}",), life_s=life_s) as server:
        auth = OAuth2Auth(
            kind="oauth2",
            token_url=server.token_url,
            client_id=CLIENT,
            client_secret=SecretStr(secret),
            scope=scope,
            client_auth=client_auth,
        )
        target = Target(services={"zaken": server.service}, auth=auth)
        async with TargetClient(target, name="zaken-naar-zgw", limits=LIMITS, clock=clock) as client:
            yield Setting(client, server, clock)


@pytest.mark.parametrize("client_auth", ["basic", "post"])
async def test_a_token_is_asked_for_once_and_used_for_every_request(client_auth: Literal["basic", "post"]) -> None:
    """The secret goes where the server wants it, and never to the target."""
    async with setting(client_auth=client_auth) as each:
        assert [await each.status() for _ in range(3)] == [200, 200, 200]
        assert each.server.used == ["token-1"] * 3
        assert len(each.server.asked) == 1
        assert SECRET not in str(each.server.asked[0].url)


async def test_many_at_once_ask_for_one_token() -> None:
    """Who comes while it is asked for waits for it."""
    async with setting() as each:
        statuses = await asyncio.gather(*(each.status() for _ in range(20)))

        assert statuses == [200] * 20
        assert len(each.server.asked) == 1


@pytest.mark.parametrize(
    ("life_s", "renewed_after_s"), [(LIFE_S, LIFE_S - TOKEN_MARGIN_S), (20, 10), (2 * int(TOKEN_MARGIN_S), 30)]
)
async def test_a_token_is_renewed_before_it_ends(life_s: int, renewed_after_s: float) -> None:
    """Ahead by a margin, or half its life where that is shorter."""
    async with setting(life_s=life_s) as each:
        await each.status()
        each.clock.advance(renewed_after_s - 1)
        await each.status()
        each.clock.advance(1)
        await each.status()

        assert each.server.used == ["token-1", "token-1", "token-2"]


async def test_a_revoked_token_is_replaced_at_the_next_attempt() -> None:
    """A 401 for a token that was good before: nothing was done, and the hub tries again by itself."""
    async with setting() as each:
        await each.status()
        each.server.revoked.add("token-1")
        each.clock.advance(TOKEN_FRESH_S)
        with pytest.raises(TargetUnavailable) as caught:
            await each.status()

        assert caught.value.code == "token"
        assert await each.status() == 200
        assert each.server.used[-1] == "token-2"


async def test_a_new_token_that_is_refused_is_for_a_person() -> None:
    """It lacks rights: asking for another one again and again would not help."""
    async with setting() as each:
        each.server.revoked.add("token-1")

        assert await each.status() == 401
        assert await each.status() == 401
        assert len(each.server.asked) == 1


@pytest.mark.parametrize(
    ("wrong", "error"), [({"secret": "fout"}, "invalid_client"), ({"scope": "alles"}, "invalid_scope")]
)
async def test_wrong_credentials_are_for_a_person_and_say_which(wrong: dict[str, Any], error: str) -> None:
    """The code of the server's answer (RFC 6749 §5.2), and where to look; the secret is not in it."""
    async with setting(**wrong) as each:
        with pytest.raises(TargetMisconfigured) as caught:
            await each.status()

        assert error in caught.value.reason
        assert "target.auth" in caught.value.advice
        assert "fout" not in f"{caught.value.reason} {caught.value.advice}"
        assert each.server.used == []
        assert not each.client.breaker.is_open


async def test_a_server_that_wants_the_secret_elsewhere_is_for_a_person() -> None:
    """`client_auth` says where."""
    async with setting(client_auth="post") as each:
        each.server._server._client._methods = {"client_secret_basic"}
        with pytest.raises(TargetMisconfigured, match="invalid_client"):
            await each.status()


def says(body: bytes, status: int = 200, **headers: str) -> web.Response:
    return web.Response(body=body, status=status, headers=headers, content_type="application/json")


LATER = [
    says(b"", 500),
    says(b"", 502),
    says(b"", 503, **{"Retry-After": "7"}),
    says(b"", 429),
    says(b"", 408),
]
FOR_A_PERSON = [
    says(b"<html>", 200),
    says(b"[]"),
    says(b"{}"),
    says(b'{"access_token":"a"}'),
    says(b'{"access_token":"a","token_type":"mac"}'),
    says(b'{"access_token":"","token_type":"Bearer"}'),
    says(b'{"access_token":7,"token_type":"Bearer"}'),
    says(b'{"access_token":"a\\r\\nX-Evil: 1","token_type":"Bearer"}'),
    says(b'{"access_token":"' + b"a" * TOKEN_BYTES_MAX + b'","token_type":"Bearer"}'),
    says(b"", 302, Location="http://elders.example/"),
    says(b'{"error":"geheim van een ander"}', 400),
    says(b"geen json", 403),
]


@pytest.mark.parametrize("answer", LATER, ids=lambda each: str(each.status))
async def test_a_server_in_trouble_is_asked_again_later(answer: web.Response) -> None:
    """The target counts as unreachable: nothing was sent to it."""
    async with setting() as each:
        each.server.before = _always(answer)
        with pytest.raises(TargetUnavailable) as caught:
            await each.status()

        assert caught.value.code == "token"
        assert caught.value.retry_after_s == (7 if answer.status == 503 else None)
        each.server.before = None
        assert await each.status() == 200


@pytest.mark.parametrize("answer", FOR_A_PERSON, ids=range(len(FOR_A_PERSON)))
async def test_an_answer_without_a_token_is_for_a_person(answer: web.Response) -> None:
    """What it said is not repeated: nobody knows what it is."""
    async with setting() as each:
        each.server.before = _always(answer)
        with pytest.raises(TargetMisconfigured) as caught:
            await each.status()

        assert caught.value.code == "token"
        assert "geheim" not in caught.value.reason
        assert each.server.used == []


@pytest.mark.parametrize(
    ("said", "life_s"),
    [("", TOKEN_LIFE_S), (',"expires_in":"600"', 600), (',"expires_in":-1', TOKEN_LIFE_S), (',"expires_in":null', 300)],
)
async def test_a_life_that_is_not_said_or_makes_no_sense_is_a_short_one(said: str, life_s: float) -> None:
    """RFC 6749 §5.1 only recommends to say it; some write the number as a text."""
    async with setting() as each:
        each.server.before = _always(says(f'{{"access_token":"token-x","token_type":"bearer"{said}}}'.encode()))
        await each.status()
        each.clock.advance(life_s - TOKEN_MARGIN_S - 1)
        await each.status()
        assert len(each.server.asked) == 1
        each.clock.advance(1)
        await each.status()
        assert len(each.server.asked) == 2


async def test_a_server_that_does_not_answer_opens_the_breaker() -> None:
    """It is left alone for a while, like a target that does not answer; all who wait hear it at once."""
    async with setting() as each:

        async def hangs_up(request: web.Request) -> None:
            assert request.transport is not None
            request.transport.abort()

        each.server.before = hangs_up
        failures = await asyncio.gather(*(each.status() for _ in range(3)), return_exceptions=True)

        assert [type(failure) for failure in failures] == [TargetUnavailable] * 3
        assert len(each.server.asked) == 1
        assert each.client.breaker.is_open


async def test_who_gives_up_does_not_take_the_token_from_the_others() -> None:
    """A cancelled delivery is no reason to ask anew."""
    async with setting() as each:
        waits = asyncio.Event()
        asked = asyncio.Event()

        async def slow(_request: web.Request) -> None:
            asked.set()
            await waits.wait()

        each.server.before = slow
        first, second = (asyncio.create_task(each.status()) for _ in range(2))
        await asked.wait()
        first.cancel()
        waits.set()

        assert await second == 200
        assert len(each.server.asked) == 1


async def test_closing_ends_a_question_under_way() -> None:
    """A worker that stops waits for nobody."""
    async with setting() as each:
        asked, over = asyncio.Event(), asyncio.Event()

        async def silent(_request: web.Request) -> None:
            asked.set()
            await over.wait()

        each.server.before = silent
        waiting = asyncio.create_task(each.status())
        await asked.wait()
        await each.client.close()

        with pytest.raises(asyncio.CancelledError):
            await waiting
        over.set()


async def test_the_certificate_of_the_hub_is_shown_to_the_token_server_too(tmp_path: Path) -> None:
    """What national services ask: client credentials over mutual TLS."""
    ours = authorities()
    ours.server().save(tmp_path, "server")
    certificate, key = ours.sender("00000009999999990000").save(tmp_path, "hub")
    (tmp_path / "ca.pem").write_bytes(ours.root.alone)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "server.pem", tmp_path / "server.key")
    context.load_verify_locations(tmp_path / "ca.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    async with authorisation(tls=context) as server:
        auth = OAuth2Auth(
            kind="oauth2", token_url=server.token_url, client_id=CLIENT, client_secret=SecretStr(SECRET), scope=SCOPE
        )
        tls = TargetTls(certificate=certificate, key=key, ca=tmp_path / "ca.pem")
        target = Target(services={"zaken": server.service}, auth=auth, tls=tls)
        async with TargetClient(target, name="uit", limits=LIMITS, clock=FakeClock()) as client:
            answer = await client.request("GET", "zaken", "zaken")

    assert answer.status == 200


def _always(answer: web.Response) -> Any:  # noqa: ANN401 - a Before
    async def before(_request: web.Request) -> web.Response:
        return web.Response(
            body=answer.body,
            status=answer.status,
            headers={k: v for k, v in answer.headers.items() if k != "Content-Length"},
        )

    return before
