"""Whether what a mapping gives is the event that it says it gives. Pure."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from hub.errors import MappingFailed
from hub.event.catalogue import EVENT_TYPES
from hub.mapping.run import Mapping


def check_event(data: dict[str, Any], mapping: Mapping) -> None:
    """Check the data against the event type that the mapping gives; raises MappingFailed at the first field."""
    event_type = EVENT_TYPES[mapping.gives]
    try:
        event_type.model.model_validate(data)
    except ValidationError as error:
        # Only where and what kind: the input itself may be personal.
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        target = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"])
        raise MappingFailed(
            f"does not fit {event_type.name}: {first['type']}", rule=mapping.file, target=target.removeprefix(".")
        ) from None
