"""`zaakhub new adapter`: a folder that is an adapter, small and whole, with its test."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from hub.cli.new.files import next_steps, template, write
from hub.config.connection import Direction
from hub.errors import ConfigurationWrong

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_EVENT = "nl.zaken.zaak-aangemaakt.v1"


def adapter(
    name: Annotated[str, typer.Argument(help="Name of the adapter: lower case, digits, underscores.")],
    *,
    direction: Annotated[Direction, typer.Option(help="Whether it receives or delivers.")],
    title: Annotated[str, typer.Option(help="The protocol and its version, for people.")] = "",
    checkout: Annotated[Path, typer.Option(help="The checkout of Zaakhub to put it in.")] = Path(),
) -> None:
    """Begin an adapter: manifest, options, protocol, simulator and test, which pass every check as they are.

    [dim]Example: zaakhub new adapter berichtenbox --direction outbound --title "Berichtenbox 2"[/]
    """
    if not _NAME.fullmatch(name):
        raise ConfigurationWrong(
            f"`{name}` can't be the name of an adapter", file="NAME", advice="a word like berichtenbox or stuf_zds"
        )
    if not (checkout / "adapters").is_dir():
        raise ConfigurationWrong("there is no folder adapters", file=checkout, advice="go to your checkout of Zaakhub")
    write(written(name, direction, title or name, checkout))
    next_steps(
        [
            "python -m hub.cli.schemas   lets the editor know it",
            f"make check   passes; then make adapters/{name} and its test speak your protocol",
            f"zaakhub new connection mijn-koppeling --adapter {name}",
        ]
    )


def written(name: str, direction: Direction, title: str, checkout: Path) -> dict[Path, str | bytes]:
    """Give the files of a new adapter with their text."""
    kinds = "messages: [melding]" if direction is Direction.INBOUND else f"events: [{_EVENT}]\nservices: [meldingen]"
    words = {"name": name, "direction": direction.value, "title": title, "event": _EVENT, "kinds": kinds}
    folder = checkout / "adapters" / name
    return {
        folder / "manifest.yaml": template("adapter/manifest.yaml", **words),
        folder / "README.md": template(f"{direction}/README.md", **words),
        folder / "__init__.py": "",
        folder / "options.py": template(f"{direction}/options.py.txt", **words),
        folder / f"{direction}.py": template(f"{direction}/{direction}.py.txt", **words),
        folder / "simulator.py": template(f"{direction}/simulator.py.txt", **words),
        checkout / "tests" / "adapters" / f"test_{name}.py": template(f"{direction}/test.py.txt", **words),
    }
