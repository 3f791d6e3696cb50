"""How the hub makes itself known to a target: the headers that go with every request.

It knows the kinds of `hub.config.target`. It reads no clock of its own and never shows a secret.
"""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime, timedelta
from typing import Protocol

from hub.clock import Clock
from hub.config.policy import TOKEN_BACKDATE_S, TOKEN_RENEW_S
from hub.config.target import ApiKeyAuth, Auth, BasicAuth, BearerAuth, OAuth2Auth, ZgwJwtAuth
from hub.net.token import OAuth2, Open


class Credentials(Protocol):
    """Gives the headers that prove who asks."""

    async def headers(self) -> dict[str, str]:
        """Give the headers for one request; raises TargetFailed when they cannot be had."""
        ...

    def refused(self, headers: dict[str, str]) -> bool:
        """Say whether a request with these headers that got 401 may be taken with new ones."""
        ...

    async def close(self) -> None:
        """Leave nothing behind."""
        ...


def credentials_for(auth: Auth, clock: Clock, open_: Open) -> Credentials:
    """Make the credentials that a target's configuration asks for; `open_` begins a request to its token server."""
    match auth:
        case ZgwJwtAuth():
            return ZgwJwt(auth, clock)
        case BearerAuth():
            return FixedHeader({"Authorization": f"Bearer {auth.token.get_secret_value()}"})
        case ApiKeyAuth():
            return FixedHeader({auth.header: auth.key.get_secret_value()})
        case BasicAuth():
            pair = f"{auth.user}:{auth.password.get_secret_value()}"
            return FixedHeader({"Authorization": f"Basic {b64encode(pair.encode()).decode()}"})
        case OAuth2Auth():
            return OAuth2(auth, clock, open_)
        case _:
            return FixedHeader({})


class FixedHeader:
    """The same headers every time; none when the target asks for nothing, or for something in the message itself."""

    def __init__(self, headers: dict[str, str]) -> None:
        self._headers = headers

    async def headers(self) -> dict[str, str]:
        """Give the headers for one request."""
        return self._headers

    def refused(self, headers: dict[str, str]) -> bool:  # noqa: ARG002 - see Credentials
        """Say no: they stay what they are."""
        return False

    async def close(self) -> None:
        """Leave nothing behind."""


class ZgwJwt:
    """A self-made JWT (ZGW authentication: HS256 with iss, iat, client_id, user_id and user_representation).

    The target counts validity from `iat` (Open Zaak: one hour) and refuses an `iat` in its future; so the token is
    renewed long before that hour and `iat` lies a little in the past, against clocks that differ.
    """

    def __init__(self, auth: ZgwJwtAuth, clock: Clock) -> None:
        self._auth = auth
        self._clock = clock
        self._made_at: datetime | None = None
        self._headers: dict[str, str] = {}

    async def headers(self) -> dict[str, str]:
        """Give the headers for one request."""
        now = self._clock.now()
        # An age below zero means that the machine's clock was set back: that token is from the future for the target.
        if self._made_at is None or not timedelta(0) <= now - self._made_at < timedelta(seconds=TOKEN_RENEW_S):
            self._headers = {"Authorization": f"Bearer {self._token(now)}"}
            self._made_at = now
        return self._headers

    def refused(self, headers: dict[str, str]) -> bool:  # noqa: ARG002 - see Credentials
        """Say no: a target that does not take one that was just made does not know the secret."""
        return False

    async def close(self) -> None:
        """Leave nothing behind."""

    def _token(self, now: datetime) -> str:
        import jwt  # noqa: PLC0415 - with its cryptography, only where a target asks for it

        claims = {
            "iss": self._auth.client_id,
            "iat": int(now.timestamp()) - TOKEN_BACKDATE_S,
            "client_id": self._auth.client_id,
            "user_id": self._auth.user_id,
            "user_representation": self._auth.user_representation,
        }
        return jwt.encode(claims, self._auth.secret.get_secret_value(), algorithm="HS256")
