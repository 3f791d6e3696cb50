"""Whether what a mapping gives is the event, question or answer that it says it gives. Pure."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from hub.errors import MappingFailed
from hub.event.models import MODELS
from hub.mapping.run import Mapping


def check_event(data: dict[str, Any], mapping: Mapping) -> None:
    """Check the data against the model of what the mapping gives; raises MappingFailed at the first field."""
    check(data, mapping.gives, rule=mapping.file)


def check(data: dict[str, Any], gives: str, *, rule: str) -> None:
    """Check the data against the model of an event, question or answer; raises MappingFailed at the first field."""
    try:
        MODELS[gives].model_validate(data)
    except ValidationError as error:
        # Only where and what kind: the input itself may be personal.
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        target = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"])
        raise MappingFailed(
            f"does not fit {gives}: {first['type']}", rule=rule, target=target.removeprefix(".")
        ) from None
