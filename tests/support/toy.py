"""The smallest adapter there is, both ways, for tests of the flow: JSON in, a list of effects out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from hub.config.access import Anybody
from hub.config.connection import Connection, Direction
from hub.config.policy import ConnectionPolicy
from hub.config.settings import Settings
from hub.config.target import Target
from hub.config.verwerking import Verwerking
from hub.configuration import Configuration
from hub.errors import MessageRefused
from hub.event.vragen import NUMMER
from hub.mapping.compile import load_mappings
from hub.ports.contracts import (
    Client,
    Document,
    Exchange,
    Expects,
    Inquiry,
    MessageRefusal,
    Outgoing,
    Receipt,
    Reply,
    Step,
)
from hub.testkit.network import Answered, FaultyNetwork

IN, OUT = "speelgoed-in", "speelgoed-uit"
VERWERKING = Verwerking(activiteit="https://register.voorbeeld.nl/verwerkingen/speelgoed", grondslag="AVG art. 6")


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
        number, expects = said.pop("reference"), Expects(said.pop("expects", Expects.RECEIPT))
        zaaktype = said.pop("zaaktype", "")
        return Document(said["kind"], said, said["sender"], number, said["zaak"], said["zaak"], expects, zaaktype)

    def accepted(self, document: Document, *, message_id: str, at: datetime, headers: Mapping[str, str]) -> Reply:  # noqa: ARG002
        """Acknowledge."""
        return Reply(200, "text/plain", message_id.encode())

    def delivered(self, document: Document, *, message_id: str, at: datetime, headers: Mapping[str, str]) -> Reply:  # noqa: ARG002
        """Say that it is done."""
        return Reply(200, "text/plain", b"done")

    def answered(
        self,
        document: Document,  # noqa: ARG002
        answer: dict[str, Any] | bytes,
        *,
        message_id: str,  # noqa: ARG002
        at: datetime,  # noqa: ARG002
        headers: Mapping[str, str],  # noqa: ARG002
    ) -> Reply:
        """Answer."""
        return Reply(200, "application/json", answer if isinstance(answer, bytes) else orjson.dumps(answer))

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
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.before_answer: Callable[[Inquiry], Awaitable[None]] | None = None

    def of(self, zaak: str) -> list[str]:
        """Give the effects on a zaak, in order."""
        return [what for each, what in self.effects if each == zaak]

    def steps(self, outgoing: Outgoing) -> Sequence[Step]:
        """Plan one step."""
        document = outgoing.body
        assert isinstance(document, dict)
        return [Step(f"{outgoing.kind}|{document['zaak']}|{document['omschrijving']}", "zet", document)]

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

    async def ask(self, kind: str, question: dict[str, Any], inquiry: Inquiry) -> dict[str, Any]:
        """Tell the effects on a zaak, or reserve a number; `before_answer` may raise what a target raises."""
        self.asked.append((kind, question))
        if self.before_answer is not None:
            await self.before_answer(inquiry)
        if kind == NUMMER:
            return {"nummer": f"DOEL-{len(self.asked)}"}
        return {
            "gevonden": [
                {"zaak": each, "tekst": what} for each, what in self.effects if each == question["identificatie"]
            ]
        }


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


_QUESTIONS = {
    f"{IN}/vraag.map.yaml": """
message: vraag
gives: nl.zaken.zaken-opvragen.v1
rules:
  - {to: identificatie, from: zaak}
ignore:
  - {path: kind, reason: says which message it is}
  - {path: sender, reason: says who sent it}
""",
    f"{IN}/vraag.antwoord.map.yaml": """
message: vraag.antwoord
gives: antwoord
rules:
  - to: "zaken[]"
    each: zaken
    rules: [{to: naam, from: omschrijving}]
ignore:
  - {path: vraag, reason: the asker knows what it asked}
  - {path: meer, reason: the toy knows few zaken}
  - {path: zaken/identificatie, reason: the asker knows which zaak it asked for}
""",
    f"{IN}/nummer.map.yaml": """
message: nummer
gives: nl.zaken.nummer-reserveren.v1
rules:
  - {to: soort, value: zaak}
ignore:
  - {path: kind, reason: says which message it is}
  - {path: sender, reason: says who sent it}
  - {path: zaak, reason: there is none yet}
""",
    f"{IN}/nummer.antwoord.map.yaml": """
message: nummer.antwoord
gives: antwoord
rules:
  - {to: nummer, from: identificatie}
ignore:
  - {path: vraag, reason: the asker knows what it asked}
""",
    f"{OUT}/nl.zaken.zaken-opvragen.v1.antwoord.map.yaml": """
message: nl.zaken.zaken-opvragen.v1.antwoord
gives: nl.zaken.zaken-opvragen.v1.antwoord
rules:
  - to: "zaken[]"
    each: gevonden
    rules:
      - {to: identificatie, from: zaak}
      - {to: omschrijving, from: tekst}
""",
    f"{OUT}/nl.zaken.nummer-reserveren.v1.antwoord.map.yaml": """
message: nl.zaken.nummer-reserveren.v1.antwoord
gives: nl.zaken.nummer-reserveren.v1.antwoord
rules:
  - {to: identificatie, from: nummer}
""",
}


def asking_configuration(folder: Path, toy: ToyTarget, **said: Any) -> Configuration:  # noqa: ANN401 - any key
    """Make one in which the sender asks the target; `said` are keys of its connection."""
    configuration = toy_configuration(folder, toy)
    for name, text in _QUESTIONS.items():
        (folder / name).write_text(text)
    asker = configuration.connections[IN].model_copy(update={"asks": OUT, **said})
    return configuration._replace(
        connections=configuration.connections | {IN: asker},
        mappings={name: load_mappings(folder / name, root=folder) for name in (IN, OUT)},
        lookups={OUT: toy},
    )


def toy_configuration(folder: Path, target: ToyTarget, *, limits: ConnectionPolicy | None = None) -> Configuration:
    """Make the configuration of a hub with the toy at both ends; `folder` takes its mapping files."""
    for name, text in _MAPPINGS.items():
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_text(text)
    limits = limits or ConnectionPolicy()
    return Configuration(
        settings=Settings(mappings=folder),
        connections={
            IN: Connection(
                connection=IN,
                direction=Direction.INBOUND,
                adapter="speelgoed",
                verwerking=VERWERKING,
                access=(Anybody(kind="none"),),
                policy=limits,
            ),
            OUT: Connection(
                connection=OUT,
                direction=Direction.OUTBOUND,
                adapter="speelgoed",
                domain="zaken",
                verwerking=VERWERKING,
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
