"""All mistakes of all connections at once.

It knows the order of the checks and what they need of each other. It is given texts and definitions; it opens no file.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import PurePosixPath
from typing import NamedTuple

from hub.config import dialects
from hub.config.yaml import Place
from hub.errors import ConfigurationWrong
from hub.event.catalogue import EVENT_TYPES
from hub.event.models import ASKED, MODELS, answer_with_question
from hub.event.vragen import ANSWER, QUESTION_TYPES, answer_kind
from hub.mapping.invert import invert
from hub.mapping.lint.book import Book, Named, Shelves, open_book
from hub.mapping.lint.check import Check, Definitions, Tally
from hub.mapping.lint.definition import Field, of_form, of_model
from hub.mapping.lint.findings import RULES, Edit, Finding, Severity, near
from hub.mapping.lint.layers import dead, without_mapping
from hub.mapping.lint.literals import literals
from hub.mapping.lint.sources import CONTEXT_OF_EVENTS, CONTEXT_OF_MESSAGES, Ignores, reachable, unread
from hub.mapping.lint.written import File, findings_of, replaced
from hub.mapping.overlay import used_parts
from hub.mapping.resolve import resolve
from hub.mapping.rules import Group, Ignore, Layer, Rule, Sheet
from hub.wire.form import Form

_LAYERS = ("connection", "dialect", "sender", "zaaktype")
_CONNECTION_FILE = "connection.yaml"
_WORD = re.compile(r"[\w-]+")


Texts = Mapping[str, str | bytes]
"""Files by name; bytes where a file may not be UTF-8."""


class Subject(NamedTuple):
    """What the connection of a mapping can do: the messages of its adapter, and how they are built.

    `messages`: those that it may be given, none when that is not known. `inbound`: what it gives are events and
    questions, and its answers begin with the canonical answer to what its message asks.
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
    examples: Iterable[str] = (),
) -> list[Finding]:
    """Give all findings, by place. `texts` are the files by name, `<root>/<connection>/<file>`.

    `only` these connections, with the parts and tables they use; the others are still looked at, for they may use the
    same. `refused` is what the hub itself has against these files: of that only what no rule has found is added.
    `examples` are texts of mappings that are no connection yet: what they name is used.
    """
    found: list[Finding] = []
    book = open_book(root, _decoded(texts, found), found)
    tally = Tally()
    for name in sorted({*book.mappings, *book.layers}):
        if not name.startswith(f"{dialects.FOLDER}/"):
            subject = subjects.get(name, Subject({}))
            _Connection(book, name, subject, packs=_dialects_of(book, name), tally=tally, found=found).run()
    for pack, over in _packs(book):
        subject = subjects.get(over, Subject({}))
        _Connection(book, over, subject, packs=(pack,), tally=tally, found=found).run_pack()
    found += tally.found()
    if not book.broken:
        missed = {each.rule_id for each in found}
        found += [each for each in _unused(book, examples) if each.rule_id.replace("unused", "unknown") not in missed]
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


def _dialects_of(book: Book, connection: str) -> tuple[str, ...]:
    """Give the packs that a connection uses; what is wrong with the key is for the hub to say."""
    file = book.files.get(f"{book.root}/{connection}/{_CONNECTION_FILE}")
    with suppress(ConfigurationWrong):
        if file is not None and file.root is not None:
            return tuple(dict.fromkeys(each.text() for each in dialects.dialects_of(file.root).named()))
    return ()


def _packs(book: Book) -> Iterator[tuple[str, str]]:
    """Give every pack, with the connection that it is looked at over."""
    for name, file in book.files.items():
        folder, _, last = name.removeprefix(f"{book.root}/").rpartition("/")
        over = file.root.get("over") if file.root is not None else None
        if last == dialects.FILE and over is not None and isinstance(over.value, str):
            yield folder.partition("/")[2], over.value


