"""All mistakes of all connections at once.

It knows the order of the checks and what they need of each other. It is given texts and definitions; it opens no file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from hub.config.yaml import Place
from hub.errors import ConfigurationWrong
from hub.event.catalogue import EVENT_TYPES
from hub.mapping.invert import invert
from hub.mapping.lint.book import Book, Named, Shelves, open_book
from hub.mapping.lint.check import Check, Definitions, Tally
from hub.mapping.lint.definition import Field, of_form, of_model
from hub.mapping.lint.findings import RULES, Edit, Finding, Severity, near
from hub.mapping.lint.layers import dead, without_mapping
from hub.mapping.lint.literals import literals
from hub.mapping.lint.sources import CONTEXT_OF_EVENTS, CONTEXT_OF_MESSAGES, Ignores, reachable, unread
from hub.mapping.lint.written import File, findings_of, replaced
from hub.mapping.resolve import resolve
from hub.mapping.rules import Group, Ignore, Rule, Sheet
from hub.wire.form import Form

_LAYERS = ("connection", "sender", "zaaktype")
_CONNECTION_FILE = "connection.yaml"


Texts = Mapping[str, str | bytes]
"""Files by name; bytes where a file may not be UTF-8."""


class Subject(NamedTuple):
    """What the connection of a mapping can do: the messages of its adapter, and how they are built.

    `messages`: those that it may be given, none when that is not known. `inbound`: what it gives are events.
    """

    forms: Mapping[str, Form]
    messages: tuple[str, ...] = ()
    inbound: bool = False


def lint(
    texts: Texts,
    subjects: Mapping[str, Subject],
    *,
    root: str = "mappings",
    only: Collection[str] = (),
    refused: Iterable[ConfigurationWrong] = (),
) -> list[Finding]:
    """Give all findings, by place. `texts` are the files by name, `<root>/<connection>/<file>`.

    `only` these connections, with the parts and tables they use; the others are still looked at, for they may use the
    same. `refused` is what the hub itself has against these files: of that only what no rule has found is added.
    """
    found: list[Finding] = []
    book = open_book(root, _decoded(texts, found), found)
    tally = Tally()
    for name in sorted({*book.mappings, *book.layers}):
        _Connection(book, name, subjects.get(name, Subject({})), tally, found).run()
    found += tally.found()
    if not book.broken:
        missed = {each.rule_id for each in found}
        found += [each for each in _unused(book) if each.rule_id.replace("unused", "unknown") not in missed]
    for file in book.files.values():
        found += literals(file)
    errors = {(each.place.file, each.place.line) for each in found if each.severity is Severity.ERROR}
    for problem in refused:
        wrong = [each for each in problem.problems if (each.file, each.line) not in errors]
        found += [
            each
            for one in wrong
            for each in findings_of("connection" if one.file.endswith(_CONNECTION_FILE) else "refused", one)
        ]
    if only:
        folders = tuple(f"{root}/{name}/" for name in only)
        used = {file for name in only for file in book.used.get(name, ())}
        found = [each for each in found if each.place.file.startswith(folders) or each.place.file in used]
    order = list(RULES)
    return sorted(dict.fromkeys(found), key=lambda each: (each.place, order.index(each.rule_id), each.message))


def _decoded(texts: Texts, found: list[Finding]) -> dict[str, str]:
    """Give the texts; what is not UTF-8 is found, and read as far as it can be."""
    decoded = {}
    for name, text in texts.items():
        if isinstance(text, str):
            decoded[name] = text
            continue
        try:
            decoded[name] = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = text.count(b"\n", 0, error.start) + 1
            column = error.start - text.rfind(b"\n", 0, error.start)
            found.append(Finding("yaml", Place(name, line, column), "the file is not UTF-8", "save it as UTF-8"))
            decoded[name] = text.decode("utf-8-sig", errors="replace")
    return decoded


class _Connection:
    """The mappings of one connection."""

    def __init__(self, book: Book, name: str, subject: Subject, tally: Tally, found: list[Finding]) -> None:
        self._book = book
        self._name = name
        self._subject = subject
        self._tally = tally
        self._found = found
        self._mappings = book.mappings.get(name, [])
        self._layers = book.layers.get(name, [])

    def run(self) -> None:
        self._found += without_mapping(self._layers, [each.sheet.message for each in self._mappings], self._book)
        for named in self._mappings:
            self._head(named)
            self._mapping(named)

    def _mapping(self, named: Named) -> None:
        shelves = self._book.shelf(self._name, self._found)
        base = self._base(named, shelves)
        if base is None:
            return
        over = [each for each in self._layers if each.sheet.message == named.sheet.message]
        over.sort(key=lambda each: (_LAYERS.index(each.sheet.layer.kind), each.file.name))
        layers = [(each, sheet) for each in over if (sheet := self._resolved(each.sheet, shelves)) is not None]
        self._found += dead(base, layers)
        whole = named.whole and all(each.whole for each in over) and shelves.complete
        self._check(base, shelves, whole=whole, unread_at=named)
        for each, _ in layers:
            laid = self._resolved(base, shelves, [each.sheet])
            if laid is not None:
                self._check(laid, shelves, whole=whole, unread_at=None)
        self._ignored(base, layers)

    def _base(self, named: Named, shelves: Shelves) -> Sheet | None:
        """Give the mapping without layers: its own rules, over those of the mapping it inverts."""
        if not named.sheet.inverts:
            return self._resolved(named.sheet, shelves)
        other = self._inverted(named)
        if other is None:
            return None
        return self._resolved(other, shelves, [named.sheet])

    def _inverted(self, named: Named) -> Sheet | None:
        known = {
            f"{folder}/{each.sheet.message}": (folder, each)
            for folder, several in self._book.mappings.items()
            for each in several
        }
        found = known.get(named.sheet.inverts)
        if found is None:
            node = named.file.value(named.sheet.place, "inverts")
            place = node.place if node else named.sheet.place
            guess = near(named.sheet.inverts, known)
            fix = replaced(named.file, place, named.sheet.inverts, guess.only)
            reason = f"there is no mapping `{named.sheet.inverts}`"
            self._found.append(Finding("unknown-message", place, reason, guess.advice, fix))
            return None
        folder, other = found
        resolved = self._resolved(other.sheet, self._book.shelf(folder, []))
        if resolved is None:
            return None
        form = self._subject.forms.get(named.sheet.gives)
        inverted = invert(resolved, form)
        back = set(_places(inverted.sheet.rules))
        for each in {one.place: one for one in reversed(inverted.one_way) if one.place not in back}.values():
            reason = f"this is not done backwards in {named.file.name}: {each.reason}"
            advice = "if it matters, give that mapping a rule of its own"
            self._found.append(Finding("one-way", each.place, reason, advice))
        head = named.sheet
        return replace(inverted.sheet, message=head.message, gives=head.gives, zaaktype=head.zaaktype, place=head.place)

    def _resolved(self, sheet: Sheet, shelves: Shelves, layers: Sequence[Sheet] = ()) -> Sheet | None:
        try:
            return resolve(sheet, shelves, layers, form=self._subject.forms.get(sheet.gives))
        except ConfigurationWrong as problem:
            self._found += findings_of("refused", problem)
            return None

    def _check(self, sheet: Sheet, shelves: Shelves, *, whole: bool, unread_at: Named | None) -> None:
        definitions = self._definitions(sheet)
        check = Check(self._book, shelves, definitions, self._tally)
        check.run(sheet)
        self._found += check.found
        if not whole:
            return
        self._found += check.missing(self._inverts(sheet))
        if unread_at is not None and definitions.message is not None:
            place = self._at(unread_at, "message")
            ignores = Ignores(each.steps for each in sheet.ignore)
            for names in unread(definitions.message, check.reads, ignores):
                path = "/".join(names)
                advice = "give it a rule, or ignore it with a reason"
                self._found.append(Finding("unread-source", place, f"nothing reads `{path}`", advice))

    def _inverts(self, sheet: Sheet) -> Place | None:
        node = self._book.files[sheet.place.file].value(sheet.place, "inverts")
        return node.place if node else None

    def _ignored(self, base: Sheet, layers: Sequence[tuple[Named, Sheet]]) -> None:
        message = self._definitions(base).message
        seen: dict[tuple[str, tuple[str, ...]], Ignore] = {}
        for each in (*base.ignore, *(each for _, sheet in layers for each in sheet.ignore)):
            file = self._book.files[each.place.file]
            node = file.value(each.place, "path")
            if node is None:
                continue  # an inversion leaves something out; it is nothing that was written
            place = node.place
            if message is not None:
                reason = f"nothing of this message is at `{'/'.join(each.steps)}`"
                dead_end = Finding("dead-ignore", place, reason, _meant(each.steps, message))
                self._tally.ask("dead-ignore", place, [] if reachable(each.steps, message) else [dead_end])
            earlier = seen.setdefault((each.place.file, each.steps), each)
            if earlier.place != each.place:
                reason = f"this is ignored already, on line {earlier.place.line}"
                fix = _line(file, each.place) if earlier.reason == each.reason else ()
                self._found.append(Finding("duplicate-ignore", place, reason, "remove one of the two", fix))

    def _definitions(self, sheet: Sheet) -> Definitions:
        message, gives = self._definition(sheet.message), self._definition(sheet.gives)
        if message is None:
            context = tuple(sorted({*CONTEXT_OF_EVENTS, *CONTEXT_OF_MESSAGES}))
        else:
            context = CONTEXT_OF_MESSAGES if message.xml else CONTEXT_OF_EVENTS
        return Definitions(message, gives, context)

    def _definition(self, name: str) -> Field | None:
        if name in EVENT_TYPES:
            return of_model(EVENT_TYPES[name].model)
        return of_form(self._subject.forms[name]) if name in self._subject.forms else None

    def _head(self, named: Named) -> None:
        """Check the names in the head of a mapping."""
        sheet, expected = named.sheet, named.file.name.rpartition("/")[2].removesuffix(".map.yaml")
        messages = self._subject.messages
        if sheet.message and messages and sheet.message not in messages:
            self._unknown(named, "message", sheet.message, messages, "this connection gets no message")
        elif sheet.message and sheet.message != expected:
            reason = f"the file is named {expected}.map.yaml, but its message is `{sheet.message}`"
            self._found.append(Finding("unknown-message", self._at(named, "message"), reason, "rename one of the two"))
        if sheet.gives and self._subject.inbound and sheet.gives not in EVENT_TYPES:
            self._unknown(named, "gives", sheet.gives, EVENT_TYPES, "there is no event")

    def _unknown(self, named: Named, key: str, name: str, known: Iterable[str], what: str) -> None:
        place = self._at(named, key, value=True)
        guess = near(name, known)
        fix = replaced(named.file, place, name, guess.only)
        rule_id = "unknown-message" if key == "message" else "unknown-event"
        self._found.append(Finding(rule_id, place, f"{what} `{name}`", guess.advice, fix))

    def _at(self, named: Named, key: str, *, value: bool = False) -> Place:
        root = named.file.root
        if root is None:
            return named.sheet.place
        node = root.get(key)
        return node.place if value and node else root.place_of(key)


def _places(rules: Iterable[Rule]) -> Iterator[Place]:
    for rule in rules:
        yield rule.place
        if isinstance(rule, Group):
            yield from _places(rule.rules)


def _line(file: File, place: Place) -> tuple[Edit, ...]:
    """Give the edit that takes out a line, if an item of a list is all that stands in it."""
    line = file.lines[place.line - 1]
    alone = line.strip().startswith("- {") and line.strip().endswith("}") and line[: place.column - 1].strip() == "-"
    return (Edit(place._replace(column=1), line, ""),) if alone else ()


def _meant(steps: tuple[str, ...], message: Field) -> str:
    """Say which word of an ignored path is likely meant otherwise."""
    field = message
    for step in steps:
        if step.startswith("@"):
            return near(step, [f"@{each}" for each in field.attributes]).advice
        if step not in field.children:
            return near(step, field.children).advice if step not in {"*", "**"} else ""
        field = field.children[step]
    return ""


def _unused(book: Book) -> list[Finding]:
    """Tell of parts, tables and rows that nothing uses."""
    used = {file for each in book.used.values() for file in each}
    parts = [
        Finding("unused-part", Place(name, 1, 1), "no mapping uses this part", "remove the file")
        for name in book.parts
        if name not in used
    ]
    tables = [
        Finding("unused-table", Place(name, 1, 1), "no mapping uses this table", "remove the file")
        for name in book.tables
        if name not in used
    ]
    return [*parts, *tables, *(found for table in book.tables.values() for found in table.never_found())]
