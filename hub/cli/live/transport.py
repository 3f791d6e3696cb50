"""What stands between the hub and a target: certificates, and clocks that must agree."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from hub.clock import Clock
from hub.config.connection import Connection
from hub.config.policy import CERTIFICATE_ENDS_DAYS, LIVE_CLOCK_S
from hub.errors import ConfigurationWrong, TargetFailed
from hub.net.probe import certificate_ends, secured
from hub.ports.contracts import Client
from hub.security.certificate import ends_at

_DAY = timedelta(days=1)


async def certificates(connection: Connection, now: datetime) -> tuple[list[str], list[str]]:
    """Say what is wrong with the certificates of a target and with that of the hub there, and what needs a look."""
    target = connection.target
    assert target is not None, "a connection to a system has a target"
    problems: list[str] = []
    warnings: list[str] = []
    for (host, port), service in secured(target).items():
        try:
            ends = await certificate_ends(target, host, port, timeout_s=connection.policy.connect_timeout_s)
        except (TargetFailed, ConfigurationWrong) as wrong:
            problems.append(f"{service}: {wrong.reason}" + (f"; {wrong.advice}" if wrong.advice else ""))
        else:
            warnings += _ending(f"{service}: the certificate of {host}", ends, now)
    own = target.tls.certificate if target.tls is not None else None
    if own is not None:
        try:
            warnings += _ending(f"{own}: the certificate of the hub", ends_at(own), now)
        except ConfigurationWrong as wrong:
            problems.append(str(wrong))
    ended = [each for each in warnings if each.endswith(_ENDED)]
    return [*problems, *ended], [each for each in warnings if each not in ended]


async def clocks(connection: Connection, client: Client, clock: Clock) -> list[str]:
    """Say where the clock of a target differs from ours: a token would be too old there, or not valid yet."""
    target = connection.target
    assert target is not None, "a connection to a system has a target"
    said: list[str] = []
    for service in target.services:
        asked_at = clock.now()
        try:
            answer = await client.request("GET", service, "")
        except TargetFailed:
            # That it can't be reached is told by the adapter.
            continue
        halfway = asked_at + (clock.now() - asked_at) / 2
        theirs = _date(answer.headers.get("date", ""))
        if theirs is None:
            said.append(f"{service}: gives no Date, so its clock can't be compared")
        elif abs(off_s := (theirs - halfway).total_seconds()) > LIVE_CLOCK_S:
            way = "ahead of" if off_s > 0 else "behind"
            said.append(f"{service}: its clock is {abs(off_s):.0f} s {way} ours; a token may be refused")
    return said


_ENDED = "has ended"


def _ending(what: str, ends: datetime, now: datetime) -> Iterator[str]:
    days = (ends - now) / _DAY
    if days < CERTIFICATE_ENDS_DAYS:
        yield f"{what} {f'ends in {days:.0f} days' if days >= 0 else _ENDED}"


def _date(text: str) -> datetime | None:
    """Read the header Date (RFC 9110 §6.6.1)."""
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    return at.replace(tzinfo=at.tzinfo or UTC)
