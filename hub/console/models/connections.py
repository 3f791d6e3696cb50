"""Connections: how they do, what they are, and how data goes through them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from hub.config.connection import Direction
from hub.console.models.wire import Instant, Reason, Told, Wire
from hub.flow.standing import Flow


class FlowChange(Told):
    """Pause or resume."""

    flow: Literal[Flow.RUNNING, Flow.PAUSED]
    reason: Reason
    until: Instant | None = None
    """When a pause ends by itself."""


class ConnectionSummary(Wire):
    """One connection, as the overview shows it. Counts are of this moment."""

    name: str
    description: str
    direction: Direction
    adapter: str
    flow: Flow
    flow_reason: str
    flow_by: str
    flow_until: datetime | None
    breaker: Literal["dicht", "open", "proef"]
    """Of its target: `dicht` lets requests through."""
    per_minute: float
    """Messages that went on, on average over the last five minutes."""
    failed_per_minute: float
    lag: int
    """Records on the bus that it has not finished."""
    oldest_waiting_at: datetime | None
    drained_in_s: int | None
    """Expected time until the lag is gone; null when nothing moves."""
    failures_open: int
    failures_retrying: int
    parked: int
    """Messages that wait in the queues of zaken."""
    zaken_waiting: int
    certificate_ends_at: datetime | None
    workers: int
    revision: str


class Overview(Wire):
    """All connections that somebody sees, as an event of `GET /events`."""

    connections: list[ConnectionSummary]


class SheetRow(Wire):
    """One question that a tender or an architect asks of a connection, and its answer out of the configuration."""

    topic: str
    question: str
    answer: str
    source: str
    """Where it stands: a file and line, or a page of the documentation."""


class ConnectionSheet(Wire):
    """All that is known of one connection."""

    summary: ConnectionSummary
    rows: list[SheetRow]
    messages: list[str]
    """Kinds of messages that it has a mapping for."""


class Node(Wire):
    """One system, connection or domain of events in the map."""

    id: str
    label: str
    kind: Literal["systeem", "koppeling", "domein"]
    connection: str | None = None
    failures_open: int = 0


class Edge(Wire):
    """Data goes from one node to another; `messages` says which."""

    from_node: str
    to_node: str
    messages: list[str]
    question: bool = False
    """A question and its answer, instead of a message."""


class FlowMap(Wire):
    """Where data of the municipality goes."""

    nodes: list[Node]
    edges: list[Edge]
