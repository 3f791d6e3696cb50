"""The registers of land and its worth, simulated, and what asks them."""

from __future__ import annotations

from typing import Any, NamedTuple

import adapters.brk.lookup
import adapters.brk.options
import adapters.brk.simulator
import adapters.woz.lookup
import adapters.woz.options
import adapters.woz.simulator
from hub.event.canonical import Canonical
from hub.event.vragen import ONROERENDE_ZAKEN, QUESTION_TYPES, WOZ_OBJECTEN
from hub.ports.contracts import Asking
from hub.ports.simulator_hal import HalSimulator
from tests.support.source import Source

FIRST_WOZ, FIRST_BRK = "999900000001", "999900000170000"
ZEEWIER, DUINROOS = "999990019", "999990020"
BOUW = "999930011"
"""An rsin."""


class Register(NamedTuple):
    """One of them. `spec` and `schema` say where it is published, `example` is the connection that asks it."""

    kind: str
    spec: tuple[str, str]
    example: str
    first: str
    simulator: Any
    lookup: Asking

    @property
    def found(self) -> str:
        """The list of an answer that holds what was found."""
        return QUESTION_TYPES[self.kind].found[0]

    @property
    def model(self) -> type[Canonical]:
        """The canonical model of what is found."""
        return QUESTION_TYPES[self.kind].found[1]

    def __str__(self) -> str:
        return self.spec[0]


WOZ = Register(
    WOZ_OBJECTEN,
    ("woz", "haalcentraal-woz-bevragen.openapi.yaml"),
    "woz-waarden",
    FIRST_WOZ,
    adapters.woz.simulator,
    adapters.woz.lookup.create(adapters.woz.options.Options()),
)
BRK = Register(
    ONROERENDE_ZAKEN,
    ("brk", "haalcentraal-brk-bevragen.openapi.yaml"),
    "kadaster",
    FIRST_BRK,
    adapters.brk.simulator,
    adapters.brk.lookup.create(adapters.brk.options.Options()),
)
REGISTERS = (WOZ, BRK)


class Far(Source):
    """A register that is asked."""

    def __init__(self, register: Register, simulator: HalSimulator | None = None, *, key: str = "") -> None:
        headers = {register.simulator.KEY_HEADER: key or register.simulator.KEY}
        super().__init__(simulator or register.simulator.create(), base=register.simulator.BASE, headers=headers)
        self.register = register

    async def answer(self, **question: Any) -> dict[str, Any]:  # noqa: ANN401 - a question is JSON
        """Ask."""
        return await self.ask(self.register.lookup, self.register.kind, **question)

    async def rows(self, **question: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - the same
        """Ask, and give what was found."""
        rows: list[dict[str, Any]] = (await self.answer(**question))[self.register.found]
        return rows

    async def numbers(self, **question: Any) -> list[str]:  # noqa: ANN401 - the same
        """Ask, and give the numbers of what was found."""
        return [row["identificatie"] for row in await self.rows(**question)]
