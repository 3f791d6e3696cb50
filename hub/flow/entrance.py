"""Where messages come in, and how that ends: values that the first chapter of a message's life is told in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple, cast

from hub.config.connection import Connection
from hub.flow.ask import Answer, Asker
from hub.flow.gate import Gate
from hub.flow.intake import TakenIn
from hub.ledger.entries import Seen
from hub.ports.contracts import Client, Conversing, Document, Inbound, MessageRefusal, Reply


class Entrance(NamedTuple):
    """An inbound connection: its adapter, and the topic that takes its messages."""

    connection: Connection
    inbound: Inbound
    topic: str
    asker: Asker
    gate: Gate
    old: Client | None
    """To the old system, on the way over from it."""

    delivers: Callable[[str], bool]
    """Whether the connection that `asks` names takes what a kind of message becomes."""

    @property
    def conversing(self) -> Conversing:
        """The adapter of messages that expect more than a receipt: it read one."""
        return cast("Conversing", self.inbound)


class Incoming(NamedTuple):
    """A message that was taken in: what is left of it, the HTTP headers, and what the URL ended with."""

    entrance: Entrance
    taken: TakenIn
    headers: Mapping[str, str]
    path: str


class Welcome(NamedTuple):
    """The bus has the message; `seen` is the same for a resend as it was for the first."""

    document: Document
    seen: Seen


class Fulfilled(NamedTuple):
    """What the message asks for is done at the target."""

    document: Document
    seen: Seen


class Answered(NamedTuple):
    """A question with its answer."""

    document: Document
    answer: Answer


class Ignored(NamedTuple):
    """The message is right and goes no further: a probe, or nothing this connection is for."""


class TurnedAway(NamedTuple):
    """The message is not accepted; `body` is what there is of it, enough to tell whom to answer."""

    refusal: MessageRefusal
    body: bytes
    message_id: str
    at: datetime


class Passed(NamedTuple):
    """The old system did it: this is what it said."""

    reply: Reply


Received = Passed | Welcome | Fulfilled | Answered | Ignored | TurnedAway
