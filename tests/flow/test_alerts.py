"""Somebody is told, once when something is wrong and once when it is over, by a real mail server and a real webhook."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from aiohttp import web
from aiosmtpd.controller import Controller
from pydantic import SecretStr

from hub.config.alerts import Alerts, Mail, Webhook, load_alerts
from hub.config.policy import ALERT_CALM_S, ALERT_WAIT_S, ConnectionPolicy
from hub.config.target import Target
from hub.desk.tell import SERVICE, Teller, channels_of
from hub.desk.watch import Watched, Watcher, wrong_with
from hub.errors import ConfigurationWrong
from hub.ledger.contract import Ledger
from hub.ledger.open import open_ledger
from hub.net.client import TargetClient
from hub.testkit.clock import BEGIN, FakeClock
from tests.support.installation import free_port

LIMITS = ConnectionPolicy(alert_silent_s=3600)
WELL = Watched("formulieren", LIMITS, 0, "", None, None, None)


def _ago(**ago: float) -> datetime:
    return BEGIN - timedelta(**ago)


@pytest.mark.parametrize(
    ("watched", "said"),
    [
        (WELL, []),
        (WELL._replace(failures_open=1), ["faalt: 1 failure waits for a person"]),
        (WELL._replace(failures_open=2), ["faalt: 2 failures wait for a person"]),
        (WELL._replace(held="9 of 10 messages failed"), ["faalt: the hub stopped it: 9 of 10 messages failed"]),
        (WELL._replace(waiting_since=_ago(minutes=14)), []),
        (
            WELL._replace(waiting_since=_ago(minutes=16)),
            ["achterstand: the oldest message waits since 2026-11-02 08:44"],
        ),
        (WELL._replace(last_arrival=_ago(minutes=59)), []),
        (WELL._replace(last_arrival=_ago(minutes=61)), ["stil: no message since 2026-11-02 07:59"]),
        (WELL._replace(limits=ConnectionPolicy(), last_arrival=_ago(days=9)), []),
        (WELL._replace(certificate_ends_at=_ago(days=-91)), []),
        (WELL._replace(certificate_ends_at=_ago(days=-89)), ["certificaat: its certificate ends on 2027-01-30 09:00"]),
        (
            WELL._replace(certificate_ends_at=_ago(days=1)),
            ["certificaat: its certificate ended on 2026-11-01 09:00"] * 3,
        ),
    ],
)
def test_what_is_wrong(watched: Watched, said: list[str]) -> None:
    """Each limit on both sides; a certificate is spoken of at 90, 30 and 7 days."""
    assert [f"{each.kind}: {each.detail}" for each in wrong_with(watched, BEGIN)] == said


class _Watch:
    """A watcher over what a test says."""

    def __init__(self, ledger: Ledger, clock: FakeClock, channels: Sequence[str]) -> None:
        self.sees = [WELL]
        self._watcher = Watcher(look=self._look, channels=channels, mine=lambda: True, ledger=ledger, clock=clock)

    async def _look(self) -> Sequence[Watched]:
        return self.sees

    async def look(self, *sees: Watched) -> None:
        """Look at a situation."""
        self.sees = list(sees)
        await self._watcher.look()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def ledger(clock: FakeClock) -> AsyncIterator[Ledger]:
    ledger = open_ledger("sqlite::memory:", clock=clock)
    await ledger.start()
    yield ledger
    await ledger.stop()


async def test_what_comes_and_goes_opens_one_alert(ledger: Ledger, clock: FakeClock) -> None:
    """It is over when it has been right for a while, not at the first good moment."""
    watch, bad = _Watch(ledger, clock, ["mail"]), WELL._replace(failures_open=1)
    for _ in range(3):
        await watch.look(bad)
        clock.advance(ALERT_CALM_S / 2)
        await watch.look(WELL)
        clock.advance(ALERT_CALM_S / 2)
    assert len(await ledger.alerts(only_open=True)) == 1

    await watch.look(WELL)
    clock.advance(ALERT_CALM_S)
    await watch.look(WELL)

    assert await ledger.alerts(only_open=True) == []
    assert [each.over for each in await ledger.due_notices(clock.now(), 10)] == [False, True]


class _Mailbox(NamedTuple):
    port: int
    mails: list[str]


class _Keeps:
    def __init__(self, mails: list[str]) -> None:
        self._mails = mails

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: ANN401, N802 - theirs
        self._mails.append(envelope.content.decode())
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[_Mailbox]:
    """Run a mail server."""
    mails: list[str] = []
    controller = Controller(_Keeps(mails), hostname="127.0.0.1", port=free_port())
    controller.start()
    yield _Mailbox(controller.port, mails)
    controller.stop()


class _Hook(NamedTuple):
    url: str
    got: list[tuple[dict[str, str], bytes]]
    answers: list[int]


@asynccontextmanager
async def _webhook() -> AsyncIterator[_Hook]:
    got: list[tuple[dict[str, str], bytes]] = []
    answers: list[int] = []

    async def take(request: web.Request) -> web.Response:
        got.append(({**request.headers, "path": request.path_qs}, await request.read()))
        return web.Response(status=answers.pop(0) if answers else 204)

    app = web.Application()
    app.router.add_post("/{rest:.*}", take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        host, port = runner.addresses[0][:2]
        yield _Hook(f"http://{host}:{port}/hooks/beheer?key=k%C3%A9y", got, answers)
    finally:
        await runner.cleanup()


async def test_both_channels_hear_it_once_at_each_end(ledger: Ledger, clock: FakeClock, mailbox: _Mailbox) -> None:
    """Signed at the webhook, readable in the mail, and told later to whoever was away."""
    async with _webhook() as hook:
        alerts = Alerts(
            webhook=Webhook(url=SecretStr(hook.url), secret=SecretStr("shared")),
            mail=Mail(
                server="127.0.0.1",
                port=mailbox.port,
                tls="none",
                sender="hub@gemeente.example",
                to=["beheer@gemeente.example"],
            ),
        )
        assert alerts.webhook is not None
        target = Target(services={SERVICE: alerts.webhook.parts.base})
        async with TargetClient(target, name="webhook", limits=LIMITS, clock=clock) as client:
            channels = channels_of(alerts, webhook=client, installation="9999 test", console="https://hub.example/")
            teller = Teller(channels=channels, mine=lambda: True, ledger=ledger, clock=clock)
            watch = _Watch(ledger, clock, list(channels))
            hook.answers.append(503)

            await watch.look(WELL._replace(failures_open=2))
            await teller.tell_due()
            await teller.tell_due()
            assert (len(hook.got), len(mailbox.mails)) == (1, 1)

            clock.advance(ALERT_WAIT_S)
            await teller.tell_due()
            await watch.look(WELL)
            clock.advance(ALERT_CALM_S)
            await watch.look(WELL)
            await teller.tell_due()
            await teller.tell_due()

    assert (len(hook.got), len(mailbox.mails)) == (3, 2)
    headers, body = hook.got[1]
    assert headers["path"] == "/hooks/beheer?key=k%C3%A9y"
    assert headers["X-Zaakhub-Signature"] == f"sha256={hmac.new(b'shared', body, hashlib.sha256).hexdigest()}"
    assert headers["Idempotency-Key"] == hook.got[0][0]["Idempotency-Key"] != hook.got[2][0]["Idempotency-Key"]
    told = json.loads(body)
    assert told["text"] == "[zaakhub 9999 test] formulieren is failing: 2 failures wait for a person"
    assert told["url"] == "https://hub.example/connections/formulieren"
    assert [json.loads(each)["state"] for _, each in hook.got] == ["open", "open", "over"]
    assert "Auto-Submitted: auto-generated" in mailbox.mails[0]
    assert "See: https://hub.example/connections/formulieren" in mailbox.mails[0]
    assert "Over since: 2026-11-02 09:02" in mailbox.mails[1]
    assert set((await ledger.told([told["id"]]))[told["id"]]) == {"mail", "webhook"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("mail: {server: smtp.example, sender: hub, to: [a@b.nl]}", "alerts.yaml:1:38: sender"),
        ("mail: {server: smtp.example, sender: a@b.nl, to: []}", "alerts.yaml:1:50: to"),
        ("webhook: {url: 'ftp://example.nl/'}", "must be an http(s) URL"),
        ("mail: {server: s, sender: a@b.nl, to: [a@b.nl], tls: none, user: u, password: p}", "as it is"),
        ("mail: {server: s, sender: a@b.nl, to: [a@b.nl], user: u}", "goes together with user"),
        ("webhook: {url: 'https://${NOWHERE}/'}", "the environment has no NOWHERE"),
        ("chat: {}", "chat"),
    ],
)
def test_a_mistake_in_the_file_is_pointed_at(tmp_path: Path, text: str, reason: str) -> None:
    """With its line."""
    file = tmp_path / "alerts.yaml"
    file.write_text(text)

    with pytest.raises(ConfigurationWrong) as wrong:
        load_alerts(file, {})

    assert reason in str(wrong.value)
