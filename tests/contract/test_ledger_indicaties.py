"""What every ledger promises of whom receivers follow."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hub.errors import ActRefused
from hub.ledger.contract import Ledger
from hub.ledger.entries import OperatorAct
from hub.ledger.indicaties import Indicatie
from tests.support.ledger_contract import LedgerContract, OnPostgres, OnSqlite
from tests.support.ledger_entries import NOON, later

ZORG, WERK = "personen-naar-zorg", "personen-naar-werk"


def an_indicatie(person: str, *, connection: str = ZORG, placed_s: int = 0, ends_s: int | None = None) -> Indicatie:
    ends_at = None if ends_s is None else later(ends_s)
    return Indicatie(connection, person, f"sealed-{person}", later(placed_s), "jan", "client 12", ends_at)


def an_act(act: str = "follow-place", reason: str = "client 12") -> OperatorAct:
    return OperatorAct("", act, "jan", reason, NOON, "persoon:a")


class IndicatiesContract(LedgerContract):
    """`place_indicaties`, `remove_indicaties`, `followed`, `indicaties`, `count_followed`."""

    async def test_who_is_placed_is_followed_by_that_connection_until_removed(self, ledger: Ledger) -> None:
        """And by no other; removing who is not there removes nobody."""
        assert await ledger.place_indicaties([an_indicatie("a"), an_indicatie("b")], [an_act()]) == 2

        assert await ledger.followed(ZORG, {"a", "c"}, NOON) == {"a"}
        assert await ledger.followed(WERK, {"a"}, NOON) == frozenset()
        assert await ledger.followed(ZORG, set(), NOON) == frozenset()
        removal = {each: an_act("follow-remove")._replace(on=f"persoon:{each}") for each in ("a", "c")}
        assert await ledger.remove_indicaties(ZORG, removal) == 1
        assert await ledger.followed(ZORG, {"a", "b"}, NOON) == {"b"}
        audit = await ledger.audit_lines()
        assert [(each.act, each.about) for each in audit] == [
            ("follow-remove", "persoon:a"),  # of "c", who never was a client, nothing is said
            ("follow-place", "persoon:a"),
        ]

    async def test_one_that_has_ended_follows_nobody(self, ledger: Ledger) -> None:
        """At its very end it is over."""
        await ledger.place_indicaties([an_indicatie("a", ends_s=60), an_indicatie("b", connection=WERK)], [])

        assert await ledger.followed(ZORG, {"a"}, later(59)) == {"a"}
        assert await ledger.followed(ZORG, {"a"}, later(60)) == frozenset()
        assert await ledger.count_followed(later(59)) == {ZORG: 1, WERK: 1}
        assert await ledger.count_followed(later(60)) == {WERK: 1}

    async def test_who_is_placed_again_has_the_new_reason_and_end(self, ledger: Ledger) -> None:
        """Since when it is followed stays."""
        await ledger.place_indicaties([an_indicatie("a", ends_s=60)], [])
        again = an_indicatie("a", placed_s=30)._replace(reason="client 13", placed_by="piet")

        assert await ledger.place_indicaties([again], []) == 0
        assert await ledger.indicaties(ZORG, limit=10) == [again._replace(placed_at=NOON)]

    async def test_who_is_placed_after_the_end_is_followed_anew(self, ledger: Ledger) -> None:
        """Since then, not since long ago; and it counts as one more."""
        await ledger.place_indicaties([an_indicatie("a", ends_s=60), an_indicatie("b", ends_s=61)], [])
        again = [an_indicatie(each, placed_s=60) for each in ("a", "b")]

        assert await ledger.place_indicaties(again, []) == 1
        assert await ledger.indicaties(ZORG, limit=10) == [again[1]._replace(placed_at=NOON), again[0]]

    async def test_the_list_goes_on_where_it_was(self, ledger: Ledger) -> None:
        """The oldest first, also of those that were placed at once; ended ones too, and only of that connection."""
        await ledger.place_indicaties(
            [
                an_indicatie("c", ends_s=1),
                an_indicatie("b", placed_s=60),
                an_indicatie("a"),
                an_indicatie("d", connection=WERK),
            ],
            [],
        )

        first = await ledger.indicaties(ZORG, limit=2)
        rest = await ledger.indicaties(ZORG, after=first[-1].mark, limit=2)
        assert [each.person for each in (*first, *rest)] == ["a", "c", "b"]
        assert first[1].ends_at == NOON + timedelta(seconds=1)
        assert rest[0].sealed == "sealed-b"

    async def test_nobody_is_placed_or_removed_without_a_reason(self, ledger: Ledger) -> None:
        """Then nothing of it happens."""
        await ledger.place_indicaties([an_indicatie("a")], [an_act()])

        with pytest.raises(ActRefused, match="needs a reason"):
            await ledger.place_indicaties([an_indicatie("b")], [an_act(reason="")])
        with pytest.raises(ActRefused, match="needs a reason"):
            await ledger.remove_indicaties(ZORG, {"a": an_act("follow-remove", reason="")})
        assert [each.person for each in await ledger.indicaties(ZORG, limit=10)] == ["a"]

    async def test_what_was_typed_as_a_reason_shows_no_person(self, ledger: Ledger) -> None:
        """Somebody types a BSN there one day."""
        await ledger.place_indicaties([an_indicatie("a")._replace(reason="is 999990019")], [])

        [placed] = await ledger.indicaties(ZORG, limit=10)
        assert "999990019" not in placed.reason


class TestIndicatiesOnSqlite(OnSqlite, IndicatiesContract):
    """The file backend."""


@pytest.mark.postgres
class TestIndicatiesOnPostgres(OnPostgres, IndicatiesContract):
    """The server backend, on a real one."""
