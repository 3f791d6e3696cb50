"""The example messages beside a mapping: each story is a message, and what it must become.

    cases/<story>/input.xml       the message as it stands on the bus: documents are claims; or
    cases/<story>/input.json      an event: {type, data}; `time` and `zender` where a rule reads them; of an inbound
                                  connection whose messages are JSON, the message (with what was fetched)
    cases/<story>/expected.json   what the mapping makes of it; or
    cases/<story>/expected.xml    the message it writes, when the mapping writes XML; indented as you like; or
    cases/<story>/fails.txt       why the mapping stops, in one line: `target: reason`
    cases/<story>/unread.txt      the source paths that stay unread, one a line; no file when there are none
    cases/<story>/requests.json   of an outbound connection, if you like: the steps that the adapter plans
    cases/<story>/kind.txt        of an outbound connection whose target answers in XML: the answer that input.xml is,
                                  by the name of its mapping (nl.zaken.zaken-opvragen.v1.antwoord)
    cases/<story>/answers.json    what is answered to what the mapping looks up: a list of {asks, kind, question,
                                  answer}, with `unavailable: true` in the place of an answer: it can't be asked
    cases/<story>/headers.json    HTTP headers by lower-case name, where the adapter needs one to know the message

A case has one input and one of the three results. Sender and zaaktype stand in the message, so a case of a layer is a
message of that sender or zaaktype; an event names its connection in `zender`. A message that must fail has `fails.txt`:
a case that must stop and does not, differs.

It knows files and differences. It refuses to know protocols: the caller gives what reads a message into a document and
what plans the steps.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import orjson
from lxml import etree

from hub.errors import ConfigurationWrong, MappingFailed, TargetRefused
from hub.event.velden import pruned
from hub.event.vragen import QUESTION_TYPES
from hub.mapping.lookups import ANSWERS, Answered, Question, key_of
from hub.mapping.run import Mapping as FieldMapping
from hub.ports.contracts import Document, Outgoing, Step
from hub.wire import xml
from hub.wire.form import Form

NO_HEADERS: Mapping[str, str] = {}


class Read(Protocol):
    """Reads a message, with its HTTP headers, as the adapter of the connection does."""

    def __call__(self, message: bytes, headers: Mapping[str, str] = NO_HEADERS, /) -> Document:
        """Give the document; raises MessageRefused."""
        ...


Plan = Callable[[Outgoing], Sequence[Step]]
"""Plans the steps for an event, as an outbound adapter does; raises TargetRefused."""

_REFERENCE, _AT = "00000000-0000-4000-8000-000000000000", datetime(2026, 1, 1, tzinfo=UTC)
"""The id of an event in a case, and its time where the case gives none."""

CASES, INPUTS, HEADERS = "cases", ("input.xml", "input.json"), "headers.json"
_KIND = "kind.txt"
_EXPECTED, _WRITTEN, _FAILS = "expected.json", "expected.xml", "fails.txt"
_UNREAD, _REQUESTS = "unread.txt", "requests.json"
ANSWERS_FILE = "answers.json"


@dataclass(frozen=True, slots=True)
class Tools:
    """What a connection runs its cases with: compiled mappings, and the adapter's reading or planning.

    A mapping that gives one of `forms` writes a message.
    """

    mappings: Mapping[str, FieldMapping]
    read: Read | None = None
    plan: Plan | None = None
    forms: Mapping[str, Form] = field(default_factory=dict)


class Case(NamedTuple):
    """One story of a connection; `name` is `<connection>/<story>`."""

    name: str
    connection: Path
    input: Path

    @property
    def expected(self) -> Path:
        """Where the expected result stands."""
        return self.file(_EXPECTED)

    @property
    def unread(self) -> Path:
        """Where the paths that stay unread stand."""
        return self.file(_UNREAD)

    def file(self, name: str) -> Path:
        """Give a file of this case."""
        return self.input.with_name(name)


class Given(NamedTuple):
    """The message of a case as its mapping is given it, with the answers to what that looks up."""

    mapping: FieldMapping
    kind: str
    source: etree._Element | dict[str, Any]
    context: dict[str, Any]

    @property
    def questions(self) -> list[Question]:
        """What the mapping looks up for it; nothing of a message at which it stops."""
        try:
            return self.mapping.questions(self.source, context=self.context)
        except MappingFailed:
            return []

    def answered(self, entries: Sequence[Entry]) -> Given:
        """Give it with those of the answers that are to its questions; to the others nothing is found."""
        found = ((each, entry_of(each, entries)) for each in self.questions)
        answers = {each.key: Answered(()) if entry is None else entry.answered(each) for each, entry in found}
        return self._replace(context={**self.context, ANSWERS: answers})


class Entry(NamedTuple):
    """One answer in answers.json; no `answer` where it can't be asked."""

    asks: str
    kind: str
    question: dict[str, Any]
    answer: dict[str, Any] | None

    def answered(self, question: Question) -> Answered | None:
        """Give the answer as far as it was asked for."""
        if self.answer is None:
            return None
        name, _ = QUESTION_TYPES[question.kind].found
        found = tuple(pruned(each, question.velden) for each in self.answer.get(name, ()))
        return Answered(found, f"answered as {ANSWERS_FILE} says")


