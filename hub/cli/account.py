"""`zaakhub account`: local accounts for the console, where there is no provider of identities."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Iterable
from typing import Annotated

import typer

from hub.cli.screen import local, out, table
from hub.clock import SystemClock
from hub.config.likely import did_you_mean
from hub.config.settings import Settings
from hub.console.accounts import FILE, Accounts
from hub.errors import ActRefused
from hub.security.roles import EVERY_CONNECTION, Role

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the account: what the audit says of this person.")]

cli = typer.Typer(no_args_is_help=True, help="Local accounts for the console of `zaakhub serve` on this machine.")


@cli.command()
def add(
    name: Name,
    *,
    role: Annotated[Role, typer.Option(help="What this person is for the hub.")],
    connection: Annotated[
        list[str] | None, typer.Option(help="A connection where the role holds; give it again for more. Default: all.")
    ] = None,
) -> None:
    """Add an account, or give it another password or role. Who is logged in with it has to do so again.

    The password is asked for, or read from what is piped in.

    [dim]Example: zaakhub account add j.jansen --role operator[/]
    """
    accounts = _accounts()
    _check(connection or ())
    accounts.add(name, _password(), role, tuple(connection or ()), SystemClock().now())
    out.print(f"[green]✓[/] {name} is {role.value} at {_at(tuple(connection or ()))}")


@cli.command("list")
def list_() -> None:
    """List the accounts.

    [dim]Example: zaakhub account list[/]
    """
    found = _accounts().all()
    if not found:
        out.print("No accounts.")
        return
    rows = [(each.name, each.role.value, _at(each.connections), local(each.changed_at)) for each in found]
    table("Accounts", ("name", "role", "connections", "changed"), rows)


@cli.command()
def remove(name: Name) -> None:
    """Remove an account; who is logged in with it is logged out.

    [dim]Example: zaakhub account remove j.jansen[/]
    """
    if not _accounts().remove(name):
        raise ActRefused("there is no such account", code="account", advice="see: zaakhub account list")
    out.print(f"[green]✓[/] {name} is removed")


def _accounts() -> Accounts:
    settings = Settings.read(os.environ)
    if settings.oidc_issuer:
        raise ActRefused(
            "local accounts do not count beside a provider of identities",
            code="account",
            advice="add the person to a group there; ZAAKHUB_ROLES says which group has which role",
        )
    return Accounts(settings.home / FILE)


def _check(connections: Iterable[str]) -> None:
    known = {file.parent.name for file in Settings.read(os.environ).mappings.glob("*/connection.yaml")}
    for each in connections:
        if each not in known:
            raise ActRefused(f"there is no connection {each}", code="account", advice=did_you_mean(each, known))


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("The same again: ") != password:
        raise ActRefused("these are two different passwords", code="account", advice="nothing was changed; try again")
    return password


def _at(connections: tuple[str, ...]) -> str:
    return ", ".join(connections) if set(connections) - {EVERY_CONNECTION} else "every connection"
