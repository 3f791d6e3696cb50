"""Trying mappings without doing anything, and making test cases, for who may change mappings.

It knows which files a person may look at and change in a trial. It refuses to know how a trial is bounded.
"""

from __future__ import annotations

import asyncio
import re
import uuid
from pathlib import Path
from shutil import rmtree

from hub.clock import Clock
from hub.config import policy
from hub.config.settings import Settings
from hub.config.shipped import shipped
from hub.configuration import Configuration
from hub.console.models.content import Trace
from hub.console.models.edits import Suggestion
from hub.console.models.playground import CaseRequest, MappingFiles, PlaygroundRequest, PlaygroundResult, Problem
from hub.console.playground.sandbox import Sandbox
from hub.console.playground.trial import Act, Mistake, Trial, Tried
from hub.console.services.rights import check_may, unknown
from hub.console.services.traces import trace_of_packed
from hub.errors import ActRefused
from hub.flow.bundle import pack, unpack
from hub.ledger.contract import Ledger
from hub.ledger.entries import OperatorAct
from hub.mapping.cases import ANSWERS_FILE, CASES, find_cases
from hub.mapping.trace import Explanation
from hub.security.roles import Actor, Right

_CONNECTION = "connection.yaml"
_MAPPING = ".map.yaml"
_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}"
_SHARED = rf"_parts/{_NAME}\.yaml|_codes/{_NAME}\.csv|_dialects/[a-z0-9-]{{1,60}}/(?:dialect|{_NAME}\.layer)\.yaml"


class Playground:
    """Runs messages through mappings in a process of its own."""

    def __init__(self, configuration: Configuration, ledger: Ledger, clock: Clock) -> None:
        self._configuration = configuration
        self._ledger = ledger
        self._clock = clock
        self._sandbox = Sandbox(configuration.settings.home)

    async def files(self, actor: Actor, connection: str) -> MappingFiles:
        """Give the files that the mappings of a connection are made of, and the messages of its cases."""
        self._check(actor, connection)
        return await asyncio.to_thread(_read, self._settings, connection)

    async def run(self, actor: Actor, request: PlaygroundRequest) -> PlaygroundResult:
        """Run a message through the mappings, with the changed files in the place of those that lie there."""
        tried = await self._tried(actor, request, Act.RUN, "")
        return PlaygroundResult(
            kind=tried.kind,
            gives=tried.gives,
            result=tried.data,
            text=tried.text,
            trace=_trace(tried),
            problems=[_problem(each) for each in tried.mistakes],
        )

    async def case(self, actor: Actor, request: CaseRequest) -> Suggestion:
        """Make a test case: give its files, and write them where the folder lets us."""
        self._check(actor, request.connection)
        folder = self._settings.mappings / request.connection / CASES / request.story
        if await asyncio.to_thread(folder.exists):
            raise ActRefused(
                f"{request.connection} has a case {request.story} already", code="naam", advice="give another name"
            )
        tried = await self._tried(actor, request, Act.CASE, request.story)
        if not tried.case:
            first = next((each.message for each in tried.mistakes if each.is_error), "the message can't be read")
            raise ActRefused(
                f"no case can be made of this: {first}", code="schema", advice="run it in the playground first"
            )
        draft = await asyncio.to_thread(_drafted, folder, tried.case, self._settings)
        if draft is not None:
            on = f"koppeling:{request.connection}"
            act = OperatorAct("", "case", actor.name, request.reason, self._clock.now(), on=on)
            try:
                # The audit first: what nobody could write down is not done.
                await self._ledger.acted([act])
                await asyncio.to_thread(_kept, draft, folder)
            finally:
                await asyncio.to_thread(rmtree, draft, ignore_errors=True)
        below = f"{request.connection}/{CASES}/{request.story}"
        return Suggestion(
            files={f"{below}/{name}": text for name, text in tried.case.items()},
            explanation=_said(tried, written=draft is not None),
        )

    @property
    def _settings(self) -> Settings:
        return self._configuration.settings

    def _check(self, actor: Actor, connection: str) -> None:
        if connection not in self._configuration.connections:
            raise unknown("connection")
        check_may(actor, Right.MAPPING, connection, "connection")

    async def _tried(self, actor: Actor, request: PlaygroundRequest | CaseRequest, act: Act, story: str) -> Tried:
        self._check(actor, request.connection)
        allowed = re.compile(rf"{re.escape(request.connection)}/{_NAME}\.(?:map|layer)\.yaml|{_SHARED}")
        for path in request.files:
            if not allowed.fullmatch(path):
                raise ActRefused(
                    "a changed file is a mapping or layer of this connection, a part, a table, or one of a dialect",
                    code="schema",
                    advice="name it by its path below the folder of mappings",
                )
        files = await asyncio.to_thread(_packed, self._settings.mappings, request.connection)
        changed = {name: files.get(name, "") for name, text in request.files.items() if files.get(name) != text}
        trial = Trial(act, request.connection, request.message, files | request.files, changed, story)
        return await self._sandbox.tried(trial)


