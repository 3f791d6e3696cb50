"""Commands whose modules are imported when somebody types them: of a second of imports most commands need a part.

It knows the names of commands and of modules. It refuses to know what a command does.
"""

from __future__ import annotations

from collections import UserDict
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

from hub import garbage


def on_demand(places: Mapping[str, str]) -> type[TyperGroup]:
    """Give a group of the commands with these names; each is a function or a typer at its place, `module:name`.

    What is shown of the group itself, its typer says.
    """

    class OnDemand(TyperGroup):
        def __init__(self, **attrs: Any) -> None:  # noqa: ANN401 - whatever typer gives a group
            super().__init__(**attrs | {"commands": _Commands(places)})

    return OnDemand


class _Commands(UserDict[str, Any]):
    """Commands by name: where one is, until it is asked for."""

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - typer's own click has no public types
        found = self.data[name]
        if isinstance(found, str):
            with garbage.kept():
                found = self.data[name] = _command(name, found)
        return found


def _command(name: str, place: str) -> Any:  # noqa: ANN401 - see _Commands
    module, _, noun = place.partition(":")
    found = getattr(import_module(module), noun)
    around = typer.Typer(rich_markup_mode="rich")
    if isinstance(found, typer.Typer):
        around.add_typer(found, name=name)
    else:
        around.command(name)(found)
    return get_group(around).commands[name]
