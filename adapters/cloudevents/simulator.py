"""The far side of CloudEvents: a webhook that keeps what it gets.

It reads every event as the standard has it, so a test that posts to it proves that others can read it too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from hub.errors import MessageRefused
from hub.wire.cloudevents import CloudEvent, check_nl_gov, read_event


class Answer(NamedTuple):
    """One answer."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Webhook:
    """Keeps events in order; `answers` are given before it takes one."""

    def __init__(self) -> None:
        self.events: list[CloudEvent] = []
        self.answers: list[int] = []

    async def handle(
        self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes = b""
    ) -> Answer:
        """Answer one request; `headers` has lower-case names."""
        if method != "POST" or query or not path:
            return Answer(405, (), b"")
        if self.answers:
            return Answer(self.answers.pop(0), (), b"")
        try:
            event = read_event(body, headers)
            check_nl_gov(event)
        except MessageRefused as refused:
            return Answer(refused.status, (), b"")
        self.events.append(event)
        return Answer(204, (), b"")


def create() -> Webhook:
    """Make one."""
    return Webhook()