def entries_of(file: Path) -> list[Entry]:
    """Read answers; none where there is no file. Raises ConfigurationWrong."""
    said = _json(file) if file.is_file() else []
    try:
        return [
            Entry(
                each["asks"],
                each["kind"],
                dict(each["question"]),
                None if each.get("unavailable") else dict(each["answer"]),
            )
            for each in said
        ]
    except (KeyError, TypeError, ValueError, AttributeError):
        raise ConfigurationWrong(
            "an answer has `asks`, `kind`, `question` and `answer`, or `unavailable: true` in its place",
            file=file,
            code="mapping",
        ) from None


def recorded(connection: Path) -> list[Entry]:
    """Give the answers of all cases of a connection: for a message that is tried without any of its own."""
    files = sorted(connection.glob(f"{CASES}/*/{ANSWERS_FILE}"))
    return [each for file in files for each in entries_of(file) if each.answer is not None]


def with_recorded(given: Given, connection: Path) -> Given:
    """Give a message that is no case with answers of cases; without any where one is missing, so that none is asked."""
    if ANSWERS in given.context or not given.mapping.looks_up:
        return given
    entries, questions = recorded(connection), given.questions
    known = all(entry_of(each, entries) is not None for each in questions)
    return given.answered(entries) if known else given


def entry_of(question: Question, entries: Sequence[Entry]) -> Entry | None:
    """Find the answer to a question, whichever fields were asked for when it was written down."""
    for each in entries:
        data = {name: value for name, value in each.question.items() if name != _VELDEN}
        if key_of(each.asks, each.kind, data) == question.key:
            return each
    return None


_VELDEN = "velden"


class Outcome(NamedTuple):
    """What became of a case: data, or the bytes of a message, or why it failed; and the requests, when it has some.

    `failure` is as in `fails.txt`, `refused` why the adapter plans no requests.
    """

    data: dict[str, Any] | None = None
    body: bytes = b""
    failure: str = ""
    unread: tuple[str, ...] = ()
    requests: list[dict[str, Any]] | None = None
    refused: str = ""
    questions: tuple[Question, ...] = ()


class Difference(NamedTuple):
    """One path at which the outcome is not what the case expects; each side is a phrase: `expected 1`, `is 2`."""

    path: str
    expected: str
    actual: str

    def __str__(self) -> str:
        return f"{self.path}: {', '.join(part for part in (self.expected, self.actual) if part)}"


def find_cases(root: Path, connection: str = "*") -> list[Case]:
    """Give every case of every connection, or of one, by name; raises ConfigurationWrong when it has no one input."""
    cases = []
    for story in sorted(path for path in root.glob(f"{connection}/{CASES}/*") if path.is_dir()):
        inputs = [path for path in (story / name for name in INPUTS) if path.is_file()]
        if len(inputs) != 1:
            raise ConfigurationWrong("a case has one input.xml or one input.json", file=story, code="mapping")
        cases.append(Case(f"{story.parent.parent.name}/{story.name}", story.parent.parent, inputs[0]))
    return cases


