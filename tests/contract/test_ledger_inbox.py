"""What every ledger promises of starting, stopping and the inbox."""

from __future__ import annotations

import asyncio

import pytest

from hub.clock import SystemClock
from hub.errors import HubUnavailable
from hub.ledger.contract import Ledger
from hub.ledger.entries import Asked, MessageKey, Seen, Verdict
from hub.ledger.open import open_ledger
from tests.support.ledger_contract import LedgerContract, OnPostgres, OnSqlite
from tests.support.ledger_entries import an_arrival, later


class InboxContract(LedgerContract):
    """`start`, `stop`, `healthy`, `seen`, `admit`."""

    # Starting and stopping

    async def test_a_started_ledger_is_healthy(self, ledger: Ledger) -> None:
        """The database answers."""
        assert await ledger.healthy()

    async def test_a_ledger_that_is_not_started_is_unavailable(self, url: str) -> None:
        """Using it says so, and asking for its health does not raise."""
        ledger = open_ledger(url, clock=SystemClock())

        with pytest.raises(HubUnavailable):
            await ledger.seen([MessageKey("k", "s", "r")])
        assert not await ledger.healthy()

    async def test_several_start_at_once_on_an_empty_database(self, url: str) -> None:
        """One migrates, the others find it done."""
        ledgers = [open_ledger(url, clock=SystemClock()) for _ in range(4)]

        await asyncio.gather(*(ledger.start() for ledger in ledgers))

        assert [await ledger.healthy() for ledger in ledgers] == [True] * 4
        await asyncio.gather(*(ledger.stop() for ledger in ledgers))

    async def test_what_was_written_is_there_after_a_restart(self, url: str, ledger: Ledger) -> None:
        """Stop and start lose nothing; starting again migrates nothing."""
        await ledger.admit([an_arrival("r1")])
        await ledger.stop()

        again = open_ledger(url, clock=SystemClock())
        await again.start()

        assert await again.admit([an_arrival("r1")]) == [Verdict.AGAIN]
        await again.stop()

    # The inbox

    async def test_an_unknown_key_is_not_seen(self, ledger: Ledger) -> None:
        """Nothing is known of it; asking for nothing gives nothing."""
        assert await ledger.seen([MessageKey("k", "s", "r")]) == {}
        assert await ledger.seen([]) == {}

    async def test_an_admitted_key_is_seen(self, ledger: Ledger) -> None:
        """With message id, hash and time, to the microsecond; other keys in the same question are left out."""
        arrival = an_arrival("r1")._replace(accepted_at=later(0.000001))
        await ledger.admit([arrival])

        seen = await ledger.seen([arrival.key, MessageKey("formulieren", "afzender", "r2")])

        assert seen == {arrival.key: Seen(arrival.message_id, arrival.content_hash, later(0.000001))}

    async def test_a_key_without_reference_is_never_seen(self, ledger: Ledger) -> None:
        """There is nothing to recognise it by."""
        arrival = an_arrival("")
        await ledger.admit([arrival])

        assert await ledger.seen([arrival.key]) == {}

    async def test_rule_1_the_same_place_is_again(self, ledger: Ledger) -> None:
        """Our own redelivery, even with a later effect on the same key in between."""
        await ledger.admit([an_arrival("r1", place=1, effect="a"), an_arrival("r2", place=2, effect="b")])

        assert await ledger.admit([an_arrival("r1", place=1, effect="a")]) == [Verdict.AGAIN]

    async def test_rule_1_a_duplicate_that_comes_again_stays_a_duplicate(self, ledger: Ledger) -> None:
        """A resend under a new reference has no event of its own, also when we read its place a second time."""
        batch = [an_arrival("r1", place=1), an_arrival("r2", place=2), an_arrival("", place=3)]
        first = await ledger.admit(batch)

        again = await ledger.admit(batch)

        assert first == [Verdict.NEW, Verdict.DUPLICATE, Verdict.DUPLICATE]
        assert again == [Verdict.AGAIN, Verdict.DUPLICATE, Verdict.DUPLICATE]

    async def test_rule_1_a_duplicate_stays_one_after_a_newer_effect(self, ledger: Ledger) -> None:
        """Else the old effect would come back over the newer one."""
        resend, newer = an_arrival("r2", place=2), an_arrival("r3", place=3, effect="b")
        await ledger.admit([an_arrival("r1", place=1), resend, newer])

        assert await ledger.admit([resend, newer]) == [Verdict.DUPLICATE, Verdict.AGAIN]

    async def test_rule_2_a_known_key_with_other_content_is_a_conflict(self, ledger: Ledger) -> None:
        """StUF016: the sender used a reference twice. What was known stays known."""
        await ledger.admit([an_arrival("r1", place=1)])

        assert await ledger.admit([an_arrival("r1", place=2, content="other")]) == [Verdict.CONFLICT]
        assert await ledger.admit([an_arrival("r1", place=3)]) == [Verdict.DUPLICATE]

    async def test_rule_3_a_known_key_at_another_place_is_a_duplicate(self, ledger: Ledger) -> None:
        """And nothing is changed: the key is still that of the first."""
        first = an_arrival("r1", place=1)
        await ledger.admit([first])

        verdicts = await ledger.admit([an_arrival("r1", place=2)._replace(message_id="other")])

        assert verdicts == [Verdict.DUPLICATE]
        assert (await ledger.seen([first.key]))[first.key].message_id == first.message_id

    async def test_rule_4_the_same_effect_under_a_new_reference_is_a_duplicate(self, ledger: Ledger) -> None:
        """The new key is remembered, so that rule 3 finds its own resend."""
        await ledger.admit([an_arrival("r1", place=1)])

        resend = an_arrival("r2", place=2)
        assert await ledger.admit([resend]) == [Verdict.DUPLICATE]
        assert list(await ledger.seen([resend.key])) == [resend.key]
        assert await ledger.admit([an_arrival("r2", place=3, content="other")]) == [Verdict.CONFLICT]

    async def test_rule_4_looks_at_the_latest_effect_only(self, ledger: Ledger) -> None:
        """A, B, A is three effects: the second A undoes B."""
        batch = [
            an_arrival("r1", place=1, effect="a"),
            an_arrival("r2", place=2, effect="b"),
            an_arrival("r3", place=3, effect="a"),
        ]

        assert await ledger.admit(batch) == [Verdict.NEW] * 3

    async def test_rule_4_a_duplicate_does_not_become_the_latest_effect(self, ledger: Ledger) -> None:
        """The effect stays that of the first: at its place it is no duplicate of itself."""
        await ledger.admit([an_arrival("r1", place=1), an_arrival("r2", place=2)])

        assert await ledger.admit([an_arrival("r3", place=1)]) == [Verdict.NEW]

    async def test_rule_5_effects_on_different_keys_are_new(self, ledger: Ledger) -> None:
        """The same hash under another effect key is another effect."""
        batch = [an_arrival("r1", place=1, subject="z1"), an_arrival("r2", place=2, subject="z2")]

        assert await ledger.admit(batch) == [Verdict.NEW] * 2

    async def test_arrivals_are_judged_against_each_other(self, ledger: Ledger) -> None:
        """Within one batch the second knows of the first."""
        batch = [
            an_arrival("r1", place=1),
            an_arrival("r1", place=2),
            an_arrival("r1", place=3, content="other"),
            an_arrival("r2", place=4),
            an_arrival("r1", place=1),
        ]

        assert await ledger.admit(batch) == [
            Verdict.NEW,
            Verdict.DUPLICATE,
            Verdict.CONFLICT,
            Verdict.DUPLICATE,
            Verdict.AGAIN,
        ]

    async def test_without_reference_only_the_place_and_the_effect_count(self, ledger: Ledger) -> None:
        """Without reference and with different effects these are two messages; the same place is the same one."""
        batch = [an_arrival("", place=1, effect="a"), an_arrival("", place=2, effect="b", content="other")]

        assert await ledger.admit(batch) == [Verdict.NEW] * 2
        assert await ledger.admit(batch) == [Verdict.AGAIN] * 2

    async def test_what_is_asked_again_is_judged_by_its_effect(self, ledger: Ledger) -> None:
        """It had nothing new to tell, and now it has: from then on it is what it became."""
        first, second = an_arrival("1", place=1), an_arrival("2", place=2)
        await ledger.admit([first])
        assert await ledger.admit([second]) == [Verdict.DUPLICATE]
        again = second._replace(asked_again=True)
        assert await ledger.admit([again]) == [Verdict.DUPLICATE]

        changed = again._replace(effect_hash="effect-b", event_id="e-3")
        assert await ledger.admit([changed]) == [Verdict.NEW]

        assert await ledger.admit([changed]) == [Verdict.AGAIN]
        assert await ledger.admit([changed._replace(asked_again=False)]) == [Verdict.AGAIN]
        assert await ledger.admit([an_arrival("4", place=4, effect="b")]) == [Verdict.DUPLICATE]

    async def test_what_is_asked_again_without_a_reference_is_known_by_its_place(self, ledger: Ledger) -> None:
        """As every message without one."""
        await ledger.admit([an_arrival("1", place=1)])
        again = an_arrival("", place=2)._replace(asked_again=True)
        assert await ledger.admit([again]) == [Verdict.DUPLICATE]

        assert await ledger.admit([again._replace(effect_hash="effect-b")]) == [Verdict.NEW]

    async def test_a_resend_that_is_asked_again_takes_the_place_of_the_first(self, ledger: Ledger) -> None:
        """The first ended without anything to tell: what the second is asked about counts, wherever it lies."""
        await ledger.admit([an_arrival("0", place=0)])
        await ledger.admit([an_arrival("1", place=1)])
        resend = an_arrival("1", place=2)._replace(asked_again=True)
        assert await ledger.admit([resend]) == [Verdict.DUPLICATE]

        assert await ledger.admit([resend._replace(effect_hash="effect-b")]) == [Verdict.NEW]
        assert await ledger.admit([resend._replace(effect_hash="effect-b")]) == [Verdict.AGAIN]

    async def test_a_duplicate_that_nobody_asked_about_stays_one(self, ledger: Ledger) -> None:
        """Our own redelivery of it would bring back what was before."""
        await ledger.admit([an_arrival("1", place=1), an_arrival("2", place=2)])
        await ledger.admit([an_arrival("3", place=3, effect="b")])

        assert await ledger.admit([an_arrival("2", place=2)]) == [Verdict.DUPLICATE]

    async def test_what_is_fetched_anew_is_what_the_next_is_compared_with(self, ledger: Ledger) -> None:
        """Sent once more by a plan, or taken up again after a crash: what it says then is what was told."""
        first = an_arrival("1", place=1)
        await ledger.admit([first])
        copy = first._replace(effect_hash="effect-b", event_id="e-copy", sent_again=True)
        assert await ledger.admit([copy]) == [Verdict.NEW]
        assert await ledger.admit([an_arrival("2", place=2, effect="b")]) == [Verdict.DUPLICATE]
        assert await ledger.admit([an_arrival("3", place=3)]) == [Verdict.NEW]

        taken_up = an_arrival("3", place=3, effect="c")._replace(event_id="e-3c")
        assert await ledger.admit([taken_up]) == [Verdict.AGAIN]
        assert await ledger.admit([an_arrival("4", place=4, effect="c")]) == [Verdict.DUPLICATE]
        asked = Asked(taken_up.message_id, taken_up.key.connection, "uit")
        assert (await ledger.fates([asked]))[taken_up.message_id].event_id == "e-3c"
        assert await ledger.admit([an_arrival("5", place=5)]) == [Verdict.NEW]

        # Of what was overtaken meanwhile nothing is moved.
        assert await ledger.admit([taken_up._replace(effect_hash="effect-d")]) == [Verdict.AGAIN]
        assert await ledger.admit([an_arrival("6", place=6)]) == [Verdict.DUPLICATE]

    async def test_admitting_nothing_is_nothing(self, ledger: Ledger) -> None:
        """An empty list has no verdicts."""
        assert await ledger.admit([]) == []

    async def test_senders_and_connections_have_their_own_references(self, ledger: Ledger) -> None:
        """The same reference of another sender or at another connection is another key."""
        one = an_arrival("r1", place=1, subject="z1")
        sender = an_arrival("r1", place=2, subject="z2")._replace(key=MessageKey("formulieren", "ander", "r1"))
        connection = an_arrival("r1", place=3, subject="z3")._replace(key=MessageKey("vth", "afzender", "r1"))

        assert await ledger.admit([one, sender, connection]) == [Verdict.NEW] * 3

    async def test_two_workers_admit_a_key_once(self, ledger: Ledger, other: Ledger) -> None:
        """Overlapping batches at the same time: per key exactly one NEW, whatever the order in the batch."""
        mine = [an_arrival(f"r{n}", place=n, subject=f"z{n}") for n in range(60)]
        theirs = [an_arrival(f"r{n}", place=1000 + n, subject=f"z{n}") for n in reversed(range(60))]

        verdicts = await asyncio.gather(ledger.admit(mine), other.admit(theirs))

        of_key: dict[str, list[Verdict]] = {}
        for batch, answers in zip((mine, theirs), verdicts, strict=True):
            for arrival, verdict in zip(batch, answers, strict=True):
                of_key.setdefault(arrival.key.reference, []).append(verdict)
        assert {tuple(sorted(answers)) for answers in of_key.values()} == {(Verdict.DUPLICATE, Verdict.NEW)}

    async def test_two_workers_admit_an_effect_once(self, ledger: Ledger, other: Ledger) -> None:
        """The same effects under different references, first and moved ones: per effect one NEW in each round."""
        for effect in ("a", "b"):
            mine = [an_arrival(f"{effect}1{n}", place=n, subject=f"z{n}", effect=effect) for n in range(60)]
            theirs = [an_arrival(f"{effect}2{n}", place=1000 + n, subject=f"z{n}", effect=effect) for n in range(60)]

            verdicts = await asyncio.gather(ledger.admit(mine), other.admit(theirs[::-1]))

            assert sorted(verdicts[0] + verdicts[1]) == [Verdict.DUPLICATE] * 60 + [Verdict.NEW] * 60


class TestInboxOnSqlite(OnSqlite, InboxContract):
    """The file backend."""


@pytest.mark.postgres
class TestInboxOnPostgres(OnPostgres, InboxContract):
    """The server backend, on a real one."""
