"""What an answer to a message of ours means, with the words of this connection in what a person is told to mend.

The codes of StUF and what they mean are in `hub.wire.stuf.verdict`. A question changes nothing at the other system:
what went wrong with one is never uncertain, and has the codes that all sources of answers share (`hub.net.problems`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from hub.errors import TargetFailed, TargetMisconfigured, TargetRefused, TargetUnavailable
from hub.net.problems import Wrong
from hub.wire.stuf import verdict
from hub.wire.stuf.verdict import Acknowledged, Plek, fout_in

__all__ = ["NIET_GEVONDEN", "Acknowledged", "acknowledgement", "answer", "failure", "fout_in", "of_question"]

NIET_GEVONDEN = "StUF064"
"""What some systems say of nobody found, where the standard says an answer without objects (StUF 03.01 §6.3)."""

_WAAR = Plek(
    url="target.services.bg",
    adres="target.services.bg and options.paden",
    dienst="target.services.bg and options.paden",
    soap="options.soap",
)

acknowledgement = partial(verdict.acknowledgement, waar=_WAAR)
answer = partial(verdict.answer, waar=_WAAR)
failure = partial(verdict.failure, waar=_WAAR)

_MEANS: Mapping[str, Wrong] = {
    **dict.fromkeys(("http-401", "http-403", "StUF010", "StUF013", "StUF052", "StUF127"), Wrong.CREDENTIALS),
    **dict.fromkeys(("http-408", "http-502", "http-503", "http-504", "StUF049", "StUF061", "StUF960"), Wrong.LATER),
    "http-429": Wrong.BUSY,
    "ander-antwoord": Wrong.CONTRACT,
}
_REFUSED: Mapping[str, tuple[Wrong, str]] = {
    "StUF067": (Wrong.TOO_MANY, "remove one of the two at the target"),
    "StUF094": (Wrong.QUESTION, "ask by what the target has of its own"),
    "StUF130": (Wrong.TOO_MANY, "ask for fewer: with more criteria"),
    "StUF133": (Wrong.QUESTION, "ask in another order"),
}
"""What asking again does not mend, although the standard says that the server must."""


def of_question(failure: TargetFailed) -> TargetFailed:
    """Say what a failure means for a question, in the codes of all sources; what the network says stays as it is."""
    reason, code = failure.reason, failure.code
    if code in _REFUSED:
        wrong, advice = _REFUSED[code]
        return TargetRefused(reason, code=wrong, advice=advice)
    means = _MEANS.get(code, _otherwise(failure))
    if means in (Wrong.CREDENTIALS, Wrong.CONTRACT):
        return TargetMisconfigured(reason, code=means, advice=failure.advice)
    wait_s = failure.retry_after_s if isinstance(failure, TargetUnavailable) else None
    return TargetUnavailable(reason, code=means, retry_after_s=wait_s, advice="nothing: ask again later")


def _otherwise(failure: TargetFailed) -> Wrong:
    """Say what it means by its kind: what we send fits the standard, so who refuses it has other rules."""
    return Wrong.CONTRACT if isinstance(failure, TargetMisconfigured | TargetRefused) else Wrong.SOURCE
