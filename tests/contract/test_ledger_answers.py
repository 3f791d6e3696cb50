"""What every ledger promises to who waits or is told later: fates, numbers, reports and comparisons."""

from __future__ import annotations

import asyncio

import pytest

from hub.ledger.contract import Ledger
from hub.ledger.entries import (
    Asked,
    Comparison,
    DeliveryState,
    DueReport,
    Fate,
    Likeness,
    MessageKey,
    Report,
    Verdict,
    WaitState,
    Withdrawal,
)
from tests.support.ledger_contract import LedgerContract, OnPostgres, OnSqlite
from tests.support.ledger_entries import NOON, STAGE, a_delivery, a_failure, a_parked_item, an_arrival, later

KEY = MessageKey("formulieren", "afzender", "r1")


def asked(reference: str) -> Asked:
    """Ask for the fate of an arrival."""
    return Asked(f"m-{reference}", "formulieren", STAGE)


def number(value: int) -> str:
    """Write a number."""
    return f"9999Z{value:03}"


class AnswersContract(LedgerContract):
    """`fates`, `reserve`, `reserved`, `keep_reservation`."""

    async def test_of_an_unknown_message_nothing_is_known(self, ledger: Ledger) -> None:
        """It has a fate all the same: none yet. Asking for nothing gives nothing."""
        assert await ledger.fates([asked("r1")]) == {"m-r1": Fate("", None, None, "")}
        assert await ledger.fates([]) == {}

    async def test_a_translated_message_has_an_event(self, ledger: Ledger) -> None:
        """Which waits for its delivery."""
        await ledger.admit([an_arrival("r1")])

        assert await ledger.fates([asked("r1")]) == {"m-r1": Fate("e-r1", None, None, "")}

    async def test_a_delivered_message_has_ended(self, ledger: Ledger) -> None:
        """At the stage that was asked about, and at no other."""
        await ledger.admit([an_arrival("r1"), an_arrival("r2", place=2, subject="z2")])
        await ledger.end(deliveries=[a_delivery("e-r1"), a_delivery("e-r2", stage="elders")])

        fates = await ledger.fates([asked("r1"), asked("r2")])

        assert fates["m-r1"].ended is DeliveryState.DELIVERED
        assert fates["m-r2"] == Fate("e-r2", None, None, "")

    async def test_a_resend_has_the_fate_of_the_first(self, ledger: Ledger) -> None:
        """Under a new reference it has no event of its own."""
        await ledger.admit([an_arrival("r1", place=1), an_arrival("r2", place=2)])
        await ledger.end(deliveries=[a_delivery("e-r1")])

        assert (await ledger.fates([asked("r2")]))["m-r2"] == Fate("e-r1", DeliveryState.DELIVERED, None, "")

    async def test_a_parked_event_waits(self, ledger: Ledger) -> None:
        """For a person, here; its failure says why."""
        await ledger.admit([an_arrival("r1")])
        item = a_parked_item("e-r1", state=WaitState.PERSON)._replace(failure_id="f1")
        await ledger.end(parked=[item], failures=[a_failure("f1")])

        assert await ledger.fates([asked("r1")]) == {"m-r1": Fate("e-r1", None, WaitState.PERSON, "f1")}

    async def test_a_message_that_is_parked_before_it_has_an_event_waits(self, ledger: Ledger) -> None:
        """At its own connection."""
        item = a_parked_item("m-r1", stage="formulieren", state=WaitState.PERSON)._replace(failure_id="f2")
        await ledger.end(parked=[item], failures=[a_failure("f2")])

        assert await ledger.fates([asked("r1")]) == {"m-r1": Fate("", None, WaitState.PERSON, "f2")}

    async def test_a_message_that_went_on_after_it_was_parked_is_not_done_yet(self, ledger: Ledger) -> None:
        """It became an event; what counts is where that is."""
        await ledger.admit([an_arrival("r1")])
        await ledger.end(deliveries=[a_delivery("m-r1", stage="formulieren")])
        assert (await ledger.fates([asked("r1")]))["m-r1"] == Fate("e-r1", None, None, "")

        await ledger.end(parked=[a_parked_item("e-r1", state=WaitState.PERSON)])
        assert (await ledger.fates([asked("r1")]))["m-r1"].ended is None

    async def test_numbers_count_on(self, ledger: Ledger) -> None:
        """From where they are to begin, per counter."""
        keys = [KEY._replace(reference=each) for each in ("r1", "r2", "r3")]

        given = [await ledger.reserve(key, "zaak", counter="9999Z", begin=7, written=number) for key in keys]
        other = await ledger.reserve(KEY, "document", counter="9999D", begin=1, written=number)

        assert given == ["9999Z007", "9999Z008", "9999Z009"]
        assert other == "9999Z001"

    async def test_who_asks_again_gets_the_same(self, ledger: Ledger, other: Ledger) -> None:
        """Also from another process; without a reference nobody can tell."""
        first = await ledger.reserve(KEY, "zaak", counter="c", begin=1, written=number)
        again = await other.reserve(KEY, "zaak", counter="c", begin=1, written=number)
        nameless = KEY._replace(reference="")
        strangers = [await ledger.reserve(nameless, "zaak", counter="c", begin=1, written=number) for _ in "ab"]

        assert (first, again) == ("9999Z001", "9999Z001")
        assert strangers == ["9999Z002", "9999Z003"]
        assert await ledger.reserved(KEY, "zaak") == first
        assert await ledger.reserved(nameless, "zaak") is None

    async def test_all_at_once_get_different_numbers(self, ledger: Ledger, other: Ledger) -> None:
        """Two processes, many askers: no number twice, none skipped."""
        given = await asyncio.gather(
            *(
                (ledger, other)[each % 2].reserve(
                    KEY._replace(reference=f"r{each}"), "zaak", counter="c", begin=1, written=number
                )
                for each in range(60)
            )
        )

        assert sorted(given) == [number(each) for each in range(1, 61)]

    async def test_a_number_of_the_target_is_remembered(self, ledger: Ledger) -> None:
        """And given to who asks again; the first one stands."""
        await ledger.keep_reservation(KEY, "zaak", "ZAAK-1")
        await ledger.keep_reservation(KEY, "zaak", "ZAAK-2")

        assert await ledger.reserved(KEY, "zaak") == "ZAAK-1"

    async def test_what_was_withdrawn_may_come_again(self, ledger: Ledger) -> None:
        """Under the same reference, with the same effect; the fate of the first stays known."""
        first = an_arrival("r1")
        await ledger.admit([first])
        dropped = a_delivery("e-r1")._replace(state=DeliveryState.DROPPED)
        await ledger.end(
            deliveries=[dropped], withdrawn=[Withdrawal(first.message_id, first.effect_key, first.event_id)]
        )

        again = an_arrival("r1", place=2)._replace(message_id="m-again", event_id="e-again")
        assert await ledger.seen([first.key]) == {}
        assert await ledger.admit([again]) == [Verdict.NEW]
        assert (await ledger.fates([asked("r1")]))["m-r1"].ended is DeliveryState.DROPPED

    async def test_a_later_effect_is_not_withdrawn_with_an_earlier_one(self, ledger: Ledger) -> None:
        """Only the effect that was not done is forgotten."""
        first, second = an_arrival("r1", effect="a"), an_arrival("r2", place=2, effect="b")
        await ledger.admit([first, second])
        await ledger.end(withdrawn=[Withdrawal(first.message_id, first.effect_key, first.event_id)])

        assert await ledger.admit([an_arrival("r3", place=3, effect="b")]) == [Verdict.DUPLICATE]

    async def test_a_report_is_due_until_it_is_told(self, ledger: Ledger) -> None:
        """Later when the sender was away; the same outcome once, another outcome beside it."""
        await ledger.admit([an_arrival("r1")])
        refused = Report("formulieren", "m-r1", False, "nee", "no", NOON)
        await ledger.end(reports=[refused])
        await ledger.end(reports=[refused._replace(at=later(5)), refused._replace(done=True, at=later(9))])

        [due] = await ledger.due_reports("formulieren", later(1), 10)
        assert due == DueReport(refused, "afzender", "r1", "creeerZaak_Lk01", "z1", 0)
        await ledger.report_later(refused, later(60))
        assert [each.report.done for each in await ledger.due_reports("formulieren", later(10), 10)] == [True]
        assert [each.attempts for each in await ledger.due_reports("formulieren", later(61), 10)] == [0, 1]
        await ledger.report_ended(refused)
        assert [each.report.done for each in await ledger.due_reports("formulieren", later(99), 10)] == [True]
        assert await ledger.due_reports("elders", later(99), 10) == []

    async def test_a_report_of_what_never_came_into_the_inbox_says_itself_whose_it_is(self, ledger: Ledger) -> None:
        """It ended before it was an event."""
        refused = Report("formulieren", "m-r1", False, "vervallen", "dropped", NOON, "s", "r9", "zakLk01", "z9")
        await ledger.end(reports=[refused])

        [due] = await ledger.due_reports("formulieren", later(1), 10)
        assert due[1:] == ("s", "r9", "zakLk01", "z9", 0)

    async def test_comparisons_are_counted_and_those_that_differ_listed(self, ledger: Ledger) -> None:
        """Newest first; the first of a message stands."""
        same = Comparison("f", "m1", "creeerZaak_Lk01", "B1", "z1", Likeness.SAME, "", "{}", NOON)
        differs = same._replace(message_id="m2", likeness=Likeness.DIFFERS, differences='{"a": "anders"}', at=later(1))
        only_old = same._replace(message_id="m3", likeness=Likeness.ONLY_OLD, code="StUF055", at=later(2))
        for each in (same, differs, only_old, same._replace(likeness=Likeness.ONLY_HUB)):
            await ledger.compared(each)

        assert await ledger.comparisons("f", 10) == [only_old, differs]
        assert await ledger.likenesses("f") == [
            ("creeerZaak_Lk01", "B1", Likeness.ONLY_OLD, 1),
            ("creeerZaak_Lk01", "B1", Likeness.DIFFERS, 1),
            ("creeerZaak_Lk01", "B1", Likeness.SAME, 1),
        ]


class TestAnswersOnSqlite(OnSqlite, AnswersContract):
    """The file backend."""


@pytest.mark.postgres
class TestAnswersOnPostgres(OnPostgres, AnswersContract):
    """The server backend."""
