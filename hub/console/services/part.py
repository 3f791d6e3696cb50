"""Part of a list, as a service gives it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Part(NamedTuple, Generic[T]):
    """`after` is what the part behind it begins with, as JSON can hold it; None at the end."""

    items: Sequence[T]
    after: Any = None


class Versioned(NamedTuple, Generic[T]):
    """Something that people change, with the version that they see of it."""

    shown: T
    version: str
