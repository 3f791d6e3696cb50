"""Whether an act is on what the caller saw: `ETag` on the way out, `If-Match` on the way back (RFC 9110 §13)."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import Header, Response

from hub.console.api.problem import CHANGED
from hub.errors import ActRefused

IfMatch = Annotated[str | None, Header(alias="If-Match", description="The ETag of what you saw.", max_length=200)]

_STRONG = re.compile(r'"([\x21\x23-\x7e]{1,150})"')


def tagged(response: Response, version: str) -> None:
    """Say in the answer which version it shows."""
    response.headers["ETag"] = f'"{version}"'


def version_in(if_match: str | None) -> str:
    """Give the version that the caller saw; raises ActRefused when it is not said, or could never have been ours."""
    if if_match is None:
        raise ActRefused(
            "this act must say which version of it the caller saw",
            code="if-match",
            advice="get it first, and send its ETag as If-Match",
        )
    found = _STRONG.fullmatch(if_match.strip())
    if found is None:
        # `*` and a list of versions would say: do it whatever somebody else did meanwhile.
        raise ActRefused("If-Match is no ETag of this hub", code=CHANGED, advice="get it again, and send its ETag")
    return found[1]
