"""What the tests of StUF-ZDS as client share: the example connection, its adapter, and the legacy zaaksysteem."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from typing import Any

from lxml import etree

from adapters.stuf_zds.forms import forms
from adapters.stuf_zds.lookup import create as lookup
from adapters.stuf_zds.options import Options
from adapters.stuf_zds.outbound import create
from adapters.stuf_zds.zaaksysteem import Zaaksysteem
from hub.config.shipped import shipped
from hub.event.vragen import QUESTION_TYPES, answer_kind
from hub.mapping.compile import load_mappings
from hub.mapping.run import Mapping as FieldMapping
from hub.payloads.memory import MemoryPayloads
from hub.ports.contracts import Client, Exchange, Inquiry, Outgoing, Receipt, Step
from hub.testkit.network import FaultyNetwork
from hub.wire.claim import Claim

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
EVENT = "6f1d5a3c-0000-4000-8000-000000000001"
SERVICES = {"zds": "http://legacy.test/zaaksysteem/"}
OPTIONS = Options(organisatie="1900", zds="1.2")
CONTEXT = {"type": "", "zender": "proef", "time": NOW.isoformat()}


@cache
def mappings() -> dict[str, FieldMapping]:
    """Compile the mappings of the example."""
    root = shipped("mappings")
    return load_mappings(root / "_voorbeelden" / "zaken-naar-stuf", root=root, forms=forms())


class Legacy:
    """A legacy zaaksysteem behind a network, and what the hub does with it."""

    def __init__(self, zaaksysteem: Zaaksysteem | None = None, options: Options = OPTIONS) -> None:
        self.zaaksysteem = zaaksysteem or Zaaksysteem()
        self.options = options
        self.payloads = MemoryPayloads()
        self.network: Client = FaultyNetwork(self.zaaksysteem.handle, SERVICES)

    def step(self, event_type: str, data: dict[str, Any], *, event: str = EVENT) -> Step:
        """Plan the one message of an event."""
        mapping = mappings()[event_type]
        made = mapping.make(data, context={**CONTEXT, "type": event_type})
        [step] = create(self.options).steps(Outgoing(event_type, mapping.gives, made.body, event, NOW, ""))
        return step

    async def send(self, step: Step, *, resumed: bool = False) -> Receipt:
        """Send it, as the first time or again."""
        exchange = Exchange(self.network, self.payloads, {}, resumed, NOW)
        return await create(self.options).send(step, exchange)

    async def deliver(self, event_type: str, data: dict[str, Any], *, event: str = EVENT) -> Receipt:
        """Map and send."""
        return await self.send(self.step(event_type, data, event=event))

    async def ask(self, kind: str, question: dict[str, Any]) -> dict[str, Any]:
        """Ask, and map the answer to the canonical one."""
        said = await self.said(kind, question)
        made = mappings()[answer_kind(kind)].run(said, context={**CONTEXT, "type": kind})
        QUESTION_TYPES[kind].answer.model_validate(made.data)
        assert made.unread == ()
        return made.data

    async def said(self, kind: str, question: dict[str, Any]) -> etree._Element | dict[str, Any]:
        """Ask; gives the answer in the terms of StUF."""
        return await lookup(self.options).ask(kind, question, Inquiry(self.network, self._keep, NOW))

    async def store(self, content: bytes) -> dict[str, Any]:
        """Put content in the payload store; gives the `bestand` of an event."""
        claim = await self._claim(content)
        return {"verwijzing": claim.reference, "omvang": claim.size_bytes, "sha256": claim.sha256}

    async def _keep(self, content: AsyncIterator[bytes]) -> str:
        return (await self._claim(b"".join([each async for each in content]))).text()

    async def _claim(self, content: bytes) -> Claim:
        reference = self.payloads.new_reference()
        async with self.payloads.writer(reference) as writer:
            await writer.write(content)
        return Claim(reference, len(content), sha256(content).hexdigest())


def zaak(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Give the data of an event about a zaak."""
    return {"zaak": {"identificatie": "19000000000001", "startdatum": "2026-03-02", "zaaktype": "B1026", **fields}}


def only(mapping: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Give some of the fields."""
    return {name: mapping[name] for name in names if name in mapping}
