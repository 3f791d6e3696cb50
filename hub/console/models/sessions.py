"""Who is logged in, and which content that person sees for a while."""

from __future__ import annotations

from datetime import datetime

from hub.console.models.wire import Id, Reason, Told, Wire
from hub.security.roles import Right, Role


class SessionView(Wire):
    """Who is logged in, what that person may do, and the token that every change must carry (`X-CSRF-Token`)."""

    name: str
    gemeente: str
    omgeving: str
    roles: list[Role]
    rights: list[Right]
    """Those that the person has at one connection at least."""
    csrf: str
    ends_at: datetime


class UnmaskRequest(Told):
    """Ask to see the content of one message."""

    message: Id
    """The id of a failure, message or event."""
    reason: Reason


class Unmasking(Wire):
    """Until when the content of that message is shown to this person."""

    message: str
    until: datetime
