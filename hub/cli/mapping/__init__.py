"""`zaakhub map`: what a partner does with a mapping, from the first line to the rollback. One module per command."""

from __future__ import annotations

import typer

from hub.cli.mapping import activate, explain, lint, preview, record, test

cli = typer.Typer(no_args_is_help=True, help="Check, test, explain, preview and activate mappings.")
cli.command("lint")(lint.lint_files)
cli.command()(explain.explain)
cli.command("test")(test.run_cases)
cli.command()(preview.preview)
cli.command()(activate.activate)
cli.command()(activate.rollback)
cli.command()(activate.revisions)
cli.command()(record.record)
