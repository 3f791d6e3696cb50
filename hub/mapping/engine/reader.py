"""Writes the code that reads a message once: every name it meets is a cell to fill, a function to call, or nobody's.

It knows branches and frames; it refuses to know rules and results.
"""

from __future__ import annotations

from collections import Counter
from contextlib import nullcontext
from typing import Any

from lxml import etree

from hub.mapping.engine.cells import (
    Level,
    below,
    empty_telling,
    every,
    leaf,
    leaf_in_json,
    note,
    once,
    strange_in_json,
    strays,
    whole,
)
from hub.mapping.engine.code import Code
from hub.mapping.engine.shape import Branch, Leaf, Shape
from hub.mapping.engine.values import (
    chosen,
    chosen_in_json,
    reason_of,
    said_empty,
    text_in,
    there,
    unnamed_in_json,
)
from hub.mapping.rules import Reason

NAMES: dict[str, Any] = {
    "KeyError": KeyError, "len": len, "int": int, "str": str, "dict": dict, "list": list, "enumerate": enumerate,
    "ALL": slice(None),  # the quickest way to the children of an element
    "object": object, "isinstance": isinstance, "dicts_and_lists": (dict, list), "Element": etree._Element,  # noqa: SLF001 - lxml has no other name
    "GEEN_WAARDE": Reason.GEEN_WAARDE, "LEEG": Reason.LEEG,
    "below": below, "chosen": chosen, "chosen_in_json": chosen_in_json, "empty_telling": empty_telling, "every": every,
    "leaf": leaf, "leaf_in_json": leaf_in_json, "note": note, "once": once, "reason_of": reason_of,
    "said_empty": said_empty, "strange_in_json": strange_in_json, "strays": strays, "text_in": text_in, "there": there,
    "unnamed_in_json": unnamed_in_json, "whole": whole,
}  # fmt: skip
"""What the reading code calls."""


