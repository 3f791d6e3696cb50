"""A line of the audit as a SIEM reads it: one JSON object of the Elastic Common Schema. Pure.

Field names and the values of `event.category` and `event.type` are those of ECS 8.17, which ECS 9 kept. What ECS has no
field for stands under `zaakhub`.
"""

from __future__ import annotations

from typing import Any

import orjson

from hub.bus.topics import Topics
from hub.ledger.audit import AuditLine

VERSION = "8.17.0"

_KINDS: dict[str, tuple[str, str]] = {
    "aanmelden": ("authentication", "start"),
    "afmelden": ("session", "end"),
    "unmask": ("database", "access"),
    "search": ("database", "access"),
    "pause": ("configuration", "change"),
    "resume": ("configuration", "change"),
    "activate": ("configuration", "change"),
    "case": ("configuration", "creation"),
}
"""Category and type, by the first word of an act."""

_OTHERWISE = ("database", "change")
"""Everything else changes what the hub does with messages."""


def ecs(line: AuditLine, topics: Topics) -> dict[str, Any]:
    """Give the line; `event.sequence` and `event.hash` are its number and hash in the chain."""
    category, kind = _KINDS.get(line.act.partition("-")[0], _OTHERWISE)
    return {
        "@timestamp": line.at.isoformat(),
        "ecs": {"version": VERSION},
        "event": {
            "kind": "event",
            "category": [category],
            "type": [kind],
            "action": line.act,
            "outcome": "success",
            "reason": line.reason,
            "id": f"{topics.omgeving}.{topics.gemeente}.{line.number}",
            "sequence": line.number,
            "hash": line.hash,
            "module": "zaakhub",
            "dataset": "zaakhub.audit",
        },
        "user": {"name": line.by},
        "service": {"name": "zaakhub", "type": "zaakhub", "environment": topics.omgeving},
        "organization": {"id": topics.gemeente},
        "message": f"{line.by}: {line.act} {line.about}".rstrip(),
        "zaakhub": {"on": line.about, "previous": line.previous, "detail": orjson.loads(line.detail)},
    }
