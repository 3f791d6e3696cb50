"""Values that are about a person and print as `***`.

It knows how to hold a value so that no log, exception or f-string shows it by accident. It refuses to know where
values come from; who needs the value itself says so with `reveal()`, which a reviewer can search for.
"""

from __future__ import annotations

from typing import Generic, TypeVar

HIDDEN = "***"

BSN_DIGITS = 9

NOBODYS = frozenset({"111222333"})
"""Numbers that pass the 11-test and are published as nobody's: a form engine sends one for who did not log in."""

T = TypeVar("T")


class Personal(Generic[T]):
    """Holds one value about a person: equal and hashable by the value, printed as `***`."""

    __slots__ = ("_value",)

    def __init__(self, value: T) -> None:
        self._value = value

    def reveal(self) -> T:
        """Give the value itself."""
        return self._value

    def __repr__(self) -> str:
        return HIDDEN

    def __format__(self, spec: str) -> str:
        return format(HIDDEN, spec)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._value == other._value

    def __hash__(self) -> int:
        return hash((type(self), self._value))


class Bsn(Personal[str]):
    """A burgerservicenummer: nine digits that pass the 11-test; raises ValueError, without the value, when not."""

    __slots__ = ()

    def __init__(self, digits: str) -> None:
        if not is_bsn(digits):
            raise ValueError("not a BSN: nine digits that pass the 11-test")
        super().__init__(digits)


def is_bsn(digits: str) -> bool:
    """Say whether nine digits pass the 11-test (Logisch Ontwerp BSN: weights 9 to 2, the last digit counts -1)."""
    if len(digits) != BSN_DIGITS or not (digits.isascii() and digits.isdigit()) or int(digits) == 0:
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True)) % 11 == 0
