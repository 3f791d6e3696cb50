"""The example messages beside a mapping: each story is a message, and what it must become.

    cases/<story>/input.xml       the message as it stands on the bus: documents are claims; or
    cases/<story>/input.json      an event: {type, data}
    cases/<story>/expected.json   what the mapping makes of it
    cases/<story>/unread.txt      the source paths that stay unread, one a line; no file when there are none

It knows files and differences. It refuses to know protocols: the caller gives what reads a message into a document.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from hub.errors import ConfigurationWrong
from hub.mapping.run import Mapped
from hub.mapping.run import Mapping as FieldMapping
from hub.ports.contracts import Document

Read = Callable[[bytes], Document]
"""Reads a message as the adapter of the connection does."""

_CASES, _EXPECTED, _UNREAD = "cases", "expected.json", "unread.txt"


class Case(NamedTuple):
    """One story of a connection; `name` is `<connection>/<story>`."""

    name: str
    connection: Path
    input: Path

    @property
    def expected(self) -> Path:
        """Where the expected result stands."""
        return self.input.with_name(_EXPECTED)

    @property
    def unread(self) -> Path:
        """Where the paths that stay unread stand."""
        return self.input.with_name(_UNREAD)


def find_cases(root: Path) -> list[Case]:
    """Give every case of every connection, by name; raises ConfigurationWrong when a story has no input or two."""
    cases = []
    for story in sorted(path for path in root.glob(f"*/{_CASES}/*") if path.is_dir()):
        inputs = [path for path in (story / "input.xml", story / "input.json") if path.is_file()]
        if len(inputs) != 1:
            raise ConfigurationWrong("a case has one input.xml or one input.json", file=story, code="mapping")
        connection = story.parent.parent
        cases.append(Case(f"{connection.name}/{story.name}", connection, inputs[0]))
    return cases


def run_case(case: Case, mappings: Mapping[str, FieldMapping], read: Read) -> Mapped:
    """Map the input of a case, with the context that the workers give."""
    content = case.input.read_bytes()
    if case.input.suffix == ".json":
        event = orjson.loads(content)
        return _mapping(case, mappings, event["type"]).run(event["data"], context={"type": event["type"]})
    document = read(content)
    context = {"kind": document.kind, "zender": document.sender}
    return _mapping(case, mappings, document.kind).run(document.body, context=context)


def differences(case: Case, mapped: Mapped) -> list[str]:
    """Tell where the result is not what the case expects: one line per path."""
    expected = orjson.loads(case.expected.read_bytes()) if case.expected.is_file() else None
    unread = case.unread.read_text().split() if case.unread.is_file() else []
    lines = list(_differences("", expected, orjson.loads(orjson.dumps(mapped.data))))
    lines += [f"unread: {path} is not read" for path in mapped.unread if path not in unread]
    lines += [f"unread: {path} is read now" for path in unread if path not in mapped.unread]
    return lines


def refresh(case: Case, mapped: Mapped) -> None:
    """Make what came out what is expected; the difference is for a person to read before it is kept."""
    case.expected.write_text(json.dumps(mapped.data, indent=2, ensure_ascii=False) + "\n")
    if mapped.unread:
        case.unread.write_text("".join(f"{path}\n" for path in mapped.unread))
    else:
        case.unread.unlink(missing_ok=True)


def _mapping(case: Case, mappings: Mapping[str, FieldMapping], kind: str) -> FieldMapping:
    if kind not in mappings:
        raise ConfigurationWrong(f"no mapping reads {kind}", file=case.input, code="mapping")
    return mappings[kind]


def _differences(path: str, expected: Any, actual: Any) -> Iterator[str]:  # noqa: ANN401 - plain JSON data
    if isinstance(expected, dict) and isinstance(actual, dict):
        for name in dict.fromkeys((*expected, *actual)):
            where = f"{path}.{name}" if path else name
            if name not in actual:
                yield f"{where}: expected {_shown(expected[name])}, is absent"
            elif name not in expected:
                yield f"{where}: not expected, is {_shown(actual[name])}"
            else:
                yield from _differences(where, expected[name], actual[name])
    elif isinstance(expected, list) and isinstance(actual, list):
        for at, (one, other) in enumerate(zip(expected, actual, strict=False)):
            yield from _differences(f"{path}[{at}]", one, other)
        if len(expected) != len(actual):
            yield f"{path}: expected {len(expected)} items, has {len(actual)}"
    elif expected != actual or type(expected) is not type(actual):
        yield f"{path or 'the whole'}: expected {_shown(expected)}, is {_shown(actual)}"


def _shown(value: Any) -> str:  # noqa: ANN401 - plain JSON data
    return json.dumps(value, ensure_ascii=False)
