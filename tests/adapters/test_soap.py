"""Any SOAP service as a target: arguments by its WSDL, faults by their kind, no document from outside."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.soap.options import Options
from adapters.soap.outbound import create
from adapters.soap.simulator import XSD, Simulator, fault, wsdl
from hub.errors import (
    ConfigurationWrong,
    TargetFailed,
    TargetMisconfigured,
    TargetRefused,
    TargetUnavailable,
    TargetUncertain,
)
from hub.ports.contracts import Exchange, Outgoing, Step
from hub.testkit.network import FaultyNetwork, Weather
from hub.wire.soap.envelope import Version

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MELDING = {
    "kenmerk": "9999Z1",
    "omschrijving": "Een losse tegel & een kuil",
    "datum": "2026-11-22",
    "melder": {"naam": "De Vries", "telefoon": ["0101234567", "0201234567"]},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "meldingen.wsdl").write_text(wsdl())
    (tmp_path / "meldingen.xsd").write_text(XSD)
    return tmp_path


@pytest.fixture
def simulator() -> Simulator:
    return Simulator()


def _options(folder: Path, **said: Any) -> Options:  # noqa: ANN401 - any option
    return Options(wsdl=folder / "meldingen.wsdl", **said)


def _step(options: Options, body: dict[str, Any] | bytes = MELDING, gives: str = "registreerMelding") -> Step:
    [step] = create(options).steps(Outgoing("nl.zaken.zaak-aangemaakt.v1", gives, body, "e1", NOW, "9999Z1"))
    return step


async def _send(options: Options, simulator: Simulator, *, weather: Weather | None = None) -> None:
    client = FaultyNetwork(simulator.handle, {"soap": "http://doel/meldingen/"}, weather=weather or Weather())
    await create(options).send(_step(options), Exchange(client, _NoContents(), {}, False, NOW))


class _NoContents:
    def open(self, reference: str) -> Any:  # noqa: ANN401 - never called
        raise AssertionError(reference)


async def test_arguments_become_the_message_that_the_wsdl_describes(folder: Path, simulator: Simulator) -> None:
    """In its order and namespace, escaped, with the action of the binding."""
    await _send(_options(folder), simulator)

    [message] = simulator.meldingen
    for part in (b":kenmerk>9999Z1<", b"tegel &amp; een kuil", b":datum>2026-11-22<", b":telefoon>0201234567<"):
        assert part in message
    assert message.index(b":kenmerk>") < message.index(b":melder>")
    assert simulator.actions == ['"urn:zaakhub:voorbeeld:meldingen/registreerMelding"']


async def test_what_the_target_knows_us_by_goes_in_the_header(folder: Path, simulator: Simulator) -> None:
    """At the moment that it is sent: a nonce is used once."""
    options = _options(folder)
    client = FaultyNetwork(simulator.handle, {"soap": "http://doel/meldingen/"}, security="<wie/>")
    await create(options).send(_step(options), Exchange(client, _NoContents(), {}, False, NOW))

    [message] = simulator.meldingen
    assert b"Header><wie/></" in message


async def test_soap_1_2_says_its_action_in_the_content_type(folder: Path, simulator: Simulator) -> None:
    """And has another envelope."""
    (folder / "meldingen.wsdl").write_text(wsdl(Version.SOAP12))
    await _send(_options(folder), simulator)

    assert Version.SOAP12.value.encode() in simulator.meldingen[0]
    assert 'action="urn:zaakhub:voorbeeld:meldingen/registreerMelding"' in simulator.actions[0]


def test_the_same_event_is_the_same_step(folder: Path) -> None:
    """For ever."""
    assert _step(_options(folder)) == _step(_options(folder))


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({**MELDING, "kleur": "rood 999990019"}, "kleur"),
        ({"omschrijving": "999990019"}, "kenmerk"),
    ],
)
def test_arguments_that_do_not_fit_are_refused_before_anything_is_sent(
    folder: Path, arguments: dict[str, Any], named: str
) -> None:
    """By the name of the element, never by a value."""
    with pytest.raises(TargetRefused) as refused:
        _step(_options(folder), arguments)

    assert named in refused.value.reason
    assert "999990019" not in refused.value.reason


def test_an_operation_that_is_not_there_is_told(folder: Path) -> None:
    """With those that are."""
    with pytest.raises(TargetRefused, match="verwijder") as refused:
        _step(_options(folder), gives="verwijder")
    assert "registreerMelding" in refused.value.advice
    with pytest.raises(TargetMisconfigured):
        _step(_options(folder), b"<bericht/>")


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (500, fault("Client"), TargetRefused),
        (500, fault("Server"), TargetUncertain),
        (503, b"<html>down</html>", TargetUnavailable),
        (401, b"", TargetMisconfigured),
        (404, b"<html/>", TargetMisconfigured),
        (200, b"<html>hello</html>", TargetUncertain),
        (200, b"", TargetUncertain),
        (200, b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', TargetUncertain),
    ],
)
async def test_what_an_answer_means(
    folder: Path, simulator: Simulator, status: int, body: bytes, kind: type[TargetFailed]
) -> None:
    """And nothing of the answer is repeated but a faultcode."""
    simulator.answers.append((status, body))
    with pytest.raises(kind) as failed:
        await _send(_options(folder, repeatable=["registreerMelding"]), simulator)

    assert "999990019" not in failed.value.reason + failed.value.advice


async def test_what_may_have_been_done_waits_for_a_person(folder: Path, simulator: Simulator) -> None:
    """Unless the operation does no harm when it is done twice."""
    lost = Weather(lost_after=1.0)
    with pytest.raises(TargetMisconfigured) as waits:
        await _send(_options(folder), simulator, weather=lost)
    assert waits.value.code == "mogelijk-gedaan"
    with pytest.raises(TargetUncertain):
        await _send(_options(folder, repeatable=["registreerMelding"]), simulator, weather=lost)


def test_no_document_is_taken_from_outside(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Not from the network, not from another folder; a URL may be given a file."""
    elsewhere = tmp_path_factory.mktemp("elders") / "meldingen.xsd"
    elsewhere.write_text(XSD)
    for location in ("http://127.0.0.1:9/meldingen.xsd", elsewhere.as_uri(), "../meldingen.xsd"):
        (folder / "meldingen.wsdl").write_text(wsdl(schema=location))
        with pytest.raises(ConfigurationWrong):
            create(_options(folder))

    (folder / "meldingen.wsdl").write_text(wsdl(schema="http://127.0.0.1:9/meldingen.xsd"))
    assert _step(_options(folder, documents={"http://127.0.0.1:9/meldingen.xsd": "meldingen.xsd"}))


@pytest.mark.parametrize("text", ["", "<definitions>", '<!DOCTYPE d [<!ENTITY a "b">]><definitions>&a;</definitions>'])
def test_a_wsdl_that_can_not_be_read_is_told_at_the_start(folder: Path, text: str) -> None:
    """With the file."""
    (folder / "meldingen.wsdl").write_text(text)
    with pytest.raises(ConfigurationWrong) as wrong:
        create(_options(folder))
    assert "meldingen.wsdl" in wrong.value.file


def test_an_option_that_names_no_operation_is_told(folder: Path) -> None:
    """With those that there are."""
    with pytest.raises(ConfigurationWrong, match="verwijder"):
        create(_options(folder, repeatable=["verwijder"]))


async def test_check_says_whether_the_service_is_reached(folder: Path, simulator: Simulator) -> None:
    """And knows us."""
    client = FaultyNetwork(simulator.handle, {"soap": "http://doel/meldingen/"})
    adapter = create(_options(folder))
    assert await adapter.check(client) == []
    simulator.answers.append((401, b""))
    assert await adapter.check(client) == ["the target refuses us (401)"]
