"""`zaakhub map test`: does every example message become what its case says, and which rules does none of them try."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NamedTuple
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import typer
from rich.markup import escape

from hub.cli.mapping.tools import folders
from hub.cli.screen import as_json, out
from hub.config.dialects import FOLDER as DIALECTS
from hub.desk.tools import tools_of, tools_of_pack
from hub.errors import HubError
from hub.mapping.cases import Case, Difference, differences, find_cases, refresh, run_case
from hub.mapping.coverage import Coverage, Written, coverage_of


class Format(StrEnum):
    """How to print what was found."""

    TEXT = "text"
    JSON = "json"
    JUNIT = "junit"


class Verdict(NamedTuple):
    """What became of a case; `error` when it could not be run at all."""

    case: Case
    found: list[Difference]
    error: str = ""

    @property
    def well(self) -> bool:
        """Whether all is as expected."""
        return not self.found and not self.error


class Tested(NamedTuple):
    """One connection."""

    name: str
    verdicts: list[Verdict]
    coverage: list[Coverage]

    @property
    def percent(self) -> float:
        """How much of the rules of all its mappings a case tries."""
        return _percent(self.coverage)


def run_cases(
    connections: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CONNECTION]...", help="Which connections, or _dialects/NAME; all of both without a name."
        ),
    ] = None,
    *,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Make what comes out what is expected. Read the difference first.")
    ] = False,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Tell per mapping how many rules a case tries, and which none does.")
    ] = False,
    fail_under: Annotated[
        float, typer.Option("--fail-under", metavar="PERCENT", help="Fail when a connection's coverage is lower.")
    ] = 0.0,
    format_: Annotated[Format, typer.Option("--format", help="Text for people, JSON or JUnit for programs.")] = (
        Format.TEXT
    ),
) -> None:
    """Run the cases beside the mappings, and show by path where one comes out differently. Connects to nothing.

    [dim]Example: zaakhub map test formulieren-naar-zaken --coverage[/]
    """
    root, chosen = folders(connections, packs=True)
    tested = [_tested(folder, root, refreshing=refresh, covering=coverage or bool(fail_under)) for folder in chosen]
    match format_:
        case Format.JSON:
            as_json([_as_json(each) for each in tested])
        case Format.JUNIT:
            typer.echo(_as_junit(tested))
        case _:
            for each in tested:
                _print(each, refreshed=refresh, covered=coverage)
    low = [each for each in tested if each.percent < fail_under]
    for each in low if format_ is Format.TEXT else ():
        out.print(f"[bold red]✗[/] {each.name}: coverage {each.percent:.1f} % is under {fail_under:g} %")
    wrong = [
        verdict for each in tested for verdict in each.verdicts if verdict.error or (verdict.found and not refresh)
    ]
    if wrong or low:
        raise typer.Exit(1)


def _tested(folder: Path, root: Path, *, refreshing: bool, covering: bool) -> Tested:
    pack = folder.parent.name == DIALECTS
    tools = tools_of_pack(folder, root=root) if pack else tools_of(folder, root=root)
    name = folder.relative_to(root).as_posix()
    cases = find_cases(root, name)
    verdicts = []
    for case in cases:
        try:
            outcome = run_case(case, tools)
            found = differences(case, outcome)
        except HubError as error:
            verdicts.append(Verdict(case, [], error.reason))
            continue
        if refreshing and found:
            refresh(case, outcome)
        verdicts.append(Verdict(case, found))
    # Of a pack only a few rules are its own: how much of the whole its cases try says nothing.
    covered = coverage_of(folder, root, cases, tools) if covering and not pack else []
    return Tested(name, verdicts, covered)


def _print(tested: Tested, *, refreshed: bool, covered: bool) -> None:
    out.print(f"[bold]{tested.name}[/]")
    for verdict in tested.verdicts:
        if verdict.well:
            continue
        mark = "[bold red]✗[/]" if verdict.error or not refreshed else "[cyan]→[/]"
        out.print(f"  {mark} {verdict.case.input.parent.name}", soft_wrap=True)
        if verdict.error:
            out.print(f"      {escape(verdict.error)}", soft_wrap=True)
        for each in verdict.found:
            sides = f"[green]{escape(each.expected)}[/]  [red]{escape(each.actual)}[/]"
            out.print(f"      {escape(each.path)}  {sides}", soft_wrap=True)
    if covered:
        _print_coverage(tested)
    out.print(f"  {_summary(tested, refreshed=refreshed)}", soft_wrap=True)


def _summary(tested: Tested, *, refreshed: bool) -> str:
    count, wrong = len(tested.verdicts), sum(not each.well for each in tested.verdicts)
    said = f"{count} case{'' if count == 1 else 's'}"
    if not count:
        said = "[yellow]no cases[/]"
    elif not wrong:
        said = f"[green]✓[/] {said} as expected"
    else:
        said += f", [cyan]{wrong} refreshed[/]" if refreshed else f", [red]{wrong} not as expected[/]"
    return said + (f"; coverage {tested.percent:.1f} %" if tested.coverage else "")


def _print_coverage(tested: Tested) -> None:
    for each in tested.coverage:
        out.print(
            f"  {each.message}: {each.tried} of {each.rules} rules ({each.percent:.1f} %), {each.tried_uses} of "
            f"{each.uses} places, {each.fields - len(each.unseen)} of {each.fields} source fields",
            soft_wrap=True,
        )
        for what, written in (("never tried", each.never), ("in no case", each.idle)):
            for rule in written:
                shown = " ".join(map(escape, filter(None, (rule.target, rule.source and f"from {rule.source}"))))
                out.print(f"      {rule.place}  [dim]{what}[/]  {shown}", soft_wrap=True)


def _as_json(tested: Tested) -> dict[str, Any]:
    return {
        "connection": tested.name,
        "cases": [
            {
                "name": each.case.name,
                "ok": each.well,
                "error": each.error,
                "differences": [difference._asdict() for difference in each.found],
            }
            for each in tested.verdicts
        ],
        "coverage": [
            {
                "message": each.message,
                "percent": round(each.percent, 1),
                "rules": each.rules,
                "never": [_written(rule) for rule in each.never],
                "uses": each.uses,
                "tried_uses": each.tried_uses,
                "idle": [_written(group) for group in each.idle],
                "fields": each.fields,
                "unseen": list(each.unseen),
            }
            for each in tested.coverage
        ],
    }


def _written(each: Written) -> dict[str, str]:
    return {"rule": str(each.place), "target": each.target, "source": each.source}


def _as_junit(tested: list[Tested]) -> str:
    suites = Element("testsuites")
    for each in tested:
        failing = sum(not verdict.well for verdict in each.verdicts)
        suite = SubElement(suites, "testsuite", name=each.name, tests=str(len(each.verdicts)), failures=str(failing))
        for verdict in each.verdicts:
            shown = SubElement(suite, "testcase", classname=each.name, name=verdict.case.input.parent.name)
            if not verdict.well:
                lines = [verdict.error] if verdict.error else [str(difference) for difference in verdict.found]
                failure = SubElement(shown, "failure", message=lines[0])
                failure.text = "\n".join(lines)
    indent(suites)
    return tostring(suites, encoding="unicode")


def _percent(coverage: list[Coverage]) -> float:
    rules = sum(each.rules for each in coverage)
    return 100.0 * sum(each.tried for each in coverage) / rules if rules else 100.0
