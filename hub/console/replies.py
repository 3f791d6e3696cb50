"""The answers of the API that are kept for a while, in the ledger: a request that comes twice is done once.

Bodies are sealed: an answer tells its reader what nobody needs to read in the ledger.
It refuses to know what a request asks.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.clock import Clock
from hub.config.policy import ANSWER_BUSY_S, ANSWERS_KEPT_S
from hub.console.api.idempotency import Given
from hub.ledger.contract import Ledger
from hub.ledger.visits import GivenAnswer

_NONCE_BYTES = 12


class KeptReplies:
    """Implements `hub.console.api.idempotency.Answers`."""

    def __init__(self, ledger: Ledger, clock: Clock, key: bytes) -> None:
        """Take where they are kept, and the key of 32 bytes that seals them."""
        self._ledger = ledger
        self._clock = clock
        self._cipher = AESGCM(key)

    async def begin(self, who: str, key: str, asked: str) -> Given | None:
        """Give the answer that was given before; None when it is to be made now. Raises ActRefused."""
        now = self._clock.now()
        kept = await self._ledger.begin_answer(
            who,
            key,
            asked,
            busy_since=now - timedelta(seconds=ANSWER_BUSY_S),
            kept_since=now - timedelta(seconds=ANSWERS_KEPT_S),
        )
        if kept is None:
            return None
        nonce, sealed = kept.body[:_NONCE_BYTES], kept.body[_NONCE_BYTES:]
        body = self._cipher.decrypt(nonce, sealed, _owner(who, key))
        return Given(kept.status, orjson.loads(kept.headers), body)

    async def end(self, who: str, key: str, given: Given | None) -> None:
        """Keep an answer, or free the key."""
        if given is None:
            await self._ledger.end_answer(who, key, None)
            return
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = nonce + self._cipher.encrypt(nonce, given.body, _owner(who, key))
        headers = orjson.dumps(given.headers).decode()
        await self._ledger.end_answer(who, key, GivenAnswer(given.status, headers, sealed))


def _owner(who: str, key: str) -> bytes:
    return f"{who}\x1f{key}".encode()
