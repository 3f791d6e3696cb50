"""The command `zaakhub`: every command in one list, and how an error reaches the person at the terminal.

Exit codes: 0 done; 1 something is not well (a failure, a check, a demo that did not arrive); 2 wrong use;
69 a part of the hub is down; 78 the configuration is wrong (both as in sysexits.h).
"""

from __future__ import annotations

import sys

import typer

from hub.cli.on_demand import on_demand
from hub.cli.screen import complain, problem
from hub.clock import SystemClock
from hub.errors import ConfigurationWrong, HubError, HubUnavailable
from hub.observe.logs import configure_logs

DOWN, MISCONFIGURED = 69, 78

COMMANDS = {
    "serve": "hub.cli.run:serve",
    "gateway": "hub.cli.run:gateway",
    "work": "hub.cli.run:work",
    "console": "hub.cli.run:console",
    "check": "hub.cli.check:check",
    "status": "hub.cli.flow:status",
    "pause": "hub.cli.flow:pause",
    "resume": "hub.cli.flow:resume",
    "failures": "hub.cli.failures:cli",
    "replay": "hub.cli.replay:cli",
    "load": "hub.cli.load:load",
    "account": "hub.cli.account:cli",
    "alerts": "hub.cli.alerts:cli",
    "trace": "hub.cli.trace:trace",
    "search": "hub.cli.search:search",
    "audit": "hub.cli.audit:cli",
    "map": "hub.cli.mapping:cli",
    "schemas": "hub.cli.definitions:cli",
    "new": "hub.cli.new:cli",
    "subscribe": "hub.cli.subscribe:subscribe",
    "follow": "hub.cli.follow:cli",
    "simulate": "hub.cli.simulate:cli",
    "crossing": "hub.cli.crossing:crossing",
    "shadow": "hub.cli.shadow:shadow",
    "demo": "hub.cli.demo:demo",
}
"""Every command and where it is, in the order of the help."""

cli = typer.Typer(
    name="zaakhub",
    cls=on_demand(COMMANDS),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="The message hub of a municipality: StUF in, events on a log, ZGW out.",
    epilog="Settings come from the environment (ZAAKHUB_*). Begin with: zaakhub demo",
)


@cli.callback()
def _every_command() -> None:
    """Do nothing before a command: typer asks for a callback where it knows of no commands."""


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