def read_case(case: Case, tools: Tools) -> Given:
    """Read the input of a case, with the context that the workers give; raises ConfigurationWrong, MessageRefused."""
    given = _read_case(case, tools)
    answers = case.file(ANSWERS_FILE)
    return given.answered(entries_of(answers)) if given.mapping.looks_up and answers.is_file() else given


def _read_case(case: Case, tools: Tools) -> Given:
    content = case.input.read_bytes()
    if case.input.suffix == ".json":
        event = _json(case.input)
        kind, data = event.get("type"), event.get("data")
        if tools.read is not None and kind not in tools.mappings:
            return _message(case, tools, content)
        if not isinstance(kind, str) or not isinstance(data, dict):
            raise ConfigurationWrong("an event has a `type` and `data`", file=case.input, code="mapping")
        said = {name: event[name] for name in ("type", "time", "zender") if name in event}
        return Given(_mapping(case, tools.mappings, kind), kind, data, said)
    if tools.read is not None:
        return _message(case, tools, content)
    if not case.file(_KIND).is_file():
        raise ConfigurationWrong(
            "this connection reads events and answers, not messages",
            file=case.input,
            code="mapping",
            advice="give an event as input.json; of an answer in XML say which one in kind.txt",
        )
    kind = case.file(_KIND).read_text(encoding="utf-8").strip()
    return Given(_mapping(case, tools.mappings, kind), kind, xml.parse(content), {"type": kind})


def _message(case: Case, tools: Tools, content: bytes) -> Given:
    assert tools.read is not None, "only what an inbound connection is sent is a message"
    headers = _json(case.file(HEADERS)) if case.file(HEADERS).is_file() else {}
    document = tools.read(content, headers)
    context = {"kind": document.kind, "zender": document.sender}
    return Given(_mapping(case, tools.mappings, document.kind), document.kind, document.body, context)


def run_case(case: Case, tools: Tools) -> Outcome:
    """Map the input of a case, and plan the requests when the case has them."""
    given = read_case(case, tools)
    if given.mapping.looks_up and ANSWERS not in given.context:
        given = given.answered(())
    outcome = outcome_of(given, tools)._replace(questions=tuple(given.questions))
    if outcome.failure or not case.file(_REQUESTS).is_file():
        return outcome
    if tools.plan is None:
        raise ConfigurationWrong(
            "only an outbound connection makes requests", file=case.file(_REQUESTS), code="mapping"
        )
    try:
        # Through JSON: what a file can say is what is compared.
        planned = [step._asdict() for step in tools.plan(_outgoing(given, outcome))]
        return outcome._replace(requests=orjson.loads(orjson.dumps(planned)))
    except TargetRefused as refused:
        return outcome._replace(refused=refused.reason)


def _outgoing(given: Given, outcome: Outcome) -> Outgoing:
    event: Any = given.source if isinstance(given.source, dict) else {}
    return Outgoing(
        given.kind,
        given.mapping.gives,
        outcome.body if outcome.data is None else outcome.data,
        _REFERENCE,
        datetime.fromisoformat(given.context["time"]) if "time" in given.context else _AT,
        ((event.get("zaak") or {}).get("identificatie")) or "",
    )


def outcome_of(given: Given, tools: Tools) -> Outcome:
    """Map a message, whether or not it is that of a case."""
    try:
        if given.mapping.gives in tools.forms:
            written = given.mapping.write(given.source, context=given.context)
            return Outcome(body=written.body, unread=written.unread)
        mapped = given.mapping.run(given.source, context=given.context)
    except MappingFailed as failure:
        return Outcome(failure=failure.sentence)
    return Outcome(mapped.data, unread=mapped.unread)


def differences(case: Case, outcome: Outcome) -> list[Difference]:
    """Tell where the outcome is not what the case expects: one per path."""
    found = [*_results(case, outcome), *_unread(case, outcome), *_asked(case, outcome)]
    if outcome.refused:
        found.append(Difference("requests", "expected some", f"refused: {outcome.refused}"))
    if outcome.requests is not None:
        found += _differences("requests", _json(case.file(_REQUESTS)), outcome.requests)
    return found


