"""`zaakhub new`: the beginning of a connection, a mapping, an adapter or an event type. One module per command."""

from __future__ import annotations

import typer

from hub.cli.new import adapter, connection, event, mapping

cli = typer.Typer(no_args_is_help=True, help="Begin a connection, a mapping, an adapter or an event type.")
cli.command("connection")(connection.connection)
cli.command("mapping")(mapping.mapping)
cli.command("adapter")(adapter.adapter)
cli.command("event")(event.event)
