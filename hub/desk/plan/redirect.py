"""Whether messages may be replayed to another target than their own: one that is there for that, and speaks the same.

Pure. The right to do so, and the second person who approves it, are asked for elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping

from hub.config.connection import Connection, Direction
from hub.errors import ActRefused
from hub.event.wijzigingen import ONDERWERPEN
from hub.ledger.plans import PlanMode, Selection

REPLAYS = "replays"


def check_redirect(name: str, chosen: Selection, mode: PlanMode, connections: Mapping[str, Connection]) -> None:
    """See that what is chosen may go to this connection instead; raises ActRefused.

    The same request may not where each receiver has its own fields: it holds those of the first.
    """
    there_are = sorted(each for each, connection in connections.items() if connection.takes == REPLAYS)
    to = connections.get(name)
    if to is None or to.takes != REPLAYS:
        raise ActRefused(
            f"{name} takes no replays" if to is not None else f"there is no connection {name}",
            code="omleiden",
            advice=f"there are: {', '.join(there_are)}" if there_are else "make one, with: takes: replays",
        )
    if len(chosen.stages) != 1:
        raise ActRefused(
            "say from which connection messages are redirected", code="omleiden", advice="choose one (--connection)"
        )
    own = connections[chosen.stages[0]]
    if (own.direction, own.adapter, own.domain) != (Direction.OUTBOUND, to.adapter, to.domain):
        raise ActRefused(
            f"{name} does not take what {own.connection} delivers",
            code="omleiden",
            advice="both must be outbound, with the same adapter and domain",
        )
    if mode is PlanMode.REQUEST and own.domain in ONDERWERPEN:
        raise ActRefused(
            f"the same request holds what {own.connection} may see, and {name} has its own velden",
            code="omleiden",
            advice="replay from the event: it is made again with what may be seen there",
        )
