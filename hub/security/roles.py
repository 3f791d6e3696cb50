"""Who may do what: roles as the municipality gives them, and the rights that each one brings.

Pure. It refuses to know how a person proved who they are (`hub.console.identity`) and which route asks for which right.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

EVERY_CONNECTION = "*"


class Right(StrEnum):
    """One thing that may be done. All but AUDIT and SUBJECT are given per connection."""

    SEE = "zien"
    """Connections, failures, timelines: everything without content."""

    CONTENT = "inhoud"
    """The content of one message, after giving a reason, for a while; it is written in the audit."""

    SUBJECT = "persoon"
    """Find what the hub has of a person, by BSN, and see whom a receiver follows."""

    NOTE = "notitie"
    """Say of a group of failures whose it is and what is known of it; merge and split groups."""

    REPLAY = "herhalen"
    """Replay one message, or make and run a plan; drop a message."""

    EDIT = "bewerken"
    """Propose a corrected content, and replay it."""

    APPROVE = "goedkeuren"
    """Approve the edit or the plan of somebody else."""

    PAUSE = "pauzeren"
    """Pause and resume a connection."""

    MAPPING = "koppeling"
    """Try mappings in the playground, see their files, save test cases."""

    REDIRECT = "omleiden"
    """Replay to another target than the message went to."""

    FOLLOW = "volgen"
    """Say of which persons a receiver is told the changes, and remove that."""

    AUDIT = "audit"
    """Read and verify the audit."""


class Role(StrEnum):
    """What a person is for the hub."""

    LEZER = "lezer"
    OPERATOR = "operator"
    KOPPELBEHEERDER = "koppelbeheerder"
    INTEGRATIEPARTNER = "integratiepartner"
    AUDITOR = "auditor"
    PRIVACY_OFFICER = "privacy-officer"


RIGHTS: MappingProxyType[Role, frozenset[Right]] = MappingProxyType(
    {
        Role.LEZER: frozenset({Right.SEE}),
        Role.OPERATOR: frozenset(
            {Right.SEE, Right.CONTENT, Right.NOTE, Right.REPLAY, Right.EDIT, Right.APPROVE, Right.PAUSE}
        ),
        Role.KOPPELBEHEERDER: frozenset(
            {
                Right.SEE,
                Right.NOTE,
                Right.REPLAY,
                Right.APPROVE,
                Right.PAUSE,
                Right.MAPPING,
                Right.REDIRECT,
                Right.FOLLOW,
            }
        ),
        # An outside partner works with made-up messages: never with what citizens sent.
        Role.INTEGRATIEPARTNER: frozenset({Right.SEE, Right.MAPPING}),
        Role.AUDITOR: frozenset({Right.SEE, Right.AUDIT}),
        Role.PRIVACY_OFFICER: frozenset({Right.SEE, Right.CONTENT, Right.SUBJECT, Right.FOLLOW, Right.AUDIT}),
    }
)


class Grant(NamedTuple):
    """A role at some connections, or at every one."""

    role: Role
    connections: frozenset[str] = frozenset({EVERY_CONNECTION})


class Actor(NamedTuple):
    """Who does something: `name` is what the audit and the timeline say. Grants are those at this municipality.

    `id` says who it is, whatever they are called: `oidc:<issuer>|<subject>` or `account:<name>`.
    """

    name: str
    grants: tuple[Grant, ...]
    id: str = ""

    @property
    def everywhere(self) -> bool:
        """Say whether the person may see every connection."""
        return any(EVERY_CONNECTION in grant.connections for grant in self.grants if Right.SEE in RIGHTS[grant.role])

    def may(self, right: Right, connection: str | None = None) -> bool:
        """Say whether the person may do it at this connection; without one: at one connection at least."""
        return any(
            right in RIGHTS[grant.role]
            and (connection is None or bool({EVERY_CONNECTION, connection} & grant.connections))
            for grant in self.grants
        )
