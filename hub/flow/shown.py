"""What the receiver of a change may see of it: the fields of its authorisation, and whether any of these changed. Pure.

Taken out before the mapping sees the data, so that no rule can let it through. Source: AVG art. 5(1)(c); Wet BRP
art. 3.2 (autorisatiebesluit); StUF 03.01 §5.2 (was and wordt).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from hub.config.verwerking import Velden
from hub.event.catalogue import EVENT_TYPES
from hub.event.velden import pruned, within
from hub.event.wijzigingen import ONDERWERPEN
from hub.flow.minimise import ALWAYS

Data = dict[str, Any]

_UPDATED = "-bijgewerkt."
"""In the name of an event type: something changed, and not all of it. The others tell of the object as a whole."""


def shown(data: Data, event_type: str, velden: Mapping[str, Velden]) -> Data:
    """Give the data of an event as a receiver may see it: what is no change of a person, company or address, whole."""
    about = _about(event_type)
    if about not in velden:
        return data
    noun, may_see = ONDERWERPEN[about].noun, (*velden[about], *ALWAYS)
    seen = dict(data)
    for name in (noun, "was"):
        if isinstance(seen.get(name), dict):
            seen[name] = pruned(seen[name], may_see)
    if isinstance(seen.get("historie"), list):
        seen["historie"] = [
            {**each, noun: pruned(each[noun], may_see)} if isinstance(each.get(noun), dict) else each
            for each in seen["historie"]
        ]
    return seen


def has_changed(data: Data, event_type: str, fields: Collection[str]) -> bool:
    """Say whether one of these fields changed, as far as the event tells; what it tells whole counts as changed."""
    if _UPDATED not in event_type:
        return True
    noun, _, keys = ONDERWERPEN[_about(event_type)]
    now, was = data.get(noun) or {}, data.get("was")
    if was is not None:
        return pruned(now, fields) != pruned(was, fields)
    return bool(data.get("volledig")) or any(not within(path, keys) for path in _paths(pruned(now, fields)))


def shows_change(data: Data, event_type: str, velden: Mapping[str, Velden]) -> bool:
    """Say whether anything of a change is left for who may see these fields."""
    about = _about(event_type)
    return about not in velden or has_changed(data, event_type, (*velden[about], *ALWAYS))


def _about(event_type: str) -> str:
    known = EVENT_TYPES.get(event_type)
    return known.about if known is not None else ""


def _paths(said: Any, at: str = "") -> Iterator[str]:  # noqa: ANN401 - plain JSON data
    if isinstance(said, dict):
        for name, value in said.items():
            yield from _paths(value, f"{at}.{name}" if at else name)
    elif isinstance(said, list) and said and isinstance(said[0], dict):
        for each in said:
            yield from _paths(each, at)
    else:
        yield at
