"""The command `zaakhub`: every command in one list, and how an error reaches the person at the terminal.

Exit codes: 0 done; 1 something is not well (a failure, a check, a demo that did not arrive); 2 wrong use;
69 a part of the hub is down; 78 the configuration is wrong (both as in sysexits.h).
"""

from __future__ import annotations

import sys

import typer

from hub.cli import check, crossing, definitions, demo, failures, mapping, new, run, simulate, subscribe, trace
from hub.cli.screen import complain, problem
from hub.clock import SystemClock
from hub.errors import ConfigurationWrong, HubError, HubUnavailable
from hub.observe.logs import configure_logs

DOWN, MISCONFIGURED = 69, 78

cli = typer.Typer(
    name="zaakhub",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="The message hub of a municipality: StUF in, events on a log, ZGW out.",
    epilog="Settings come from the environment (ZAAKHUB_*). Begin with: zaakhub demo",
)
cli.command()(run.serve)
cli.command()(run.gateway)
cli.command()(run.work)
cli.command()(check.check)
cli.add_typer(failures.cli, name="failures")
cli.command()(trace.trace)
cli.add_typer(mapping.cli, name="map")
cli.add_typer(definitions.cli, name="schemas")
cli.add_typer(new.cli, name="new")
cli.command()(subscribe.subscribe)
cli.add_typer(simulate.cli, name="simulate")
cli.command()(crossing.crossing)
cli.command()(demo.demo)


def main() -> None:
    """Run, and turn errors into sentences and exit codes."""
    configure_logs("warning", clock=SystemClock())
    try:
        cli()
    except ConfigurationWrong as wrong:
        for each in wrong.problems:
            problem(each)
        sys.exit(MISCONFIGURED)
    except HubUnavailable as down:
        complain(down)
        sys.exit(DOWN)
    except HubError as error:
        complain(error)
        sys.exit(1)
