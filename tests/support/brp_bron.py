"""The BRP simulator as a target, without sockets: what was asked of which service, and what came of it, is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any, NamedTuple, NoReturn

import orjson

from adapters.brp.lookup import create as create_lookup
from adapters.brp.options import Options
from adapters.brp.simulator import KEY, Brp, create
from hub.errors import TargetUncertain
from hub.ports.contracts import Inquiry, Response
from hub.ports.simulator import ConnectionCut
from hub.testkit.clock import FakeClock

Json = dict[str, Any]

SERVICES = {
    "personen": "/haalcentraal/api/brp",
    "bewoning": "/haalcentraal/api/bewoning",
    "historie": "/haalcentraal/api/brphistorie",
    "reisdocumenten": "/haalcentraal/api/reisdocumenten",
}


class Gesteld(NamedTuple):
    """One call: the question as it was sent, and the answer."""

    service: str
    path: str
    vraag: Json
    status: int
    antwoord: Any


class Bron:
    """Implements hub.ports.contracts.Client for the four services of one simulator."""

    def __init__(self, simulator: Brp | None = None, *, key: str = KEY, **options: Any) -> None:  # noqa: ANN401
        self.simulator = simulator or create(clock=FakeClock())
        self.gesteld: list[Gesteld] = []
        self.lookup = create_lookup(Options(**options))
        self._key = key

    async def vraag(self, kind: str, **question: Any) -> Json:  # noqa: ANN401 - JSON
        """Ask the adapter."""
        return await self.lookup.ask(kind, question, Inquiry(self, self._keep, self.simulator.clock.now()))

    @property
    def vragen(self) -> list[Json]:
        """What was sent."""
        return [each.vraag for each in self.gesteld]

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
        assert (method, query, body) == ("POST", None, None), "nothing of a person in a URL"
        sent = {name.lower(): text for name, text in (headers or {}).items()} | {"x-api-key": self._key}
        try:
            given = await self.simulator.handle(method, f"{SERVICES[service]}/{path}", {}, sent, orjson.dumps(json))
        except ConnectionCut:
            raise TargetUncertain("POST: the connection was lost", code="verbroken") from None
        try:
            answer: Any = orjson.loads(given.body)
        except orjson.JSONDecodeError:
            answer = None
        self.gesteld.append(Gesteld(service, path, orjson.loads(orjson.dumps(json)), given.status, answer))
        return Response(given.status, {name.lower(): text for name, text in given.headers}, given.body)

    def download(self, *_: object, **__: object) -> NoReturn:
        raise AssertionError("the BRP gives nothing to download")

    def soap_security(self) -> str:
        return ""

    async def _keep(self, chunks: AsyncIterator[bytes]) -> NoReturn:
        raise AssertionError(f"the BRP gives nothing to keep: {chunks!r}")
