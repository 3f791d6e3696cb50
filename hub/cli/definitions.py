"""`zaakhub schemas`: the message definitions of a standard, imported by the operator who may use them.

It fetches nothing. What it keeps, connections use by name (`official` of stuf_zds).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from hub.cli.screen import as_json, local, out, table
from hub.clock import SystemClock
from hub.config import official
from hub.config.published import documents_at
from hub.wire.schemaset import flattened

cli = typer.Typer(no_args_is_help=True, help="Import the message definitions (XSD) of a standard, and see them.")


@cli.command("import")
def import_set(
    source: Annotated[Path, typer.Argument(help="Folder or zip with the XSDs, as it is published.")],
    *,
    name: Annotated[
        str, typer.Option("--name", help="The name of the set; that of the folder or zip without it.")
    ] = "",
) -> None:
    """Import the XSDs of a standard: check that they compile, and keep them with their checksums.

    [dim]Example: zaakhub schemas import Zaak_DocumentServices_1_1_02.zip --name zds-1.1[/]
    """
    name = name or official.name_for(source)
    official.check_name(name)
    published = documents_at(source)
    made = flattened(published)
    manifest = official.Manifest(
        name=name,
        imported=SystemClock().now(),
        source=source.name,
        entries=made.entries,
        notes=made.notes,
        published={path: official.checksum(content) for path, content in sorted(published.items())},
        documents={path: official.checksum(content) for path, content in sorted(made.documents.items())},
    )
    new = official.keep(manifest, made.documents)
    for note in made.notes:
        out.print(f"[bold yellow]![/] {escape(note)}", soft_wrap=True)
    count = f"{len(published)} XSDs, {len(made.entries)} to begin with"
    out.print(f"[green]✓[/] {name}: {count}; {'kept' if new else 'it was there already'}", soft_wrap=True)


@cli.command("list")
def list_sets(
    *, json: Annotated[bool, typer.Option("--json", help="JSON for programs instead of a table.")] = False
) -> None:
    """List what was imported, and whether it is still the same.

    [dim]Example: zaakhub schemas list[/]
    """
    found = {name: (official.manifest_of(name), official.changes(name)) for name in official.names()}
    if json:
        as_json(
            [
                {"name": name, "imported": manifest.imported, "source": manifest.source, "changes": changes}
                | {"published": manifest.published}
                for name, (manifest, changes) in found.items()
            ]
        )
    elif not found:
        out.print("nothing was imported; connections are checked by the hub's own definitions")
    else:
        rows = [
            (name, local(manifest.imported), manifest.source, str(len(manifest.published)), _state(changes))
            for name, (manifest, changes) in found.items()
        ]
        table("Message definitions", ("Name", "Imported", "From", "XSDs", "State"), rows)
    if any(changes for _, changes in found.values()):
        raise typer.Exit(1)


def _state(changes: list[str]) -> str:
    return "[green]as imported[/]" if not changes else f"[bold red]not as imported[/]: {escape('; '.join(changes))}"
