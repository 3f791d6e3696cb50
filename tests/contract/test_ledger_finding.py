"""What every ledger promises of finding messages: by each thing that is known of them, whatever is typed."""

from __future__ import annotations

from datetime import datetime

import pytest

from hub.ledger.contract import Ledger
from hub.ledger.entries import Arrival, DeliveryState, FailureState
from hub.ledger.finding import Criteria, Found, Mark, MessageState, Untranslated
from tests.support.ledger_contract import LedgerContract, OnPostgres, OnSqlite
from tests.support.ledger_entries import NOON, a_delivery, a_failure, a_refusal, an_arrival, later

PERSON = "4f" * 16
HOSTILE = [
    "%",
    "_",
    "r%",
    "r_",
    "' or '1'='1",
    "r1'; delete from inbox; --",
    "$1",
    "?1",
    "\\",
    "r1\\",
    "{fits}",
    "r1%00",
    "🙂",
    "r1 union select * from audit",
]


def _arrival(reference: str, number: int, *, subject: str | None = None, at: datetime | None = None) -> Arrival:
    """Make an arrival of a zaak of its own, a second after the one before it."""
    arrival = an_arrival(reference, place=number, subject=f"zaak-{number}")
    return arrival._replace(subject=subject or f"zaak-{number}", accepted_at=at or later(number))


async def _ids(ledger: Ledger, criteria: Criteria) -> list[str]:
    return [each.message_id for each in (await ledger.find(criteria)).found]


def _typed(field: str, typed: str, state: MessageState | None) -> Criteria:
    return Criteria._make(typed if name == field else value for name, value in Criteria(state=state)._asdict().items())


