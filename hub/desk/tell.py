"""Telling people: notices of the ledger to the channels of `alerts.yaml`, each once, later when a channel is away.

It decides what a notice says. A notice is told before that is written down, so that a crash in between tells it twice
rather than never: both times under the same id.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta

import orjson
import structlog

from hub.clock import AMSTERDAM, Clock
from hub.config import policy
from hub.config.alerts import Alerts, Mail, Webhook
from hub.errors import HubUnavailable, TargetFailed, TargetRefused
from hub.ledger.alerts import Notice
from hub.ledger.contract import Ledger
from hub.net import mail as outgoing
from hub.ports.contracts import Client

log = structlog.get_logger()

Channel = Callable[[Notice], Awaitable[None]]
"""Tells one notice; raises TargetFailed in one of its kinds."""

SERVICE = "webhook"
"""Name of the service in the target of a webhook's client."""

NEVER = datetime(9999, 1, 1, tzinfo=UTC)

_OK = range(200, 300)
_KINDS = {
    "faalt": "is failing",
    "stil": "is silent",
    "achterstand": "lags behind",
    "certificaat": "has a certificate that ends",
}


class Teller:
    """Tells the notices that are due."""

    def __init__(
        self, *, channels: Mapping[str, Channel], mine: Callable[[], bool], ledger: Ledger, clock: Clock
    ) -> None:
        """Take `mine`, which says whether this worker is the one that tells: the others leave it."""
        self._channels = channels
        self._mine = mine
        self._ledger = ledger
        self._clock = clock

    async def run(self) -> None:
        """Tell until cancelled."""
        while True:
            if self._mine():
                try:
                    await self.tell_due()
                except HubUnavailable as error:
                    log.warning("alerts_unknown", code=error.code)
            await self._clock.sleep(policy.ALERT_EVERY_S)

    async def tell_due(self) -> None:
        """Tell what is due, once."""
        for notice in await self._ledger.due_notices(self._clock.now(), policy.ALERT_NOTICES_MAX):
            channel = self._channels.get(notice.channel)
            if channel is None or notice.attempts >= policy.ALERT_TRIES_MAX:
                await self._ledger.notice_later(notice, NEVER)  # the channel is gone, or nobody listens
                continue
            try:
                await channel(notice)
            except TargetFailed as failed:
                log.warning("alert_not_told", channel=notice.channel, code=failed.code, reason=failed.reason)
                wait_s = min(policy.ALERT_WAIT_S * 2.0**notice.attempts, policy.ALERT_WAIT_MAX_S)
                await self._ledger.notice_later(notice, self._clock.now() + timedelta(seconds=wait_s))
            else:
                await self._ledger.notice_told(notice, self._clock.now())


def channels_of(alerts: Alerts, *, webhook: Client | None, installation: str, console: str) -> dict[str, Channel]:
    """Make the channels of a file: `installation` says whose hub speaks, `console` is its address for people."""
    channels: dict[str, Channel] = {}
    if alerts.webhook is not None and webhook is not None:
        channels["webhook"] = _by_webhook(alerts.webhook, webhook, installation, console)
    if alerts.mail is not None:
        channels["mail"] = _by_mail(alerts.mail, installation, console)
    return channels


def sentence(notice: Notice, installation: str) -> str:
    """Say in one line what is the matter: subject of a mail, text of a chat."""
    alert = notice.alert
    if notice.over:
        return f"[zaakhub {installation}] {alert.connection}: over ({alert.kind})"
    return f"[zaakhub {installation}] {alert.connection} {_KINDS[alert.kind]}: {alert.detail}"


def _by_webhook(webhook: Webhook, client: Client, installation: str, console: str) -> Channel:
    parts = webhook.parts

    async def tell(notice: Notice) -> None:
        body = orjson.dumps({"text": sentence(notice, installation), **_plain(notice, console)})
        headers = {"Content-Type": "application/json", "Idempotency-Key": _message_id(notice)}
        if webhook.secret is not None:
            key = webhook.secret.get_secret_value().encode()
            headers["X-Zaakhub-Signature"] = f"sha256={hmac.new(key, body, hashlib.sha256).hexdigest()}"
        answer = await client.request("POST", SERVICE, parts.path, query=parts.query, body=body, headers=headers)
        if answer.status not in _OK:
            raise TargetRefused(f"the webhook answered {answer.status}", code="webhook", advice="look at its url")

    return tell


def _by_mail(mail: Mail, installation: str, console: str) -> Channel:
    async def tell(notice: Notice) -> None:
        alert = notice.alert
        end = f"Over since: {_said(notice)}\n" if notice.over else ""
        text = (
            f"{sentence(notice, installation)}\n\n"
            f"Connection: {alert.connection}\n"
            f"Since: {alert.opened_at.astimezone(AMSTERDAM):%Y-%m-%d %H:%M}\n{end}"
            f"See: {_page(notice, console)}\n\n"
            "You are told once when something is wrong and once when it is over.\n"
        )
        at = alert.closed_at if notice.over and alert.closed_at is not None else alert.opened_at
        await outgoing.send(
            mail, subject=sentence(notice, installation), text=text, message_id=_message_id(notice), at=at
        )

    return tell


def _plain(notice: Notice, console: str) -> dict[str, object]:
    alert = notice.alert
    return {
        "id": alert.id,
        "state": "over" if notice.over else "open",
        "kind": alert.kind,
        "connection": alert.connection,
        "detail": alert.detail,
        "openedAt": alert.opened_at.isoformat(),
        "closedAt": alert.closed_at.isoformat() if alert.closed_at else None,
        "url": _page(notice, console),
    }


def _page(notice: Notice, console: str) -> str:
    return f"{console.rstrip('/')}/connections/{notice.alert.connection}"


def _message_id(notice: Notice) -> str:
    return f"{notice.alert.id}.{'over' if notice.over else 'open'}"


def _said(notice: Notice) -> str:
    closed = notice.alert.closed_at
    return closed.astimezone(AMSTERDAM).strftime("%Y-%m-%d %H:%M") if closed else ""
