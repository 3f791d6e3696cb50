"""How the hub proves who it is, and that no secret shows."""

from __future__ import annotations

from typing import Any

import jwt
import pytest
from pydantic import SecretStr, ValidationError

from hub.config.policy import TOKEN_BACKDATE_S, TOKEN_RENEW_S
from hub.config.target import ApiKeyAuth, BearerAuth, NoAuth, Target, ZgwJwtAuth
from hub.net.auth import credentials_for
from hub.testkit.clock import FakeClock

SECRET = "a-secret-of-at-least-thirty-two-bytes"
JWT = ZgwJwtAuth(kind="zgw-jwt", client_id="zaakhub", secret=SecretStr(SECRET))


def claims_of(headers: dict[str, str]) -> dict[str, Any]:
    token = headers["Authorization"].removeprefix("Bearer ")
    claims: dict[str, Any] = jwt.decode(token, SECRET, algorithms=["HS256"], options={"verify_iat": False})
    return claims


def test_a_zgw_token_says_who_asks_and_was_made_a_little_ago() -> None:
    """Open Zaak refuses an iat in its future; the claims are those of the ZGW standard."""
    clock = FakeClock()

    assert claims_of(credentials_for(JWT, clock).headers()) == {
        "iss": "zaakhub",
        "iat": int(clock.now().timestamp()) - TOKEN_BACKDATE_S,
        "client_id": "zaakhub",
        "user_id": "zaakhub",
        "user_representation": "Zaakhub",
    }


@pytest.mark.parametrize(
    ("passed_s", "renewed"), [(0, False), (TOKEN_RENEW_S - 1, False), (TOKEN_RENEW_S, True), (-1, True)]
)
def test_a_zgw_token_is_kept_until_it_grows_old_or_the_clock_is_set_back(*, passed_s: int, renewed: bool) -> None:
    """Making one for every request is waste; one from before the clock was set back lies in the future."""
    clock = FakeClock()
    credentials = credentials_for(JWT, clock)
    first = credentials.headers()
    clock.advance(passed_s)

    assert (credentials.headers() != first) is renewed


def test_the_other_kinds_are_fixed_headers() -> None:
    """A token, a key in a header of the target's choosing, or nothing at all."""
    clock = FakeClock()

    assert credentials_for(NoAuth(), clock).headers() == {}
    bearer = BearerAuth(kind="bearer", token=SecretStr("t"))
    assert credentials_for(bearer, clock).headers() == {"Authorization": "Bearer t"}
    api_key = ApiKeyAuth(kind="api-key", key=SecretStr("k"))
    assert credentials_for(api_key, clock).headers() == {"X-API-KEY": "k"}


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
