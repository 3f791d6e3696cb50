"""Logging in at the OpenID Connect provider: authorization code with PKCE, state and nonce, and what comes of it.

It knows the protocol (OpenID Connect Core §3.1, RFC 7636, RFC 9207) and which claims say who somebody is. It refuses to
know HTTP (`hub.net.provider`), signatures (`hub.security.tokens`), and sessions.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from hmac import compare_digest, digest
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlencode

import orjson

from hub.clock import Clock
from hub.config.policy import LOGIN_MAX_S, TOKEN_GROUPS_MAX, TOKEN_SKEW_S
from hub.config.roles import Roles
from hub.config.settings import Settings
from hub.console.session import Person
from hub.errors import NotAllowed, NotIdentified
from hub.ledger.visits import Visit
from hub.net.provider import Metadata, ProviderClient
from hub.security.roles import Actor
from hub.security.tokens import Claims, Expected, SigningKey, UnknownKey, ends_at, read_access_token, read_id_token

WAY = "oidc"
CALLBACK = "/login/callback"
LOGGED_OUT = "/login/out"

GEMEENTE_CLAIM = "gemeente"
"""Where the provider says of which municipality somebody is: then no other hub takes that person."""

NAME_CHARS_MAX = 100

T = TypeVar("T")


class Attempt(NamedTuple):
    """A login under way, as the browser keeps it: what is sent to the provider is made of it, and cannot be changed.

    Nothing is kept here meanwhile: whoever opens the page of the login costs nothing.
    """

    secret: str
    began_at: int
    goes_to: str

    @classmethod
    def read(cls, cookie: str) -> Attempt | None:
        """Read what the browser brings back."""
        try:
            secret, began_at, goes_to = orjson.loads(bytes.fromhex(cookie))
        except (ValueError, TypeError):
            return None
        if not (isinstance(secret, str) and isinstance(began_at, int) and isinstance(goes_to, str)):
            return None
        return cls(secret, began_at, goes_to)

    def written(self) -> str:
        """Write it for a cookie."""
        return orjson.dumps(list(self)).hex()

    def made(self, what: str) -> str:
        """Make the state, the nonce or the verifier of this login (RFC 7636 §4.1: 43 characters)."""
        return _base64(digest(self.secret.encode(), orjson.dumps([what, self.began_at, self.goes_to]), "sha256"))


class Provider:
    """The provider, as the console uses it."""

    def __init__(self, client: ProviderClient, settings: Settings, roles: Roles, clock: Clock) -> None:
        """Ask nothing yet."""
        self._client = client
        self._issuer = settings.oidc_issuer
        self._client_id = settings.oidc_client_id
        self._claim = settings.oidc_claim
        self._gemeente = settings.gemeente
        self._origin = settings.console_origin
        self._roles = roles
        self._clock = clock

    async def close(self) -> None:
        """Close what is open to the provider."""
        await self._client.close()

    async def begin(self, goes_to: str) -> tuple[str, Attempt]:
        """Give where the browser goes to log in, and what it keeps meanwhile."""
        attempt = Attempt(secrets.token_urlsafe(32), int(self._clock.now().timestamp()), goes_to)
        asked = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": self._origin + CALLBACK,
            "scope": "openid profile",
            "state": attempt.made("state"),
            "nonce": attempt.made("nonce"),
            "code_challenge": _base64(sha256(attempt.made("verifier").encode()).digest()),
            "code_challenge_method": "S256",
        }
        return _with((await self._client.metadata()).authorization_endpoint, asked), attempt

    async def complete(self, answered: Mapping[str, str], cookie: str) -> tuple[Person, str]:
        """Give who logged in, and where that person was going; raises NotIdentified, NotAllowed, HubUnavailable."""
        attempt = Attempt.read(cookie)
        if attempt is None or not compare_digest(answered.get("state", "").encode(), attempt.made("state").encode()):
            raise _failed("this login was not begun in this browser")
        if self._clock.now().timestamp() - attempt.began_at > LOGIN_MAX_S:
            raise _failed("the login took too long")
        self._check_issuer(answered, await self._client.metadata())
        if "error" in answered or not answered.get("code"):
            raise _failed("the provider did not let this person in")
        token = await self._client.exchange(
            answered["code"], verifier=attempt.made("verifier"), redirect_uri=self._origin + CALLBACK
        )
        nonce = attempt.made("nonce")
        claims = await self._read(lambda keys: read_id_token(token, keys, self._expected(), nonce=nonce))
        person = self._person(claims, token)
        if not self._roles.of(person.groups):
            raise _without_role()
        return person, attempt.goes_to

    async def bearer(self, token: str) -> tuple[Actor, datetime]:
        """Give who brings an access token, and until when it holds; raises as `complete` does."""
        claims = await self._read(lambda keys: read_access_token(token, keys, self._expected()))
        person = self._person(claims, "")
        grants = self._roles.of(person.groups)
        if not grants:
            raise _without_role()
        return Actor(person.name, grants, person.id), datetime.fromtimestamp(ends_at(claims), UTC)

    def actor(self, visit: Visit) -> Actor | None:
        """Give what somebody who logged in may do, by the roles of now."""
        grants = self._roles.of(visit.groups)
        return Actor(visit.name, grants, visit.person_id) if grants else None

    async def logout_url(self, id_token: str = "") -> str:
        """Give where the browser goes to log out at the provider too (RP-Initiated Logout §2); empty: nowhere."""
        to = (await self._client.metadata()).end_session_endpoint
        asked = {"client_id": self._client_id, "post_logout_redirect_uri": self._origin + LOGGED_OUT}
        return _with(to, asked | ({"id_token_hint": id_token} if id_token else {})) if to else ""

    def _expected(self) -> Expected:
        return Expected(self._issuer, self._client_id, self._clock.now(), TOKEN_SKEW_S)

    async def _read(self, read: Callable[[tuple[SigningKey, ...]], T]) -> T:
        try:
            return read(await self._client.keys())
        except UnknownKey:
            return read(await self._client.keys(newer=True))

    def _check_issuer(self, answered: Mapping[str, str], said: Metadata) -> None:
        # RFC 9207 §2.4: otherwise another provider could pass on an answer as if it were this one's.
        if answered.get("iss", "" if said.says_issuer else self._issuer) != self._issuer:
            raise _failed("the answer is of another provider")

    def _person(self, claims: Claims, id_token: str) -> Person:
        here = claims.get(GEMEENTE_CLAIM, self._gemeente)
        if self._gemeente not in (here if isinstance(here, list) else [here]):
            raise NotAllowed(
                "this person is of another municipality",
                code="andere-gemeente",
                advice="log in at the console of that municipality",
            )
        groups = _groups(claims, self._claim)
        return Person(_name(claims), WAY, self._id(claims), self._roles.known(groups), id_token)

    def _id(self, claims: Claims) -> str:
        # OpenID Connect Core §5.7: only issuer and subject together say who somebody is; a name may pass to another.
        return f"{WAY}:{self._issuer}|{claims['sub']}"


def _name(claims: Claims) -> str:
    """Give what the audit says of somebody: a name that people know, else the provider's own."""
    name = claims.get("preferred_username")
    usable = isinstance(name, str) and name.isprintable() and 0 < len(name.strip()) <= NAME_CHARS_MAX
    return str(name).strip() if usable else str(claims["sub"])[:NAME_CHARS_MAX]


def _groups(claims: Claims, claim: str) -> list[str]:
    found: Any = claims.get(claim)
    if found is None:
        found = claims
        for part in claim.split("."):
            found = found.get(part) if isinstance(found, dict) else None
    listed = found if isinstance(found, list) else [found]
    return [each for each in listed[:TOKEN_GROUPS_MAX] if isinstance(each, str)]


def _with(url: str, asked: Mapping[str, str]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(asked)}"


def _base64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _failed(reason: str) -> NotIdentified:
    return NotIdentified(reason, code="login", advice="log in again")


def _without_role() -> NotAllowed:
    return NotAllowed(
        "this person has no role here",
        code="geen-rol",
        advice="ask who gives roles in your municipality; which group has which role stands in ZAAKHUB_ROLES",
    )
