"""`zaakhub new event`: the model of an event type, and the lines that make it part of the public contract.

The catalogue itself is changed by a person: other organisations read these events, and what is in it stays.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from hub.cli.new.files import next_steps, template, write
from hub.errors import ConfigurationWrong
from hub.event.catalogue import EVENT_TYPES

_NAME = re.compile(r"nl\.([a-z][a-z0-9]*)\.([a-z][a-z0-9]*(?:-[a-z0-9]+)*)\.v([1-9][0-9]*)")


def event(
    name: Annotated[str, typer.Argument(help="Name of the event type, such as nl.zaken.zaak-heropend.v1.")],
    *,
    summary: Annotated[str, typer.Option(help="What happened, in one sentence.")],
    once: Annotated[bool, typer.Option("--once", help="It happens once to each zaak or document: a creation.")] = False,
    checkout: Annotated[Path, typer.Option(help="The checkout of Zaakhub to put it in.")] = Path(),
) -> None:
    """Begin an event type: the model of its data, and what to add to the catalogue.

    [dim]Example: zaakhub new event nl.zaken.zaak-heropend.v1 --summary "A closed zaak was opened again."[/]
    """
    found = _NAME.fullmatch(name)
    if not found:
        raise ConfigurationWrong(
            f"`{name}` is not the name of an event type", file="NAME", advice="write it like nl.zaken.zaak-heropend.v1"
        )
    if name in EVENT_TYPES:
        raise ConfigurationWrong("this event type is there already", file=name, advice="give it a new version: v2")
    if not (checkout / "hub" / "event").is_dir():
        raise ConfigurationWrong("there is no folder hub/event", file=checkout, advice="go to your checkout of Zaakhub")
    domain, happened, version = found.groups()
    module = happened.replace("-", "_") + (f"_v{version}" if version != "1" else "")
    model = "".join(word.capitalize() for word in module.split("_")) + "Gegevens"
    write(
        {
            checkout / "hub" / "event" / f"{module}.py": template(
                "event/model.py.txt", event=name, summary=summary, model=model
            )
        }
    )
    next_steps(
        [
            "add to hub/event/catalogue.py:",
            f"    from hub.event.{module} import {model}",
            f'    EventType("{name}", "{domain}", {model}, {once}, "{summary}"),',
            "python -m hub.event.schemas && python -m hub.cli.schemas   writes what consumers and editors read",
            "add to the table of docs/reference/events.md:",
            f"    | `{name}` | {summary} | [schema](../../schemas/events/{name}.schema.json) |",
        ]
    )