class _Connection:
    """The mappings of one connection, with the packs that it uses."""

    def __init__(
        self,
        book: Book,
        name: str,
        subject: Subject,
        *,
        packs: Sequence[str],
        tally: Tally,
        found: list[Finding],
    ) -> None:
        self._book = book
        self._name = name
        self._subject = subject
        self._tally = tally
        self._found = found
        self._mappings = book.mappings.get(name, [])
        self._packs = [each for pack in packs for each in book.layers.get(f"{dialects.FOLDER}/{pack}", [])]
        self._layers = [*self._packs, *book.layers.get(name, [])]
        book.used.setdefault(name, set()).update(each.file.name for each in self._packs)

    def run(self) -> None:
        own = [each for each in self._layers if each not in self._packs]
        self._found += without_mapping(own, [each.sheet.message for each in self._mappings], self._book)
        self._parts(self._layers)
        for named in self._mappings:
            self._head(named)
            self._mapping(named)

    def run_pack(self) -> None:
        """Look at a pack only, over those mappings that it changes."""
        messages = [*self._messages(), *(each.sheet.message for each in self._mappings)]
        for each in self._packs:
            if each.sheet.message and messages and each.sheet.message not in messages:
                self._unknown(each, "message", each.sheet.message, messages, "a sender of this kind has no message")
        self._layers = self._packs
        self._parts(self._packs)
        for named in self._mappings:
            self._mapping(named, whole_mapping=False)

    def _parts(self, layers: Sequence[Named]) -> None:
        """See that the parts are there that layers lie over."""
        shelves = self._book.shelf(self._name, self._found)
        for each in layers:
            if each.sheet.part:
                shelves.part(each.sheet.part, self._at(each, "part", value=True))

    def _mapping(self, named: Named, *, whole_mapping: bool = True) -> None:
        shelves = self._book.shelf(self._name, self._found)
        over = self._over(named, shelves)
        if not over and not whole_mapping:
            return
        base = self._base(named, shelves)
        if base is None:
            return
        resolved = ((each, self._resolved(each.sheet, shelves)) for each in over)
        layers = [(each, sheet) for each, sheet in resolved if sheet is not None]
        self._found += dead(base, [(each, sheet) for each, sheet in layers if not sheet.part])
        for part in dict.fromkeys(each.sheet.part for each in over if each.sheet.part):
            below = self._resolved(shelves.part(part, over[0].sheet.place), shelves)
            if below is not None:
                laid_over = [(each, sheet) for each, sheet in layers if sheet.part == part]
                self._found += dead(replace(below, zaaktype=base.zaaktype), laid_over)
        whole = named.whole and all(each.whole for each in over) and shelves.complete
        if whole_mapping:
            self._check(base, shelves, whole=whole, unread_at=named)
        for together in _together(each.sheet for each, _ in layers):
            laid = self._base(named, shelves, together)
            if laid is not None:
                self._check(laid, shelves, whole=whole, unread_at=None)
        # Where a part is used, what a layer over it ignores begins: only the mapping with the layer says where.
        self._ignored(base, [(each, sheet) for each, sheet in layers if not sheet.part])

    def _over(self, named: Named, shelves: Shelves) -> list[Named]:
        """Give the layers over one mapping, the last on top."""
        layers = [each.sheet for each in self._layers]
        if not layers:
            return []
        sheets = [named.sheet, *(each for each in layers if each.message == named.sheet.message)]
        used = used_parts(sheets, shelves.part, layers)
        over = [each for each in self._layers if each.sheet.message == named.sheet.message or each.sheet.part in used]
        return sorted(over, key=lambda each: _LAYERS.index(each.sheet.layer.kind))

    def _base(self, named: Named, shelves: Shelves, layers: Sequence[Sheet] = ()) -> Sheet | None:
        """Give the mapping, without layers or with some: its own rules, over those of the mapping it inverts."""
        if not named.sheet.inverts:
            return self._resolved(named.sheet, shelves, layers)
        other = self._inverted(named)
        if other is None:
            return None
        return self._resolved(other, shelves, [named.sheet, *layers])

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
        message, gives = self._read(sheet.message), self._given(sheet.gives)
        if message is None:
            context = tuple(sorted({*CONTEXT_OF_EVENTS, *CONTEXT_OF_MESSAGES}))
        else:
            context = CONTEXT_OF_MESSAGES if message.xml else CONTEXT_OF_EVENTS
        return Definitions(message, gives, context)

    def _read(self, name: str) -> Field | None:
        """Define what a mapping reads; what a target answers is known only where its adapter has a form of it."""
        if name in EVENT_TYPES:
            return of_model(EVENT_TYPES[name].model)
        asked = self._asked(name)
        return of_model(answer_with_question(asked)) if asked else self._form(name)

    def _given(self, name: str) -> Field | None:
        return of_model(MODELS[name]) if name in MODELS else self._form(name)

    def _form(self, name: str) -> Field | None:
        return of_form(self._subject.forms[name]) if name in self._subject.forms else None

    def _asked(self, name: str) -> str:
        """Give the question type that the message asks to which this is the answer; empty when it is no answer."""
        if not (self._subject.inbound and name.endswith(ANSWER)):
            return ""
        asking = (each.sheet for each in self._mappings if each.sheet.message == name.removesuffix(ANSWER))
        return next((each.gives for each in asking if each.gives in QUESTION_TYPES), "")

    def _head(self, named: Named) -> None:
        """Check the names in the head of a mapping."""
        sheet, expected = named.sheet, named.file.name.rpartition("/")[2].removesuffix(".map.yaml")
        messages = self._messages()
        if sheet.message and messages and sheet.message not in messages:
            self._unknown(named, "message", sheet.message, messages, "this connection gets no message")
        elif sheet.message and sheet.message != expected:
            reason = f"the file is named {expected}.map.yaml, but its message is `{sheet.message}`"
            self._found.append(Finding("unknown-message", self._at(named, "message"), reason, "rename one of the two"))
        if not sheet.gives or not sheet.message:
            return
        answer = sheet.message.endswith(ANSWER)
        if self._subject.inbound and not answer and sheet.gives not in ASKED:
            self._unknown(named, "gives", sheet.gives, ASKED, "there is no event or question")
        elif not self._subject.inbound and answer and sheet.gives != sheet.message:
            self._unknown(named, "gives", sheet.gives, (sheet.message,), "this mapping makes the canonical answer, not")

    def _messages(self) -> tuple[str, ...]:
        """Give what mappings may be named after: beside the messages, the answers to those that ask something."""
        messages = self._subject.messages
        if not (messages and self._subject.inbound):
            return messages
        asking = [each.sheet.message for each in self._mappings if each.sheet.gives in QUESTION_TYPES]
        return (*messages, *(answer_kind(each) for each in asking))

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


def _together(layers: Iterable[Sheet]) -> list[list[Sheet]]:
    """Give the layers that always come together: those for the same messages."""
    found: dict[Layer, list[Sheet]] = {}
    for each in layers:
        found.setdefault(each.layer, []).append(each)
    return list(found.values())


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


def _named_by(examples: Iterable[str], book: Book) -> set[str]:
    """Give the parts and tables that examples name, themselves or by a part that they name."""
    shared = {PurePosixPath(name).stem: name for name in (*book.parts, *book.tables)}
    named: set[str] = set()
    texts = list(examples)
    while texts:
        found = {shared[word] for word in _WORD.findall(texts.pop()) if word in shared} - named
        named |= found
        texts += [book.files[name].text for name in found]
    return named


def _unused(book: Book, examples: Iterable[str]) -> list[Finding]:
    """Tell of parts, tables and rows that nothing uses."""
    used = {file for each in book.used.values() for file in each} | _named_by(examples, book)
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
