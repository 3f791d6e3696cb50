"""What the command line prints: tables for people, JSON for programs, errors for whoever must act.

Nothing personal: it shows what the ledger holds, and the ledger's reasons hold no values of messages.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime

import orjson
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from hub.clock import AMSTERDAM
from hub.errors import ConfigurationWrong, HubError

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows under a title."""
    shown = Table(title=title, title_justify="left", title_style="bold", header_style="bold", box=None, pad_edge=False)
    for column in columns:
        shown.add_column(column, overflow="fold")
    for row in rows:
        shown.add_row(*row)
    out.print(shown)


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Give rows as lines whose cells stand below each other; the last may be as long as it likes."""
    widths = [max(map(len, column)) for column in zip(*(row[:-1] for row in rows), strict=True)]
    return [
        "  ".join(f"{cell:{width}}" for cell, width in zip(row, (*widths, 0), strict=True)).rstrip() for row in rows
    ]


def as_json(value: object) -> None:
    """Print a value as one JSON document."""
    sys.stdout.buffer.write(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE, default=str))
    sys.stdout.flush()


def local(moment: datetime | None) -> str:
    """Give a time as people here read it."""
    return moment.astimezone(AMSTERDAM).strftime("%d-%m-%Y %H:%M:%S") if moment else "-"


def problem(wrong: ConfigurationWrong) -> None:
    """Print one configuration error: place, what is wrong, the likely correction."""
    place = ":".join([wrong.file, *(str(n) for n in (wrong.line, wrong.column) if n)])
    err.print(f"[bold red]error[/] {place}", soft_wrap=True)
    err.print(f"      {wrong.reason}", markup=False, soft_wrap=True)
    if wrong.advice:
        err.print(f"      [cyan]→[/] {escape(wrong.advice)}", soft_wrap=True)


def complain(error: HubError) -> None:
    """Print any other error of ours: what, whose turn, what next."""
    err.print(f"[bold red]error[/] {escape(error.reason)} [dim]({error.code}; {error.fault.value})[/]", soft_wrap=True)
    if error.advice:
        err.print(f"      [cyan]→[/] {escape(error.advice)}", soft_wrap=True)
