"""Questions to the simulator, without sockets: what was called is kept, and how many calls were out at once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

import orjson

from adapters.zgw.lookup import create as create_lookup
from adapters.zgw.options import Options
from adapters.zgw.simulator import RSIN, Answer, ConnectionCut, Simulator
from hub.errors import TargetMisconfigured, TargetUnavailable, TargetUncertain
from hub.ports.contracts import Inquiry, Response
from tests.support.zgw_simulated import CRS, NOW, Client

HOST = "http://zgw.test"
SERVICES = ("zaken", "catalogi", "documenten", "besluiten")
ZAKEN_OPVRAGEN, DOCUMENTEN_OPVRAGEN, VERGRENDELEN, BESLUITEN_OPVRAGEN, NUMMER = (
    f"nl.zaken.{name}.v1"
    for name in (
        "zaken-opvragen", "documenten-opvragen", "document-vergrendelen", "besluiten-opvragen", "nummer-reserveren",
    )
)  # fmt: skip


class Far(Protocol):
    """What answers: a simulator, or one that is made to misbehave."""

    async def handle(
        self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes, /
    ) -> Answer: ...


class Asker:
    """Asks one connection; `calls` are those of all questions, `most` the most that were out at once."""

    def __init__(self, simulator: Simulator, options: Options | None = None) -> None:
        self.simulator: Far = simulator
        self.calls: list[str] = []
        self.bodies: list[bytes] = []
        self.urls: list[str] = []
        self.kept: dict[str, bytes] = {}
        self.out = self.most = 0
        self.later = timedelta()
        self._headers = {name: text for name, text in Client(simulator).headers.items() if name not in CRS}
        self._lookup = create_lookup(options or Options(rsin=RSIN))

    async def ask(self, kind: str, **question: Any) -> dict[str, Any]:  # noqa: ANN401 - a question is JSON
        answer = await self._lookup.ask(kind, question, Inquiry(self, self._keep, NOW + self.later))
        # As it stands at the start of a mapping: what a file can say.
        given: dict[str, Any] = orjson.loads(orjson.dumps(answer))
        return given

    async def counted(self, kind: str, **question: Any) -> Counter[str]:  # noqa: ANN401 - the same
        """Ask, and give which calls it took."""
        before = len(self.calls)
        await self.ask(kind, **question)
        return Counter(self.calls[before:])

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
        assert not isinstance(body, AsyncIterator)
        if service not in SERVICES or (path.startswith("http") and not path.startswith(HOST)):
            raise TargetMisconfigured("of another target", code="vreemde-url")
        whole = urlsplit(path if path.startswith("http") else f"{HOST}/{service}/api/v1/{path}")
        asked = {**dict(parse_qsl(whole.query)), **(query or {})}
        content = orjson.dumps(json) if json is not None else body or b""
        self.calls.append(f"{method} {_pattern(whole.path)}")
        self.urls.append(f"{whole.path} {asked}")
        self.bodies.append(content)
        self.out += 1
        self.most = max(self.most, self.out)
        await asyncio.sleep(0)
        try:
            sent = {**self._headers, **{name.lower(): text for name, text in (headers or {}).items()}}
            answer = await self.simulator.handle(method, whole.path, asked, sent, content)
        except ConnectionCut as cut:
            raise (TargetUnavailable if method == "GET" else TargetUncertain)("cut", code="verbroken") from cut
        finally:
            self.out -= 1
        return Response(answer.status, {name.lower(): text for name, text in answer.headers}, answer.body)

    async def download(
        self,
        service: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> AsyncIterator[bytes]:
        response = await self.request("GET", service, path, query=query, headers=headers)
        if response.status != 200:
            raise TargetUnavailable("no content", code=f"zgw-{response.status}")
        for start in range(0, len(response.body), 7):
            yield response.body[start : start + 7]

    def soap_security(self) -> str:
        return ""

    async def _keep(self, chunks: AsyncIterator[bytes]) -> str:
        reference = f"inhoud-{len(self.kept)}"
        self.kept[reference] = b"".join([chunk async for chunk in chunks])
        return f"zaakhub-inhoud:{reference}:{len(self.kept[reference])}:{'0' * 64}"


def _pattern(path: str) -> str:
    """Name a call without the uuids in it."""
    return "/".join("*" if len(part) == 36 and part.count("-") == 4 else part for part in path.split("/")[4:])
