"""The gate of a stage: every try waits here while the stage is shut, by a person, by a window or by the hub itself.

    open ──────── a person pauses, or a window opens ────────▶ shut ──── resumed, or the time is over ────▶ open
     └── too many zaken fail ──▶ shut ── a while ──▶ half open ── one try passes as probe, and goes ────────▶ open
                                  ▲                      └──────────── it does not: shut for longer ──┐
                                  └───────────────────────────────────────────────────────────────────┘

It knows the pauses as the ledger has them (`hub.flow.valves` brings them) and counts the tries. It refuses to know what
a try does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta

import structlog

from hub.clock import Clock
from hub.config import policy
from hub.config.policy import ConnectionPolicy
from hub.config.windows import Window
from hub.errors import HubUnavailable
from hub.flow.outcome import Reason
from hub.flow.standing import HUB, RUNNING, Flow, Standing, standing
from hub.flow.tally import Tally
from hub.ledger.contract import Ledger
from hub.ledger.entries import OperatorAct
from hub.ledger.valves import Pause, PauseKind

log = structlog.get_logger()

Tell = Callable[[str], Awaitable[None]]
"""Makes all workers look at once; given the name of the stage."""


class Permit:
    """Leave for one try, handed back whatever came of it. `probes`: the pause of which it is the probe."""

    def __init__(self, probes: Pause | None = None) -> None:
        self.probes = probes


_FREE = Permit()


class Valve:
    """See the module."""

    def __init__(
        self,
        stage: str,
        *,
        windows: Sequence[Window],
        limits: ConnectionPolicy,
        ledger: Ledger,
        clock: Clock,
        tell: Tell,
    ) -> None:
        self.stage = stage
        self.standing: Standing = RUNNING
        self.changes = 0
        """Counts what this worker itself changed: what was read before that is old."""
        self.openings = 0
        """Counts how often it opened: what was taken up before that may have been overtaken."""
        self.waiting = 0
        """How many tries wait."""
        self.on_shut: Callable[[], None] = lambda: None
        """Called when it shuts."""
        self._windows = windows
        self._ledger = ledger
        self._clock = clock
        self._tell = tell
        self._tally = Tally(limits)
        self._pauses: dict[PauseKind, Pause] = {}
        self._news = asyncio.Event()
        self._probe: Permit | None = None
        self._unused: Pause | None = None
        self._leaving = self._left = False

    # What the ledger and the clock say.

    @property
    def shut(self) -> bool:
        """Say whether tries wait."""
        return self.standing.flow is not Flow.RUNNING

    @property
    def room(self) -> int | None:
        """Say how many tries of parked zaken may begin now: None is as many as there are.

        While it is half open a parked zaak is the probe when nothing else waits to be it.
        """
        if not self.shut:
            return None
        return int(self._half_open() and not self.waiting)

    def follow(self, pauses: Iterable[Pause]) -> None:
        """Take over what the ledger says."""
        self._pauses = {pause.kind: pause for pause in pauses}
        self.look()

    def look(self) -> None:
        """See what time it is: a window opens or closes, a pause is over, a probe is due."""
        now = self._clock.now()
        before, self.standing = self.standing, standing(self._pauses.values(), self._windows, now)
        if self.standing.flow is not before.flow:
            self._changed(before)
        elif self._half_open():
            self._wake()

    # Tries.

    async def admitted(self) -> Permit | None:
        """Wait until a try may begin. None: it is not to be waited for, the work is left undone."""
        while True:
            # Once something was left undone, nothing that comes behind it may be done either.
            if self._left or (self._leaving and self.shut):
                self._left = True
                return None
            if not self.shut:
                return _FREE
            if self._half_open():
                if (probe := await self._claim()) is not None:
                    return probe
                continue
            news = self._news
            self.waiting += 1
            try:
                await news.wait()
            finally:
                self.waiting -= 1

    async def went(self, permit: Permit, zaak: str | None) -> None:
        """Tell that something went on; `zaak` is named when it was its first try."""
        if zaak is not None:
            self._tally.add(zaak, failed=False, now_s=self._clock.monotonic())
        if permit.probes is not None:
            await self._open(permit.probes)

    async def failed(self, permit: Permit, zaak: str | None, reason: Reason) -> None:
        """Tell that something failed."""
        now_s = self._clock.monotonic()
        if zaak is not None:
            self._tally.add(zaak, failed=True, now_s=now_s)
        if permit.probes is not None:
            await self._stay_shut(permit.probes)
        elif PauseKind.HUB not in self._pauses and (counted := self._tally.too_many(now_s)) is not None:
            await self._shut(reason, *counted)

    def back(self, permit: Permit) -> None:
        """Hand back a permit for good: a probe that was not tried after all leaves its turn to another."""
        if permit is self._probe:
            self._probe = None
            self._unused = permit.probes
            self._wake()

    def leave(self) -> None:
        """Let nobody wait any more until `stay`: partitions move, or the worker stops."""
        self._leaving = True
        self._wake()

    def stay(self) -> None:
        """Undo `leave`."""
        self._leaving = self._left = False

    # The hub's own pause.

    def _half_open(self) -> bool:
        """Say whether a probe may go: nothing but the hub's own pause keeps it shut, and its time has come."""
        own = self._pauses.get(PauseKind.HUB)
        if self.standing.flow is not Flow.HELD or own is None or own.probe_at is None or self._probe is not None:
            return False
        return self._is_known(self._unused) or own.probe_at <= self._clock.now()

    async def _claim(self) -> Permit | None:
        """Be the one of all workers that sends the probe."""
        own = self._pauses[PauseKind.HUB]
        lease_at = self._clock.now() + timedelta(seconds=policy.PAUSE_PROBE_LEASE_S)
        mine, self._unused = self._is_known(self._unused), None
        permit = self._probe = Permit(own if mine else own._replace(probe_at=lease_at, probes=own.probes + 1))
        try:
            mine = mine or await self._ledger.claim_probe(own, self._clock.now(), lease_at)
        except HubUnavailable:
            log.warning("probe_not_claimed", stage=self.stage)
        finally:
            if not mine:
                self._probe = None
        if not mine:
            soon = self._clock.now() + timedelta(seconds=policy.PAUSE_LOOK_S)
            self._know(own._replace(probe_at=soon))
            return None
        self._know(permit.probes or own)
        if self.standing.flow is not Flow.HELD:  # a person paused it meanwhile, or opened it
            self.back(permit)
            return None
        log.info("probe", stage=self.stage)
        return permit

    async def _shut(self, reason: Reason, failed: int, tried: int) -> None:
        now = self._clock.now()
        said = f"{failed} of the last {tried} zaken failed; the last with {reason.code}: {reason.text}"
        pause = Pause(
            self.stage,
            PauseKind.HUB,
            HUB,
            said[: policy.PAUSE_REASON_CHARS_MAX],
            now,
            None,
            now + timedelta(seconds=policy.PAUSE_PROBE_S),
        )
        self.changes += 1
        self._pauses[PauseKind.HUB] = pause  # at once: the next try is not to fail as well
        self.look()
        try:
            if not await self._ledger.pause(pause, _act(pause, "pause", pause.reason, now)):
                return  # another worker was first; the next look brings its pause
        except HubUnavailable:
            log.warning("pause_not_kept", stage=self.stage)
            return
        finally:
            self.changes += 1
        log.warning("connection_paused", stage=self.stage, by=HUB, reason=pause.reason)
        await self._tell(self.stage)

    async def _open(self, own: Pause) -> None:
        now = self._clock.now()
        try:
            await self._ledger.end_pause(own, _act(own, "resume", f"a probe went on; was paused: {own.reason}", now))
        except HubUnavailable:
            log.warning("pause_not_ended", stage=self.stage)
            return  # `back` leaves the turn to another: that is a probe again
        self._probe = None
        self.changes += 1
        if self._is_known(own):
            del self._pauses[PauseKind.HUB]
        log.info("connection_resumed", stage=self.stage, by=HUB)
        self.look()
        await self._tell(self.stage)

    async def _stay_shut(self, own: Pause) -> None:
        self._probe = None
        wait_s = min(policy.PAUSE_PROBE_S * 2.0 ** min(own.probes, 20), policy.PAUSE_PROBE_MAX_S)
        probe_at = self._clock.now() + timedelta(seconds=wait_s)
        self.changes += 1
        self._know(own._replace(probe_at=probe_at))
        try:
            await self._ledger.probe_failed(own, probe_at)
        except HubUnavailable:
            log.warning("probe_not_kept", stage=self.stage)
        finally:
            self.changes += 1

    def _is_known(self, own: Pause | None) -> bool:
        known = self._pauses.get(PauseKind.HUB)
        return own is not None and known is not None and known.since == own.since

    def _know(self, own: Pause) -> None:
        """Take over what becomes of a pause, where it is still the one that there is."""
        if self._is_known(own):
            self._pauses[PauseKind.HUB] = own
            self.look()

    def _changed(self, before: Standing) -> None:
        if before.flow is Flow.RUNNING:
            self.on_shut()
        elif not self.shut:
            self.openings += 1
            self._tally.clear()
        log.info("valve", stage=self.stage, flow=self.standing.flow.value, reason=self.standing.reason)
        self._wake()

    def _wake(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()


def _act(pause: Pause, act: str, reason: str, at: datetime) -> OperatorAct:
    return OperatorAct("", act, HUB, reason, at, on=f"koppeling:{pause.stage}")