def refresh(case: Case, outcome: Outcome) -> None:
    """Make what came out what is expected; the difference is for a person to read before it is kept."""
    texts = {
        _EXPECTED: _pretty(outcome.data) if outcome.data is not None else "",
        _WRITTEN: _indented(outcome.body) if outcome.body else "",
        _FAILS: f"{outcome.failure}\n" if outcome.failure else "",
        _UNREAD: "".join(f"{path}\n" for path in outcome.unread),
    }
    if outcome.requests is not None:
        texts[_REQUESTS] = _pretty(outcome.requests)
    kept = entries_of(case.file(ANSWERS_FILE))
    texts[ANSWERS_FILE] = _pretty([_entry(each, kept) for each in outcome.questions]) if outcome.questions else ""
    for name, text in texts.items():
        if text:
            case.file(name).write_text(text, encoding="utf-8")
        else:
            case.file(name).unlink(missing_ok=True)


def _results(case: Case, outcome: Outcome) -> Iterator[Difference]:
    kept = [name for name in (_EXPECTED, _WRITTEN, _FAILS) if case.file(name).is_file()]
    if len(kept) > 1:
        raise ConfigurationWrong(f"a case has {kept[0]} or {kept[1]}", file=case.input.parent, code="mapping")
    if not kept:
        comes = f"fails: {outcome.failure}" if outcome.failure else "--refresh writes what comes out"
        yield Difference("the whole", "nothing is expected yet", comes)
        return
    fails = case.file(_FAILS).read_text(encoding="utf-8").strip() if kept == [_FAILS] else ""
    if fails or outcome.failure:
        if fails != outcome.failure:
            failure = f"fails: {outcome.failure}" if outcome.failure else "is mapped"
            yield Difference("the whole", f"expected to fail: {fails}" if fails else "expected to be mapped", failure)
    elif kept == [_WRITTEN]:
        expected = _read_xml(case.file(_WRITTEN))
        if outcome.body:
            yield from _xml_differences("", [expected], [etree.fromstring(outcome.body)])
        else:
            yield Difference("the whole", "expected a message", "the mapping gives JSON")
    elif outcome.data is None:
        yield Difference("the whole", "expected JSON", "the mapping writes a message")
    else:
        yield from _differences("", _json(case.expected), orjson.loads(orjson.dumps(outcome.data)))


def _unread(case: Case, outcome: Outcome) -> Iterator[Difference]:
    kept = case.unread.read_text(encoding="utf-8").split() if case.unread.is_file() else []
    for path in outcome.unread:
        if path not in kept:
            yield Difference(f"unread {path}", "expected to be read or ignored", "is not")
    for path in kept:
        if path not in outcome.unread:
            yield Difference(f"unread {path}", "expected to stay unread", "is read or absent now")


def _asked(case: Case, outcome: Outcome) -> Iterator[Difference]:
    """Tell of questions that are not those of the case: also of the fields that are asked for."""
    file = case.file(ANSWERS_FILE)
    if not outcome.questions and not file.is_file():
        return
    kept = entries_of(file)
    asked = [entry_of(each, kept) for each in outcome.questions]
    for question, entry in zip(outcome.questions, asked, strict=True):
        if entry is None:
            comes = f"asks {question.asks} {_shown(_question(question))}; --refresh adds it, without an answer"
            yield Difference(ANSWERS_FILE, "says nothing of it", comes)
        else:
            yield from _differences(f"{ANSWERS_FILE} {question.asks}", entry.question, _question(question))
    for each in (each for each in kept if each not in asked):
        yield Difference(ANSWERS_FILE, f"expected a question to {each.asks} {_shown(each.question)}", "is not asked")


def _question(question: Question) -> dict[str, Any]:
    has_velden = QUESTION_TYPES[question.kind].has_velden
    said = {**question.data, _VELDEN: list(question.velden)} if has_velden else question.data
    whole: dict[str, Any] = orjson.loads(orjson.dumps(said))
    return whole


def _entry(question: Question, kept: Sequence[Entry]) -> dict[str, Any]:
    entry = entry_of(question, kept)
    said: dict[str, Any] = {"asks": question.asks, "kind": question.kind, "question": _question(question)}
    if entry is not None and entry.answer is None:
        return {**said, "unavailable": True}
    name, _ = QUESTION_TYPES[question.kind].found
    return {**said, "answer": {name: []} if entry is None else entry.answer}


