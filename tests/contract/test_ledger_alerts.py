"""What every ledger promises about alerts: one is open at a time, and each channel is told once of its two ends."""

from __future__ import annotations

from datetime import datetime

import pytest

from hub.ledger.alerts import Alert, AlertKind, Notice
from hub.ledger.contract import Ledger
from tests.support.ledger_contract import LedgerContract, OnPostgres, OnSqlite
from tests.support.ledger_entries import later

CHANNELS = ("mail", "webhook")


def _alert(name: str, *, at: datetime, connection: str = "formulieren", degree: str = "") -> Alert:
    return Alert(name, AlertKind.BACKLOG, connection, degree, at, "the oldest message waits")


class AlertsContract(LedgerContract):
    """`raise_alerts`, `close_alerts` and the notices of both."""

    async def test_of_a_kind_and_connection_one_is_open(self, ledger: Ledger, other: Ledger) -> None:
        """Two workers that see the same thing open one alert; another degree is another alert."""
        first, second = _alert("a1", at=later(1)), _alert("a2", at=later(2))

        assert await ledger.raise_alerts([first], CHANNELS) == [first]
        assert await other.raise_alerts([second], CHANNELS) == []
        worse = _alert("a3", at=later(3), degree="30")
        assert await other.raise_alerts([worse], CHANNELS) == [worse]

        assert await ledger.alerts(only_open=True) == [worse, first]

    async def test_each_channel_is_told_once_of_both_ends(self, ledger: Ledger) -> None:
        """The opening before the end; what was told is not due again."""
        await ledger.raise_alerts([_alert("a1", at=later(1))], CHANNELS)
        opened = await ledger.due_notices(later(1), 10)
        assert [(each.channel, each.over) for each in opened] == [("mail", False), ("webhook", False)]

        await ledger.notice_told(opened[0], later(2))
        await ledger.close_alerts(["a1"], later(3), CHANNELS)
        await ledger.close_alerts(["a1"], later(9), CHANNELS)

        due = await ledger.due_notices(later(9), 10)
        assert [(each.channel, each.over) for each in due] == [("webhook", False), ("mail", True), ("webhook", True)]
        assert due[0].alert.closed_at == later(3)
        assert await ledger.told(["a1", "a2"]) == {"a1": ["mail"], "a2": []}

    async def test_a_channel_that_is_away_is_told_later(self, ledger: Ledger) -> None:
        """And its tries are counted."""
        await ledger.raise_alerts([_alert("a1", at=later(1))], ["mail"])
        [notice] = await ledger.due_notices(later(1), 10)

        await ledger.notice_later(notice, later(60))

        assert await ledger.due_notices(later(59), 10) == []
        assert await ledger.due_notices(later(60), 10) == [notice._replace(attempts=1)]

    async def test_after_it_is_over_it_may_open_again(self, ledger: Ledger) -> None:
        """As another alert, with its own notices."""
        await ledger.raise_alerts([_alert("a1", at=later(1))], [])
        await ledger.close_alerts(["a1"], later(2), [])
        again = _alert("a2", at=later(3))

        assert await ledger.raise_alerts([again], ["mail"]) == [again]
        assert await ledger.due_notices(later(3), 10) == [Notice(again, "mail", over=False, attempts=0)]
        assert [each.id for each in await ledger.alerts(only_open=False, before=(later(3), "a2"))] == ["a1"]

    @pytest.mark.parametrize("only_open", [True, False])
    async def test_a_list_goes_on_in_the_middle_of_a_moment(self, ledger: Ledger, *, only_open: bool) -> None:
        """A worker that starts may find ten things wrong at once; none is left out between two pages."""
        await ledger.raise_alerts([_alert(f"a{each}", at=later(1), degree=str(each)) for each in range(5)], [])
        await ledger.raise_alerts([_alert("b", at=later(2))], [])

        seen, before = [], None
        while page := await ledger.alerts(only_open=only_open, before=before, limit=2):
            seen += [each.id for each in page]
            before = page[-1].opened_at, page[-1].id

        assert seen == ["b", "a4", "a3", "a2", "a1", "a0"]

    async def test_a_connection_without_messages_has_no_last_one(self, ledger: Ledger) -> None:
        """Silence begins after a first message."""
        assert await ledger.last_arrivals(["formulieren"]) == {}


class TestAlertsOnSqlite(OnSqlite, AlertsContract):
    """The file backend."""


@pytest.mark.postgres
class TestAlertsOnPostgres(OnPostgres, AlertsContract):
    """The server backend."""
