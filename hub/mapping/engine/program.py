"""The generated code of one plan: made when it is first needed, once for XML and once for JSON, plain and traced.

It knows how a run goes: the plain code first; when that stops, or can't account for what is unread, the traced code
says exactly what there is to say. It refuses to know files, layers and bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import Any, NamedTuple, NoReturn

from hub.config.policy import UNREAD_PATHS_MAX
from hub.errors import MappingFailed
from hub.mapping.demand import Reading, readings
from hub.mapping.engine import maker, reader
from hub.mapping.engine.code import Code
from hub.mapping.engine.filling import Asking, Context, Run
from hub.mapping.engine.ignore import Ignored
from hub.mapping.engine.maker import Maker
from hub.mapping.engine.plan import Plan
from hub.mapping.engine.reader import Reader
from hub.mapping.engine.tracer import Tracer
from hub.mapping.engine.values import Value
from hub.mapping.engine.writer import Write, writer
from hub.mapping.engine.written import Unwritable
from hub.mapping.functions.contract import Marked
from hub.mapping.lookups import Question, lookups_in, merged
from hub.mapping.rules import Group, Rule
from hub.mapping.trace import NOTHING, Explained, Explanation
from hub.wire.form import Form

BROKEN = "the hub could not apply this mapping: a defect of the hub"


class Outcome(NamedTuple):
    """What came out, and the paths of the values that nobody read."""

    data: dict[str, Any]
    unread: tuple[str, ...]


class _Functions:
    """The functions of a run: one reads a message into a row, one makes the result of the row."""

    __slots__ = ("_names", "_size")

    def __init__(self, code: Code, size: int) -> None:
        """Take them by their names, under which they are replaced once they are made."""
        self._names = code.names
        self._size = size

    def __call__(self, source: Value, run: Run) -> dict[str, Any]:
        """Read and make."""
        row: list[Any] = [None] * self._size
        run.row = row
        if run.traced:
            row[1] = {0: source}
        if source.__class__ is dict:
            self._names["read_0"](source, run, 0, 1, row)
        else:
            self._names["read_0"](source, run, row)
        made: dict[str, Any] = self._names["make_0"](row, run)
        return made


class Program:
    """One mapping, or one variant of it, as code. `form`: that of the message it writes, None when it gives data."""

    def __init__(
        self,
        planned: Callable[[], Plan],
        file: str,
        form: Form | None = None,
        rules: Sequence[Rule] = (),
        asking: Callable[[], Plan] | None = None,
    ) -> None:
        """Begin without code; `planned` gives the plan when it is needed, `file` is the mapping file.

        `asking` gives the plan of those rules only that look something up; None when none does.
        """
        self._planned = planned
        self._asking = asking
        self._questions: dict[bool, _Functions] = {}
        self._rules = rules
        self._file = file
        self._form = form
        self._write: Write | None = None
        self._xml: _Functions | None = None
        self._json: _Functions | None = None
        self._traced: dict[bool, _Functions] = {}

    @property
    def writes(self) -> bool:
        """Whether it gives the bytes of a message."""
        return self._form is not None

    def run(self, source: Value, context: Context) -> Outcome:
        """Map one message; raises MappingFailed at the first rule that can't be applied."""
        if source.__class__ is dict:
            functions = self._json or self._prepare(json=True)
        else:
            functions = self._xml or self._prepare(json=False)
        run = Run(context)
        try:
            data = functions(source, run)
        except Exception:  # noqa: BLE001 - whatever stopped it, the traced run tells
            self._fail(source, context)
        if run.exact:
            traced = Tracer(context)
            self._exactly(source, traced)
            run.unread = traced.unread
        return Outcome(data, _listed(run.unread) if run.unread else ())

    def write(self, source: Value, context: Context) -> tuple[bytes, tuple[str, ...]]:
        """Map one message to the bytes of another, and tell what is unread; raises MappingFailed."""
        made = self.run(source, context)
        try:
            return self._bytes(made.data), made.unread
        except Unwritable as problem:
            run = Tracer(context)
            self._exactly(source, run)
            raise self._culprit(run.fields, problem) from None
        except Exception:  # noqa: BLE001 - no error of ours may hold what a defect says: it may be a value
            raise MappingFailed(BROKEN, rule=self._file) from None

    def questions(self, source: Value, context: Context) -> list[Question]:
        """Tell what is to be looked up for one message; raises MappingFailed."""
        if self._asking is None:
            return []
        json = source.__class__ is dict
        if json not in self._questions:
            self._questions[json] = _generated(self._asking(), json=json, traced=False)
        run = Asking(context)
        try:
            self._questions[json](source, run)
        except Exception:  # noqa: BLE001 - whatever stopped it, the traced run tells
            self._fail(source, context)
        return merged(run.questions)

    def explain(self, source: Value, context: Context) -> Explanation:
        """Tell why every field is what it is; a rule that fails is the last."""
        run = Tracer(context)
        try:
            data = self._exactly(source, run)
            if self._form is not None:
                self._bytes(data)
        except Unwritable as problem:
            return stopped(tuple(run.fields), self._culprit(run.fields, problem))
        except MappingFailed as failure:
            return stopped(tuple(run.fields), failure)
        return Explanation(tuple(run.fields), _listed(run.unread))

    @cached_property
    def lookups(self) -> tuple[Group, ...]:
        """The rules that look something up."""
        return tuple(lookups_in(self._rules))

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        """What the rules read for each target."""
        return readings(self._rules)

    @property
    def ignored(self) -> Ignored:
        """What is ignored of a message: the state at its root."""
        return self._planned().shape.root.ignored

    def _bytes(self, data: dict[str, Any]) -> bytes:
        if self._form is None:
            raise MappingFailed("this mapping gives no message of a definition", rule=self._file)
        if self._write is None:
            self._write = writer(self._planned().body.outline, self._form)
        return self._write(data)

    def _culprit(self, fields: list[Explained], problem: Unwritable) -> MappingFailed:
        """Give the failure of the rule that gave a value which the message can't hold."""
        for each in fields:
            name = each.target.rpartition(".")[2].partition("[")[0].removeprefix("@")
            said = each.value.text if each.value.__class__ is Marked else each.value
            if said == problem.value and problem.name.rpartition(":")[2] in ("", name):
                return MappingFailed(
                    problem.reason, rule=each.rule, target=each.target, path=each.source, line=each.line
                )
        return MappingFailed(problem.reason, rule=self._file)

    def _fail(self, source: Value, context: Context) -> NoReturn:
        self._exactly(source, Tracer(context))
        raise MappingFailed(BROKEN, rule=self._file) from None

    def _exactly(self, source: Value, run: Tracer) -> dict[str, Any]:
        json = source.__class__ is dict
        if json not in self._traced:
            self._traced[json] = _generated(self._planned(), json=json, traced=True)
        try:
            data = self._traced[json](source, run)
        except MappingFailed as failure:
            raise failure from None
        except RecursionError:
            raise MappingFailed("the message nests too deep", rule=self._file) from None
        except Exception:  # noqa: BLE001 - no error of ours may hold what a defect says: it may be a value
            raise MappingFailed(BROKEN, rule=self._file) from None
        run.count()
        return data

    def _prepare(self, *, json: bool) -> _Functions:
        made = _generated(self._planned(), json=json, traced=False)
        if json:
            self._json = made
        else:
            self._xml = made
        return made


def _generated(plan: Plan, *, json: bool, traced: bool) -> _Functions:
    code = Code({**reader.NAMES, **maker.NAMES})
    Reader(code, plan.shape, json=json, traced=traced)
    # What is found elsewhere is JSON, whatever the message is.
    Maker(code, plan, traced=traced, within=partial(_generated, json=True, traced=traced))
    return _Functions(code, plan.shape.frames[0].size)


def stopped(fields: tuple[Explained, ...], failure: MappingFailed) -> Explanation:
    """Give an explanation that ends with the rule that failed."""
    if not fields or fields[-1].reason != failure.reason:
        place = (failure.target, failure.rule, "", failure.path, failure.line)
        fields = (*fields, Explained(*place, None, (), NOTHING, failure.reason))
    return Explanation(fields, (), failure.reason)


def _listed(unread: set[str]) -> tuple[str, ...]:
    if len(unread) > UNREAD_PATHS_MAX:
        return (*sorted(unread)[:UNREAD_PATHS_MAX], "…")
    return tuple(sorted(unread))
