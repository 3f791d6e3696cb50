"""Logboek Dataverwerkingen: one record for each person whose data was processed for somebody who asked.

Written whatever came of it, never sampled, and before anything of a person goes out: on the bus, from where a worker
sends it on (`hub.flow.forward`). Who the person is stands in it encrypted. Source: Logboek Dataverwerkingen 1.0 §3.3,
Wet BRP art. 3.11. Pure, but for ids.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from lxml import etree

from hub.config.verwerking import Verwerking
from hub.flow.persons import persons_of_document
from hub.observe.trace import Trace, operation_of
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

    nameless: int = 0
    """Who was found besides, and whose number nobody said."""

    def saw(self, said: etree._Element | dict[str, Any]) -> None:
        """Take note of the persons in a question or an answer, also of partners, parents and children."""
        self.persons |= persons_of_document(said)

    def found(self, question: Mapping[str, Any], answer: dict[str, Any]) -> None:
        """Take note of the persons in an answer; who was found by his number is known, whatever was said of him."""
        self.saw(answer)
        if not question.get(f"{BSN}s"):
            self.nameless += sum(not persons_of_document({BSN: each.get(BSN)}) for each in _found(answer))


def records(
    processing: Processing, trace: Trace, *, name: str, begun: datetime, ended: datetime, ok: bool, seal: Seal
) -> Iterator[bytes]:
    """Give the records of a processing, those of persons whose number nobody said without a person: at least one."""
    verwerking = processing.verwerking
    if verwerking is None:
        return
    sealed = [*sorted(map(seal, processing.persons)), *[""] * processing.nameless]
    for number, subject in enumerate(sealed or [""]):
        person = {"dpl.core.data_subject_id": subject, "dpl.core.data_subject_id_type": "BSN"} if subject else {}
        yield orjson.dumps(
            {
                "trace_id": trace.trace_id,
                # Of several persons each has an operation of its own, below that of the question.
                "operation_id": operation_of(trace, subject or str(number)) if number else trace.operation_id,
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


def _found(answer: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Give who was found, and not who is only said of them: partners, parents, children."""
    yield from answer.get("personen") or ()
    for each in answer.get("bewoningen") or ():
        for who in ("bewoners", "mogelijkeBewoners"):
            yield from each.get(who) or ()
