"""A process of the benchmark, from both ends: JSON lines over its standard input and output.

A child ends when its input does, thus also when whoever started it is gone.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from hub.config.settings import PREFIX

ROOT = Path(__file__).parents[2]

Said = dict[str, Any]


def surroundings() -> dict[str, str]:
    """Give the environment without settings of a hub: whoever runs a benchmark may have some for another."""
    return {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}


class ChildFailed(Exception):
    """A process of the benchmark ended too soon; what it wrote to standard error stands above."""


class Child:
    """A child, from its parent's end."""

    def __init__(self, name: str, process: asyncio.subprocess.Process) -> None:
        self.name = name
        self.pid = process.pid
        self._process = process

    @classmethod
    @asynccontextmanager
    async def running(
        cls, module: str, *arguments: str, environ: Mapping[str, str] | None = None
    ) -> AsyncIterator[Child]:
        """Run a module as long as the block lasts."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            module,
            *arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=ROOT,
            env={**surroundings(), **(environ or {})},
        )
        assert process.stdin is not None
        try:
            yield cls(" ".join((module, *arguments[:1])), process)
        finally:
            process.stdin.close()
            try:
                await asyncio.wait_for(process.wait(), 30)
            except TimeoutError:
                process.kill()
                await process.wait()

    async def tell(self, **said: object) -> None:
        """Say something."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(said).encode() + b"\n")
        await self._process.stdin.drain()

    async def hear(self) -> Said:
        """Wait for what it says."""
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        if not line:
            raise ChildFailed(self.name)
        said: Said = json.loads(line)
        return said


class Parent:
    """The parent, from a child's end; begin with `async with Parent.of() as parent`."""

    def __init__(self, lines: asyncio.StreamReader) -> None:
        self._lines = lines

    @classmethod
    @asynccontextmanager
    async def of(cls) -> AsyncIterator[Parent]:
        """Listen to standard input."""
        lines = asyncio.StreamReader()
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(lines), sys.stdin
        )
        try:
            yield cls(lines)
        finally:
            transport.close()

    def say(self, **said: object) -> None:
        """Say something."""
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()

    async def hear(self) -> Said | None:
        """Wait for what it says; None when it is gone."""
        line = await self._lines.readline()
        said: Said | None = json.loads(line) if line else None
        return said
