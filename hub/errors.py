"""The whole error tree. Every error answers two questions: whose fault, and what happens next.

    HubError
    ├── ConfigurationWrong   koppelbeheerder   the start stops; file, line, likely correction
    │   └── ConfigurationProblems                  several of them, told at once
    ├── MessageRefused       sender            fault reply, nothing reaches the bus
    ├── MappingFailed        mapping           the zaak is parked; mend the mapping or the message, then replay
    ├── TargetFailed
    │   ├── TargetUnavailable    target        try again later (down, slow, 429, 5xx)
    │   ├── TargetUncertain      target        sent, no answer: ask the target by natural key before sending again
    │   ├── TargetRefused        sender        the target says the content is wrong; a person decides
    │   │   └── TargetNotFound       sender        it does not know whom or what the message is about
    │   └── TargetMisconfigured  koppelbeheerder   401, 403, unknown zaaktype: a person mends, then replays
    ├── ActRefused           operator          it would break a promise: nothing changed, the advice says what to do
    ├── NotIdentified        operator          nobody is logged in: log in, then do it again
    ├── NotAllowed           operator          the person has not this right: somebody else does it, or gives the right
    └── HubUnavailable       hub               bus, ledger or payload store is down: not accepted, try again

What it refuses to know: personal data. No message of an error ever holds a value from a message.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path


class Fault(StrEnum):
    """Whose turn it is."""

    SENDER = "afzender"
    MAPPING = "mapping"
    TARGET = "doelsysteem"
    CONFIGURATION = "koppelbeheer"
    OPERATOR = "beheerder"
    HUB = "zaakhub"


class HubError(Exception):
    """Root. `fault` says whose turn it is; `advice` what that person can do."""

    fault: Fault = Fault.HUB

    def __init__(self, reason: str, *, code: str, advice: str = "") -> None:
        """Take a reason without personal data, a stable code, and what to do next."""
        super().__init__(reason)
        self.reason = reason
        self.code = code
        self.advice = advice


class ConfigurationWrong(HubError):
    """A file or setting is wrong; the hub does not start with it."""

    fault = Fault.CONFIGURATION

    def __init__(
        self, reason: str, *, file: Path | str, line: int = 0, column: int = 0, code: str = "config", advice: str = ""
    ) -> None:
        """Point at the place: `line` and `column` count from 1, 0 where unknown."""
        super().__init__(reason, code=code, advice=advice)
        self.file = str(file)
        self.line = line
        self.column = column
        self.problems: tuple[ConfigurationWrong, ...] = (self,)

    @classmethod
    def several(cls, problems: Sequence[ConfigurationWrong]) -> ConfigurationWrong:
        """Make one error of one or more problems: a single problem stays itself."""
        flat = [problem for outer in problems for problem in outer.problems]
        return flat[0] if len(flat) == 1 else ConfigurationProblems(flat)

    def __str__(self) -> str:
        place = ":".join([self.file, *(str(n) for n in (self.line, self.column) if n)])
        return f"{place}: {self.reason}" + (f" ({self.advice})" if self.advice else "")


class ConfigurationProblems(ConfigurationWrong):
    """Several things are wrong; `problems` holds each. Its own place is that of the first."""

    def __init__(self, problems: Sequence[ConfigurationWrong]) -> None:
        """Take at least one problem; see `ConfigurationWrong.several`."""
        first = problems[0]
        super().__init__(first.reason, file=first.file, line=first.line, column=first.column, advice=first.advice)
        self.problems = tuple(problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class MessageRefused(HubError):
    """The message itself is wrong: the sender gets a fault, the bus gets nothing.

    `code` is the official StUF code where the message is StUF (`StUF055`), else an HTTP-like slug.
    `path` is the element path and `line` the source line, where known. `status` is the HTTP status.
    """

    fault = Fault.SENDER

    def __init__(
        self, reason: str, *, code: str, path: str = "", line: int = 0, status: int = 500, advice: str = ""
    ) -> None:
        """Say where in the message it is wrong; never repeat a value from it."""
        super().__init__(reason, code=code, advice=advice)
        self.path = path
        self.line = line
        self.status = status


class MappingFailed(HubError):
    """A rule could not be applied to this message. `rule` is `file:line` of the rule, `path` the source field."""

    fault = Fault.MAPPING

    def __init__(self, reason: str, *, rule: str, target: str = "", path: str = "", line: int = 0) -> None:
        """Name the rule, the target field, the source path and the line in the message."""
        super().__init__(reason, code="mapping", advice="mend the rule or the message, then replay")
        self.rule = rule
        self.target = target
        self.path = path
        self.line = line

    @property
    def sentence(self) -> str:
        """The reason, behind the target field when it is about one."""
        return f"{self.target}: {self.reason}" if self.target else self.reason

    def __str__(self) -> str:
        where = f" (from {self.path}, message line {self.line})" if self.line else f" (from {self.path})"
        return f"{self.rule}: {self.sentence}" + (where if self.path else "")


class TargetFailed(HubError):
    """The far side did not do what was asked."""

    fault = Fault.TARGET


class TargetUnavailable(TargetFailed):
    """Nothing was done: down, slow before sending, 429, 503. `retry_after_s` where the target said so.

    `asked` is false when the hub itself left the target alone: that was no attempt.
    """

    def __init__(
        self, reason: str, *, code: str, retry_after_s: float | None = None, advice: str = "", asked: bool = True
    ) -> None:
        """Keep the target's own `Retry-After`, in seconds."""
        super().__init__(reason, code=code, advice=advice)
        self.retry_after_s = retry_after_s
        self.asked = asked


class TargetUncertain(TargetFailed):
    """The request left, the answer did not come: the effect is unknown until asked by natural key."""


class TargetRefused(TargetFailed):
    """The target says that the content is wrong; sending it again changes nothing."""

    fault = Fault.SENDER


class TargetNotFound(TargetRefused):
    """The target does not know whom or what the message is about; it may know later."""


class TargetMisconfigured(TargetFailed):
    """Rights, credentials or catalogue do not fit: 401, 403, unknown zaaktype or roltype."""

    fault = Fault.CONFIGURATION


class ActRefused(HubError):
    """An operator asked for something that would break a promise, such as the order of a zaak. Nothing changed."""

    fault = Fault.OPERATOR


class NotIdentified(HubError):
    """Nobody is logged in, or the session has ended."""

    fault = Fault.OPERATOR


class NotAllowed(HubError):
    """Who is logged in may not do this."""

    fault = Fault.OPERATOR


class HubUnavailable(HubError):
    """A part of the hub itself is down."""
