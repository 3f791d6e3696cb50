"""Conditions of `when`, bound to the cells they look at.

It knows tests; it refuses to know targets. A condition that compares reads its field whenever it is asked; one that
asks whether a field exists does not: what it leaves behind is still reported as unread.
"""

from __future__ import annotations

from hub.mapping.engine.calls import Functions, element_wanted
from hub.mapping.engine.filling import Filling
from hub.mapping.engine.plan import Among, Check, Exists, Fits, Joined, Look, When
from hub.mapping.engine.shape import Scope
from hub.mapping.engine.values import as_text
from hub.mapping.paths import Source
from hub.mapping.rules import Combined, Condition, Test


def condition(written: Condition, scope: Scope, functions: Functions, *, sure: bool) -> When:
    """Bind a condition that is asked in `scope`; `sure`: whenever the rules of the item are run."""
    return When(_check(written, scope, functions, sure=sure), str(_first(written).place))


def look_at(path: Source, scope: Scope, *, sure: bool, many: bool = False, whole: bool = False) -> Look:
    """Give how a rule in `scope` reads `path`."""
    if path.context:
        return Look(given=path.context)
    if whole and not path.attribute:  # an attribute is a text, whoever asks
        return Look(scope.element(path).cell, root=path.root)
    spot = scope.value(path, many=many, sure=certain(path, scope, sure=sure))
    return Look(spot.cell, root=path.root, spot=spot)


def certain(path: Source, scope: Scope, *, sure: bool) -> bool:
    """Tell whether a rule reads `path` whenever the rules of the row that holds its value are run."""
    return sure and not (path.root and scope is not scope.root)


def _first(written: Condition) -> Test:
    while not isinstance(written, Test):
        written = written.parts[0]
    return written


def _check(written: Condition, scope: Scope, functions: Functions, *, sure: bool) -> Check:
    if isinstance(written, Combined):
        return Joined(written.kind, tuple(_check(each, scope, functions, sure=sure) for each in written.parts))
    path = written.path
    if written.kind == "exists":
        presence = None if path.context else scope.presence(path)
        return Exists(presence, path.root, path.context, written.expected)
    calls = (written.matches,) if written.matches else ()
    rule = Filling(
        place=written.place,
        layer="",
        target="when",
        text="",
        names=(),
        many=False,
        paths=(scope.where(path),),
        calls=functions.applied(calls),
        actions={},
        default=None,
        required=False,
    )
    look = look_at(path, scope, sure=sure, whole=element_wanted(calls))
    if written.matches:
        functions.note(calls, (path,), scope)
        return Fits(rule, look)
    return Among(rule, look, frozenset(as_text(each) for each in written.values))
