"""What goes wrong at the WOZ and the BRK, each in one kind of error; also over a real socket, and in a check."""

from __future__ import annotations

import logging

import pytest

from hub.errors import TargetFailed, TargetMisconfigured, TargetRefused, TargetUnavailable
from hub.event.vragen import ADRESSEN
from hub.ports.simulator import Gedrag
from tests.support.landregisters import BRK, REGISTERS, ZEEWIER, Far, Register
from tests.support.listening import ask, listening
from tests.support.source import KINDS, NO_ANSWERS

EACH = pytest.mark.parametrize("register", REGISTERS, ids=str)
ASKED = {"postcode": "9999AA", "huisnummer": 1}


@EACH
@pytest.mark.parametrize(("status", "kind", "code"), KINDS)
async def test_what_goes_wrong_there_has_one_kind(
    register: Register, status: int, kind: type[TargetFailed], code: str
) -> None:
    """Whose turn it is follows from the status; how long to wait from the source; and no address is told."""
    far = Far(register)
    far.simulator.misbehave(Gedrag(kind="answer", status=status, retry_after_s=7))
    with pytest.raises(kind) as failed:
        await far.answer(**ASKED)

    assert failed.value.code == code
    if isinstance(failed.value, TargetUnavailable):
        assert failed.value.retry_after_s == 7
    assert "9999AA" not in f"{failed.value} {failed.value.advice}"


@EACH
@pytest.mark.parametrize(
    ("gedrag", "kind"),
    [
        *NO_ANSWERS,
        (Gedrag(kind="answer", status=404, body={"message": "no route"}), TargetMisconfigured),
        (Gedrag(kind="answer", status=200, body={"_embedded": []}), TargetMisconfigured),
        (
            Gedrag(kind="answer", status=200, body={"wozObjecten": [], "kadastraalOnroerendeZaken": []}),
            TargetMisconfigured,
        ),
    ],
    ids=lambda each: f"{each.kind}-{each.status}" if isinstance(each, Gedrag) else "",
)
async def test_what_is_no_answer_is_not_read(register: Register, gedrag: Gedrag, kind: type[TargetFailed]) -> None:
    """Half an answer, a login page, a redirect, a wrong path: none is taken for "nothing found"."""
    far = Far(register)
    far.simulator.misbehave(gedrag)
    with pytest.raises(kind):
        await far.answer(**ASKED)


@EACH
async def test_a_value_that_the_register_does_not_take_is_the_fault_of_who_asks(register: Register) -> None:
    """The parameter is named, its value is not."""
    with pytest.raises(TargetRefused) as refused:
        await Far(register).answer(postcode="GEHEIM", huisnummer=123456)

    assert "postcode: pattern, huisnummer: maximum" in refused.value.reason
    assert "GEHEIM" not in f"{refused.value} {refused.value.advice}"


@EACH
async def test_a_field_that_is_new_changes_nothing(register: Register) -> None:
    """What the schema does not know yet is passed over."""
    far = Far(register)
    far.simulator.misbehave(Gedrag(kind="extra"))

    assert register.first in await far.numbers(**ASKED)


@EACH
async def test_another_question_is_not_answered(register: Register) -> None:
    """A mapping of an answer in the wrong folder would ask it."""
    far = Far(register)
    with pytest.raises(TargetRefused, match="no answer"):
        await far.ask(register.lookup, ADRESSEN, **ASKED)


@EACH
async def test_a_check_tells_a_wrong_key_and_asks_about_nobody(register: Register) -> None:
    """Well is nothing to say; a path that is wrong is told too."""
    well = Far(register)
    assert await register.lookup.check(well) == []
    wrong = Far(register, key="other")
    lost = Far(register)
    lost.simulator.misbehave(Gedrag(kind="answer", status=404, body={"message": "no route"}))

    assert "target.auth" in (await register.lookup.check(wrong))[0]
    assert "target.services" in (await register.lookup.check(lost))[0]
    assert [each.answer.status for each in well.called] == [404]


@EACH
async def test_a_question_over_http(register: Register, caplog: pytest.LogCaptureFixture) -> None:
    """With a key in its header, and no address in any log."""
    caplog.set_level(logging.DEBUG)
    simulator = register.simulator.create()
    async with listening(simulator, str(register), base=register.simulator.BASE) as client:
        answer = await ask(register.lookup, client, register.kind, **ASKED)
        assert await register.lookup.check(client) == []

        simulator.misbehave(Gedrag(kind="slow", seconds=2.0))
        with pytest.raises(TargetUnavailable) as slow:
            await ask(register.lookup, client, register.kind, **ASKED)
        simulator.key = "another"
        with pytest.raises(TargetMisconfigured):
            await ask(register.lookup, client, register.kind, **ASKED)

    assert answer[register.found][0]["identificatie"] == register.first
    assert "9999AA" not in f"{caplog.text} {slow.value}"


async def test_the_land_of_a_person_over_http(caplog: pytest.LogCaptureFixture) -> None:
    """The number goes in a body; when the connection is cut nobody has to look whether anything was done."""
    caplog.set_level(logging.DEBUG)
    simulator = BRK.simulator.create()
    async with listening(simulator, "brk", base=BRK.simulator.BASE) as client:
        answer = await ask(BRK.lookup, client, BRK.kind, burgerservicenummer=ZEEWIER, velden=["koopsom"])
        simulator.misbehave(Gedrag(kind="cut", times=None))
        with pytest.raises(TargetUnavailable) as failed:
            await ask(BRK.lookup, client, BRK.kind, burgerservicenummer=ZEEWIER, velden=["koopsom"])

    assert len(answer[BRK.found]) == 2
    assert ZEEWIER not in f"{caplog.text} {failed.value} {failed.value.__cause__}"
