"""What a question about companies asks of the KVK, and what it is about. Pure.

Source: API Zoeken 2.0.0, Basisprofiel 1.5.0, Vestigingsprofiel 1.4.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from hub.net.criteria import written
from hub.net.problems import refused

Row = dict[str, Any]

_CRITERIA = (
    "kvkNummer", "rsin", "vestigingsnummer", "naam", "postcode", "huisnummer", "huisletter", "postbusnummer",
    "straatnaam", "plaats", "type",
)  # fmt: skip
_ORDERED_BY = frozenset({"kvkNummer", "naam", "type"})
_NUMBERS = {"kvkNummer": (re.compile(r"[0-9]{8}"), 8), "vestigingsnummer": (re.compile(r"[0-9]{12}"), 12)}


class Vraag(NamedTuple):
    """A question: `criteria` as the KVK takes them."""

    criteria: dict[str, str]
    inactive: bool
    order: tuple[str, ...]
    after: str

    @classmethod
    def of(cls, question: Mapping[str, Any]) -> Vraag:
        """Read and check; raises TargetRefused for a question that the KVK has no way for."""
        criteria = {name: written(name, question[name]) for name in _CRITERIA if question.get(name) not in (None, "")}
        _check(criteria)
        order = tuple(question.get("volgorde") or ())
        if not {name.removeprefix("-") for name in order} <= _ORDERED_BY:
            raise refused(
                f"companies are ordered by {', '.join(sorted(_ORDERED_BY))}: the rest is read after they are chosen",
                advice="let volgorde name these only",
            )
        return cls(criteria, bool(question.get("inclusiefInactieve")), order, str(question.get("na") or ""))

    @property
    def about_branches(self) -> bool:
        """Say whether each hit is one in the answer, and not each company."""
        return "type" in self.criteria or "vestigingsnummer" in self.criteria

    @property
    def one_company(self) -> str:
        """Give the number when it is all that is asked by, and nothing must be searched for."""
        return self._alone({"kvkNummer"}, "kvkNummer")

    @property
    def one_branch(self) -> str:
        """Give the number of a branch when it is all that is asked by, perhaps with that of its company."""
        return self._alone({"vestigingsnummer", "kvkNummer"}, "vestigingsnummer")

    @property
    def by_number(self) -> bool:
        """Say whether whole companies are meant, and not those of their branches that fit."""
        return self.criteria.keys() <= {"kvkNummer", "rsin"}

    def key(self, row: Row) -> str:
        """Give what a next question goes on after."""
        return str((self.about_branches and row.get("vestigingsnummer")) or row["kvkNummer"])

    def query(self) -> dict[str, str]:
        """Give what is sent to API Zoeken."""
        return {**self.criteria, **({"inclusiefInactieveRegistraties": "true"} if self.inactive else {})}

    def _alone(self, names: set[str], needed: str) -> str:
        alone = needed in self.criteria and self.criteria.keys() <= names
        return self.criteria[needed] if alone and not self.inactive else ""


def _check(criteria: Mapping[str, str]) -> None:
    if not criteria.keys() - {"type"}:
        raise refused(
            "the KVK finds companies by a number, a name or an address", advice="let the question have one of these"
        )
    for name, (pattern, digits) in _NUMBERS.items():
        # They stand in paths: what is no number is not asked for.
        if name in criteria and not pattern.fullmatch(criteria[name]):
            raise refused(f"a {name} has {digits} digits, leading zeros too", advice="see what is asked")
    house = {"huisnummer", "postbusnummer"} & criteria.keys()
    if ("postcode" in criteria) is not bool(house) or ("huisletter" in criteria and "huisnummer" not in criteria):
        raise refused(
            "the KVK takes a postcode with a huisnummer or postbusnummer, neither without the other",
            advice="let the question have both, or plaats and straatnaam",
        )
