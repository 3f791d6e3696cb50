"""What a mapping can give whatever it is sent: its constants and defaults, and every code of its tables.

It reads rules and tables, layer by layer, and runs no message. A condition of a rule is not weighed: it may hold. What
a message says freely can't be told beforehand: `free` names the targets that are filled so. It refuses to know what a
value means.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from hub.config.yaml import Place, Scalar
from hub.errors import MappingFailed
from hub.mapping import rules as rules_
from hub.mapping.compile import based, mapping_of
from hub.mapping.paths import Target, read_source
from hub.mapping.places import Full, source_steps, target
from hub.mapping.read import Files, Folder
from hub.mapping.resolve import Steps, resolve
from hub.mapping.rules import Action, Call, Fill, Group, Rule, Sheet
from hub.mapping.run import Mapping as FieldMapping
from hub.wire.form import Form

_TABLES = ("code", "code-terug")
_VALUE = "waarde"


class Possible(NamedTuple):
    """A part of a result: one value that the rule at `place` can give, with the constants that come with it.

    `beside` are those constants alone, of other rules. `reads` are the whole source paths that a code of a table is
    looked up for; a constant reads nothing.
    """

    data: dict[str, Any]
    beside: dict[str, Any]
    place: Place
    reads: tuple[Steps, ...]


class Variant(NamedTuple):
    """A mapping with the layers for some senders and zaaktypen over it; no names: those of all others."""

    sheet: Sheet
    files: Files
    senders: tuple[str, ...]
    zaaktypen: tuple[str, ...]

    def possible(self) -> list[Possible]:
        """Give every value once, each in a result of its own."""
        alternatives = list(_alternatives(self.sheet.rules, self.files))
        constants = [each for each in alternatives if each.always]
        made: dict[str, Possible] = {}
        for each in (*constants, *(each for each in alternatives if not each.always)):
            around = [other for other in constants if other.is_around(each)]
            together = [other for other in constants if other.goes_with(each)]
            data, beside = _made((*around, *together)), _made((*around, *(() if each.always else together)))
            _put(data, each.at, each.value, over=True)
            made.setdefault(repr(data), Possible(data, beside, each.place, each.reads))
        return list(made.values())

    def free(self) -> frozenset[Steps]:
        """Name the targets that a message fills as it likes."""
        return frozenset(plain(full) for full, rule in _fills(self.sheet.rules) if _values(rule, self.files).free)

    def translated(self, at: Steps, value: str) -> list[Any]:
        """Give what becomes of a value of a message in the rules that fill a target."""
        made = [_applied(rule.via, value, self.files) for full, rule in _fills(self.sheet.rules) if plain(full) == at]
        return [each for each in made if each is not None]

    def lenient(self, without: Collection[str] = ()) -> FieldMapping:
        """Give the mapping as one that asks for nothing, `without` the rules at some places (`file:line`).

        It is for a message of which only a part is known.
        """
        return mapping_of(replace(self.sheet, rules=tuple(_asking_nothing(self.sheet.rules, without))), self.files)


def variants_of(folder: Path, *, root: Path, forms: Mapping[str, Form]) -> list[Variant]:
    """Read every mapping of a connection, with every combination of layers; raises ConfigurationWrong."""
    shelf = Folder(folder, root=root)
    read = [shelf.mapping(path) for path in shelf.mappings()]
    overlay, laid = shelf.overlay([sheet.message for sheet, _ in read])
    found = []
    for sheet, files in read:
        mine = shelf.over(sheet, files, overlay, laid)
        base, first = based(sheet, files, shelf=shelf, forms=forms)
        for (sender, zaaktype), over in mine.variants():
            senders = tuple(name for name in mine.senders if sender and mine.which(name, None)[0] == sender)
            zaaktypen = tuple(name for name in mine.zaaktypen if zaaktype and mine.which("", name)[1] == zaaktype)
            resolved = resolve(base, files, (*first, *over), form=forms.get(sheet.gives))
            found.append(Variant(resolved, files, senders, zaaktypen))
    return found


def plain(full: Full) -> Steps:
    """Give a whole target as the path by which a mapping reads it: items of lists have no step of their own."""
    return tuple(each for each in full if each != "[]")


class _Values(NamedTuple):
    known: Sequence[Scalar]
    free: bool
    looked_up: Sequence[Scalar]


class _Alternative(NamedTuple):
    at: Full
    within: tuple[int, ...]
    value: Any
    place: Place
    reads: tuple[Steps, ...]
    always: bool

    def goes_with(self, other: _Alternative) -> bool:
        """Say whether this constant is there where the other is: in the same item, or the same place of the result."""
        return self.within == other.within and (bool(self.within) or self.at[:-1] == other.at[:-1])

    def is_around(self, other: _Alternative) -> bool:
        """Say whether this constant stands around the other, or elsewhere in the same result."""
        if self.goes_with(other):
            return False
        return other.within[: len(self.within)] == self.within


def _alternatives(
    rules: Iterable[Rule], files: Files, at: Full = (), inside: Steps = (), within: tuple[int, ...] = ()
) -> Iterator[_Alternative]:
    """Give each value of each rule; `within` are the rules of the lists whose items it belongs to."""
    for rule in rules:
        assert not isinstance(rule, rules_.Use)
        full = target(rule, at)
        if isinstance(rule, Group) and rule.lookup is not None:
            # What is found elsewhere may be anything, or nothing; no place of the message says it.
            found = _alternatives(rule.rules, files, full, (), within)
            yield from (each._replace(reads=(), always=False) for each in found)
            continue
        if isinstance(rule, Group):
            below = (*within, id(rule)) if rule.to and rule.to.many else within
            yield from _alternatives(rule.rules, files, full, source_steps(rule, inside), below)
            continue
        values = _values(rule, files)
        always = not rule.sources and rule.when is None
        yield from (_Alternative(full, within, each, rule.place, (), always) for each in values.known)
        reads = tuple(
            (*(() if each.root else inside), *(step.name for step in each.steps))
            for each in rule.sources
            if not each.context
        )
        yield from (_Alternative(full, within, each, rule.place, reads, always=False) for each in values.looked_up)


def _fills(rules: Iterable[Rule], at: Full = ()) -> Iterator[tuple[Full, Fill]]:
    for rule in rules:
        assert not isinstance(rule, rules_.Use)
        if isinstance(rule, Group):
            yield from _fills(rule.rules, target(rule, at))
        else:
            yield target(rule, at), rule


def _values(rule: Fill, files: Files) -> _Values:
    if not rule.sources:
        return _Values([rule.value], free=False, looked_up=[])
    said = [rule.default] if Action.DEFAULT in rule.empty.values() and rule.default is not None else []
    last = max((number for number, call in enumerate(rule.via) if call.name in _TABLES), default=None)
    if last is None:
        return _Values(said, free=True, looked_up=[])
    call, after = rule.via[last], rule.via[last + 1 :]
    settings = {name: value for name, value, _ in call.settings}
    table = files.table(str(call.bare[0] if call.bare else settings["table"]), call.place)
    codes = dict.fromkeys(table.values() if call.name == _TABLES[0] else table)
    found = [_applied(after, code, files) if after else code for code in codes]
    keeps = settings.get("otherwise") == "keep"
    return _Values(said, free=keeps, looked_up=[each for each in found if each is not None])


def _applied(via: tuple[Call, ...], value: str, files: Files) -> Any:  # noqa: ANN401 - whatever a function gives
    """Give what functions make of a value; None when it does not suit them."""
    place = Place("", 0, 0)
    to = Target(_VALUE, (_VALUE,), many=False)
    rule = Fill(place, to, (read_source(_VALUE),), None, via, None, None, rules_.unsaid(), required=False)
    try:
        return mapping_of(Sheet(place, (rule,), ()), files).run({_VALUE: value}).data.get(_VALUE)
    except MappingFailed:
        return None


def _asking_nothing(rules: Iterable[Rule], without: Collection[str]) -> Iterator[Rule]:
    for rule in rules:
        assert not isinstance(rule, rules_.Use)
        if str(rule.place) in without or (isinstance(rule, Group) and rule.lookup is not None):
            continue
        fails = dict.fromkeys((why for why, action in rule.empty.items() if action is Action.FAIL), Action.OMIT)
        eased = replace(rule, empty={**rule.empty, **fails}, required=False)
        if isinstance(eased, Group):
            eased = replace(eased, rules=tuple(_asking_nothing(eased.rules, without)))
        yield eased


def _made(constants: Iterable[_Alternative]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for each in constants:
        _put(data, each.at, each.value)
    return data


def _put(data: dict[str, Any], full: Full, value: Any, *, over: bool = False) -> None:  # noqa: ANN401 - plain data
    """Put a value in its place, in the first item of the lists on the way; `over` what stands there."""
    here: Any = data
    for name, following in zip(full, (*full[1:], ""), strict=True):
        if name == "[]":
            if not following:
                here[:] = [value]
                return
            if not here:
                here.append({})
            here = here[0]
        elif not following:
            if over or name not in here:
                here[name] = value
        else:
            here = here.setdefault(name, [] if following == "[]" else {})
