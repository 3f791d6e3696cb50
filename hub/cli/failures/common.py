"""What the commands of `zaakhub failures` have in common: their options, and the hub that they act on."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer

from hub.app import App
from hub.config.settings import Settings
from hub.configuration import Need

T = TypeVar("T")
Json = Annotated[bool, typer.Option("--json", help="JSON for programs instead of a table.")]
Why = Annotated[str, typer.Option("--reason", help="Why you do this; kept in the audit and the timeline of the zaak.")]
FailureId = Annotated[str, typer.Argument(metavar="ID", help="Id of the failure; the first 4 or more characters do.")]


def with_app(act: Callable[[App], Awaitable[T]]) -> T:
    """Do something with a hub that maps nothing."""

    async def run() -> T:
        async with App.open(Settings.read(os.environ), os.environ, client_id="zaakhub-cli", mappings=Need.NONE) as app:
            return await act(app)

    return asyncio.run(run())
