"""How the hub makes itself known to a target: the headers that go with every request.

It knows the kinds of `hub.config.target`. It reads no clock of its own and never shows a secret.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

import jwt

from hub.clock import Clock
from hub.config.policy import TOKEN_BACKDATE_S, TOKEN_RENEW_S
from hub.config.target import ApiKeyAuth, Auth, BearerAuth, ZgwJwtAuth


class Credentials(Protocol):
    """Gives the headers that prove who asks."""

    def headers(self) -> dict[str, str]:
        """Give the headers for one request."""
        ...


def credentials_for(auth: Auth, clock: Clock) -> Credentials:
    """Make the credentials that a target's configuration asks for."""
    match auth:
        case ZgwJwtAuth():
            return ZgwJwt(auth, clock)
        case BearerAuth():
            return FixedHeader({"Authorization": f"Bearer {auth.token.get_secret_value()}"})
        case ApiKeyAuth():
            return FixedHeader({auth.header: auth.key.get_secret_value()})
        case _:
            return FixedHeader({})


class FixedHeader:
    """The same headers every time; none when the target asks for nothing."""

    def __init__(self, headers: dict[str, str]) -> None:
        self._headers = headers

    def headers(self) -> dict[str, str]:
        """Give the headers for one request."""
        return self._headers


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

    def headers(self) -> dict[str, str]:
        """Give the headers for one request."""
        now = self._clock.now()
        # An age below zero means that the machine's clock was set back: that token is from the future for the target.
        if self._made_at is None or not timedelta(0) <= now - self._made_at < timedelta(seconds=TOKEN_RENEW_S):
            self._headers = {"Authorization": f"Bearer {self._token(now)}"}
            self._made_at = now
        return self._headers

    def _token(self, now: datetime) -> str:
        claims = {
            "iss": self._auth.client_id,
            "iat": int(now.timestamp()) - TOKEN_BACKDATE_S,
            "client_id": self._auth.client_id,
            "user_id": self._auth.user_id,
            "user_representation": self._auth.user_representation,
        }
        return jwt.encode(claims, self._auth.secret.get_secret_value(), algorithm="HS256")
