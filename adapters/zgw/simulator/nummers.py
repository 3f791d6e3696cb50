"""Numbers that are reserved before there is a zaak or document (Open Zaak: zaaknummer_, documentnummer_reserveren)."""

from __future__ import annotations

from adapters.zgw.simulator.exchange import Answer, Request, answer, invalid
from adapters.zgw.simulator.fields import Field, Scope, Shape, clean, eleven, number
from adapters.zgw.simulator.state import State

_SHAPE: Shape = {
    "bronorganisatie": Field(eleven(blank=False), required=True),
    "aantal": Field(number(1, 1000), default=1),
}


def reserve(state: State, request: Request, *, word: str, name: str) -> Answer:
    """Give numbers out: one as an object, several as a list of objects with `name`."""
    kept, wrongs = clean(_SHAPE, request.data, Scope(request.base, state.exists))
    if wrongs:
        raise invalid(*wrongs)
    numbers = [{name: state.next_number(word, request.now.year)} for _ in range(kept["aantal"])]
    return answer(numbers if len(numbers) > 1 else numbers[0], status=201)
