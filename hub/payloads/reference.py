"""The form of a reference: a random UUID. What is not one never reaches a file system."""

from __future__ import annotations

import re
from uuid import uuid4

from hub.errors import HubUnavailable

_FORM = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def new_reference() -> str:
    """Make a reference that says nothing of the content and cannot be guessed."""
    return str(uuid4())


def checked(reference: str) -> str:
    """Give the reference itself; raises HubUnavailable when it cannot be one of ours."""
    if not _FORM.fullmatch(reference):
        raise missing()
    return reference


def missing() -> HubUnavailable:
    """Make the error for a content that is not there. The reference itself may come from outside: it is left out."""
    return HubUnavailable(
        "the payload store has no such content",
        code="payload-missing",
        advice="look whether it was removed by retention or restored without its payloads",
    )