def _mapping(case: Case, mappings: Mapping[str, FieldMapping], kind: str) -> FieldMapping:
    if kind not in mappings:
        raise ConfigurationWrong(f"no mapping reads {kind}", file=case.input, code="mapping")
    return mappings[kind]


def _json(path: Path) -> Any:  # noqa: ANN401 - plain JSON data
    try:
        return orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as wrong:
        raise ConfigurationWrong(
            f"is not JSON: {wrong.msg}", file=path, line=wrong.lineno, column=wrong.colno, code="mapping"
        ) from None


def _read_xml(path: Path) -> etree._Element:
    try:
        return etree.fromstring(path.read_bytes())
    except etree.XMLSyntaxError as wrong:
        raise ConfigurationWrong(
            f"is not XML: {wrong.msg}", file=path, line=wrong.lineno or 0, column=wrong.offset or 0, code="mapping"
        ) from None


def _pretty(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n"


def _indented(body: bytes) -> str:
    root = etree.fromstring(body)
    etree.indent(root)
    return etree.tostring(root, encoding="unicode") + "\n"


def _differences(path: str, expected: Any, actual: Any) -> Iterator[Difference]:  # noqa: ANN401 - plain JSON data
    if isinstance(expected, dict) and isinstance(actual, dict):
        for name in dict.fromkeys((*expected, *actual)):
            where = f"{path}.{name}" if path else name
            if name not in actual:
                yield Difference(where, f"expected {_shown(expected[name])}", "is absent")
            elif name not in expected:
                yield Difference(where, "not expected", f"is {_shown(actual[name])}")
            else:
                yield from _differences(where, expected[name], actual[name])
    elif isinstance(expected, list) and isinstance(actual, list):
        for at, (one, other) in enumerate(zip(expected, actual, strict=False)):
            yield from _differences(f"{path}[{at}]", one, other)
        if len(expected) != len(actual):
            yield Difference(path, f"expected {_items(expected)}", f"has {len(actual)}")
    elif expected != actual or type(expected) is not type(actual):
        yield Difference(path or "the whole", f"expected {_shown(expected)}", f"is {_shown(actual)}")


def _xml_differences(path: str, expected: list[etree._Element], actual: list[etree._Element]) -> Iterator[Difference]:
    """Compare elements in order; of their names, attributes, texts and children. Prefixes say nothing."""
    for at in range(max(len(expected), len(actual))):
        one = expected[at] if at < len(expected) else None
        other = actual[at] if at < len(actual) else None
        here = other if one is None else one
        assert here is not None
        where = f"{path}/{_step(here)}".lstrip("/")
        if one is None or other is None:
            shown = [("not expected", "is there"), ("expected", "is absent")][other is None]
            yield Difference(where, *shown)
        elif one.tag != other.tag:
            # What follows stands in another place, which is one difference and not many.
            yield Difference(where, f"expected {one.tag}", f"is {other.tag}")
            return
        else:
            for name in dict.fromkeys((*map(str, one.attrib), *map(str, other.attrib))):
                if one.get(name) != other.get(name):
                    yield Difference(f"{where}/@{etree.QName(name).localname}", *_texts(one.get(name), other.get(name)))
            texts = ((one.text or "").strip(), (other.text or "").strip())
            if texts[0] != texts[1]:
                yield Difference(where, *_texts(*texts))
            yield from _xml_differences(where, list(one.iterchildren("*")), list(other.iterchildren("*")))


def _step(element: etree._Element) -> str:
    place = sum(1 for _ in element.itersiblings(str(element.tag), preceding=True))
    return xml.local_name(element) + (f"[{place + 1}]" if place else "")


def _texts(expected: str | None, actual: str | None) -> tuple[str, str]:
    said = "not expected" if expected is None else f"expected {_shown(expected)}"
    return said, "is absent" if actual is None else f"is {_shown(actual)}"


def _items(values: list[Any]) -> str:
    return "1 item" if len(values) == 1 else f"{len(values)} items"


def _shown(value: Any) -> str:  # noqa: ANN401 - plain JSON data
    return json.dumps(value, ensure_ascii=False)
