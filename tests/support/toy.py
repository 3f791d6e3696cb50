"""The smallest adapter there is, both ways, for tests of the flow: JSON in, a list of effects out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from hub.app import Configuration
from hub.config.connection import Connection, Direction
from hub.config.policy import ConnectionPolicy
from hub.config.settings import Settings
from hub.config.target import Target
from hub.errors import MessageRefused
from hub.mapping.compile import load_mappings
from hub.ports.contracts import Client, Document, Exchange, MessageRefusal, Receipt, Reply, Step
from hub.testkit.network import Answered, FaultyNetwork

IN, OUT = "speelgoed-in", "speelgoed-uit"


def message(
    zaak: str, omschrijving: str, *, reference: str, kind: str = "wijzig", sender: str = "S", **more: str
) -> bytes:
    """Write a message as the toy sender does."""
    said = {"zaak": zaak, "omschrijving": omschrijving, "reference": reference, "kind": kind, "sender": sender, **more}
    return orjson.dumps(said)


class ToyInbound:
    """Reads the toy messages."""

    content_elements: tuple[str, ...] = ()

    def read(self, body: bytes, headers: Mapping[str, str], *, validate: bool) -> Document:  # noqa: ARG002
        """Read; raises MessageRefused for what is no JSON."""
        try:
            said = orjson.loads(body)
        except orjson.JSONDecodeError:
            raise MessageRefused("no JSON", code="StUF055") from None
        number = said.pop("reference")
        return Document(said["kind"], said, said["sender"], number, said["zaak"], said["zaak"])

    def accepted(self, document: Document, *, message_id: str, at: datetime, headers: Mapping[str, str]) -> Reply:  # noqa: ARG002
        """Acknowledge."""
        return Reply(200, "text/plain", message_id.encode())

    def refused(
        self,
        refusal: MessageRefusal,
        body: bytes,  # noqa: ARG002
        *,
        message_id: str,  # noqa: ARG002
        at: datetime,  # noqa: ARG002
        headers: Mapping[str, str],  # noqa: ARG002
    ) -> Reply:
        """Refuse."""
        return Reply(refusal.status, "text/plain", refusal.code.encode())

    def description(self, path: str, query: str, *, url: str) -> Reply | None:  # noqa: ARG002
        """Have none."""
        return None


class ToyTarget:
    """The far side: `effects` in order. `before` may raise what a target raises, or look at the resumed flag."""

    def __init__(self) -> None:
        self.effects: list[tuple[str, str]] = []
        self.tries: list[tuple[str, str, bool]] = []
        self.before: Callable[[str, str, Exchange], Awaitable[None]] | None = None
        self.after: Callable[[str, str, Exchange], Awaitable[None]] | None = None

    def of(self, zaak: str) -> list[str]:
        """Give the effects on a zaak, in order."""
        return [what for each, what in self.effects if each == zaak]

    def steps(self, kind: str, document: dict[str, Any]) -> Sequence[Step]:
        """Plan one step."""
        return [Step(f"{kind}|{document['zaak']}|{document['omschrijving']}", "zet", document)]

    async def send(self, step: Step, exchange: Exchange) -> Receipt:
        """Do it once: a resumed delivery that was done already does nothing."""
        zaak, what = step.body["zaak"], step.body["omschrijving"]
        self.tries.append((zaak, what, exchange.resumed))
        if self.before is not None:
            await self.before(zaak, what, exchange)
        if not (exchange.resumed and self.of(zaak)[-1:] == [what]):
            self.effects.append((zaak, what))
        if self.after is not None:
            await self.after(zaak, what, exchange)
        return Receipt(note=what)

    async def check(self, client: object) -> Sequence[str]:  # noqa: ARG002
        """Be well."""
        return []


_MAPPINGS = {
    f"{IN}/maak.map.yaml": """
message: maak
gives: nl.zaken.zaak-aangemaakt.v1
rules:
  - {to: zaak.identificatie, from: zaak, required: true}
  - {to: zaak.omschrijving, from: omschrijving, required: true}
ignore:
  - {path: kind, reason: says which message it is}
  - {path: sender, reason: says who sent it}
""",
    f"{IN}/wijzig.map.yaml": """
message: wijzig
gives: nl.zaken.zaak-bijgewerkt.v1
rules:
  - {to: zaak.identificatie, from: zaak, required: true}
  - {to: zaak.omschrijving, from: omschrijving, required: true}
  - {to: zaak.startdatum, from: startdatum, via: [stuf-datum]}
ignore:
  - {path: kind, reason: says which message it is}
  - {path: sender, reason: says who sent it}
""",
    **{
        f"{OUT}/{name}.map.yaml": f"""
message: {name}
gives: speelgoed
rules:
  - {{to: zaak, from: zaak/identificatie, required: true}}
  - {{to: omschrijving, from: zaak/omschrijving, required: true}}
ignore:
  - {{path: zaak/startdatum, reason: the toy has no use for it}}
"""
        for name in ("nl.zaken.zaak-aangemaakt.v1", "nl.zaken.zaak-bijgewerkt.v1")
    },
}


def toy_configuration(folder: Path, target: ToyTarget, *, limits: ConnectionPolicy | None = None) -> Configuration:
    """Make the configuration of a hub with the toy at both ends; `folder` takes its mapping files."""
    for name, text in _MAPPINGS.items():
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_text(text)
    limits = limits or ConnectionPolicy()
    return Configuration(
        settings=Settings(mappings=folder),
        connections={
            IN: Connection(connection=IN, direction=Direction.INBOUND, adapter="speelgoed", policy=limits),
            OUT: Connection(
                connection=OUT,
                direction=Direction.OUTBOUND,
                adapter="speelgoed",
                domain="zaken",
                target=Target(services={"doel": "http://doel/"}),
                policy=limits,
            ),
        },
        inbound={IN: ToyInbound()},
        outbound={OUT: target},
        mappings={name: load_mappings(folder / name, root=folder) for name in (IN, OUT)},
    )


def no_client(_connection: object) -> Client:
    """Give the client of the toy target, which asks nothing of the network."""
    return FaultyNetwork(_nothing, {})


async def _nothing(*_: object) -> Answered:
    raise AssertionError("the toy asks nothing of the network")
