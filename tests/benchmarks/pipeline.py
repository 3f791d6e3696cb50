"""Raw messages on the log to zaken at the target: one worker of the hub beside one straight-line worker, in turn."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.benchmarks.child import Child, ChildFailed
from tests.benchmarks.measure import Pair, Turn
from tests.benchmarks.messages import zaak
from tests.benchmarks.stores import Stores

AIM = 0.6
_STALLED_S = 180.0


async def measure(stores: Stores, sink: Child, *, messages: int, rounds: int) -> Pair:
    """Give both sides their turns. A first, smaller round is for files, caches and pages to be there."""
    pair = Pair(f"pipeline, {stores.name}", [], [], AIM)
    done = 0
    for at in range(rounds + 1):
        batch, count = f"p{at}", messages if at else max(messages // 4, 1)
        await stores.fill(batch, count)
        done += count
        turns: dict[str, Turn] = {}
        samples: dict[str, Any] = {}
        # Each side is first in half of the rounds: what the one leaves warm or busy helps or hurts the other.
        for side in ("hub", stores.floor)[:: 1 if at % 2 else -1]:
            turns[side], samples[side] = await _turn(side, stores, sink, batch, count)
        if samples["hub"] != samples[stores.floor]:
            raise ChildFailed(f"the sides do not do the same work:\n{samples['hub']}\n{samples[stores.floor]}")
        if await stores.delivered() != (done, done):
            raise ChildFailed(f"the ledgers do not have {done} deliveries: {await stores.delivered()}")
        if at:
            pair.hub.append(turns["hub"])
            pair.floor.append(turns[stores.floor])
    return pair


async def _turn(side: str, stores: Stores, sink: Child, batch: str, messages: int) -> tuple[Turn, Any]:
    """Let one side deliver the batch; also gives what the target was sent for the first zaak."""
    await sink.tell(zaken=messages, sample=zaak(batch, 0))
    await sink.hear()
    async with Child.running("tests.benchmarks.worker", side, environ=stores.environ) as worker:
        await worker.hear()
        await worker.tell(go=True)
        arriving, ending = asyncio.create_task(sink.hear()), asyncio.create_task(worker.hear())
        await asyncio.wait({arriving, ending}, timeout=_STALLED_S, return_when=asyncio.FIRST_COMPLETED)
        if not arriving.done():
            raise ChildFailed(f"{side} did not deliver {messages} zaken")
        arrived = await arriving
        await worker.tell(stop=True)
        ended = await ending
    if arrived["posts"] != messages:
        raise ChildFailed(f"{side} sent {arrived['posts']} requests for {messages} zaken")
    return Turn(messages / (arrived["last"] - arrived["first"]), ended["cpu_us"] / messages), arrived["sample"]
