"""Which code of StUF says why something did not happen.

The hub and its targets have codes of their own (`niet-gevonden`); a sender understands those of table 8.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from hub.wire.stuf.foutcodes import FOUTCODES, PROCESFOUT, Foutcode

_MEANING = {
    "niet-geautoriseerd": "StUF052",
    "niet-gevonden": "StUF064",
    "dubbelzinnig": "StUF067",
    "te-laat": "StUF960",
    "geen-antwoord": "StUF960",
    "geen-beantwoorder": "StUF049",
    "zekering": "StUF049",
    "limiet": "StUF049",
    "gepauzeerd": "StUF049",
}
_SYNCHROON = {"StUF046": "StUF049"}
"""What is said of the same to a sender that waits: StUF046 is for asynchronous messages only."""


def fout_of(code: str, *, synchroon: bool, meanings: Mapping[str, str] = MappingProxyType({})) -> Foutcode:
    """Give the code for a message that is answered now (`synchroon`) or only received; StUF058 when none says more.

    `meanings` are those of codes that only one adapter has.
    """
    meant = meanings.get(code) or _MEANING.get(code, code)
    found = FOUTCODES.get(_SYNCHROON.get(meant, meant) if synchroon else meant)
    return found or PROCESFOUT
