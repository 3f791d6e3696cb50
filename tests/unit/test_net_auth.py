"""How the hub proves who it is, and that no secret shows."""

from __future__ import annotations

from typing import Any, NoReturn

import jwt
import pytest
from pydantic import SecretStr, ValidationError

from hub.config.policy import TOKEN_BACKDATE_S, TOKEN_RENEW_S
from hub.config.target import (
    ApiKeyAuth,
    Auth,
    BasicAuth,
    BearerAuth,
    NoAuth,
    Target,
    UsernameTokenAuth,
    ZgwJwtAuth,
)
from hub.net.auth import credentials_for
from hub.testkit.clock import FakeClock

SECRET = "a-secret-of-at-least-thirty-two-bytes"
JWT = ZgwJwtAuth(kind="zgw-jwt", client_id="zaakhub", secret=SecretStr(SECRET))


def claims_of(headers: dict[str, str]) -> dict[str, Any]:
    token = headers["Authorization"].removeprefix("Bearer ")
    claims: dict[str, Any] = jwt.decode(token, SECRET, algorithms=["HS256"], options={"verify_iat": False})
    return claims


def nothing_opens(*_: object, **__: object) -> NoReturn:
    raise AssertionError("these credentials ask nothing of the network")


async def proof_of(auth: Auth) -> dict[str, str]:
    return await credentials_for(auth, FakeClock(), nothing_opens).headers()


async def test_a_zgw_token_says_who_asks_and_was_made_a_little_ago() -> None:
    """Open Zaak refuses an iat in its future; the claims are those of the ZGW standard."""
    clock = FakeClock()

    assert claims_of(await credentials_for(JWT, clock, nothing_opens).headers()) == {
        "iss": "zaakhub",
        "iat": int(clock.now().timestamp()) - TOKEN_BACKDATE_S,
        "client_id": "zaakhub",
        "user_id": "zaakhub",
        "user_representation": "Zaakhub",
    }


@pytest.mark.parametrize(
    ("passed_s", "renewed"), [(0, False), (TOKEN_RENEW_S - 1, False), (TOKEN_RENEW_S, True), (-1, True)]
)
async def test_a_zgw_token_is_kept_until_it_grows_old_or_the_clock_is_set_back(*, passed_s: int, renewed: bool) -> None:
    """Making one for every request is waste; one from before the clock was set back lies in the future."""
    clock = FakeClock()
    credentials = credentials_for(JWT, clock, nothing_opens)
    first = await credentials.headers()
    clock.advance(passed_s)

    assert (await credentials.headers() != first) is renewed


async def test_the_other_kinds_are_fixed_headers() -> None:
    """A token, a key in a header of the target's choosing, a name and a password, or nothing at all."""
    assert await proof_of(NoAuth()) == {}
    assert await proof_of(BearerAuth(kind="bearer", token=SecretStr("t"))) == {"Authorization": "Bearer t"}
    assert await proof_of(ApiKeyAuth(kind="api-key", key=SecretStr("k"))) == {"X-API-KEY": "k"}
    # RFC 7617 §2.1 has this very example: UTF-8.
    basic = BasicAuth(kind="basic", user="test", password=SecretStr("123£"))
    assert await proof_of(basic) == {"Authorization": "Basic dGVzdDoxMjPCow=="}


async def test_a_username_token_is_no_header_of_http() -> None:
    """It goes in the message: the adapter asks for it."""
    assert await proof_of(UsernameTokenAuth(kind="ws-security", user="hub", password=SecretStr("p"))) == {}


def test_a_secret_does_not_show_when_a_target_is_printed() -> None:
    """Not in repr, str or the dump that a log line would use."""
    target = Target(services={"zaken": "https://zgw.example/zaken"}, auth=JWT)

    assert SECRET not in f"{target!r} {target} {target.model_dump()}"


@pytest.mark.parametrize(
    "wrong",
    [
        {"services": {}},
        {"services": {"zaken": "zgw.example"}},
        {"services": {"zaken": "ftp://zgw.example/"}},
        {"services": {"zaken": "https://user:pass@zgw.example/"}},
        {"services": {"zaken": "https://zgw.example/?a=b"}},
        {"services": {"zaken": "https://zgw.example/"}, "auth": {"kind": "zgw-jwt", "client_id": "a", "secret": ""}},
        {"services": {"zaken": "https://zgw.example/"}, "auth": {"kind": "password"}},
        {"services": {"zaken": "https://zgw.example/"}, "timeout": 3},
    ],
)
def test_a_target_that_can_not_work_is_refused_at_the_start(wrong: dict[str, Any]) -> None:
    """An empty secret signs happily; a URL with credentials ends up in logs."""
    with pytest.raises(ValidationError):
        Target.model_validate(wrong)


def test_a_service_ends_in_one_slash() -> None:
    """So that a path is joined, and a whole URL compared, without guessing."""
    assert Target(services={"zaken": "https://zgw.example/zaken/api/v1"}).services == {
        "zaken": "https://zgw.example/zaken/api/v1/"
    }
