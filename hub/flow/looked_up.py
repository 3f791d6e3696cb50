"""What is wrong with what mappings look up at other connections. Pure.

Told when the hub starts, at the line of the lookup. What a mapping itself can tell is told when it is compiled.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hub.config.connection import Connection, Direction
from hub.config.likely import did_you_mean
from hub.errors import ConfigurationWrong
from hub.event.velden import within
from hub.event.vragen import ANSWER, QUESTION_TYPES, answer_kind
from hub.mapping.lookups import wanted_of
from hub.mapping.rules import Group, Lookup
from hub.mapping.run import Mapping as FieldMapping

Mappings = Mapping[str, Mapping[str, FieldMapping]]


def lookup_problems(connections: Mapping[str, Connection], mappings: Mappings) -> Iterator[ConfigurationWrong]:
    """Say what is wrong, once; `mappings` by connection, as far as they were read."""
    told: set[str] = set()
    for name, connection in connections.items():
        for group in (group for mapping in mappings.get(name, {}).values() for group in mapping.lookups):
            assert group.lookup is not None
            for problem in _problems(connection, group, group.lookup, connections, mappings):
                if str(problem) not in told:
                    told.add(str(problem))
                    yield problem


def answering(question: str, connections: Mapping[str, Connection], mappings: Mappings) -> list[str]:
    """Name the connections that answer a question."""
    kind = answer_kind(question)
    return [
        name
        for name, each in connections.items()
        if each.direction is not Direction.INBOUND and each.takes == "events" and kind in mappings.get(name, {})
    ]


def _problems(
    connection: Connection,
    group: Group,
    lookup: Lookup,
    connections: Mapping[str, Connection],
    mappings: Mappings,
) -> Iterator[ConfigurationWrong]:
    can = answering(lookup.question, connections, mappings)
    asks = connections.get(lookup.asks)
    # Of one whose mappings could not be read it is not known what it answers: that is told of them.
    unread = asks is not None and asks.direction is not Direction.INBOUND and not mappings.get(lookup.asks)
    if lookup.asks not in can and not unread:
        if asks is None or asks.direction is Direction.INBOUND:
            reason = f"there is no connection {lookup.asks} that answers questions"
        else:
            answers = sorted(each.removesuffix(ANSWER) for each in mappings[lookup.asks] if each.endswith(ANSWER))
            reason = f"{lookup.asks} does not answer {lookup.question}, but {', '.join(answers) or 'nothing'}"
        yield _wrong(lookup, reason, did_you_mean(lookup.asks, can) if can else "no connection answers this question")
    asked = QUESTION_TYPES[lookup.question]
    if not asked.personal:
        return
    found, _ = asked.found
    if connection.direction is not Direction.OUTBOUND:
        if not any(found in each.velden for each in connection.afnemers):
            yield _wrong(
                lookup, f"none of its senders may see {found}", f"write them under afnemers: in {connection.file}"
            )
        return
    if connection.verwerking is None:
        reason = f"{found} are looked up, and it is not said for which processing activity"
        yield _wrong(lookup, reason, f"write verwerking: in {connection.file}")
    velden = connection.velden.get(found, ())
    if outside := [each for each in wanted_of(group, asked) if not within(each, velden)]:
        reason = f"the receiver may not see {', '.join(outside)} of {found}"
        yield _wrong(lookup, reason, f"write velden: {{{found}: [...]}} in {connection.file}, or leave it out here")


def _wrong(lookup: Lookup, reason: str, advice: str) -> ConfigurationWrong:
    place = lookup.place
    return ConfigurationWrong(reason, file=place.file, line=place.line, column=place.column, advice=advice)