class FindingContract(LedgerContract):
    """`find`."""

    async def test_a_message_is_told_as_it_stands(self, ledger: Ledger) -> None:
        """With everything that the list shows; before a target has it, it is accepted."""
        arrival = _arrival("r1", 1, subject="doc-1")
        await ledger.admit([arrival])

        page = await ledger.find(Criteria(zaak="zaak-1"))

        told = ("formulieren", "afzender", "r1", "m-r1", "creeerZaak_Lk01", "zaak-1", "doc-1", later(1))
        assert page.found == [Found(*told, MessageState.ACCEPTED, "")]
        assert page.next is None

    @pytest.mark.parametrize(
        "criteria",
        [
            Criteria(zaak="zaak-2"),
            Criteria(document="doc-2"),
            Criteria(reference="r2"),
            Criteria(sender="andere"),
            Criteria(connection="meldingen"),
            Criteria(kind="voegZaakdocumentToe_Lk01"),
            Criteria(person=PERSON),
            Criteria(since=later(2), until=later(3)),
            Criteria(zaak="zaak-2", sender="andere", kind="voegZaakdocumentToe_Lk01", person=PERSON),
        ],
    )
    async def test_each_criterion_finds_what_it_is_of_and_nothing_else(
        self, ledger: Ledger, criteria: Criteria
    ) -> None:
        """Alone, and with others."""
        second = _arrival("r2", 2, subject="doc-2")
        key = second.key._replace(sender="andere", connection="meldingen")
        second = second._replace(key=key, kind="voegZaakdocumentToe_Lk01", persons=(PERSON, "5e" * 16))
        await ledger.admit([_arrival("r1", 1), second, _arrival("r3", 3)])

        assert await _ids(ledger, criteria) == ["m-r2"]

    async def test_criteria_that_are_not_all_true_find_nothing(self, ledger: Ledger) -> None:
        """Each of them is true of some message, never of the same."""
        await ledger.admit([_arrival("r1", 1)._replace(persons=(PERSON,)), _arrival("r2", 2)])

        for criteria in (
            Criteria(reference="r1", zaak="zaak-2"),
            Criteria(person=PERSON, reference="r2"),
            Criteria(connection="formulieren", kind="anders"),
            Criteria(zaak="zaak-1", since=later(2)),
            Criteria(zaak="zaak-1", state=MessageState.FAILED),
        ):
            assert await _ids(ledger, criteria) == []

    async def test_a_message_is_found_by_what_became_of_it(self, ledger: Ledger) -> None:
        """Every state, also as one of several criteria; a failure of long ago is no state."""
        await ledger.admit([_arrival(f"r{number}", number) for number in range(1, 6)])
        again = _arrival("r6", 6, at=later(6))._replace(effect_key="x|zaak-1", zaak="zaak-1")
        await ledger.admit([again._replace(effect_key=_arrival("r1", 1).effect_key)])
        dropped = a_delivery("e-r3", zaak="zaak-3")._replace(state=DeliveryState.DROPPED)
        await ledger.end(
            deliveries=[a_delivery("e-r2", zaak="zaak-2"), dropped, a_delivery("e-r5", zaak="zaak-5")],
            failures=[
                a_failure("f-4", zaak="zaak-4")._replace(item_id="e-r4"),
                a_failure("f-5", zaak="zaak-5", state=FailureState.RESOLVED)._replace(item_id="e-r5"),
            ],
        )
        await ledger.refused([a_refusal()._replace(message_id="m-refused", at=later(9))])

        by_state = {state: await _ids(ledger, Criteria(state=state)) for state in MessageState}
        assert by_state == {
            MessageState.ACCEPTED: ["m-r1"],
            MessageState.DELIVERED: ["m-r5", "m-r2"],
            MessageState.FAILED: ["m-r4"],
            MessageState.DROPPED: ["m-r3"],
            MessageState.REFUSED: ["m-refused"],
            MessageState.RESENT: ["m-r6"],
        }
        assert await _ids(ledger, Criteria(state=MessageState.FAILED, sender="afzender")) == ["m-r4"]
        assert await _ids(ledger, Criteria(state=MessageState.FAILED, sender="anders")) == []
        [failed] = (await ledger.find(Criteria(reference="r4"))).found
        assert (failed.state, failed.failure_id) == (MessageState.FAILED, "f-4")

    async def test_a_message_is_found_by_what_its_failure_says(self, ledger: Ledger) -> None:
        """A part of the reason, whatever its case; no pattern; resolved ones too."""
        await ledger.admit([_arrival(f"r{number}", number) for number in range(1, 4)])
        reasons = ["No rule for zaaktype B1026", "the target says 503 (100% busy)", "No rule for zaaktype B2000"]
        failures = [
            a_failure(f"f-{number}", zaak=f"zaak-{number}")._replace(
                item_id=f"e-r{number}", reason=reason, last_at=later(number)
            )
            for number, reason in enumerate(reasons, 1)
        ]
        failures[2] = failures[2]._replace(state=FailureState.RESOLVED)
        await ledger.end(failures=failures)

        assert await _ids(ledger, Criteria(text="ZAAKTYPE b1026")) == ["m-r1"]
        assert await _ids(ledger, Criteria(text="no rule")) == ["m-r3", "m-r1"]
        assert await _ids(ledger, Criteria(text="no rule", zaak="zaak-1")) == ["m-r1"]
        assert await _ids(ledger, Criteria(text="no rule", state=MessageState.FAILED)) == ["m-r1"]
        assert await _ids(ledger, Criteria(text="100%")) == ["m-r2"]
        assert await _ids(ledger, Criteria(text="n_ rule")) == []

    async def test_what_never_became_an_event_is_found_too(self, ledger: Ledger) -> None:
        """By what the sender said, by the person, and as failed; once, also when it goes on after all."""
        arrival = _arrival("r1", 1, subject="doc-1")
        aside = Untranslated(
            "formulieren", "afzender", "r1", "m-r1", arrival.kind, "zaak-1", "doc-1", "", *arrival[8:10], (PERSON,)
        )
        await ledger.set_aside(aside)
        failure = a_failure("f-1", zaak="zaak-1")._replace(item_id="m-r1", stage="formulieren")
        await ledger.end(failures=[failure])

        for criteria in (
            Criteria(reference="r1"),
            Criteria(document="doc-1"),
            Criteria(zaak="zaak-1"),
            Criteria(sender="afzender"),
            Criteria(connection="formulieren"),
            Criteria(kind=arrival.kind),
            Criteria(person=PERSON),
            Criteria(state=MessageState.FAILED),
            Criteria(text="no rule"),
            Criteria(since=later(0)),
        ):
            [found] = (await ledger.find(criteria)).found
            assert (found.message_id, found.reference, found.state) == ("m-r1", "r1", MessageState.FAILED)

        await ledger.admit([arrival])
        assert await _ids(ledger, Criteria(zaak="zaak-1")) == ["m-r1"]
        assert await _ids(ledger, Criteria(person=PERSON)) == ["m-r1"]

    async def test_refusals_are_among_what_a_connection_or_a_time_has(self, ledger: Ledger) -> None:
        """In order with the others; whoever asks for what a refusal does not have gets none."""
        await ledger.admit([_arrival("r1", 1), _arrival("r3", 3)])
        await ledger.refused([a_refusal()._replace(message_id="m-refused", at=later(2))])

        assert await _ids(ledger, Criteria(connection="formulieren")) == ["m-r3", "m-refused", "m-r1"]
        assert await _ids(ledger, Criteria(since=NOON)) == ["m-r3", "m-refused", "m-r1"]
        assert await _ids(ledger, Criteria(sender="afzender")) == ["m-r3", "m-r1"]
        assert await _ids(ledger, Criteria(state=MessageState.REFUSED, text="NOT valid")) == ["m-refused"]
        assert await _ids(ledger, Criteria(state=MessageState.REFUSED, connection="anders")) == []

    @pytest.mark.parametrize(
        "criteria", [Criteria(sender="afzender"), Criteria(connection="formulieren"), Criteria(person=PERSON)]
    )
    async def test_pages_hold_everything_once(self, ledger: Ledger, criteria: Criteria) -> None:
        """Also when several were accepted at one moment, and when refusals stand between them."""
        at = [later(number // 3) for number in range(11)]
        arrivals = [_arrival(f"r{number:02}", number, at=when) for number, when in enumerate(at)]
        await ledger.admit([each._replace(persons=(PERSON,)) for each in arrivals])
        if not criteria.of_message:
            refusals = [a_refusal()._replace(message_id=f"x{number}", at=later(number)) for number in range(3)]
            await ledger.refused(refusals)

        whole = await _ids(ledger, criteria)
        seen: list[str] = []
        mark: Mark | None = None
        for _ in range(20):
            page = await ledger.find(criteria, after=mark, limit=3)
            seen += [each.message_id for each in page.found]
            mark = page.next
            if mark is None:
                break

        assert seen == whole
        assert len(whole) == len(set(whole)) == (11 if criteria.of_message else 14)

    async def test_pages_of_what_failures_say_hold_everything_once(self, ledger: Ledger) -> None:
        """Whether many say it or few: the look-up is another."""
        await ledger.admit([_arrival(f"r{number}", number) for number in range(9)])
        failures = [
            a_failure(f"f-{number}", zaak=f"zaak-{number}")._replace(
                item_id=f"e-r{number}", reason=f"no rule {number % 4}", last_at=later(number // 2)
            )
            for number in range(9)
        ]
        await ledger.end(failures=failures)

        for text, expected in (("no rule", 9), ("RULE 1", 2)):
            seen: list[str] = []
            mark: Mark | None = None
            while True:
                page = await ledger.find(Criteria(text=text), after=mark, limit=2)
                seen += [each.failure_id for each in page.found]
                mark = page.next
                if mark is None:
                    break
            assert len(seen) == len(set(seen)) == expected

    async def test_a_page_looks_at_so_many_and_says_where_to_look_on(
        self, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Criteria that hardly ever meet cost no more than others; nothing is passed over."""
        monkeypatch.setattr("hub.ledger.store.finding.FIND_EXAMINED_MAX", 4)
        await ledger.admit([_arrival(f"r{number}", number) for number in range(10)])
        await ledger.admit([_arrival("r-old", 99, at=later(-5))._replace(kind="zeldzaam")])

        criteria = Criteria(sender="afzender", kind="zeldzaam")
        monkeypatch.setattr("hub.ledger.store.finding._ways", lambda _: [("find_messages", "sender")])
        pages = [await ledger.find(criteria)]
        while (mark := pages[-1].next) is not None:
            pages.append(await ledger.find(criteria, after=mark))

        assert [len(page.found) for page in pages] == [0, 0, 1]
        assert pages[-1].found[0].message_id == "m-r-old"

    async def test_an_empty_ledger_has_nothing(self, ledger: Ledger) -> None:
        """And says so, whatever is asked."""
        for criteria in (Criteria(), Criteria(text="x"), *(Criteria(state=state) for state in MessageState)):
            assert await ledger.find(criteria) == ([], None)

    @pytest.mark.parametrize(
        "field", ["zaak", "document", "reference", "sender", "connection", "kind", "person", "text"]
    )
    async def test_what_is_typed_is_neither_a_pattern_nor_a_statement(self, ledger: Ledger, field: str) -> None:
        """It finds only what holds exactly that, and everything is still there."""
        await ledger.admit([_arrival("r1", 1, subject="doc-1")._replace(persons=(PERSON,))])
        await ledger.end(failures=[a_failure("f-1", zaak="zaak-1")._replace(item_id="e-r1")])

        for typed in HOSTILE:
            for state in (None, MessageState.FAILED, MessageState.REFUSED):
                assert await _ids(ledger, _typed(field, typed, state)) == []
        assert await _ids(ledger, Criteria(reference="r1")) == ["m-r1"]

    async def test_what_is_stored_may_look_like_a_pattern_too(self, ledger: Ledger) -> None:
        """A sender may number its messages as it likes."""
        for number, odd in enumerate(HOSTILE):
            arrival = _arrival(odd, number)._replace(message_id=f"m-{number}")
            await ledger.admit([arrival])

        for number, odd in enumerate(HOSTILE):
            assert await _ids(ledger, Criteria(reference=odd)) == [f"m-{number}"]

    async def test_a_resend_keeps_the_person_that_it_is_about(self, ledger: Ledger, other: Ledger) -> None:
        """Both messages are of that person; saying it twice changes nothing."""
        first = _arrival("r1", 1)._replace(persons=(PERSON,))
        await ledger.admit([first])
        resend = an_arrival("r2", place=2, subject="zaak-1")._replace(persons=(PERSON,), accepted_at=later(2))
        await ledger.admit([resend])
        await other.admit([first, resend])

        assert await _ids(ledger, Criteria(person=PERSON)) == ["m-r2", "m-r1"]

    async def test_a_message_that_one_target_has_and_another_never_will_is_dropped(self, ledger: Ledger) -> None:
        """What is wrong goes before what is right."""
        await ledger.admit([_arrival("r1", 1)])
        dropped = a_delivery("e-r1", stage="elders", zaak="zaak-1")._replace(state=DeliveryState.DROPPED)
        await ledger.end(deliveries=[a_delivery("e-r1", zaak="zaak-1"), dropped])

        [found] = (await ledger.find(Criteria(zaak="zaak-1"))).found
        assert found.state is MessageState.DROPPED


class TestFindingOnSqlite(OnSqlite, FindingContract):
    """The file backend."""


@pytest.mark.postgres
class TestFindingOnPostgres(OnPostgres, FindingContract):
    """The server backend, on a real one."""
