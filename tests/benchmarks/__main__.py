"""`python -m tests.benchmarks`: measures, prints, and leaves nothing behind."""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks import intake, kernel, pipeline
from tests.benchmarks.child import ROOT, Child
from tests.benchmarks.measure import Pair, machine, middle
from tests.benchmarks.stores import Embedded, Kafka, Stores, target_environ
from tests.support.kafka import Broker
from tests.support.postgres_server import NoPostgres, running_postgres


class NotHere(Exception):
    """A server that this machine does not have; the text says why."""


def main() -> None:
    """Read the command line and measure."""
    choices = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    choices.add_argument("--messages", type=int, default=4000, help="per turn (default: %(default)s)")
    choices.add_argument("--rounds", type=int, default=3, help="turns of each side (default: %(default)s)")
    choices.add_argument("--embedded", action="store_true", help="without Kafka and PostgreSQL")
    chosen = choices.parse_args()
    with tempfile.TemporaryDirectory(prefix="zaakhub-bench-") as folder:
        for fact in machine(folder):
            _say(fact)
        _say(
            f"{chosen.messages} messages per turn, median of {chosen.rounds} rounds, sides in turn; "
            "client, target and servers on the same CPUs\n"
        )
        asyncio.run(_measure(Path(folder), chosen.messages, chosen.rounds, embedded_only=chosen.embedded))


async def _measure(folder: Path, messages: int, rounds: int, *, embedded_only: bool) -> None:
    async with Child.running("tests.benchmarks.sink") as sink:
        target = target_environ((await sink.hear())["base"])
        _say(f"{'kernel, one message':<46}{'CPU µs':>9}{'parses':>9}")
        for step in kernel.measure({**target, "ZAAKHUB_HOME": str(folder)}, times=min(messages, 500), rounds=rounds):
            _say(f"{step.name:<46}{step.cpu_us:9.1f}{step.times:9.2f}")
        _say(f"\n{'':<30}{'messages/s':^20}{'CPU µs/message':^20}{'ratio':^18}")
        _say(f"{'':<30}" + f"{'hub':>10}{'floor':>10}" * 2 + f"{'CPU':>8}{'speed':>7}{'aim':>6}")
        await _sections(Embedded(folder, target), sink, messages, rounds)
        if embedded_only:
            _say("Kafka + PostgreSQL: not measured (--embedded)")
            return
        try:
            with _servers(folder) as (servers, dsn):
                stores = Kafka(folder, target, servers=servers, dsn=dsn)
                await stores.make()
                await _sections(stores, sink, messages, rounds)
        except (NotHere, NoPostgres) as reason:
            _say(f"Kafka + PostgreSQL: not measured: {reason}")


async def _sections(stores: Stores, sink: Child, messages: int, rounds: int) -> None:
    _show(await pipeline.measure(stores, sink, messages=messages, rounds=rounds))
    _show(await intake.measure(stores, messages=messages, rounds=rounds))


@contextmanager
def _servers(folder: Path) -> Iterator[tuple[str, str]]:
    """Run a broker and a PostgreSQL of our own."""
    fetched = subprocess.run(
        [ROOT / "deploy" / "kafka" / "kafka", "fetch"], capture_output=True, text=True, check=False
    )
    if fetched.returncode:
        raise NotHere(fetched.stderr.strip())
    home = folder / "broker"
    home.mkdir()
    with running_postgres() as dsn:
        broker = Broker(home)
        try:
            yield broker.address, dsn
        finally:
            broker.stop()


def _show(pair: Pair) -> None:
    hub, floor = middle(pair.hub), middle(pair.floor)
    _say(
        f"{pair.name:<30}{hub.per_s:10.0f}{floor.per_s:10.0f}{hub.cpu_us:10.0f}{floor.cpu_us:10.0f}"
        f"{pair.ratio_cpu:8.2f}{pair.ratio_speed:7.2f}{pair.aim:6.1f}"
    )


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
