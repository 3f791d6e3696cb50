"""What is wrong with how connections say for what personal data passes, and who may see which of it. Pure.

A mistake here either withholds what was meant, and nobody would know why, or lets nothing pass at all: so it is told
when the hub starts, at its line. That nothing passes is seen to by `hub.flow.verstrekking` and `hub.flow.minimise`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from hub.config.connection import Connection, Direction
from hub.config.likely import did_you_mean
from hub.config.yaml import Place
from hub.errors import ConfigurationWrong
from hub.event.canonical import Canonical
from hub.event.catalogue import EVENT_TYPES, PERSONAL_DOMAINS
from hub.event.velden import velden_of, within
from hub.event.vragen import QUESTION_TYPES
from hub.event.wijzigingen import ONDERWERPEN
from hub.mapping.run import Mapping as FieldMapping

_VERWERKING = (
    "write verwerking: {activiteit: <where it stands in the register of processing activities>, grondslag: <its legal "
    "ground>}"
)
_PERSONS = "personen"


def authorisation_problems(
    connections: Mapping[str, Connection], mappings: Mapping[str, Mapping[str, FieldMapping]]
) -> Iterator[ConfigurationWrong]:
    """Say what is wrong; `mappings` by connection, as far as they were read."""
    for name, connection in connections.items():
        given = {mapping.gives for mapping in mappings.get(name, {}).values()}
        yield from _for_what(connection, given)
        yield from _asked(connection, connections)
        yield from _delivered(connection, _looked_up(mappings.get(name, {})))
        yield from _distributed(connection)


def _for_what(connection: Connection, given: Collection[str]) -> Iterator[ConfigurationWrong]:
    if connection.verwerking is not None:
        return
    if connection.direction is Direction.OUTBOUND:
        about = connection.domain if connection.domain in PERSONAL_DOMAINS else None
    else:
        found = (EVENT_TYPES[each] for each in sorted(given) if each in EVENT_TYPES)
        about = next((each.domain for each in found if each.personal), None)
    if about is not None:
        reason = f"events about {about} hold personal data, and it is not said for which processing activity they pass"
        yield _wrong(connection.place_of("verwerking"), reason, _VERWERKING)


def _asked(connection: Connection, connections: Mapping[str, Connection]) -> Iterator[ConfigurationWrong]:
    models = dict(asked.found for asked in QUESTION_TYPES.values() if asked.personal)
    place = connection.place_of("afnemers")
    for afnemer in connection.afnemers:
        yield from _unknown(afnemer.velden, models, place, "to ask for")
        if afnemer.volgt:
            following = {
                name
                for name, each in connections.items()
                if each.direction is Direction.OUTBOUND and each.domain == _PERSONS
            }
            if afnemer.volgt not in following:
                reason = f"there is no connection {afnemer.volgt} that delivers changes of persons"
                yield _wrong(place, reason, did_you_mean(afnemer.volgt, following))
            elif not connections[afnemer.volgt].distribution.followed:
                reason = f"{afnemer.volgt} is told of everybody, whomever it follows: to follow by it changes nothing"
                yield _wrong(
                    place, reason, f"write distribution: {{followed: true}} at {afnemer.volgt}, or leave it out"
                )


def _looked_up(mappings: Mapping[str, FieldMapping]) -> dict[str, type[Canonical]]:
    """Give what mappings look up beside the event, each with its model."""
    lookups = (group.lookup for mapping in mappings.values() for group in mapping.lookups)
    return dict(QUESTION_TYPES[each.question].found for each in lookups if each is not None)


def _delivered(connection: Connection, looked_up: Mapping[str, type[Canonical]]) -> Iterator[ConfigurationWrong]:
    domain, place = connection.domain or "", connection.place_of("velden")
    models = {domain: ONDERWERPEN[domain].model} if domain in ONDERWERPEN else {}
    yield from _unknown(connection.velden, {**looked_up, **models}, place, "that this connection delivers or looks up")
    if domain in models and domain in PERSONAL_DOMAINS and domain not in connection.velden:
        reason = f"it is not said which fields of {domain} its receiver may see: nothing of them passes"
        yield _wrong(place, reason, f"write velden: {{{domain}: [...]}}, with the fields of its authorisation")


def _distributed(connection: Connection) -> Iterator[ConfigurationWrong]:
    rules, place, domain = connection.distribution, connection.place_of("distribution"), connection.domain or ""
    if domain != _PERSONS and rules.of_persons:
        reason = f"{' and '.join(rules.of_persons)} can be said of persons only, and this connection delivers {domain}"
        yield _wrong(place, reason, "leave it out")
    if not rules.changed:
        return
    if domain not in ONDERWERPEN:
        yield _wrong(place, f"changed says nothing of events about {domain}", "leave it out")
        return
    unknown = list(_unknown({domain: rules.changed}, {domain: ONDERWERPEN[domain].model}, place, ""))
    yield from unknown
    if unknown:
        return
    may_see = connection.velden.get(domain, rules.changed)
    for each in rules.changed:
        if not within(each, may_see) and not any(within(one, [each]) for one in may_see):
            reason = f"its receiver is told of changes of {each}, and may not see it"
            yield _wrong(place, reason, "write it under velden too, or leave it out here")


def _unknown(
    velden: Mapping[str, Collection[str]], models: Mapping[str, type[Canonical]], place: Place, what: str
) -> Iterator[ConfigurationWrong]:
    """Say which fields there are not: a typing error would withhold what was meant."""
    for found, fields in velden.items():
        if found not in models:
            yield _wrong(place, f"there are no {found} {what}", did_you_mean(found, models))
            continue
        known = list(velden_of(models[found]))
        for veld in (each for each in fields if each not in known):
            yield _wrong(place, f"{found} have no field {veld}", did_you_mean(veld, known))


def _wrong(place: Place, reason: str, advice: str) -> ConfigurationWrong:
    return ConfigurationWrong(reason, file=place.file, line=place.line, column=place.column, advice=advice)
