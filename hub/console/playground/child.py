"""A process that tries one message with one set of mappings, in a folder of its own, and ends.

It gets a `Trial` on its standard input and gives a `Tried` on its standard output. Before it looks at either it gives
up what a trial does not need: time, memory, other programs and the network. `hub.console.playground.sandbox` starts it.
"""

from __future__ import annotations

import json
import resource
import secrets
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from hub.config import policy
from hub.config.connection import Direction
from hub.config.load import load_connection
from hub.console.playground.trial import Act, Mistake, Trial, Tried
from hub.desk.lint import Shelf
from hub.desk.tools import StandIn, tools_of
from hub.errors import ConfigurationWrong, MessageRefused
from hub.flow.explain import explained, pack
from hub.flow.source import Source
from hub.mapping.cases import (
    CASES,
    INPUTS,
    Case,
    Given,
    Outcome,
    Tools,
    outcome_of,
    read_case,
    refresh,
    run_case,
    with_recorded,
)
from hub.mapping.fictitious.rewrite import Report, fictitious_event, fictitious_message
from hub.mapping.lint.findings import Finding, Severity

ROOT = "mappings"
"""Name of the folder of connections in the folder that this process works in."""

_SALT_BYTES = 32
_MAPPING, _LAYER = ".map.yaml", ".layer.yaml"
_FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.kill")


def main() -> None:
    """Do it."""
    trial = Trial.unpacked(sys.stdin.buffer.read())
    _bound()
    root = Path.cwd() / ROOT
    _lay_out(trial.files, root)
    sys.stdout.buffer.write(tried(trial, root).packed())


def tried(trial: Trial, root: Path) -> Tried:
    """Try a message with the files below `root`."""
    case = _written(trial, root)
    try:
        kind = _kind_of(case, trial)
    except MessageRefused as refused:
        return Tried(mistakes=[*_mistakes(trial, root, ""), _of_message(refused)])
    except ConfigurationWrong as wrong:
        return Tried(mistakes=_of_files(wrong))
    mistakes = _mistakes(trial, root, kind)
    try:
        tools = tools_of(case.connection, root=root)
        given = read_case(case, tools)
        if trial.act is Act.CASE:
            return _as_case(trial, case, tools)._replace(mistakes=mistakes)
        given = with_recorded(given, case.connection)
        return _explained(given, outcome_of(given, tools))._replace(mistakes=mistakes)
    except MessageRefused as refused:
        return Tried(kind=kind, mistakes=[*mistakes, _of_message(refused)])
    except ConfigurationWrong as wrong:
        known = {(each.file, each.line) for each in mistakes}
        more = [each for each in _of_files(wrong) if (each.file, each.line) not in known]
        return Tried(kind=kind, mistakes=[*mistakes, *more])


