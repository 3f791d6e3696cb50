"""What is asked for an asker: what it wants, as far as it may see that. Nothing else leaves a source.

What fills the elements that were asked for is known of the rules of the answer (`hub.mapping.demand`), what the asker
may see of its connection. Pure. Source: AVG art. 5(1)(c), Wet BRP art. 3.2 (autorisatiebesluit).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache, lru_cache, partial
from typing import Any, NamedTuple

from hub.config.connection import Connection
from hub.config.policy import AFNEMERS_KEPT_MAX, MINIMISED_KEPT_MAX
from hub.config.verwerking import Afnemer, Verwerking
from hub.errors import MessageRefused
from hub.event.canonical import Canonical
from hub.event.criteria import asked_by
from hub.event.velden import Velden, fits, groups_of, veld
from hub.event.vragen import QUESTION_TYPES, QuestionType
from hub.mapping.demand import LookedUp, Reading, Steps, wanted
from hub.mapping.places import Full

NOT_AUTHORISED = "niet-geautoriseerd"
"""Code of a refusal: this asker may not ask this. StUF 03.01 calls it StUF052."""


ALWAYS = ("geheimhoudingPersoonsgegevens", "opschortingBijhouding", "rni", "verificatie", "inOnderzoek")
"""What the BRP says of a person whatever was asked, where it is so: that the rest must be handled with care."""


class Minimised(NamedTuple):
    """What is asked of the source, and which targets of the answer are withheld from the asker.

    `velden` is empty for who asks only for what always comes; `blind`: the asker may see nothing of what it asks.
    `partly` are targets that other rules fill of what it may see: one without a value may have one that is withheld.
    """

    velden: tuple[str, ...]
    withheld: tuple[Full, ...] = ()
    partly: tuple[Full, ...] = ()
    blind: bool = False


class Permission(NamedTuple):
    """What an asker may see, and for which processing."""

    velden: tuple[str, ...]
    verwerking: Verwerking


def afnemer_of(connection: Connection, sender: str) -> Afnemer | None:
    """Give what a connection says of an asker."""
    return next((each for each in connection.afnemers if _pattern(each.zender).fullmatch(sender)), None)


@lru_cache(maxsize=AFNEMERS_KEPT_MAX)
def _pattern(zender: str) -> re.Pattern[str]:
    """Give what tells whether a sender is this one: only `*` stands for others, no authorisation is guessed."""
    return re.compile(".*".join(map(re.escape, zender.split("*"))), re.DOTALL)


def permission(connection: Connection, sender: str, found: str) -> Permission:
    """Give what an asker may see of what is found (`personen`).

    Raises MessageRefused when that is nothing, or nobody says for which processing.
    """
    afnemer = afnemer_of(connection, sender)
    if afnemer is None or found not in afnemer.velden:
        raise MessageRefused(
            f"this application is not authorised to ask for {found} here",
            code=NOT_AUTHORISED,
            advice=f"write it under afnemers: in {connection.file}, with the fields of its authorisation",
        )
    verwerking = _verwerking(afnemer, connection)
    return Permission(afnemer.velden[found], verwerking)


def check_asked_by(asked: QuestionType, question: Mapping[str, Any], allowed: Collection[str]) -> None:
    """See that an asker selects and orders by what it may see: whether somebody is found would tell it the rest.

    Raises MessageRefused.
    """
    may_see = Velden((*allowed, *ALWAYS))
    found, _ = asked.found
    for name, fields in asked_by(asked.name, question):
        if not any(map(may_see.hold, fields)):
            # What it orders by the asker wrote itself: that is not repeated.
            by, which = ("in this order", "") if name == "volgorde" else (f"by {name}", f": {', '.join(fields)}")
            raise MessageRefused(
                f"this application may not ask {by}: it is not authorised to see that of {found}",
                code=NOT_AUTHORISED,
                advice=f"write what it asks by under afnemers, one of its fields{which}",
            )


def _verwerking(afnemer: Afnemer, connection: Connection) -> Verwerking:
    verwerking = afnemer.verwerking or connection.verwerking
    if verwerking is None:
        raise MessageRefused(
            "it is not said for which processing activity this application asks: no personal data passes",
            code=NOT_AUTHORISED,
            advice=f"write verwerking: in {connection.file}, for the connection or for this afnemer",
        )
    return verwerking


class Minimiser:
    """Says what to ask for askers, and remembers it: an application asks for the same again and again."""

    def __init__(self) -> None:
        """Begin without memories."""
        self._known: dict[tuple[Any, ...], tuple[object, Minimised]] = {}

    def minimised(
        self,
        read: tuple[Reading, ...],
        scope: Sequence[Full] | None,
        asked: QuestionType,
        allowed: Sequence[str],
        elsewhere: Mapping[str, Sequence[str]],
    ) -> Minimised:
        """Give what to ask for what is in `scope`, or for all that is read: see `minimise`.

        `read` is the same tuple as long as the mapping is the same.
        """
        found, model = asked.found
        others = tuple((name, tuple(velden)) for name, velden in elsewhere.items())
        key = (id(read), None if scope is None else tuple(scope), found, tuple(allowed), others)
        known = self._known.get(key)
        if known is not None and known[0] is read:
            return known[1]
        made = minimise(read if scope is None else wanted(read, scope), found, model, allowed, elsewhere)
        if len(self._known) >= MINIMISED_KEPT_MAX:
            self._known.clear()
        self._known[key] = read, made
        return made


def minimise(
    read: Iterable[Reading],
    found: str,
    model: type[Canonical],
    allowed: Collection[str],
    elsewhere: Mapping[str, Collection[str]] | None = None,
) -> Minimised:
    """Give what to ask of objects that stand in the list `found` of the answer, each of this model.

    `elsewhere` is what the asker may see of what is looked up for the answer, by the lists of those answers.
    """
    may_see = _may_see(allowed, model)
    sight = cache(partial(_sight, elsewhere or {}))
    asked: set[str] = set()
    refused: dict[Full, bool] = {}
    filled: set[Full] = set()
    for each in read:
        needs = _velden(each.needs, found, model)
        sources = {one: may_see.part_of(one) for one in _velden(each.sources, found, model)}
        besides = [_seen_elsewhere(one, sight(one.question)) for one in each.looked_up]
        judged = all(map(may_see.hold, needs)) and all(judged for judged, _ in besides)
        if judged and (not sources or any(sources.values())) and all(seen for _, seen in besides):
            filled.add(each.target)
            asked |= needs.union(*sources.values())
        else:
            # A condition on what is withheld may come true of nothing: what such a rule writes is not to be trusted.
            refused[each.target] = refused.get(each.target, True) and judged
    partly = {target for target, judged in refused.items() if judged and target in filled}
    return Minimised(
        _worth_asking(asked),
        tuple(target for target in refused if target not in partly),
        tuple(target for target in refused if target in partly),
        blind=not asked,
    )


def narrowed(velden: Iterable[str], allowed: Collection[str], model: type[Canonical]) -> Minimised:
    """Give what of these fields and groups of the model may be seen."""
    may_see = _may_see(allowed, model)
    asked = {part for each in velden for part in may_see.part_of(each)}
    return Minimised(_worth_asking(asked), blind=not asked)


def without_others(answer: Mapping[str, Any], asked: QuestionType, velden: Collection[str]) -> dict[str, Any]:
    """Give a canonical answer with nothing of what was found but these fields, whatever else the source said."""
    found, _ = asked.found
    kept = Velden((*velden, *ALWAYS))
    return {**answer, found: [kept.of(each) for each in answer.get(found, ())]}


def _sight(elsewhere: Mapping[str, Collection[str]], question: str) -> Velden | None:
    """Give what may be seen of what a question finds; None: all of it."""
    asked = QUESTION_TYPES[question]
    found, model = asked.found
    return _may_see(elsewhere.get(found, ()), model) if asked.personal else None


def _seen_elsewhere(read: LookedUp, may_see: Velden | None) -> tuple[bool, bool]:
    """Say of what is looked up whether all may be seen that it depends on, and whether any of what it may become."""
    if may_see is None:
        return True, True
    _, model = QUESTION_TYPES[read.question].found
    needs, sources = ({veld(model, steps) for steps in paths} - {""} for paths in (read.needs, read.sources))
    return all(map(may_see.hold, needs)), not sources or any(map(may_see.part_of, sources))


def _velden(paths: Iterable[Steps], found: str, model: type[Canonical]) -> set[str]:
    below = (path[1:] for path in paths if path[:1] == (found,))
    return {name for steps in below if (name := veld(model, steps))}


def _may_see(allowed: Collection[str], model: type[Canonical]) -> Velden:
    always = (each for each in ALWAYS if fits(model, each))
    return Velden((*allowed, *always, *_shapes(allowed, model)))


def _worth_asking(fields: set[str]) -> tuple[str, ...]:
    """Give the paths without those in a group that is there too, and without what comes whatever is asked."""
    always = Velden(ALWAYS)
    return tuple(sorted(each for each in _outermost(fields) if not always.hold(each)))


def _shapes(allowed: Iterable[str], model: type[Canonical]) -> set[str]:
    """Give what says which of several shapes a group has: who may see a part of it may know that."""
    groups = {group for path in allowed for group in groups_of(path)}
    return {path for group in groups if fits(model, path := f"{group}.type")}


def _outermost(fields: set[str]) -> set[str]:
    """Give paths without those in a group that is there too."""
    return {each for each in fields if not any(group in fields for group in groups_of(each))}
