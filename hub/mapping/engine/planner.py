"""A resolved mapping to a plan: every name is looked up, every path gets its cell, every mistake has its place.

It knows how rules, functions, sources and targets fit together. It refuses to know messages and generated code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from hub.event.catalogue import EVENT_TYPES
from hub.event.models import ANSWERS, MODELS
from hub.mapping.engine.calls import Functions, composite, element_wanted
from hub.mapping.engine.conditions import condition, look_at
from hub.mapping.engine.filling import Filling
from hub.mapping.engine.plan import Asks, Body, Bundle, Found, Item, Node, Plan, Put, When
from hub.mapping.engine.shape import Scope, Shape
from hub.mapping.engine.targets import Outline
from hub.mapping.lookups import question_type, wanted_of
from hub.mapping.paths import Source, Target
from hub.mapping.read import Files
from hub.mapping.rules import Action, Fill, Group, Lookup, Reason, Rule, Sheet, Use, wrong
from hub.wire.form import Form

Forms = Mapping[str, Form]
"""How the messages of an adapter are built, by the name under which a mapping `gives` them."""


def planned(sheet: Sheet, files: Files, forms: Forms) -> Plan:
    """Check a resolved mapping and bind it to cells; raises ConfigurationWrong at the first mistake."""
    shape = Shape()
    refusal, advice = ("", "") if may_ask(sheet) else NOT_ASKING
    compiler = _Compiler(shape, Functions(files, sheet.allow), refusal=refusal, advice=advice)
    shape.frames[0].always = True
    outline = Outline(forms.get(sheet.gives) or MODELS.get(sheet.gives) or Any)
    here = _Here(Scope(shape, shape.root, 0), outline, sure=True, optional=False)
    body = Body(compiler.nodes(sheet.rules, here), 0, outline)
    shape.finish([each.steps for each in sheet.ignore])
    return Plan(shape, body)


def may_ask(sheet: Sheet) -> bool:
    """Say whether a mapping may look something up.

    An event says what came in, whoever may be asked at that moment; an answer of a source says what that source knows.
    """
    return sheet.gives not in EVENT_TYPES and sheet.gives not in ANSWERS


NOT_ASKING = (
    "this mapping may not ask anybody: what it gives is what came in",
    "look it up in the mapping of who needs it: of an outbound connection, or of a question",
)
"""Why one may not, and what to do instead."""


class _Here(NamedTuple):
    """Where a rule stands: its source, its target, and whether it is sure to be reached.

    `sure`: run whenever the rules of its item are. `optional`: its object may well not be made.
    """

    scope: Scope
    outline: Outline
    sure: bool
    optional: bool


class _Compiler:
    def __init__(self, shape: Shape, functions: Functions, *, refusal: str = "", advice: str = "") -> None:
        """Bind to the cells of a shape; `refusal` is why nothing may be looked up here."""
        self.shape = shape
        self.functions = functions
        self.refusal = refusal
        self.advice = advice

    def nodes(self, rules: Iterable[Rule], here: _Here) -> tuple[Node, ...]:
        made: list[Node] = []
        for rule in rules:
            assert not isinstance(rule, Use), "resolve puts the parts in"
            if isinstance(rule, Fill):
                made.append(self.fill(rule, here))
            elif rule.lookup is not None:
                made.append(self.found(rule, rule.lookup, here))
            else:
                made.append(self.group(rule, here) if rule.source else self.bundle(rule, here))
        return tuple(made)

    def fill(self, rule: Fill, here: _Here) -> Put:
        optional = here.optional or rule.when is not None
        here.outline.value(rule.to, rule.place, optional=optional, composite=composite(rule.via))
        calls = self.functions.applied(rule.via)
        self.functions.note(rule.via, rule.sources, here.scope)
        filling = Filling(
            place=rule.place,
            layer=str(rule.layer),
            target=here.outline.where(rule.to),
            text=rule.to.text.removesuffix("[]"),
            names=here.outline.keys(rule.to),
            many=rule.to.many,
            paths=tuple(here.scope.where(each) for each in rule.sources),
            calls=calls,
            actions=rule.empty,
            default=rule.default if rule.sources else rule.value,
            required=rule.required,
        )
        every = rule.to.many and len(rule.sources) == 1 and not rule.sources[0].context
        whole = element_wanted(rule.via) and not every
        sure = here.sure and rule.when is None
        looks = tuple(look_at(each, here.scope, sure=sure, many=every, whole=whole) for each in rule.sources)
        return Put(filling, rule.to, looks, every, self.when(rule, here.scope, sure=here.sure), here.outline)

    def group(self, rule: Group, here: _Here) -> Item:
        """Compile rules with a source of their own: a scope of their own."""
        assert rule.source is not None
        many = rule.to is not None and rule.to.many
        opening, scope = here.scope.open(rule.source)
        elsewhere = rule.source.root and here.scope is not here.scope.root
        if elsewhere:
            opening.ran = scope.row.cell()
        certain = here.scope.row.always and here.sure and rule.when is None and not elsewhere
        scope.row.always = certain and (many or not rule.every)
        # What the condition compares is read, also of an item that it passes over.
        when = self.when(rule, scope, sure=False)
        outline = here.outline
        if rule.to:
            outline = outline.item(rule.to, rule.place) if many else outline.object(rule.to, rule.place, optional=True)
        nodes = self.nodes(rule.rules, here._replace(scope=scope, outline=outline, sure=True, optional=not many))
        return Item(
            self.filling(rule, rule.to, here, rule.source),
            rule.to,
            opening,
            rule.source.root,
            every=many,
            first=rule.every,
            when=when,
            body=Body(nodes, scope.frame, outline),
            outline=here.outline,
        )

    def bundle(self, rule: Group, here: _Here) -> Bundle:
        """Compile rules that share a target or a condition, and read from the current item."""
        optional = here.optional or rule.when is not None
        outline = here.outline.object(rule.to, rule.place, optional=optional) if rule.to else here.outline
        inner = here._replace(outline=outline, sure=here.sure and rule.when is None, optional=optional)
        nodes = self.nodes(rule.rules, inner)
        return Bundle(
            self.filling(rule, rule.to, here, Source(".")),
            rule.to,
            self.when(rule, here.scope, sure=here.sure),
            Body(nodes, here.scope.frame, outline),
            here.outline,
        )

    def found(self, rule: Group, lookup: Lookup, here: _Here) -> Found:
        """Compile rules that read what is found elsewhere: a message of its own, of which nothing counts as unread."""
        if self.refusal:
            wrong(lookup.place, self.refusal, self.advice)
        asked = question_type(lookup)
        sure = here.sure and rule.when is None
        question = Outline(asked.question, asked.name)
        by = self.nodes(lookup.by, here._replace(outline=question, sure=sure))
        shape = Shape(lookup.asks)
        shape.frames[0].always = True
        outline = here.outline
        if rule.to:
            outline = outline.object(rule.to, rule.place, optional=True)
        inner = _Here(Scope(shape, shape.root, 0), outline, sure=True, optional=True)
        compiler = _Compiler(shape, self.functions, refusal="what is looked up is found at once: not by what is found")
        body = Body(compiler.nodes(rule.rules, inner), 0, outline)
        shape.finish([("**",)])
        filling = self.filling(rule, rule.to, here, Source("."), path=lookup.asks)
        says_most = "maximum" in asked.question.model_fields and not any(
            each.to.names == ("maximum",) for each in lookup.by
        )
        asks = Asks(
            filling,
            lookup,
            needed=tuple(each.to.names[0] for each in lookup.by if each.when is None and each.default is None),
            velden=wanted_of(rule, asked),
            most=(1 if lookup.several == "first" else 2) if says_most else None,
        )
        when = self.when(rule, here.scope, sure=here.sure)
        by_rule = self.filling(rule, Target(f"?{lookup.asks}", (f"?{lookup.asks}",), many=False), here, Source("."))
        by_body = Body(by, here.scope.frame, question)
        return Found(filling, rule.to, when, by_body, by_rule, asks, Plan(shape, body), here.outline)

    def when(self, rule: Fill | Group, scope: Scope, *, sure: bool) -> When | None:
        return condition(rule.when, scope, self.functions, sure=sure) if rule.when else None

    @staticmethod
    def filling(rule: Group, to: Target | None, here: _Here, source: Source, *, path: str = "") -> Filling:
        return Filling(
            place=rule.place,
            layer=str(rule.layer),
            target=here.outline.where(to),
            text=to.text.removesuffix("[]") if to else "",
            names=here.outline.keys(to) if to else (),
            many=bool(to and to.many),
            paths=(path or here.scope.where(source),),
            calls=(),
            actions=rule.empty or dict.fromkeys(Reason, Action.OMIT),
            default=None,
            required=rule.required,
        )
