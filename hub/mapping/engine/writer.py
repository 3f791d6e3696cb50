"""Writes the code that writes a message: texts between tags that are known beforehand, in the order of the form.

It knows forms and which of their fields rules fill; it refuses to know rules and what they read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import count
from typing import Any, NamedTuple

from hub.mapping.engine.code import Code
from hub.mapping.engine.targets import Outline
from hub.mapping.engine.written import ABSENT, Tag, Unwritable, element, escaped, marks, plain
from hub.mapping.paths import OWN
from hub.wire.form import AttributeForm, Form
from hub.wire.xml import XSI, escape

Write = Callable[[dict[str, Any]], bytes]

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMES: dict[str, Any] = {
    "ABSENT": ABSENT, "Unwritable": Unwritable, "dict": dict, "element": element, "len": len, "list": list,
    "marks": marks, "plain": plain, "str": str,
}  # fmt: skip


class _Content(NamedTuple):
    """What rules may put in an element."""

    form: Form
    outlines: tuple[Outline, ...]

    def fields(self) -> dict[str, _Field]:
        """Give the fields in the order of the form, those of all outlines together."""
        found: dict[str, list[tuple[str, tuple[Outline, ...]]]] = {}
        for outline in self.outlines:
            for name, kind, inner in outline.filled():
                found.setdefault(name, []).append((kind, inner))
        order = [*(f"@{name}" for name in self.form.attributes), *self.form.children]
        names = [*(name for name in order if name in found), *(name for name in found if name not in order)]
        return {
            name: _Field(found[name][0][0] == "a list", tuple(each for _, inner in found[name] for each in inner))
            for name in names
        }


class _Field(NamedTuple):
    """One name: whether it is a list, and the outlines of what it may hold."""

    many: bool
    inner: tuple[Outline, ...]


def writer(outline: Outline, form: Form) -> Write:
    """Give the function that writes the result of a mapping whose `outline` is that of `form`."""
    return _Writer(form).written(outline)


class _Writer:
    def __init__(self, form: Form) -> None:
        self._form = form
        self._code = Code(_NAMES)
        self._prefixes: dict[str, str] = {}
        self._numbers = count()

    def written(self, outline: Outline) -> Write:
        """Write the functions, inner ones first; the root declares every prefix that they use."""
        self._name(self._form.name, self._form.namespace)
        function = self._element(_Content(self._form, (outline,)), root=True)
        write = self._code.made(function)
        spaces = "".join(f' xmlns:{prefix}="{escape(space)}"' for space, prefix in self._prefixes.items())
        name = self._name(self._form.name, self._form.namespace)
        start = f"{_DECLARATION}<{name}{spaces}"

        def message(data: dict[str, Any]) -> bytes:
            # Three pieces at a time: tags, a value, tags.
            pieces = [start, "", ""]
            write(data, pieces)
            pieces[1::3] = escaped(pieces[1::3])
            return "".join(pieces).encode()

        return message

    def _element(self, content: _Content, *, root: bool = False) -> str:
        """Write the function of an element with elements or attributes of its own; give its name."""
        form, fields = content.form, content.fields()
        inner = {name: self._inner(form, name, each) for name, each in fields.items() if not name.startswith("@")}
        code, number = self._code, next(self._numbers)
        tag = self._name(form.name, form.namespace)
        start = "" if root else f"<{tag}"
        fixed = [each for each in form.attributes.values() if each.fixed and each.required]
        start += "".join(
            f' {self._attribute(each)}="{escape(each.fixed)}"' for each in fixed if f"@{each.name}" not in fields
        )
        attributes = [name for name in fields if name.startswith("@")]
        with code.block(f"def write_{number}(o, b):", tag):
            if attributes:
                code.line(f"b += ({code.bind(start, 'start')}, '', '')")
                for name in attributes:
                    self._write_attribute(form, name)
                if form.nillable and not root:
                    self._write_nothing(attributes)
                code.line(f"b += ({code.bind('>', 'start')}, '', '')")
            else:
                code.line(f"b += ({code.bind(start + '>', 'start')}, '', '')")
            order = [*form.children, *(name for name in inner if name not in form.children)]
            for name in order:
                if name in inner:
                    self._write_field(name, fields[name], *inner[name])
                if name in form.children and (name not in inner or form.children[name].bare):
                    self._write_unfilled(form.children[name], known=name in inner)
            code.line(f"b += ({code.bind(f'</{tag}>', 'end')}, '', '')")
        return f"write_{number}"

    def _inner(self, form: Form, name: str, field: _Field) -> tuple[Tag, str, tuple[str, ...]]:
        """Give the tag of a field, the function of its content if it has one, and the attributes beside its text."""
        if name == OWN:
            return self._tag(form), "", ()
        below = form.below(name)
        assert below is not None, "targets are checked"
        content = _Content(below, field.inner)
        filled = content.fields()
        if below.value and not field.many and all(each.startswith("@") for each in filled):
            for each in filled:
                self._attribute_form(below, each)
            return self._tag(below), "", tuple(filled)
        return self._tag(below), self._element(content) if filled else "", ()

    def _tag(self, form: Form) -> Tag:
        attributes = {name: self._attribute(each) for name, each in form.attributes.items()}
        fixed = "".join(
            f' {self._attribute(each)}="{escape(each.fixed)}"'
            for each in form.attributes.values()
            if each.fixed and each.required
        )
        nil = f' {self._name("nil", XSI)}="true"' if form.nillable else ""
        reason = f' {attributes["noValue"]}="geenWaarde"' if "noValue" in attributes else ""
        return Tag(
            self._name(form.name, form.namespace), fixed, attributes, nil, reason, bool(form.value) or form.loose
        )

    def _write_nothing(self, attributes: list[str]) -> None:
        """Write what has attributes only as nothing: a relation that ended stands there without content."""
        code = self._code
        known = code.bind(frozenset(attributes), "attributes")
        with code.block(f"if len(o) <= {len(attributes)} and {known}.issuperset(o):"):
            nil = code.bind(f' {self._name("nil", XSI)}="true"/>', "end")
            code.line(f"b += ({nil}, '', '')")
            code.line("return")

    def _write_attribute(self, form: Form, name: str) -> None:
        code = self._code
        known = self._attribute_form(form, name)
        start = code.bind(f' {self._attribute(known)}="', "start")
        key = code.bind(name, "name")
        with code.block(f"if {key} in o and (v := o[{key}]) is not None:"):
            code.line(f"b += ({start}, v if v.__class__ is str else plain(v), {code.bind(chr(34), 'end')})")
        if known.fixed and known.required:
            code.line(f"else: b += ({start}, '', {code.bind(escape(known.fixed) + chr(34), 'end')})")

    def _attribute_form(self, form: Form, name: str) -> AttributeForm:
        known = form.attributes.get(name[1:])
        return known or AttributeForm(name[1:], form.loose_namespace, required=False)

    def _write_field(self, name: str, field: _Field, tag: Tag, function: str, beside: tuple[str, ...]) -> None:
        code = self._code
        key, known = code.bind(name, "name"), code.bind(tag, "tag")
        if name == OWN:
            code.line(f"if {key} in o and (v := o[{key}]) is not None: b += ('', plain(v), '')")
            return
        if field.many:
            with code.block(f"if {key} in o:"):
                with code.block(f"for v in o[{key}] or ():"):
                    self._write_value(tag, known, function)
                code.line(f"if o[{key}] is None: element(None, b, {known})")
            return
        # Most fields are not there: that is asked first, at the least cost.
        if not beside:
            with code.block(f"if {key} in o:"):
                code.line(f"v = o[{key}]")
                self._write_value(tag, known, function)
            return
        marked = ", ".join(
            f"({code.bind(each[1:], 'name')}, o.get({code.bind(name + each, 'name')}))" for each in beside
        )
        there = " or ".join(f"{code.bind(name + each, 'name')} in o" for each in beside)
        with code.block(f"if {key} in o or {there}:"):
            code.line(f"v = o.get({key}, ABSENT)")
            code.line(f"if {there}: v = marks(v, ({marked},))")
            with code.block("if v is not ABSENT:"):
                self._write_value(tag, known, function)

    def _write_value(self, tag: Tag, known: str, function: str) -> None:
        code = self._code
        if function:
            code.line(f"if v.__class__ is dict: {function}(v, b)")
        else:
            start = code.bind(f"<{tag.name}{tag.fixed}>", "start")
            plain = f"if v.__class__ is str: b += ({start}, v, {code.bind(f'</{tag.name}>', 'end')})"
            code.line(plain if tag.text else "if False: pass")
        code.line(f"else: element(v, b, {known})")

    def _write_unfilled(self, form: Form, *, known: bool) -> None:
        """Write what must be there and no rule fills, or none filled this time: with its fixed value, or empty."""
        if not (form.bare or (form.required and form.fixed)):
            return
        tag = self._name(form.name, form.namespace)
        whole = self._code.bind(f"<{tag}>{escape(form.fixed)}</{tag}>" if form.fixed else f"<{tag}/>", "start")
        missing = f"if {self._code.bind(form.name, 'name')} not in o: " if known else ""
        self._code.line(f"{missing}b += ({whole}, '', '')")

    def _attribute(self, form: AttributeForm) -> str:
        return self._name(form.name, form.namespace)

    def _name(self, name: str, space: str) -> str:
        if not space:
            return name
        if space not in self._prefixes:
            self._prefixes[space] = _prefix(space, self._prefixes.values())
        return f"{self._prefixes[space]}:{name}"


def _prefix(space: str, taken: Iterable[str]) -> str:
    """Give a prefix that a person recognises the namespace by: ZKN, BG, StUF."""
    if space == XSI:
        return "xsi"
    words = [part.rstrip("0123456789.") for part in space.replace(":", "/").split("/")]
    known = [word for word in words if word.isascii() and word.isalpha()]
    word = known[-1] if known else "ns"
    word = word.upper() if word.islower() else word
    found = word
    for number in count(2):
        if found not in taken:
            break
        found = f"{word}{number}"
    return found
