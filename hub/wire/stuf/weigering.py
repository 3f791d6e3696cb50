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
    # Who would answer is not there at this moment: ask again later.
    **dict.fromkeys(
        (
            "geen-beantwoorder", "zekering", "limiet", "gepauzeerd", "verbinding", "tls", "verbroken", "token",
            "te-veel-vragen", "tijdelijk-niet-beschikbaar", "bron-faalt",
        ),
        "StUF049",
    ),
}  # fmt: skip
_SYNCHROON = {"StUF046": "StUF049"}
"""What is said of the same to a sender that waits: StUF046 is for asynchronous messages only."""


_LATER = {429: "StUF049", 503: "StUF049", 504: "StUF960"}
"""What a status of HTTP says of a question that can be asked again, whatever went wrong."""


def fout_of(
    code: str, *, synchroon: bool, meanings: Mapping[str, str] = MappingProxyType({}), http_status: int = 0
) -> Foutcode:
    """Give the code for a message that is answered now (`synchroon`) or only received; StUF058 when none says more.

    `meanings` are those of codes that only one adapter has; `http_status` is what it would be in plain HTTP.
    """
    meant = meanings.get(code) or _MEANING.get(code, code)
    if synchroon and meant not in FOUTCODES:
        meant = _LATER.get(http_status, meant)
    found = FOUTCODES.get(_SYNCHROON.get(meant, meant) if synchroon else meant)
    return found or PROCESFOUT
