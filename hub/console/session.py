"""Sessions: somebody logged in once, and their browser says so with every request.

It knows the secret in the cookie, what is made of it, and when a session ends. The ledger has a hash of the secret and
nothing that opens anything. It refuses to know how somebody proved who they are.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import timedelta
from hashlib import sha256
from hmac import digest
from typing import NamedTuple

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.clock import Clock
from hub.config.policy import SESSION_IDLE_S, SESSION_MAX_S, SESSION_SEEN_S
from hub.console.api.caller import Caller
from hub.errors import NotIdentified
from hub.ledger.contract import Ledger
from hub.ledger.entries import OperatorAct
from hub.ledger.visits import Visit
from hub.security.roles import Actor

ON = "console"
LOGGED_IN, LOGGED_OUT = "aanmelden", "afmelden"

ActorOf = Callable[[Visit], Actor | None]
"""Gives what somebody may do now; None when they may do nothing any more."""

_SECRET_BYTES = 32
_NONCE_BYTES = 12


class Person(NamedTuple):
    """Somebody who proved who they are."""

    name: str
    way: str
    id: str
    """Who it is, whatever they are called (`hub.security.roles.Actor`)."""
    groups: tuple[str, ...] = ()
    id_token: str = ""
    """What the provider wants back at the logout."""


class Sessions:
    """The sessions of one gemeente."""

    def __init__(self, ledger: Ledger, clock: Clock, *, gemeente: str, ways: Mapping[str, ActorOf]) -> None:
        """Take the ways to log in that count, each with what gives the rights of who came that way."""
        self._ledger = ledger
        self._clock = clock
        self._gemeente = gemeente
        self._ways = ways

    async def begin(self, person: Person, *, instead_of: str) -> str:
        """Give the secret of a new session; the one that the browser had before ends.

        The secret is always a new one: what somebody put into the browser before the login is worth nothing after it.
        """
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        now = self._clock.now()
        visit = Visit(
            key=_key(secret),
            name=person.name,
            way=person.way,
            gemeente=self._gemeente,
            groups=person.groups,
            sealed=_seal(secret, person.id_token),
            began_at=now,
            seen_at=now,
            ends_at=now + timedelta(seconds=SESSION_MAX_S),
            person_id=person.id,
        )
        # From here on the audit says a name: this line says whose it is.
        detail = orjson.dumps({"id": person.id}).decode()
        act = OperatorAct("", LOGGED_IN, person.name, "", now, on=ON, detail=detail)
        await self._ledger.begin_visit(visit, act, instead_of=_key(instead_of))
        return secret

    async def caller(self, secret: str, *, active: bool = True) -> Caller:
        """Give who comes with a secret; raises NotIdentified.

        `active` says that a person did something: a stream that stays open does not keep a session alive.
        """
        visit = await self._ledger.visit(_key(secret)) if secret else None
        now = self._clock.now()
        # One from before it was kept who somebody is has no id: then nobody could tell two people apart.
        if visit is None or visit.gemeente != self._gemeente or not visit.person_id:
            raise _nobody("nobody is logged in")
        idle_ends_at = visit.seen_at + timedelta(seconds=SESSION_IDLE_S)
        if now >= min(visit.ends_at, idle_ends_at):
            raise _nobody("the session has ended")
        actor_of = self._ways.get(visit.way)
        actor = actor_of(visit) if actor_of is not None else None
        if actor is None:
            raise _nobody("who was logged in has no role here any more")
        if active and now - visit.seen_at > timedelta(seconds=SESSION_SEEN_S):
            await self._ledger.seen_visit(visit.key, now)
        return Caller(actor, visit.key, _csrf(secret), visit.ends_at)

    async def end(self, secret: str) -> str:
        """End a session; gives the token that the provider wants back, empty when there is none."""
        visit = await self._ledger.visit(_key(secret)) if secret else None
        if visit is None:
            return ""
        act = OperatorAct("", LOGGED_OUT, visit.name, "", self._clock.now(), on=ON)
        await self._ledger.end_visit(visit.key, act)
        return _unseal(secret, visit.sealed)


def _key(secret: str) -> str:
    return sha256(secret.encode()).hexdigest() if secret else ""


def _csrf(secret: str) -> str:
    return digest(secret.encode(), b"csrf", "sha256").hex()


def _cipher(secret: str) -> AESGCM:
    return AESGCM(digest(secret.encode(), b"seal", "sha256"))


def _seal(secret: str, text: str) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + _cipher(secret).encrypt(nonce, text.encode(), None)


def _unseal(secret: str, sealed: bytes) -> str:
    try:
        return _cipher(secret).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None).decode()
    except InvalidTag:
        return ""


def _nobody(reason: str) -> NotIdentified:
    return NotIdentified(reason, code="niet-ingelogd", advice="log in")