def _trace(tried: Tried) -> Trace | None:
    if tried.trace is None:
        return None
    return trace_of_packed(Explanation.read(tried.trace), gives=tried.gives, revision=tried.revision)


def _problem(mistake: Mistake) -> Problem:
    return Problem(
        file=mistake.file,
        line=mistake.line,
        column=mistake.column,
        code=mistake.code,
        message=mistake.message,
        advice=mistake.advice,
        severity="fout" if mistake.is_error else "waarschuwing",
    )


def _packed(root: Path, connection: str) -> dict[str, str]:
    files = unpack(pack(connection, root))
    # Of it a pack has only the dialects; the child makes the adapter of it. And nobody is asked: cases say the answers.
    beside = [root / connection / _CONNECTION, *(root / connection).glob(f"{CASES}/*/{ANSWERS_FILE}")]
    return {**files, **{each.relative_to(root).as_posix(): each.read_text(encoding="utf-8") for each in beside}}


def _read(settings: Settings, connection: str) -> MappingFiles:
    root = settings.mappings
    files = unpack(pack(connection, root))
    files.pop(f"{connection}/{_CONNECTION}", None)
    own = sorted(name for name in files if name.startswith(f"{connection}/") and name.endswith(_MAPPING))
    cases: dict[str, str] = {}
    room = policy.PLAYGROUND_CASES_BYTES_MAX
    for case in find_cases(root, connection):
        size = case.input.stat().st_size
        if size <= room:
            room -= size
            cases[case.input.parent.name] = case.input.read_text(encoding="utf-8", errors="replace")
    kinds = [name.removeprefix(f"{connection}/").removesuffix(_MAPPING) for name in own]
    return MappingFiles(connection=connection, files=files, kinds=kinds, cases=cases)


def _drafted(folder: Path, files: dict[str, str], settings: Settings) -> Path | None:
    """Write a case beside its place, where nobody takes it for one; None where the folder is not ours to write in."""
    if settings.mappings == shipped("mappings"):
        return None
    draft = folder.parent.with_name(f".{folder.name}.{uuid.uuid4().hex}")
    try:
        folder.parent.mkdir(exist_ok=True)
        draft.mkdir()
        for name, text in files.items():
            (draft / name).write_text(text, encoding="utf-8")
    except OSError:
        rmtree(draft, ignore_errors=True)
        return None
    return draft


def _kept(draft: Path, folder: Path) -> None:
    """Put a case in its place, whole."""
    try:
        draft.rename(folder)
    except OSError:
        raise ActRefused("this case was made a moment ago", code="naam", advice="give another name") from None


def _said(tried: Tried, *, written: bool) -> str:
    replaced = ", ".join(f"{count} {kind}" for kind, count in tried.replaced.items()) or "nothing"
    check = f" Read before you keep it, these stayed as they were or have other words: {', '.join(tried.check)}."
    where = "It is written in the folder of mappings." if written else "Put the files in the folder of mappings."
    return f"Replaced: {replaced}.{check if tried.check else ''} {where}"