class Reader:
    """The reading functions of one mapping, for XML or for JSON: `read_0(source, run, row)`."""

    def __init__(self, code: Code, shape: Shape, *, json: bool, traced: bool) -> None:
        """Write them all; a `traced` reader keeps to the ways that tell where a value came from."""
        self._code = code
        self._shape = shape
        self._json = json
        self._traced = traced
        self._levels: dict[int, Level] = {}
        self._later(shape.root, (0,))

    def _later(self, branch: Branch, given: tuple[int, ...], above: Level | None = None, name: str = "") -> None:
        """Write the function of a branch when it is first called; then the branch `above` calls it at once."""
        function: Any = self._code.later(f"read_{branch.number}", lambda: self._write(branch, given))
        if above is not None:
            above.children[name] = function
            function.settle = lambda made: above.settle(name, made)

    def _write(self, branch: Branch, given: tuple[int, ...]) -> None:
        """Write the function of a branch to which the rows of these frames are given."""
        level = self._levels[branch.number] = Level(branch)
        handed = tuple(sorted(set().union(*(each.frames() for each in branch.branches.values()))))
        plain = {name: spot for name, each in branch.branches.items() if (spot := each.plain)}
        commonest = Counter(spot.frame for spot in plain.values()).most_common(1)
        own = commonest[0][0] if commonest else None
        for name, child in branch.branches.items():
            spot = plain.get(name)
            if spot is not None and spot.frame == own:
                level.children[name] = spot.cell
                level.plain[spot.cell] = (spot, Level(child))
            else:
                self._later(child, handed, level, name)
        rows = "".join(f", r{frame}" for frame in given)
        if self._json:
            with self._code.block(f"def read_{branch.number}(v, m, at, of{rows}):", branch.path):
                self._guards(branch, "chosen_in_json(v, {}, at, of)")
                self._opens(branch, "v")
                self._content_in_json(branch)
                self._children_in_json(level, own, handed)
        else:
            with self._code.block(f"def read_{branch.number}(e, m{rows}):", branch.path):
                self._guards(branch, "chosen(e, {})")
                self._content(branch, level)
                self._children(branch, level, own, handed)

    def _guards(self, branch: Branch, test: str) -> None:
        looked = ""
        for each in branch.guards:
            asked = test.format(self._code.bind(each.predicate, "choice"))
            chosen = each.predicate
            if self._json and not chosen.position:
                # Most guards of a branch ask the same field for different texts.
                name = chosen.attribute or chosen.child
                if name != looked:
                    looked = name
                    self._code.line(f"w = v.get({self._code.bind(name, 'name')}) if v.__class__ is dict else None")
                asked = f"(w == {self._code.bind(chosen.value, 'text')} if w.__class__ is str else {asked})"
            maybe = f"r{each.parent} is not None and " if self._guarded(each.parent) else ""
            self._code.line(f"r{each.frame} = r{each.parent} if {maybe}{asked} else None")

    def _guarded(self, frame: int) -> bool:
        return self._shape.frames[frame].guarded

    def _opens(self, branch: Branch, item: str) -> None:
        code = self._code
        for each in branch.opens:
            row, above = f"r{each.opened}", f"r{each.frame}"
            if self._guarded(each.frame):
                code.line(f"{row} = None")
            with code.block(f"if {above} is not None:") if self._guarded(each.frame) else nullcontext():
                code.line(f"{row} = [None] * {self._shape.frames[each.opened].size}")
                if self._traced:
                    code.line(f"{row}[1] = {{0: {item}}}")
                if self._json:
                    code.line(f"if v is None: {row}[0] = GEEN_WAARDE")
                else:
                    empty = "not deep and not text" if branch.text or branch.present else "not len(e)"
                    code.line(f"if named and {empty}: {row}[0] = said_empty(e)")
                code.line(f"if {above}[{each.cell}] is None: {above}[{each.cell}] = [{row}]")
                code.line(f"else: {above}[{each.cell}].append({row})")

    def _present(self, branch: Branch, test: str) -> None:
        if not branch.present:
            return
        with self._code.block(f"if {test}:"):
            for each in branch.present:
                self._on_row(each.frame, f"r{each.frame}[{each.cell}] = True")

    def _on_row(self, frame: int, line: str) -> None:
        self._code.line(f"if r{frame} is not None: {line}" if self._guarded(frame) else line)

    def _whole(self, branch: Branch, item: str) -> None:
        if not branch.whole:
            return
        for each in branch.whole:
            self._on_row(each.frame, f"whole(r{each.frame}, {each.cell}, {item})")
        frames = [each.frame for each in branch.whole]
        if any(not self._guarded(each) for each in frames):
            self._code.line("return")
        else:
            self._code.line(f"if {' or '.join(f'r{each} is not None' for each in frames)}: return")

    def _spots(self, found: Leaf, value: str, item: str, noted: str) -> str:
        """Write a value to all who read it; give the test that nobody did, or nothing when somebody always does."""
        for each in found.spots:
            spot, row = self._code.bind(each, "spot"), f"r{each.frame}"
            once = f"once(m, {row}, {spot}, {value}, {item}, noted={noted})"
            if each.many:
                self._on_row(each.frame, f"every(m, {row}, {spot}, {value}, {item})")
            elif self._traced:
                self._on_row(each.frame, once)
            else:
                if self._guarded(each.frame):
                    self._code.line(f"if {row} is None: pass")
                with self._code.block(f"{'el' * self._guarded(each.frame)}if {row}[{each.cell}] is None:"):
                    self._code.line(f"{row}[{each.cell}] = {value}")
                    if found.noted and noted != "False":
                        self._code.line(f"if {noted}: note({row}, {each.cell}, {item})")
                self._code.line(f"else: {once}")
        if any(not self._guarded(each.frame) for each in found.spots):
            return ""
        return " and ".join(f"r{each.frame} is None" for each in found.spots) or "True"

    def _content(self, branch: Branch, level: Level) -> None:
        """Write what an element says itself: its attributes and its text."""
        code, covered = self._code, branch.ignored.covers
        known = code.bind(level, "level")
        found = branch.text
        # Most attributes say nothing, by their names alone: their values are asked for when they are needed.
        named = "named" if found or branch.attributes else "e.items()"
        code.line("named = e.items()" if named == "named" else "named = e.keys()")
        if branch.present or found or (not covered and not branch.opens):
            code.line("deep = len(e)")
        if found or branch.present:
            pieces = "text_in(e) if deep else " if found else ""
            code.line(f'text = {pieces}(e.text or "").strip()')
        self._opens(branch, "e")
        self._present(branch, "deep or text")
        self._whole(branch, "e")
        if branch.attributes:
            self._attributes(branch, known)
        else:
            noted = code.bind(found.noted if found else set(), "noted")
            quiet = code.bind(level.quiet, "quiet")
            each = "name, _" if named == "named" else "name"
            with code.block(f"for {each} in named:"), code.block(f"if name not in {quiet}:"):
                code.line(f"strays({named}, {known}, m, {noted})")
                code.line("break")
        path = code.bind(branch.path, "path")
        # That a whole item has no value is read by the rule that opens it.
        telling = "" if branch.opens else f"named and not deep and empty_telling({named})"
        if found:
            code.line("value = text or reason_of(named)")
            unread = self._spots(found, "value", "e", "named")
            if unread and not covered:
                told = f"text or ({telling})" if telling else "text"
                code.line(f"if {unread} and ({told}): m.unread.add({path})")
        elif not covered:
            if not branch.present:
                code.line("text = e.text")
            said = "text" if branch.present else "text and not text.isspace()"
            code.line(f"if {said}: m.unread.add({path})")
            if telling:
                code.line(f"elif {telling}: m.unread.add({path})")

    def _attributes(self, branch: Branch, known: str) -> None:
        code = self._code
        said = code.bind(self._levels[branch.number].said, "said")
        with code.block("for name, text_of_it in named:"):
            code.line(f"try: k = {said}[name]")
            code.line(f"except KeyError: k = {known}.attribute(name)")
            for number, (name, found) in enumerate(branch.attributes.items()):
                with code.block(f"{'el' if number else ''}if k == {number}:"):
                    unread = self._spots(found, "text_of_it or LEEG", "e", "False")
                    if unread and not branch.ignored.step("@" + name).covers:
                        path = code.bind(found.path, "path")
                        code.line(f"if text_of_it and {unread}: m.unread.add({path})")
            with code.block("elif k.__class__ is str:"):
                noted = code.bind(branch.text.noted if branch.text else set(), "noted")
                code.line(f"if text_of_it: strays([(name, text_of_it)], {known}, m, {noted})")

    def _children(self, branch: Branch, level: Level, own: int | None, handed: tuple[int, ...]) -> None:
        code = self._code
        known = code.bind(level, "level")
        if not branch.branches:
            code.line(f"if {'deep' if branch.text or branch.present else 'len(e)'}: below(e, {known}, m)")
            return
        tags, plain = code.bind(level.tags, "tags"), code.bind(level.plain, "plain")
        rows = "".join(f", r{frame}" for frame in handed)
        with code.block("for c in e[ALL]:"):
            code.line(f"try: k = {tags}[c.tag]")
            code.line(f"except KeyError: k = {known}.child(c.tag)")
            if level.plain:
                maybe = f"r{own} is not None and " if self._guarded(own or 0) else ""
                with code.block("if k.__class__ is int:"):
                    # By far the most elements are a text that one path names, without attributes: spare them the rest.
                    # This loop is where a worker spends its time.
                    if not self._traced:
                        with code.block(f"if {maybe}r{own}[k] is None and not c.keys():"):
                            code.line("t = c.text")
                            with code.block("if t and not len(c):"):
                                code.line("t = t.strip()")
                                with code.block("if t:"):
                                    code.line(f"r{own}[k] = t")
                                    code.line("continue")
                    if maybe:
                        code.line(f"if r{own} is None: {known}.pass_by(c, m)")
                        code.line(f"else: leaf(c, m, r{own}, {plain}[k])")
                    else:
                        code.line(f"leaf(c, m, r{own}, {plain}[k])")
                code.line(f"elif k is not None: k(c, m{rows})")
            else:
                code.line(f"if k is not None: k(c, m{rows})")

    def _content_in_json(self, branch: Branch) -> None:
        """Write what a value says itself."""
        code, covered = self._code, branch.ignored.covers
        path = code.bind(branch.path, "path")
        self._present(branch, "there(v)")
        self._whole(branch, "v")
        found = branch.text
        # That a whole item has no value is read by the rule that opens it.
        telling = "there(v)" if branch.opens else "(v is None or there(v))"
        stray = f"not isinstance(v, dicts_and_lists) and {telling}: m.unread.add({path})"
        if found:
            code.line("value = v if v and v.__class__ is str or there(v) else GEEN_WAARDE if v is None else LEEG")
            code.line("origin = object()")
            unread = self._spots(found, "value", "origin", "False")
            if unread:
                if not branch.branches:
                    code.line(f"if not ({unread}): return")
                if not covered:
                    code.line(f"if {unread} and {stray}")
            elif not branch.branches:
                code.line("return")
        elif not covered:
            code.line(f"if {stray}")
        if not covered:
            state = code.bind(branch.ignored, "state")
            if not found:
                code.line(f"if v.__class__ is list: unnamed_in_json(v, {path}, {state}, m.unread.add)")
        code.line("pass")

    def _children_in_json(self, level: Level, own: int | None, handed: tuple[int, ...]) -> None:
        code = self._code
        known = code.bind(level, "level")
        children, plain = code.bind(level.children, "children"), code.bind(level.plain, "plain")
        rows = "".join(f", r{frame}" for frame in handed)
        with code.block("if v.__class__ is dict:"), code.block("for name, c in v.items():"):
            code.line(f"try: k = {children}[name]")
            code.line("except KeyError: k = None")
            with code.block("if k.__class__ is int:"):
                if not level.plain:
                    code.line("pass")
                else:
                    if not self._traced:
                        maybe = f"r{own} is not None and " if self._guarded(own or 0) else ""
                        with code.block(f"if c and c.__class__ is str and {maybe}r{own}[k] is None:"):
                            code.line(f"r{own}[k] = c")
                            code.line("continue")
                    if self._guarded(own or 0):
                        code.line(f"if r{own} is None: strange_in_json(name, c, {known}, m)")
                        code.line(f"else: leaf_in_json(c, m, r{own}, {plain}[k])")
                    else:
                        code.line(f"leaf_in_json(c, m, r{own}, {plain}[k])")
            code.line(f"elif k is None: strange_in_json(name, c, {known}, m)")
            with code.block("elif c.__class__ is list:"):
                code.line("of = len(c)")
                code.line(f"for at, each in enumerate(c): k(each, m, at, of{rows})")
            code.line(f"else: k(c, m, 0, 1{rows})")
