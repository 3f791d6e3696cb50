"""Logboek Dataverwerkingen: one record for each person whose data was processed for somebody who asked.

Written whatever came of it, never sampled, and before anything of a person goes out: on the bus, from where a worker
sends it on (`hub.flow.forward`). Who the person is stands in it encrypted. Source: Logboek Dataverwerkingen 1.0 §3.3,
Wet BRP art. 3.11. Pure, but for ids.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from hub.config.verwerking import Verwerking
from hub.observe.trace import Trace, operation
from hub.security.personal import Bsn

BSN = "burgerservicenummer"

Seal = Callable[[Bsn], str]
"""Encrypts a person: the same one the same way, so that who has the key finds all of its records."""


@dataclass
class Processing:
    """What is processed for one question: known bit by bit, and written down in any case."""

    verwerking: Verwerking | None = None
    """None as long as nobody's data is processed."""

    persons: set[Bsn] = field(default_factory=set)

    def saw(self, data: Any) -> None:  # noqa: ANN401 - plain JSON data
        """Take note of the persons in a question or an answer, also of partners, parents and children."""
        self.persons |= set(_persons(data))


def records(
    processing: Processing, trace: Trace, *, name: str, begun: datetime, ended: datetime, ok: bool, seal: Seal
) -> Iterator[bytes]:
    """Give the records of a processing; of persons whose number nobody said there is one without a person."""
    verwerking = processing.verwerking
    if verwerking is None:
        return
    sealed: Iterable[str] = sorted(map(seal, processing.persons)) or [""]
    for number, subject in enumerate(sealed):
        person = {"dpl.core.data_subject_id": subject, "dpl.core.data_subject_id_type": "BSN"} if subject else {}
        yield orjson.dumps(
            {
                "trace_id": trace.trace_id,
                # Of several persons each has an operation of its own, below that of the question.
                "operation_id": operation() if number else trace.operation_id,
                "parent_operation_id": trace.operation_id if number else trace.parent,
                "name": name,
                "start_time": _ms(begun),
                "end_time": _ms(ended),
                "status_code": "OK" if ok else "ERROR",
                "attributes": {"dpl.core.processing_activity_id": verwerking.activiteit, **person},
            }
        )


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _persons(data: Any) -> Iterator[Bsn]:  # noqa: ANN401 - plain JSON data
    if isinstance(data, dict):
        for name, value in data.items():
            if name.startswith(BSN):
                yield from (found for each in (value if isinstance(value, list) else [value]) if (found := _bsn(each)))
            else:
                yield from _persons(value)
    elif isinstance(data, list):
        for each in data:
            yield from _persons(each)


def _bsn(value: object) -> Bsn | None:
    try:
        return Bsn(str(value))
    except ValueError:
        return None
