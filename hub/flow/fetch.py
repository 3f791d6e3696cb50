"""What messages of a connection only point at, fetched from their source: no more of it than their mappings read.

What is at work at the same time goes in one call where the source takes several. Of every person that was asked about
it is written down (Logboek Dataverwerkingen) before anything of it goes on. It refuses to know what is asked, and how.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime

import structlog

from hub.bus.contract import Bus, Record
from hub.clock import Clock
from hub.config.connection import Connection
from hub.errors import HubUnavailable, TargetFailed, TargetMisconfigured
from hub.flow.group import Group
from hub.flow.keep import Keeper
from hub.flow.logboek import Processing, Seal, records
from hub.flow.verstrekking import NO_VERWERKING
from hub.observe import trace
from hub.ports.contracts import Client, Document, Fetching, FetchingTogether, Inquiry

log = structlog.get_logger()

Read = Callable[[Document], Sequence[tuple[str, ...]]]
"""Gives what the mapping of a document reads: names from the document down."""

_Found = Document | TargetFailed | None
_Ask = Callable[[Sequence[Document]], Awaitable[Sequence[_Found]]]
_Keep = Callable[[AsyncIterator[bytes]], Awaitable[str]]


class Fetcher:
    """Fetches for one inbound connection."""

    def __init__(
        self,
        connection: Connection,
        *,
        fetching: Fetching,
        client: Client,
        reads: Read,
        bus: Bus,
        log_topic: str,
        seal: Seal,
        clock: Clock,
    ) -> None:
        self._connection = connection
        self._fetching = fetching
        self._client = client
        self._reads = reads
        self._bus = bus
        self._log_topic = log_topic
        self._seal = seal
        self._clock = clock
        self._groups: dict[str, Group[Document, _Found]] = {}

    async def fetch(self, document: Document, keeper: Keeper) -> Document | None:
        """Fetch: see `hub.ports.contracts.Fetching`. Raises TargetFailed or HubUnavailable."""
        if document.person is not None and self._connection.verwerking is None:
            raise TargetMisconfigured(
                "it is not said for which processing activity persons are asked about: no personal data passes",
                code=NO_VERWERKING,
                advice=f"write verwerking: in {self._connection.file}",
            )
        if isinstance(self._fetching, FetchingTogether):
            found = await self._group(document.kind, self._fetching)(document)
        else:
            [found] = await self._written_down([document], self._alone(keeper))
        if isinstance(found, TargetFailed):
            raise found
        return found

    def _group(self, kind: str, fetching: FetchingTogether) -> Group[Document, _Found]:
        if kind not in self._groups:

            async def together(documents: Sequence[Document]) -> Sequence[_Found]:
                async def ask(each: Sequence[Document]) -> Sequence[_Found]:
                    return await fetching.fetch_together(each, self._inquiry(each[0], _kept_by_nobody))

                return await self._written_down(documents, ask)

            self._groups[kind] = Group(together, size_max=fetching.together_max, at_once=fetching.calls_max)
        return self._groups[kind]

    def _alone(self, keeper: Keeper) -> _Ask:
        async def ask(documents: Sequence[Document]) -> Sequence[_Found]:
            [document] = documents
            return [await self._fetching.fetch(document, self._inquiry(document, keeper.keep))]

        return ask

    def _inquiry(self, document: Document, keep: _Keep) -> Inquiry:
        return Inquiry(self._client, keep, self._clock.now(), lambda: self._reads(document))

    async def _written_down(self, documents: Sequence[Document], ask: _Ask) -> Sequence[_Found]:
        begun = self._clock.now()
        try:
            found = await ask(documents)
        except Exception:
            await self._log_failed(documents, begun)
            raise
        await self._log(documents, found, begun)
        return found

    async def _log(self, documents: Sequence[Document], found: Sequence[_Found], begun: datetime) -> None:
        """Write down whose data this was, before it goes on; raises HubUnavailable: then it does not."""
        lines = [
            line
            for document, each in zip(documents, found, strict=True)
            if document.person is not None
            for line in self._lines(document, each, begun)
        ]
        if lines:
            await self._bus.publish([Record(self._log_topic, b"", line) for line in lines])

    async def _log_failed(self, documents: Sequence[Document], begun: datetime) -> None:
        failed = TargetFailed("not answered", code="")
        try:
            await self._log(documents, [failed] * len(documents), begun)
        except HubUnavailable:
            # Nothing of anybody goes on.
            log.warning("processing_not_logged", connection=self._connection.connection)

    def _lines(self, document: Document, found: _Found, begun: datetime) -> list[bytes]:
        processing = Processing(self._connection.verwerking)
        if document.person is not None:
            processing.persons.add(document.person)
        if isinstance(found, Document):
            processing.saw(found.body)
        return list(
            records(
                processing,
                trace.new(),
                name=f"{self._connection.connection} {document.kind}",
                begun=begun,
                ended=self._clock.now(),
                ok=not isinstance(found, TargetFailed),
                seal=self._seal,
            )
        )


async def _kept_by_nobody(_content: AsyncIterator[bytes]) -> str:
    raise AssertionError("what is fetched together holds no contents to keep")
