"""Where data goes: systems, connections, domains of events, out of the configuration."""

from __future__ import annotations

from collections.abc import Iterator

from hub.config.connection import Connection, Direction
from hub.configuration import Configuration
from hub.console.models.connections import Edge, FlowMap, Node
from hub.event.catalogue import EVENT_TYPES
from hub.event.vragen import ANSWER, QUESTION_TYPES, answer_kind
from hub.ledger.contract import Ledger
from hub.security.roles import Actor, Right


class FlowMaps:
    """Draws the map."""

    def __init__(self, configuration: Configuration, ledger: Ledger) -> None:
        self._configuration = configuration
        self._ledger = ledger

    async def of(self, actor: Actor) -> FlowMap:
        """Draw what is around the connections that the person sees."""
        waiting = await self._ledger.waiting()
        seen = {name: each for name, each in self._configuration.connections.items() if actor.may(Right.SEE, name)}
        open_ = {name: waiting[name].failures_open for name in seen if name in waiting}
        nodes: dict[str, Node] = {}
        edges: list[Edge] = []
        for name, connection in seen.items():
            label = connection.description or name
            own = Node(
                id=_id("koppeling", name),
                label=label,
                kind="koppeling",
                connection=name,
                failures_open=open_.get(name, 0),
            )
            others, found = self._around(connection)
            nodes |= {each.id: each for each in (own, *others)}
            edges += found
        known = nodes.keys()
        return FlowMap(
            nodes=list(nodes.values()), edges=[each for each in edges if {each.from_node, each.to_node} <= known]
        )

    def _around(self, connection: Connection) -> tuple[list[Node], list[Edge]]:
        name = connection.connection
        mappings = self._configuration.mappings.get(name, {})
        if connection.direction is Direction.ASK:
            target, kinds = _target(connection), sorted(kind.removesuffix(ANSWER) for kind in mappings)
            own = _id("koppeling", name)
            return [target], [Edge(from_node=own, to_node=target.id, messages=kinds, question=True)]
        if connection.direction is Direction.OUTBOUND:
            kinds = sorted(kind for kind in mappings if kind in EVENT_TYPES)
            domain, target = _domain(connection.domain or ""), _target(connection)
            return [domain, target], [
                _edge(domain.id, _id("koppeling", name), kinds),
                _edge(_id("koppeling", name), target.id, kinds),
            ]
        gives = {kind: mapping.gives for kind, mapping in mappings.items()}
        told = sorted(kind for kind, event in gives.items() if event in EVENT_TYPES)
        asked = sorted(kind for kind, event in gives.items() if event in QUESTION_TYPES)
        source = _target(connection) if connection.target is not None else _senders(connection)
        own = _id("koppeling", name)
        nodes, edges = [source], [_edge(source.id, own, told)]
        for name_of_domain, events in _by_domain(set(gives.values())):
            nodes.append(_domain(name_of_domain))
            edges.append(_edge(own, _id("domein", name_of_domain), sorted(events)))
        if connection.answerers and asked:
            edges.append(Edge(from_node=source.id, to_node=own, messages=asked, question=True))
        for answerer in connection.answerers:
            answered = self._configuration.mappings.get(answerer, {})
            to_it = [kind for kind in asked if answer_kind(gives[kind]) in answered]
            if to_it:
                edges.append(Edge(from_node=own, to_node=_id("koppeling", answerer), messages=to_it, question=True))
        return nodes, edges


def _by_domain(given: set[str]) -> Iterator[tuple[str, set[str]]]:
    events = {each for each in given if each in EVENT_TYPES}
    for domain in sorted({EVENT_TYPES[each].domain for each in events}):
        yield domain, {each for each in events if EVENT_TYPES[each].domain == domain}


def _id(kind: str, name: str) -> str:
    return f"{kind}:{name}"


def _domain(name: str) -> Node:
    return Node(id=_id("domein", name), label=name, kind="domein")


def _target(connection: Connection) -> Node:
    """Give the system behind a target; connections to the same hosts are to the same system."""
    assert connection.target is not None, "asked only of a connection with a target"
    return Node(id=_id("systeem", connection.target.name), label=connection.target.name, kind="systeem")


def _senders(connection: Connection) -> Node:
    # Who sends is known per message only: the configuration says by what protocol.
    return Node(
        id=_id("systeem", f"afzenders van {connection.connection}"),
        label=f"afzenders van {connection.connection}",
        kind="systeem",
    )


def _edge(from_node: str, to_node: str, messages: list[str]) -> Edge:
    return Edge(from_node=from_node, to_node=to_node, messages=messages)
