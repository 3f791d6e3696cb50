"""YAML with positions to a pydantic model: every error points at its line and says what is likely meant.

It knows how pydantic names what is wrong; it refuses to repeat a value, which may be a secret.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from hub.config.likely import did_you_mean
from hub.config.yaml import Node
from hub.errors import ConfigurationWrong

M = TypeVar("M", bound=BaseModel)


def validated(model: type[M], node: Node) -> M:
    """Make a `model` of a YAML mapping; raises ConfigurationWrong with every problem in it."""
    node.mapping()
    try:
        return model.model_validate(node.plain())
    except ValidationError as error:
        problems = [_problem(model, node, details) for details in error.errors()]
        raise ConfigurationWrong.several(sorted(problems, key=lambda one: (one.line, one.column))) from None


def advice_for(details: ErrorDetails) -> str:
    """Say what is likely meant, from the choices that pydantic names."""
    known = re.findall(
        r"'([^']*)'", str(details.get("ctx", {}).get("expected_tags" if _is_tag(details) else "expected", ""))
    )
    value = details["input"]
    if _is_tag(details) and isinstance(value, dict):
        value = details.get("ctx", {}).get("tag", "")
    if known and isinstance(value, str):
        return did_you_mean(value, known)
    return "put it in quotes" if details["type"] == "string_type" and isinstance(value, int | float) else ""


def reason_of(details: ErrorDetails) -> str:
    """Give pydantic's words without its subject: `should be greater than 0`."""
    if _is_tag(details):
        return "is none of the known kinds"
    message = details["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
    message = re.sub(r"^(Input|String|Value|URL|List|Dictionary|Tuple) (?=should|must)", "", message)
    return message.replace("should", "must", 1)


def _is_tag(details: ErrorDetails) -> bool:
    return details["type"] == "union_tag_invalid"


def _problem(model: type[BaseModel], root: Node, details: ErrorDetails) -> ConfigurationWrong:
    """Walk to the place of one error. Its `loc` may hold steps that are not in the file: the tag of a union."""
    parent = node = root
    owners: list[type[BaseModel]] = []
    models: list[type[BaseModel]] = [model]
    key = ""
    for step in details["loc"]:
        child = _child(node, step)
        if child is not None:
            parent, node, key = node, child, str(step)
            owners, models = models, _models_under(models, key)
    last = str(details["loc"][-1]) if details["loc"] else ""
    if details["type"] == "missing":
        return node.wrong(f"the key {last} is missing")
    if details["type"] == "extra_forbidden":
        known = {field.alias or name for owner in owners for name, field in owner.model_fields.items()}
        return parent.wrong(f"unknown key {key}", key=key, advice=did_you_mean(key, known))
    return node.wrong(f"{last} {reason_of(details)}".strip(), advice=advice_for(details))


def _child(node: Node, step: str | int) -> Node | None:
    if isinstance(step, int):
        return node.value[step] if isinstance(node.value, tuple) and step < len(node.value) else None
    return node.get(step)


def _models_under(models: Iterable[type[BaseModel]], step: str) -> list[type[BaseModel]]:
    """Give the models that may stand under a key; a list index or a free key of a dict changes nothing."""
    fields = [model.model_fields[step] for model in models if step in model.model_fields]
    return [found for field in fields for found in _models_in(field.annotation)] if fields else list(models)


def _models_in(annotation: Any) -> list[type[BaseModel]]:  # noqa: ANN401 - any type expression
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in get_args(annotation) for found in _models_in(part)]
