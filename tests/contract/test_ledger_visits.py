"""What every ledger promises about who is at the console: visits, unmaskings, and answers that are given once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hub.errors import ActRefused
from hub.ledger.contract import Ledger
from hub.ledger.entries import OperatorAct
from hub.ledger.visits import GivenAnswer, Visit
from tests.support.ledger_contract import LedgerContract, OnPostgres, OnSqlite
from tests.support.ledger_entries import later

EVER = datetime(2000, 1, 1, tzinfo=UTC)
END = later(3600)
GIVEN = GivenAnswer(201, '{"location":"/v1/plans/1"}', b'{"id":"1"}')


def _visit(key: str = "k1", *, ends_at: datetime = END) -> Visit:
    return Visit(
        key,
        "o.operator",
        "oidc",
        "1900",
        ("zaakhub-operators",),
        b"sealed",
        later(0),
        later(0),
        ends_at=ends_at,
        person_id="oidc:https://idp|7",
    )


def _act(act: str = "aanmelden") -> OperatorAct:
    return OperatorAct("", act, "o.operator", "", later(0), on="console")


class VisitsContract(LedgerContract):
    """Everything of `Visiting`."""

    async def test_a_visit_is_found_by_its_key_until_it_is_ended(self, ledger: Ledger, other: Ledger) -> None:
        """By every process; it ends once."""
        await ledger.begin_visit(_visit(), _act())

        assert await other.visit("k1") == _visit()
        assert await other.visit("k2") is None
        assert await other.end_visit("k1", _act("afmelden"))
        assert await ledger.visit("k1") is None
        assert not await ledger.end_visit("k1", _act("afmelden"))

    async def test_who_is_seen_is_never_seen_earlier(self, ledger: Ledger) -> None:
        """Two processes may say it in another order than it happened."""
        await ledger.begin_visit(_visit(), _act())
        await ledger.seen_visit("k1", later(60))
        await ledger.seen_visit("k1", later(30))

        found = await ledger.visit("k1")
        assert found is not None
        assert found.seen_at == later(60)

    async def test_a_new_visit_takes_the_place_of_the_one_before(self, ledger: Ledger) -> None:
        """With what it could see; visits of the past are forgotten at the same time."""
        await ledger.begin_visit(_visit("old", ends_at=later(-1)), _act())
        await ledger.begin_visit(_visit("before"), _act())
        await ledger.unmask("before", "m1", later(900), _act("ontmaskeren"))

        await ledger.begin_visit(_visit("now"), _act(), instead_of="before")

        assert [await ledger.visit(key) for key in ("old", "before")] == [None, None]
        assert await ledger.visit("now") == _visit("now")
        assert await ledger.unmasked_until("before", "m1") is None

    async def test_an_unmasking_is_of_one_session_and_one_message(self, ledger: Ledger) -> None:
        """The latest end counts; it goes with the session."""
        await ledger.begin_visit(_visit(), _act())
        await ledger.unmask("k1", "m1", later(900), _act("ontmaskeren"))
        await ledger.unmask("k1", "m1", later(60), _act("ontmaskeren"))

        assert await ledger.unmasked_until("k1", "m1") == later(900)
        assert await ledger.unmasked_until("k1", "m2") is None
        assert await ledger.unmasked_until("k2", "m1") is None
        await ledger.end_visit("k1", _act("afmelden"))
        assert await ledger.unmasked_until("k1", "m1") is None

    async def test_a_request_is_answered_once(self, ledger: Ledger, other: Ledger) -> None:
        """Who asks again gets what was answered; who asks meanwhile is told to wait."""
        assert await _begin(ledger) is None
        with pytest.raises(ActRefused) as busy:
            await _begin(other)
        assert busy.value.code == "bezig"
        await ledger.end_answer("piet", "key-1", GIVEN)

        assert await _begin(other) == GIVEN
        assert await _begin(other, who="els") is None
        assert await _begin(other, key="key-2") is None

    async def test_a_key_is_of_one_request(self, ledger: Ledger) -> None:
        """Something else under the same key is refused, also when the first was answered."""
        await _begin(ledger)
        await ledger.end_answer("piet", "key-1", GIVEN)

        with pytest.raises(ActRefused) as refused:
            await _begin(ledger, asked="something else")
        assert refused.value.code == "idempotency-key"

    async def test_what_was_not_done_may_be_asked_again(self, ledger: Ledger) -> None:
        """A refused request frees its key; one whose process was killed frees it after a while."""
        await _begin(ledger)
        await ledger.end_answer("piet", "key-1", None)
        assert await _begin(ledger) is None

        in_a_while = datetime.now(UTC) + timedelta(hours=1)
        assert await _begin(ledger, busy_since=in_a_while) is None

    async def test_an_answer_is_forgotten_in_the_end(self, ledger: Ledger) -> None:
        """Then the key is new."""
        await _begin(ledger)
        await ledger.end_answer("piet", "key-1", GIVEN)

        tomorrow = datetime.now(UTC) + timedelta(days=1)
        assert await _begin(ledger, kept_since=tomorrow) is None


async def _begin(
    ledger: Ledger,
    *,
    who: str = "piet",
    key: str = "key-1",
    asked: str = "a plan",
    busy_since: datetime = EVER,
    kept_since: datetime = EVER,
) -> GivenAnswer | None:
    return await ledger.begin_answer(who, key, asked, busy_since=busy_since, kept_since=kept_since)


class TestVisitsOnSqlite(OnSqlite, VisitsContract):
    """The file backend."""


@pytest.mark.postgres
class TestVisitsOnPostgres(OnPostgres, VisitsContract):
    """The server backend."""
