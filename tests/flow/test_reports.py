"""What became of a message is told to its sender later, where the connection says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.config.target import Target
from hub.configuration import Configuration
from hub.errors import TargetMisconfigured, TargetRefused, TargetUnavailable
from hub.ports.contracts import Client, Told
from hub.testkit.memory import memory_hub
from tests.support.toy import IN, ToyTarget, asking_configuration, message, no_client


class Sender:
    """The far side of the reports: what it was told, in order."""

    def __init__(self) -> None:
        self.told: list[tuple[str, bool, str]] = []
        self.down = 0

    async def tell(self, told: Told, client: Client) -> None:  # noqa: ARG002
        """Be told; unreachable as often as `down` says."""
        if self.down:
            self.down -= 1
            raise TargetUnavailable("down", code="verbinding")
        self.told.append((told.reference, told.done, told.code))


@pytest.fixture
def target() -> ToyTarget:
    return ToyTarget()


@pytest.fixture
def sender() -> Sender:
    return Sender()


def _configured(folder: Path, target: ToyTarget, sender: Sender, report: str) -> Configuration:
    where = Target(services={"afzender": "http://afzender/"})
    return asking_configuration(folder, target, report=report, target=where)._replace(reporting={IN: sender})


async def test_a_refusal_is_told_and_what_is_done_where_that_is_asked(
    tmp_path: Path, target: ToyTarget, sender: Sender
) -> None:
    """Each once, under the sender's own number."""

    async def refuse(zaak: str, *_: object) -> None:
        if zaak == "B":
            raise TargetRefused("no", code="nee")

    target.before = refuse
    async with memory_hub(_configured(tmp_path, target, sender, "all"), no_client) as hub:
        await hub.accept(message("A", "x", reference="1"), connection=IN)
        await hub.accept(message("B", "y", reference="2"), connection=IN)
        await hub.let_pass(60)

    assert sorted(sender.told) == [("1", True, ""), ("2", False, "nee")]


async def test_only_failures_are_told_where_only_failures_are_asked(
    tmp_path: Path, target: ToyTarget, sender: Sender
) -> None:
    """What is done is not."""
    async with memory_hub(_configured(tmp_path, target, sender, "failures"), no_client) as hub:
        await hub.accept(message("A", "x", reference="1"), connection=IN)
        await hub.let_pass(60)

    assert sender.told == []


async def test_what_is_wrong_on_our_side_is_not_told(tmp_path: Path, target: ToyTarget, sender: Sender) -> None:
    """The sender can't mend it; once it is mended the message goes on."""

    async def misconfigured(*_: object) -> None:
        raise TargetMisconfigured("no rights", code="rechten")

    target.before = misconfigured
    async with memory_hub(_configured(tmp_path, target, sender, "all"), no_client) as hub:
        await hub.accept(message("A", "x", reference="1"), connection=IN)
        await hub.let_pass(60)
        assert sender.told == []
        target.before = None
        [failure] = await hub.failures()
        await hub.app.operator().replay(failure.id, by="b", reason="mended")
        await hub.let_pass(60)

    assert sender.told == [("1", True, "")]


async def test_what_an_operator_drops_is_told(tmp_path: Path, target: ToyTarget, sender: Sender) -> None:
    """It will never be done."""

    async def misconfigured(*_: object) -> None:
        raise TargetMisconfigured("no rights", code="rechten")

    target.before = misconfigured
    async with memory_hub(_configured(tmp_path, target, sender, "failures"), no_client) as hub:
        await hub.accept(message("A", "x", reference="1"), connection=IN)
        await hub.settle()
        [failure] = await hub.failures()
        await hub.app.operator().drop(failure.id, by="b", reason="mended")
        await hub.let_pass(60)

    assert sender.told == [("1", False, "vervallen")]


async def test_what_an_operator_drops_before_it_is_an_event_is_told(
    tmp_path: Path, target: ToyTarget, sender: Sender
) -> None:
    """It has no place in the inbox."""
    async with memory_hub(_configured(tmp_path, target, sender, "failures"), no_client) as hub:
        await hub.accept(message("A", "x", reference="1", startdatum="morgen"), connection=IN)
        await hub.settle()
        [failure] = await hub.failures()
        await hub.app.operator().drop(failure.id, by="b", reason="mended")
        await hub.let_pass(60)

    assert sender.told == [("1", False, "vervallen")]


async def test_a_sender_that_is_down_is_told_later(tmp_path: Path, target: ToyTarget, sender: Sender) -> None:
    """With growing waits, and once."""
    sender.down = 3
    async with memory_hub(_configured(tmp_path, target, sender, "all"), no_client) as hub:
        await hub.accept(message("A", "x", reference="1"), connection=IN)
        await hub.let_pass(600)

    assert sender.told == [("1", True, "")]


async def test_a_message_that_can_not_be_mapped_at_all_is_told_where_it_is_the_senders_fault(
    tmp_path: Path, target: ToyTarget, sender: Sender
) -> None:
    """A mapping that fails is the fault of who manages it: nothing is told."""
    async with memory_hub(_configured(tmp_path, target, sender, "failures"), no_client) as hub:
        await hub.accept(message("A", "x", reference="1", startdatum="morgen"), connection=IN)
        await hub.let_pass(60)

    assert sender.told == []
