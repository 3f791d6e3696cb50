"""Health: alive, and fit for work."""

from __future__ import annotations

import asyncio

from hub.observe.health import Condition, Health


async def well() -> bool:
    return True


async def ill() -> bool:
    return False


async def broken() -> bool:
    raise RuntimeError


async def silent() -> bool:
    await asyncio.Event().wait()
    return True


async def test_a_process_is_ready_when_every_part_is_well() -> None:
    """Ready asks the parts of both kinds."""
    health = Health(timeout_s=5)
    health.add_live("worker", well)
    health.add_ready("bus", well)

    report = await health.ready()

    assert report == (True, {"worker": Condition.OK, "bus": Condition.OK})


async def test_an_ill_bus_stops_work_but_does_not_restart_the_process() -> None:
    """Live asks only what a restart would mend."""
    health = Health(timeout_s=5)
    health.add_live("worker", well)
    health.add_ready("bus", ill)

    assert not (await health.ready()).ok
    assert (await health.live()).ok


async def test_a_check_that_breaks_is_down() -> None:
    """Its error does not reach who asks."""
    health = Health(timeout_s=5)
    health.add_ready("ledger", broken)

    assert await health.ready() == (False, {"ledger": Condition.DOWN})


async def test_a_check_that_does_not_answer_is_slow() -> None:
    """Who asks is not kept waiting."""
    health = Health(timeout_s=0)
    health.add_ready("ledger", silent)

    assert await health.ready() == (False, {"ledger": Condition.SLOW})
