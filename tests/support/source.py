"""Questions to the simulator of a national service, without sockets: what was called is kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple, NoReturn
from urllib.parse import urlsplit

import orjson

from hub.errors import TargetFailed, TargetMisconfigured, TargetRefused, TargetUnavailable
from hub.ports.contracts import Inquiry, Lookup, Response
from hub.ports.simulator import ConnectionCut, Gedrag, Simulator

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
KINDS: tuple[tuple[int, type[TargetFailed], str], ...] = (
    (400, TargetRefused, "ongeldige-vraag"),
    (401, TargetMisconfigured, "niet-gemachtigd"),
    (403, TargetMisconfigured, "niet-gemachtigd"),
    (406, TargetMisconfigured, "contract-verbroken"),
    (429, TargetUnavailable, "te-veel-vragen"),
    (500, TargetUnavailable, "bron-faalt"),
    (503, TargetUnavailable, "tijdelijk-niet-beschikbaar"),
)
"""What a status of a source is, with the code of the error."""
NO_ANSWERS: tuple[tuple[Gedrag, type[TargetFailed]], ...] = (
    (Gedrag(kind="cut"), TargetUnavailable),
    (Gedrag(kind="half"), TargetUnavailable),
    (Gedrag(kind="garbage"), TargetUnavailable),
    (Gedrag(kind="answer", status=302), TargetMisconfigured),
)
"""What a source may do instead of answering, and what that is."""


class Called(NamedTuple):
    """One call, with what came of it; `path` is relative to the service."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    answer: Response


class Source:
    """Implements hub.ports.contracts.Client for one service. `most` is how many calls were out at once."""

    def __init__(self, simulator: Simulator, *, base: str, headers: Mapping[str, str]) -> None:
        self.simulator = simulator
        self.called: list[Called] = []
        self.out = self.most = 0
        self._base = base
        self._headers = headers

    async def ask(self, lookup: Lookup, kind: str, **question: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
        answer = await lookup.ask(kind, question, Inquiry(self, self._keep, NOW))
        assert isinstance(answer, dict)
        # As it stands at the start of a mapping: what a file can say.
        given: dict[str, Any] = orjson.loads(orjson.dumps(answer))
        return given

    @property
    def paths(self) -> list[str]:
        """What was called, without its query."""
        return [each.path for each in self.called]

    async def request(
        self,
        method: str,
        service: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        json: object = None,
        body: AsyncIterator[bytes] | bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        assert service
        assert not isinstance(body, AsyncIterator)
        assert not urlsplit(path).query
        sent = {"accept": "application/json", **{name.lower(): text for name, text in (headers or {}).items()}}
        sent |= {name.lower(): text for name, text in self._headers.items()}
        content = body or (b"" if json is None else orjson.dumps(json))
        self.out += 1
        self.most = max(self.most, self.out)
        try:
            await asyncio.sleep(0)
            given = await self.simulator.handle(method, f"{self._base}/{path}", query or {}, sent, content)
        except ConnectionCut:
            raise TargetUnavailable("the connection was lost", code="verbroken") from None
        finally:
            self.out -= 1
        answer = Response(given.status, {name.lower(): text for name, text in given.headers}, given.body)
        self.called.append(Called(method, path, query or {}, sent, answer))
        return answer

    def download(self, *_: object, **__: object) -> NoReturn:
        raise AssertionError("a national service gives nothing to download")

    def soap_security(self) -> str:
        return ""

    async def _keep(self, chunks: AsyncIterator[bytes]) -> NoReturn:
        raise AssertionError(f"a national service gives nothing to keep: {chunks!r}")
