"""What is asked for an asker: what it wants, as far as it may see that. Nothing else leaves a source.

What fills the elements that were asked for is known of the rules of the answer (`hub.mapping.demand`), what the asker
may see of its connection. Pure. Source: AVG art. 5(1)(c), Wet BRP art. 3.2 (autorisatiebesluit).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from hub.config.connection import Connection
from hub.config.verwerking import Afnemer, Verwerking
from hub.errors import MessageRefused
from hub.event.canonical import Canonical
from hub.event.velden import around, fits, pruned, veld, within
from hub.event.vragen import QuestionType
from hub.mapping.demand import Reading, Steps
from hub.mapping.places import Full

NOT_AUTHORISED = "niet-geautoriseerd"
"""Code of a refusal: this asker may not ask this. StUF 03.01 calls it StUF052."""


ALWAYS = ("geheimhoudingPersoonsgegevens", "opschortingBijhouding", "rni", "verificatie", "inOnderzoek")
"""What the BRP says of a person whatever was asked, where it is so: that the rest must be handled with care."""


class Minimised(NamedTuple):
    """What is asked of the source, and which targets of the answer are withheld from the asker."""

    velden: tuple[str, ...]
    withheld: tuple[Full, ...]


class Permission(NamedTuple):
    """What an asker may see, and for which processing."""

    velden: tuple[str, ...]
    verwerking: Verwerking


def permission(connection: Connection, sender: str, found: str) -> Permission:
    """Give what an asker may see of what is found (`personen`).

    Raises MessageRefused when that is nothing, or nobody says for which processing.
    """
    afnemer = next((each for each in connection.afnemers if fnmatchcase(sender, each.zender)), None)
    if afnemer is None or found not in afnemer.velden:
        raise MessageRefused(
            f"this application is not authorised to ask for {found} here",
            code=NOT_AUTHORISED,
            advice=f"write it under afnemers: in {connection.file}, with the fields of its authorisation",
        )
    verwerking = _verwerking(afnemer, connection)
    return Permission(afnemer.velden[found], verwerking)


def _verwerking(afnemer: Afnemer, connection: Connection) -> Verwerking:
    verwerking = afnemer.verwerking or connection.verwerking
    if verwerking is None:
        raise MessageRefused(
            "it is not said for which processing activity this application asks: no personal data passes",
            code=NOT_AUTHORISED,
            advice=f"write verwerking: in {connection.file}, for the connection or for this afnemer",
        )
    return verwerking


def minimise(read: Iterable[Reading], found: str, model: type[Canonical], allowed: Collection[str]) -> Minimised:
    """Give what to ask of objects that stand in the list `found` of the answer, each of this model."""
    may_see = {*allowed, *ALWAYS, *_shapes(allowed, model)}
    asked: set[str] = set()
    withheld: list[Full] = []
    for each in read:
        needs = _velden(each.needs, found, model)
        sources = {one: _allowed_of(one, may_see) for one in _velden(each.sources, found, model)}
        may = all(within(need, may_see) for need in needs) and (not sources or any(sources.values()))
        if not may:
            withheld.append(each.target)
            continue
        asked |= needs.union(*sources.values())
    return Minimised(tuple(sorted(_outermost(asked) - {*ALWAYS})), tuple(dict.fromkeys(withheld)))


def narrowed(wanted: Iterable[str], allowed: Collection[str]) -> tuple[str, ...]:
    """Give what of these fields and groups may be seen."""
    return tuple(sorted(_outermost({part for each in wanted for part in _allowed_of(each, allowed)})))


def without_others(answer: Mapping[str, Any], asked: QuestionType, velden: Collection[str]) -> dict[str, Any]:
    """Give a canonical answer with nothing of what was found but these fields, whatever else the source said."""
    found, _ = asked.found
    kept = {*velden, *ALWAYS}
    return {**answer, found: [pruned(each, kept) for each in answer.get(found, ())]}


def _velden(paths: Iterable[Steps], found: str, model: type[Canonical]) -> set[str]:
    below = (path[1:] for path in paths if path[:1] == (found,))
    return {name for steps in below if (name := veld(model, steps))}


def _shapes(allowed: Iterable[str], model: type[Canonical]) -> set[str]:
    """Give what says which of several shapes a group has: who may see a part of it may know that."""
    groups = {path.rsplit(".", up)[0] for path in allowed for up in range(1, path.count(".") + 1)}
    return {path for group in groups if fits(model, path := f"{group}.type")}


def _allowed_of(path: str, allowed: Collection[str]) -> set[str]:
    """Give a field that may be seen, or of a group the fields that may."""
    if within(path, allowed):
        return {path}
    return {each for each in allowed if around(path, [each])}


def _outermost(fields: set[str]) -> set[str]:
    return {each for each in fields if not within(each, fields - {each})}
