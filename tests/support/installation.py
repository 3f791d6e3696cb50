"""A hub as it runs in production: processes that can be killed, on any bus and ledger, with a zaaksysteem behind it.

The zaaksysteem is a process of its own and is never killed: what stands there afterwards is the truth of a test.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import orjson

SECRET = "a secret of more than thirty-two bytes"
CONNECTION = "formulieren-naar-zaken"
START_S = 60.0
"""A process that is not up after this long will not come up: a loaded machine needs ten seconds."""


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


class Installation:
    """The processes of one hub by role, and the zaaksysteem."""

    def __init__(self, folder: Path, *, bus: str, ledger: str) -> None:
        """Take the settings of bus and ledger; `folder` takes the rest."""
        self.folder = folder
        self._ports = {"zaaksysteem": free_port(), "gateway": free_port(), "work": free_port(), "serve": free_port()}
        self._processes: dict[str, asyncio.subprocess.Process] = {}
        (folder / "key").write_bytes(bytes(32))
        zgw = f"http://127.0.0.1:{self._ports['zaaksysteem']}"
        self.environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("ZAAKHUB_", "ZGW_"))},
            "ZAAKHUB_HOME": str(folder),
            # An omgeving of its own: on a shared broker its topics and groups are nobody else's.
            "ZAAKHUB_OMGEVING": f"t{uuid4().hex[:12]}",
            "ZAAKHUB_GEMEENTE": "1900",
            "ZAAKHUB_OIN": "00000009999999990000",
            "ZAAKHUB_BUS": bus,
            "ZAAKHUB_LEDGER": ledger,
            "ZAAKHUB_KEY_FILE": str(folder / "key"),
            "ZAAKHUB_LOG_LEVEL": "info",
            "ZGW_ZAKEN_URL": f"{zgw}/zaken/api/v1/",
            "ZGW_CATALOGI_URL": f"{zgw}/catalogi/api/v1/",
            "ZGW_DOCUMENTEN_URL": f"{zgw}/documenten/api/v1/",
            "ZGW_BESLUITEN_URL": f"{zgw}/besluiten/api/v1/",
            "ZGW_SECRET": SECRET,
        }

    async def start(self, *roles: str) -> None:
        """Start processes and wait until they are up: `zaaksysteem`, `gateway`, `work` or `serve`."""
        for role in roles:
            listen = f"127.0.0.1:{self._ports[role]}"
            words = ["simulate", "zgw", "--listen", listen] if role == "zaaksysteem" else [role]
            with (self.folder / f"{role}.log").open("ab") as log:
                self._processes[role] = await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-m",
                    "hub.cli",
                    *words,
                    env={
                        **self.environ,
                        "ZAAKHUB_LISTEN": listen,
                        "ZAAKHUB_CONSOLE_LISTEN": f"127.0.0.1:{free_port()}",
                    },
                    stdout=log,
                    stderr=log,
                )
        for role in roles:
            await self._up(role)

    async def kill(self, role: str) -> None:
        """Kill a process with SIGKILL: no time for anything."""
        process = self._processes.pop(role)
        process.send_signal(signal.SIGKILL)
        await process.wait()

    async def stop(self) -> None:
        """Stop everything in order."""
        for role in list(self._processes):
            process = self._processes.pop(role)
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            await process.wait()

    def pid(self, role: str) -> int:
        """Give the process id of a role."""
        return self._processes[role].pid

    def peak_memory_kb(self, role: str) -> int:
        """Give the most memory that a process ever held, in kB."""
        status = Path(f"/proc/{self.pid(role)}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])

    def url(self, role: str, path: str = "") -> str:
        """Give a URL of a process."""
        return f"http://127.0.0.1:{self._ports[role]}/{path}"

    def door(self, role: str = "gateway") -> str:
        """Give the URL that senders post to."""
        return self.url(role, f"in/{CONNECTION}/OntvangAsynchroon")

    async def stand(self) -> dict[str, Any]:
        """Ask the zaaksysteem what stands."""
        async with (
            aiohttp.ClientSession() as session,
            session.get(self.url("zaaksysteem", "_simulator/stand")) as found,
        ):
            stand: dict[str, Any] = orjson.loads(await found.read())
            return stand

    async def order(self, gedrag: Mapping[str, Any]) -> None:
        """Order the zaaksysteem to misbehave."""
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.url("zaaksysteem", "_simulator/gedrag"), json=gedrag) as done,
        ):
            assert done.status < 300, await done.text()

    def log(self, role: str) -> str:
        """Give what a process wrote."""
        return (self.folder / f"{role}.log").read_text()

    async def _up(self, role: str) -> None:
        path = "_simulator/stand" if role == "zaaksysteem" else "health/ready"
        process = self._processes[role]
        async with aiohttp.ClientSession() as session, asyncio.timeout(START_S):
            while True:
                assert process.returncode is None, f"{role} ended:\n{self.log(role)[-3000:]}"
                with contextlib.suppress(aiohttp.ClientError):
                    async with session.get(self.url(role, path)) as answer:
                        if answer.status == 200:
                            return
                await asyncio.sleep(0.05)


@contextlib.asynccontextmanager
async def installation(folder: Path, *, bus: str = "", ledger: str = "") -> AsyncIterator[Installation]:
    """Make an installation; everything is stopped afterwards."""
    made = Installation(
        folder,
        bus=bus or f"embedded:{folder / 'bus.sqlite'}",
        ledger=ledger or f"sqlite:{folder / 'ledger.sqlite'}",
    )
    try:
        yield made
    finally:
        await made.stop()
