"""Misbehaviour on demand: what the far side does wrong, for which requests and how often.

Knows what is ordered and counts it down; `app.py` carries it out.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from adapters.zgw.simulator.exchange import Json, Wrong

_ENDS = ("answer", "cut-before", "cut-after", "garbage")


class Gedrag(BaseModel):
    """One order. It holds for the next `times` matching requests (None: until withdrawn).

    kind        what happens
    answer      `status` with `retry_after_s` and `body` (or a problem body); nothing is done
    slow        the answer waits `seconds`
    cut-before  the connection is cut, nothing is done
    cut-after   it is done, then the connection is cut
    garbage     it is done, then the answer is not JSON
    refuse      a write whose `field` holds `value` is answered 400 with `code` on that field
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["answer", "slow", "cut-before", "cut-after", "garbage", "refuse"]
    method: str = ""
    path: re.Pattern[str] = re.compile("")
    times: Annotated[int, Field(gt=0)] | None = 1
    status: Annotated[int, Field(ge=400, le=599)] = 503
    retry_after_s: int | None = None
    body: dict[str, Any] | None = None
    seconds: Annotated[float, Field(ge=0)] = 0.0
    field: str = ""
    value: Any = None
    code: str = "invalid"

    def matches(self, method: str, path: str) -> bool:
        """Say whether it concerns this request; `path` is searched for, not matched whole."""
        return self.method in {"", method} and self.path.search(path) is not None


class Orders:
    """The orders that stand, in the order in which they came."""

    def __init__(self) -> None:
        """Begin well-behaved."""
        self._left: list[tuple[Gedrag, int | None]] = []

    def add(self, gedrag: Gedrag) -> None:
        """Order misbehaviour."""
        self._left.append((gedrag, gedrag.times))

    def clear(self) -> None:
        """Behave again."""
        self._left.clear()

    def shown(self) -> list[Json]:
        """Give what stands, with how often it is left."""
        return [{**gedrag.model_dump(mode="json", exclude_defaults=True), "times": left} for gedrag, left in self._left]

    def take(self, method: str, path: str) -> list[Gedrag]:
        """Give what holds for this request, and count it: every `slow`, and the first that decides the answer."""
        taken: list[Gedrag] = []
        for gedrag, _ in list(self._left):
            if gedrag.kind == "refuse" or not gedrag.matches(method, path):
                continue
            taken.append(gedrag)
            self._count(gedrag)
            if gedrag.kind in _ENDS:
                break
        return taken

    def refused(self, method: str, path: str, data: Json) -> Wrong | None:
        """Give what is wrong with this body by order, and count it."""
        for gedrag, _ in list(self._left):
            if gedrag.kind == "refuse" and gedrag.matches(method, path) and data.get(gedrag.field) == gedrag.value:
                self._count(gedrag)
                return Wrong(gedrag.field, gedrag.code, "Geweigerd op bestelling.")
        return None

    def _count(self, gedrag: Gedrag) -> None:
        for index, (each, left) in enumerate(self._left):
            if each is gedrag and left is not None:
                if left > 1:
                    self._left[index] = (each, left - 1)
                else:
                    del self._left[index]
                return