def _bound() -> None:
    """Give up what a trial does not need; there is no way back."""
    resource.setrlimit(resource.RLIMIT_AS, (policy.TRIAL_MEMORY_BYTES_MAX, policy.TRIAL_MEMORY_BYTES_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (policy.TRIAL_CPU_S_MAX, policy.TRIAL_CPU_S_MAX))
    resource.setrlimit(resource.RLIMIT_FSIZE, (policy.TRIAL_ANSWER_BYTES_MAX, policy.TRIAL_ANSWER_BYTES_MAX))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def refuse(event: str, _: tuple[Any, ...]) -> None:
        if event.startswith(_FORBIDDEN):
            raise PermissionError(f"a trial may not do {event}")

    sys.addaudithook(refuse)


def _lay_out(files: Mapping[str, str], root: Path) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def _written(trial: Trial, root: Path) -> Case:
    """Lay the message out as the input of a case."""
    xml_file, json_file = INPUTS
    connection = root / trial.connection
    name = xml_file if trial.message.lstrip("\ufeff \t\r\n").startswith("<") else json_file
    story = trial.story or "probeersel"
    folder = connection / CASES / story
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(trial.message.encode())
    return Case(f"{trial.connection}/{story}", connection, folder / name)


def _kind_of(case: Case, trial: Trial) -> str:
    """Give the kind of message, and leave out the mappings that this one has nothing to do with: they take seconds."""
    connection = load_connection(case.connection, StandIn())
    kind = ""
    if case.input.suffix == ".json":
        said = _json(case.input)
        kind = said["type"] if isinstance(said, dict) and isinstance(said.get("type"), str) else ""
    if not kind and connection.direction is Direction.INBOUND:
        tools = _reading(case.connection)
        kind = tools.read(case.input.read_bytes()).kind if tools.read is not None else ""
    _leave_out(case.connection, {kind, *(_message_of(name) for name in trial.changed)})
    return kind


def _leave_out(connection: Path, wanted: set[str]) -> None:
    """Take away the mappings of other messages, with the layers over them."""
    others = {path.name.removesuffix(_MAPPING) for path in connection.glob(f"*{_MAPPING}")} - wanted
    for path in [*connection.glob(f"*{_MAPPING}"), *connection.glob(f"*{_LAYER}")]:
        if any(path.name.startswith(f"{other}.") and _message_of(path.name) == other for other in others):
            path.unlink()


def _message_of(name: str) -> str:
    """Give the message of which a file is the mapping, or the layer over it."""
    base = name.rpartition("/")[2]
    return base.removesuffix(_MAPPING) if base.endswith(_MAPPING) else base.removesuffix(_LAYER).rpartition(".")[0]


def _reading(connection: Path) -> Tools:
    """Give what reads a message, without any mapping."""
    empty = connection.parent.parent / "leeg" / connection.name
    empty.mkdir(parents=True, exist_ok=True)
    (empty / "connection.yaml").write_bytes((connection / "connection.yaml").read_bytes())
    return tools_of(empty, root=empty.parent, dialects=())


def _mistakes(trial: Trial, root: Path, kind: str) -> list[Mistake]:
    """Give what lint has against the files that are there still."""
    if not kind and not trial.changed:
        return []
    found = _found(root, trial.connection)
    # What is said of a part is said of all its uses, of which most were left out: of that only what is new counts.
    shared = {name: text for name, text in trial.changed.items() if name.startswith("_")}
    before = _before(trial, root, shared) if shared else set()
    shown = [each for each in found if not each.file.startswith("_") or each.file in shared]
    return [each for each in shown if (each.file, each.code, each.message) not in before][: policy.TRIAL_MISTAKES_MAX]


def _before(trial: Trial, root: Path, shared: Mapping[str, str]) -> set[tuple[str, str, str]]:
    """Give what there was against the files that are shared before they were changed."""
    earlier = root.parent / "eerder" / root.name
    shutil.copytree(root, earlier)
    _lay_out(shared, earlier)
    found = _found(earlier, trial.connection)
    return {(each.file, each.code, each.message) for each in found if each.file in shared}


def _found(root: Path, connection: str) -> list[Mistake]:
    return [_mistake(each) for each in Shelf(root).findings([connection]) if _is_shown(each)]


def _is_shown(finding: Finding) -> bool:
    # Who answers what is looked up lies elsewhere; that a mapping may not ask, its compiler tells.
    if finding.rule_id == "lookup":
        return False
    return finding.severity is not Severity.NOTE and not finding.rule_id.startswith("unused")


def _mistake(finding: Finding) -> Mistake:
    place = finding.place
    is_error = finding.severity is Severity.ERROR
    return Mistake(
        _below(place.file), place.line, place.column, finding.rule_id, finding.message, finding.advice, is_error
    )


def _of_files(wrong: ConfigurationWrong) -> list[Mistake]:
    return [
        Mistake(_below(each.file), each.line, each.column, each.code, each.reason, each.advice, is_error=True)
        for each in wrong.problems
    ]


def _of_message(refused: MessageRefused) -> Mistake:
    reason = f"{refused.path}: {refused.reason}" if refused.path else refused.reason
    return Mistake("", refused.line, 0, refused.code, reason, refused.advice, is_error=True)


def _below(file: str) -> str:
    """Name a file from the folder of connections; the message by nothing."""
    name = file.removeprefix(f"{Path.cwd() / ROOT}/").removeprefix(f"{ROOT}/")
    return "" if f"/{CASES}/" in f"/{name}" else name


def _explained(given: Given, outcome: Outcome) -> Tried:
    explanation = explained(given.mapping, Source(given.source, given.context))
    return Tried(
        kind=given.kind,
        gives=given.mapping.gives,
        revision=given.mapping.revision,
        data=outcome.data,
        text=outcome.body.decode(errors="replace") if outcome.body else None,
        trace=orjson.loads(pack(explanation, bytes_max=policy.TRIAL_TRACE_BYTES_MAX)),
    )


def _as_case(trial: Trial, case: Case, tools: Tools) -> Tried:
    """Put fictitious persons in the message, and keep what the mapping makes of that."""
    salt = secrets.token_bytes(_SALT_BYTES)
    if case.input.suffix == ".json":
        made, report = fictitious_event(_json(case.input), salt=salt)
        content = f"{json.dumps(made, indent=2, ensure_ascii=False)}\n".encode()
    else:
        content, report = fictitious_message(trial.message.encode(), salt=salt)
    case.input.write_bytes(content)
    outcome = run_case(case, tools)
    refresh(case, outcome)
    given = read_case(case, tools)
    files = {path.name: path.read_text(encoding="utf-8") for path in sorted(case.input.parent.iterdir())}
    return _counted(Tried(kind=given.kind, gives=given.mapping.gives, case=files), report)


def _counted(made: Tried, report: Report) -> Tried:
    replaced = {kind.value: count for kind, count in report.counts.items()}
    return made._replace(replaced=replaced, check=[*report.check, *report.neutral])


def _json(path: Path) -> Any:  # noqa: ANN401 - plain JSON data
    try:
        return orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as wrong:
        raise MessageRefused(
            f"is neither XML nor JSON: {wrong.msg}", code="geen-json", line=wrong.lineno, advice="paste a whole message"
        ) from None


if __name__ == "__main__":
    main()
