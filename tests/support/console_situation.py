"""What operators find on a Monday morning: zaken that went well, and troubles of every kind."""

from __future__ import annotations

from tests.support.console import WEBHOOK, ConsoleHub

DELIVERED, UNKNOWN_ZAAKTYPE, FORGOTTEN_CODE, REFUSED = 6, 5, 3, 2
"""How many zaken of each kind there are at the least: tests add their own."""


async def arise(hub: ConsoleHub) -> None:
    """Let it come about, and wait until everything is where it stays."""
    first = [hub.number() for _ in range(DELIVERED)]
    for number in first:
        await hub.send(*hub.delivered(number))
    troubles = (
        (UNKNOWN_ZAAKTYPE, hub.with_unknown_zaaktype),
        (FORGOTTEN_CODE, hub.with_forgotten_code),
        (REFUSED, hub.refused_by_target),
    )
    for count, trouble in troubles:
        for _ in range(count):
            number = hub.number()
            await hub.send(*trouble(number))
            await hub.waits(number)
    for number in first:
        await hub.stands(number)
    await hub.failure(first[0], stage=WEBHOOK)
