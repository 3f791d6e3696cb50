"""A worker of a hub with a target that counts, as a process that can be killed: for plans of very many messages.

The target keeps its truth in a file, one line for each effect in the order in which it came, and so survives the worker
as a real one does: a worker that is not sure asks it by natural key. What was there before is read when it starts.

`python -m tests.support.plan_worker FOLDER BUS LEDGER`
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import uvloop

from hub.app import App, Parts
from hub.cli.run import settle
from hub.clock import SystemClock
from hub.config import policy
from hub.config.policy import ConnectionPolicy
from hub.config.settings import Settings
from hub.configuration import Configuration
from hub.observe.logs import configure_logs
from hub.observe.metrics import Metrics
from hub.ports.contracts import Exchange, Outgoing, Receipt, Step
from tests.support.toy import ToyTarget, no_client, toy_configuration

EFFECTS = "effects.txt"
LANES = 256


class CountingTarget(ToyTarget):
    """Writes every effect down before it answers."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._known = Counter(file.read_text().splitlines()) if file.exists() else Counter[str]()
        self._file = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def steps(self, outgoing: Outgoing) -> Sequence[Step]:
        """Plan one step."""
        document = outgoing.body
        assert isinstance(document, dict)
        return [Step(f"{document['zaak']}|{document['omschrijving']}", "zet", document)]

    async def send(self, step: Step, exchange: Exchange) -> Receipt:
        """Do it; what may have been done before is looked up."""
        line = f"{step.body['zaak']} {step.body['omschrijving']}"
        if not (exchange.resumed and line in self._known):
            os.write(self._file, f"{line}\n".encode())
            self._known[line] += 1
        return Receipt()


def made(folder: Path, bus: str, ledger: str) -> App:
    """Make the hub; its worker, and whoever gives it orders, make the same one."""
    target = CountingTarget(folder / EFFECTS)
    toy = toy_configuration(folder / "koppelingen", target, limits=ConnectionPolicy())
    settings = Settings(mappings=folder / "koppelingen", home=folder, bus=bus, ledger=ledger)
    metrics = Metrics()
    parts = Parts.open(settings, metrics=metrics, client_id="plan")._replace(client_for=no_client)
    return App(Configuration(**{**toy._asdict(), "settings": settings}), parts, metrics=metrics)


async def _work(folder: Path, bus: str, ledger: str) -> None:
    # This target answers at once: with more zaken side by side more of them share a commit.
    policy.LANES_IN_FLIGHT_MAX = LANES
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with made(folder, bus, ledger) as app:
        await app.prepare_work()
        settle()
        await app.work(stop)


if __name__ == "__main__":
    configure_logs("warning", clock=SystemClock())
    uvloop.run(_work(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))
