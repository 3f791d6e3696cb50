"""`zaakhub failures`: what went wrong, whose turn it is, correct it, try it again. One module per thing people do."""

from __future__ import annotations

import typer

from hub.cli.failures import act, edit, groups, look

cli = typer.Typer(no_args_is_help=True, help="See, group, correct, replay or drop what failed. Order per zaak holds.")
cli.command("list")(look.list_failures)
cli.command()(look.show)
cli.add_typer(groups.cli, name="groups")
cli.command()(edit.edit)
cli.command()(edit.approve)
cli.command()(edit.reject)
cli.command("apply")(edit.apply_edit)
cli.command()(edit.rule)
cli.command()(edit.case)
cli.command()(act.replay)
cli.command()(act.drop)
