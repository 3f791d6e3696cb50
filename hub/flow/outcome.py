"""How one attempt ended, as a value, and what an error means for the message.

Pure: no time is read here, no ledger touched.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from hub.config.policy import RETRY_AFTER_S_MAX
from hub.errors import (
    Fault,
    HubError,
    HubUnavailable,
    MappingFailed,
    MessageRefused,
    TargetMisconfigured,
    TargetRefused,
    TargetUnavailable,
    TargetUncertain,
)
from hub.flow.keepable import worded
from hub.ports.contracts import Receipt


class Reason(NamedTuple):
    """Why something did not happen, for the person who must act. Nothing personal in it."""

    code: str
    text: str
    fault: str
    advice: str
    where: str


class Delivered(NamedTuple):
    """Every step is known to be done."""

    receipts: Mapping[str, Receipt]
    attempts: int


class Undistributed(NamedTuple):
    """Not for this receiver: nothing of it goes out, and that is how it ends. `receipt` names what it leaves behind."""

    reason: Reason
    attempts: int = 1
    receipt: str = "verstrekking"

    @property
    def receipts(self) -> Mapping[str, Receipt]:
        """What the timeline says of it."""
        return {self.receipt: Receipt(note=self.reason.text)}


class Later(NamedTuple):
    """Nothing is wrong, and there is nothing to tell yet: its source is asked again after `wait_s`.

    `receipts` say when it was asked so far; `asked` whether it was now.
    """

    wait_s: float
    receipts: Mapping[str, Receipt]
    asked: bool = True


class RetryAt(NamedTuple):
    """Temporary: try again after `wait_s`, or later when the policy says so. `receipts`: steps already done."""

    wait_s: float | None
    reason: Reason
    receipts: Mapping[str, Receipt]
    attempts: int


class Unknown(NamedTuple):
    """Sent, no answer: the next attempt asks the target by natural key first."""

    reason: Reason
    receipts: Mapping[str, Receipt]
    attempts: int


class Refused(NamedTuple):
    """The content is wrong, the sender's fault: a person decides."""

    reason: Reason
    receipts: Mapping[str, Receipt]
    attempts: int


class Parked(NamedTuple):
    """Something on our side is wrong (mapping, configuration, a bug): a person mends it."""

    reason: Reason
    receipts: Mapping[str, Receipt]
    attempts: int


Outcome = Delivered | Undistributed | Later | RetryAt | Unknown | Refused | Parked
Failing = RetryAt | Unknown | Refused | Parked

TOO_LATE = "te-laat"
"""Code of what took longer than its sender waits."""

UNEXPECTED = "onverwacht"
"""Code of an exception nobody foresaw: it parks the zaak and is a bug in the hub or an adapter."""


def reason_of(error: Exception, *, where: str = "") -> Reason:
    """Say why, from an error; of an unforeseen exception only its class is worded, its text may hold personal data."""
    if isinstance(error, MappingFailed):
        return _said(error, str(error), error.rule)
    if isinstance(error, MessageRefused):
        place = f"{error.path} (line {error.line})" if error.line else error.path
        return _said(error, error.reason, place or where)
    if isinstance(error, HubError):
        return _said(error, error.reason, where)
    return Reason(
        UNEXPECTED,
        f"{type(error).__name__} in {_origin(error)}",
        "zaakhub",
        "report this to the makers of the hub; replay after the repair",
        where,
    )


def asked_wait_s(error: TargetUnavailable) -> float | None:
    """Give how long a target asks to be left alone, within reason; None where it says nothing."""
    return None if error.retry_after_s is None else min(error.retry_after_s, RETRY_AFTER_S_MAX)


def outcome_of(error: Exception, *, where: str, receipts: Mapping[str, Receipt], attempts: int) -> Failing:
    """Decide what an error means for this message."""
    reason = reason_of(error, where=where)
    match error:
        case TargetUnavailable():
            return RetryAt(asked_wait_s(error), reason, receipts, attempts if error.asked else attempts - 1)
        case HubUnavailable():
            return RetryAt(None, reason, receipts, attempts)
        case TargetUncertain():
            return Unknown(reason, receipts, attempts)
        case TargetRefused() | MessageRefused():
            return Refused(reason, receipts, attempts)
        case TargetMisconfigured() | _:
            return Parked(reason, receipts, attempts)


def told_in_part(withheld: Undistributed, receipts: Mapping[str, Receipt]) -> Parked:
    """Stop what is no longer for its receiver after something of it went out: the receiver is not told the rest."""
    said = Reason(
        "deels-verstrekt",
        f"its receiver has a part of it, or may have it, and now it is {withheld.reason.text}",
        Fault.CONFIGURATION.value,
        "see what the receiver has of it, and drop this; or mend the rule or the indicatie, and replay",
        withheld.reason.where,
    )
    return Parked(said, receipts, 1)


def _said(error: HubError, text: str, where: str) -> Reason:
    """Tell it in words that can be kept: a path is made of names that a sender chose, and may be of any length."""
    return Reason(worded(error.code), worded(text), error.fault.value, worded(error.advice), worded(where))


def _origin(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "unknown place"
    return f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}"
