"""The makelaar of StUF-BG as a target, without sockets: what was asked of it, and what becomes of its answers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from lxml import etree

from adapters.stuf_bg.lookup import create as create_lookup
from adapters.stuf_bg.options import Options
from adapters.stuf_bg.simulator import KEY, Makelaar, create
from hub.desk.tools import tools_of
from hub.event.models import ANSWERS
from hub.event.vragen import QUESTION_TYPES, answer_kind
from hub.flow.reads import reads_of
from hub.mapping.cases import Tools
from hub.ports.contracts import Inquiry
from hub.testkit.clock import FakeClock
from hub.testkit.network import Answered, FaultyNetwork
from hub.wire.xml import local_name

Json = dict[str, Any]

MAPPINGS = Path(__file__).parents[2] / "mappings"
NAME = "personen-uit-makelaar"
SERVICES = {"bg": "http://makelaar.test/bg/"}


@cache
def tools() -> Tools:
    """Compile the mappings of the example."""
    return tools_of(MAPPINGS / "_voorbeelden" / NAME, root=MAPPINGS)


def network(makelaar: Makelaar, *, key: str = KEY) -> FaultyNetwork:
    """Give the way to it."""

    async def handle(
        method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes
    ) -> Answered:
        given = await makelaar.handle(method, path, query, headers, body)
        return given.status, given.headers, given.body

    async def proof() -> dict[str, str]:
        return {makelaar.key_header: key}

    return FaultyNetwork(handle, SERVICES, headers=proof)


class Vragend:
    """The adapter, asked as the hub asks it."""

    def __init__(self, makelaar: Makelaar | None = None, *, key: str = KEY, **options: Any) -> None:  # noqa: ANN401
        self.makelaar = makelaar or create(clock=FakeClock())
        self.client = network(self.makelaar, key=key)
        self.lookup = create_lookup(Options(organisatie="1900", **options))

    async def said(self, kind: str, *, velden: Sequence[str] | None = None, **question: Any) -> etree._Element:  # noqa: ANN401
        """Ask; gives the answer in the terms of StUF. Without `velden` all there is is asked."""
        mapping = tools().mappings[answer_kind(kind)]

        def reads() -> Sequence[tuple[str, ...]]:
            return reads_of(mapping.readings(context={"type": kind}), QUESTION_TYPES[kind].found[0], velden or ())

        now = self.makelaar.clock.now()
        inquiry = Inquiry(self.client, self._keep, now, None if velden is None else reads)
        return await self.lookup.ask(kind, {**question, "velden": list(velden or ())}, inquiry)

    async def vraag(self, kind: str, *, velden: Sequence[str] | None = None, **question: Any) -> Json:  # noqa: ANN401
        """Ask, and map the answer to the canonical one; every element of it is read or ignored."""
        said = await self.said(kind, velden=velden, **question)
        made = tools().mappings[answer_kind(kind)].run(said, context={"type": kind})
        ANSWERS[answer_kind(kind)].model_validate(made.data)
        assert made.unread == ()
        return made.data

    @property
    def scope(self) -> list[str]:
        """The elements that the last question asked for, by their paths."""
        scope = self.makelaar.vragen[-1].find("{*}scope/{*}object")
        assert scope is not None
        return list(leaves(scope))

    @property
    def gelijk(self) -> dict[str, str]:
        """The criteria of the last question."""
        gelijk = self.makelaar.vragen[-1].find("{*}gelijk")
        return {} if gelijk is None else {path: each.text or "" for path, each in _leaves(gelijk)}

    async def _keep(self, chunks: AsyncIterator[bytes]) -> NoReturn:
        raise AssertionError(f"there is nothing to keep: {chunks!r}")


def leaves(element: etree._Element) -> Iterator[str]:
    """Give the paths of what holds no elements."""
    return (path for path, _ in _leaves(element))


def _leaves(element: etree._Element, at: str = "") -> Iterator[tuple[str, etree._Element]]:
    for each in element:
        path = f"{at}/{local_name(each)}".strip("/")
        if len(each):
            yield from _leaves(each, path)
        else:
            yield path, each
