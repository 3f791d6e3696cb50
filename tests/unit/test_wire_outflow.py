"""A message with documents streams out as it would have come in, whatever the sizes."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import AsyncIterator
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import HubUnavailable
from hub.wire.claim import Claim
from hub.wire.outflow import filled, size_of

REFERENCE = "6f9619ff-8b86-4011-b42d-00c04fc964ff"


def _claim(content: bytes) -> str:
    return Claim(REFERENCE, len(content), sha256(content).hexdigest()).text()


async def _whole(message: bytes, *chunks: bytes) -> bytes:
    async def open_(reference: str) -> AsyncIterator[bytes]:
        assert reference == REFERENCE
        for chunk in chunks:
            yield chunk

    return b"".join([each async for each in filled(message, open_)])


@given(chunks=st.lists(st.binary(max_size=20), max_size=8))
async def test_a_claim_becomes_the_base64_of_its_content(chunks: list[bytes]) -> None:
    """In chunks of any size, and as many bytes as was said before."""
    content = b"".join(chunks)
    message = f"<a><inhoud>{_claim(content)}</inhoud><b/></a>".encode()

    sent = await _whole(message, *chunks)

    assert sent == b"<a><inhoud>" + b64encode(content) + b"</inhoud><b/></a>"
    assert size_of(message) == len(sent)


async def test_a_message_without_claims_stays_as_it_is() -> None:
    """Also when it speaks of one among other words."""
    message = f"<a><b>zie {_claim(b'x')}</b></a>".encode()

    assert await _whole(message) == message
    assert size_of(message) == len(message)


@pytest.mark.parametrize("found", [b"another", b"short", b"exact length, otherwise"])
async def test_content_that_is_not_the_one_accepted_never_arrives_whole(found: bytes) -> None:
    """The end is held back."""
    message = f"<inhoud>{_claim(b'exactly this, no other.')}</inhoud>".encode()

    with pytest.raises(HubUnavailable, match="not the one that was accepted"):
        await _whole(message, found)
