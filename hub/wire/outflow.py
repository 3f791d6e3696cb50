"""Put contents where claims stand, as base64, while a message streams out: memory stays constant.

Sans I/O: what gives a content is handed in. It is `hub.wire.claim.restore` for messages that hold large documents. It
refuses to know messages: a claim counts only where it is the whole text of an element.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Iterator

from hub.errors import HubUnavailable
from hub.wire.claim import Claim, read_claim

_CLAIM = re.compile(rb"(?<=>)zaakhub-inhoud:[^\s<]+:\d+:[0-9a-f]{64}(?=<)")
_GROUP = 3


def size_of(message: bytes) -> int:
    """Give how many bytes `filled` will give: what Content-Length must say."""
    claims = [part for part in _parts(message) if isinstance(part, Claim)]
    return (
        len(message)
        - sum(len(claim.text()) for claim in claims)
        + sum(4 * -(-claim.size_bytes // _GROUP) for claim in claims)
    )


async def filled(message: bytes, contents: Callable[[str], AsyncIterator[bytes]]) -> AsyncIterator[bytes]:
    """Give the message in chunks, each claim replaced by its content; `contents` opens one by its reference.

    Raises HubUnavailable when a content is gone, or is not what the claim says: then its end is held back, so that
    nobody takes what came for a whole message.
    """
    for part in _parts(message):
        if isinstance(part, Claim):
            async for chunk in _encoded(part, contents(part.reference)):
                yield chunk
        elif part:
            yield part


def _parts(message: bytes) -> Iterator[bytes | Claim]:
    at = 0
    for found in _CLAIM.finditer(message):
        claim = read_claim(found[0].decode())
        if claim is not None:
            yield message[at : found.start()]
            yield claim
            at = found.end()
    yield message[at:]


async def _encoded(claim: Claim, content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    seen, size_bytes, rest = hashlib.sha256(), 0, b""
    async for chunk in content:
        seen.update(chunk)
        size_bytes += len(chunk)
        rest += chunk
        whole = len(rest) - len(rest) % _GROUP
        if size_bytes < claim.size_bytes and whole:
            yield b64encode(rest[:whole])
            rest = rest[whole:]
    if size_bytes != claim.size_bytes or seen.hexdigest() != claim.sha256:
        raise HubUnavailable(
            "the content in the payload store is not the one that was accepted",
            code="inhoud-anders",
            advice="restore the payload store; nothing was delivered",
        )
    if rest:
        yield b64encode(rest)
