"""`zaakhub map`: what a partner does with a mapping, from the first line to the rollback. One module per command."""

from __future__ import annotations

import typer

from hub.cli.on_demand import on_demand

COMMANDS = {
    "lint": "hub.cli.mapping.lint:lint_files",
    "explain": "hub.cli.mapping.explain:explain",
    "test": "hub.cli.mapping.test:run_cases",
    "preview": "hub.cli.mapping.preview:preview",
    "activate": "hub.cli.mapping.activate:activate",
    "rollback": "hub.cli.mapping.activate:rollback",
    "revisions": "hub.cli.mapping.activate:revisions",
    "record": "hub.cli.mapping.record:record",
}
"""Every command and where it is, in the order of the help."""

cli = typer.Typer(
    cls=on_demand(COMMANDS), no_args_is_help=True, help="Check, test, explain, preview and activate mappings."
)
