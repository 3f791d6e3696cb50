"""A POST that comes twice is done once: the second gets the answer of the first (`Idempotency-Key`).

An answer is given again without asking what its reader may see by now: so no answer to a POST that is kept holds the
content of a message. It knows keys and what was asked under them. It refuses to know where answers are kept: an
`Answers` does.
"""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple, Protocol

from fastapi import Request
from fastapi.responses import Response

from hub.errors import ActRefused

HEADER = "Idempotency-Key"
_KEY = re.compile(r"[A-Za-z0-9_.:-]{8,100}")
KEPT_HEADERS = ("content-type", "etag", "location")


class Given(NamedTuple):
    """An answer as it was given."""

    status: int
    headers: dict[str, str]
    body: bytes


class Answers(Protocol):
    """Keeps answers for a while."""

    async def begin(self, who: str, key: str, asked: str) -> Given | None:
        """Give the answer that was given to this key of this person; None when it is to be made now.

        `asked` is a digest of the whole request. Raises ActRefused: `idempotency-key` when the key was used for
        something else, `bezig` when the first request is not done yet.
        """
        ...

    async def end(self, who: str, key: str, given: Given | None) -> None:
        """Keep the answer; None says that there is none, and that the key may be used again."""
        ...


def key_of(request: Request) -> str | None:
    """Give the key of a request, if it has one; raises ActRefused when it can't be one."""
    key = request.headers.get(HEADER)
    if key is not None and not _KEY.fullmatch(key):
        raise ActRefused(
            f"{HEADER} is 8 to 100 letters, digits and any of _.:-",
            code="id",
            advice="make a UUID for each act of a person",
        )
    return key


async def asked(request: Request) -> str:
    """Give a digest of what is asked."""
    parts = [
        request.method,
        request.url.path,
        request.url.query,
        request.headers.get("if-match", ""),
    ]
    digest = hashlib.sha256("\n".join(parts).encode())
    digest.update(b"\n" + await request.body())
    return digest.hexdigest()


def kept(response: Response) -> Given:
    """Give what is kept of an answer."""
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    return Given(response.status_code, headers, bytes(response.body))


def again(given: Given) -> Response:
    """Give an answer a second time."""
    return Response(given.body, status_code=given.status, headers=given.headers | {"idempotent-replayed": "true"})
