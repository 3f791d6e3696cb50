"""What an answer to a message of ours means, with the words of this connection in what a person is told to mend.

The codes and what they mean are in `hub.wire.stuf.verdict`, the table for people in README.md.
"""

from __future__ import annotations

from functools import partial

from hub.wire.stuf import verdict
from hub.wire.stuf.verdict import NOT_UNIQUE, Acknowledged, Fout, Plek, fout_in

__all__ = ["NOT_UNIQUE", "Acknowledged", "Fout", "acknowledgement", "answer", "failure", "fout_in"]

_WAAR = Plek(
    url="target.services.zds",
    adres="target.services.zds and options.paden",
    dienst="options.zds and options.paden",
    soap="options.soap",
)

acknowledgement = partial(verdict.acknowledgement, waar=_WAAR)
answer = partial(verdict.answer, waar=_WAAR)
failure = partial(verdict.failure, waar=_WAAR)
