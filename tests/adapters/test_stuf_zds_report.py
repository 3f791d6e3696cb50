"""What a sender is told later: valid messages at its OntvangAsynchroon, about a number of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from adapters.stuf_zds.definition import definition
from adapters.stuf_zds.options import Options
from adapters.stuf_zds.report import create
from hub.errors import TargetRefused, TargetUnavailable, TargetUncertain
from hub.ports.contracts import Told
from hub.testkit.network import Answered, FaultyNetwork
from hub.wire import xml
from hub.wire.soap import envelope
from hub.wire.stuf import stuurgegevens
from hub.wire.stuf.berichten import bv03
from hub.wire.stuf.stuurgegevens import Stuurgegevens, Systeem

TOLD = Told(
    message_id="m1",
    sender="9999/FORMULIEREN",
    reference="ref-1",
    kind="creeerZaak_Lk01",
    zaak="9999Z1",
    at=datetime(2026, 11, 22, 12, tzinfo=UTC),
    done=True,
    code="",
    reason="",
)


class Sender:
    """The sender's own OntvangAsynchroon."""

    def __init__(self) -> None:
        self.got: list[tuple[str, str, bytes]] = []
        self.status = 200
        self.cut = False

    async def answer(
        self, _method: str, path: str, _query: Mapping[str, str], headers: Mapping[str, str], body: bytes
    ) -> Answered:
        """Acknowledge with a Bv03."""
        if self.cut:
            raise ConnectionError
        self.got.append((path, headers.get("soapaction", ""), body))
        system = Systeem(applicatie="SENDER")
        said = stuurgegevens.answer(
            stuurgegevens.read(xml.find(envelope.read(xml.parse(body)).body, "stuurgegevens")),
            "Bv03",
            own=system,
            referentienummer="x1",
            at=TOLD.at,
        )
        return self.status, [("content-type", "text/xml")], envelope.write(envelope.Version.SOAP11, bv03(said))


@pytest.fixture
def sender() -> Sender:
    return Sender()


async def _told(sender: Sender, told: Told) -> tuple[str, str, Stuurgegevens, bytes]:
    client = FaultyNetwork(sender.answer, {"zds": "http://sender/zds/"})
    await create(Options(organisatie="9999")).tell(told, client)
    [(path, action, body)] = sender.got
    message = envelope.read(xml.parse(body)).body
    assert not definition().check(message)
    return path, action, stuurgegevens.read(xml.find(message, "stuurgegevens")), body


async def test_it_is_told_with_what_the_sender_knows_us_by(sender: Sender) -> None:
    """WS-Security, where its target asks for it."""
    client = FaultyNetwork(sender.answer, {"zds": "http://sender/zds/"}, security="<wie/>")
    await create(Options(organisatie="9999")).tell(TOLD, client)

    [(_, _, body)] = sender.got
    assert b"<soap:Header><wie/></soap:Header>" in body


async def test_what_is_done_is_told_with_a_bv01(sender: Sender) -> None:
    """To the applicatie that sent it, about its own number."""
    path, action, said, _ = await _told(sender, TOLD)

    assert (path, action) == ("/zds/OntvangAsynchroon", '"http://www.egem.nl/StUF/StUF0301/Bv01"')
    assert (said.berichtcode, said.cross_refnummer) == ("Bv01", "ref-1")
    assert (said.ontvanger.organisatie, said.ontvanger.applicatie) == ("9999", "FORMULIEREN")
    assert said.zender.applicatie == "ZAAKHUB"


async def test_a_refusal_is_told_with_a_fo01(sender: Sender) -> None:
    """With a code that the standard has."""
    _, action, said, body = await _told(sender, TOLD._replace(done=False, code="zaak-onbekend", reason="no such zaak"))

    assert action.endswith('Fo01"')
    assert said.berichtcode == "Fo01"
    assert b"StUF064" in body
    assert b"no such zaak" in body


@pytest.mark.parametrize(("done", "antwoord"), [(True, b"Overdracht geaccepteerd"), (False, b"Overdracht geweigerd")])
async def test_an_overdracht_is_answered_with_its_du01(sender: Sender, done: bool, antwoord: bytes) -> None:  # noqa: FBT001
    """ZDS 1.2 has a message of its own for it."""
    _, action, said, body = await _told(sender, TOLD._replace(kind="overdragenZaak_Di01", done=done))

    assert action.endswith('overdragenZaak_Du01"')
    assert (said.berichtcode, said.functie) == ("Du01", "overdragenZaak")
    assert antwoord in body


async def test_told_again_it_is_the_same_message(sender: Sender) -> None:
    """A sender that did not answer can recognise it (StUF 03.01 §4.4)."""
    client = FaultyNetwork(sender.answer, {"zds": "http://sender/zds/"})
    for _ in range(2):
        await create(Options()).tell(TOLD, client)

    assert sender.got[0] == sender.got[1]


async def test_a_sender_that_does_not_take_it_is_a_failure(sender: Sender) -> None:
    """Of the kind that the hub tries again, or not."""
    client = FaultyNetwork(sender.answer, {"zds": "http://sender/zds/"})
    sender.cut = True
    with pytest.raises((TargetUncertain, TargetUnavailable)):
        await create(Options()).tell(TOLD, client)
    sender.cut = False
    sender.status = 400
    with pytest.raises((TargetRefused, TargetUncertain)):
        await create(Options()).tell(TOLD, client)
