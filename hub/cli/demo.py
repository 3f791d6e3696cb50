"""`zaakhub demo`: the whole hub at work on this machine, without any server, and then a failure repaired.

Three processes on loopback: a zaaksysteem (simulator), the hub itself (`zaakhub serve`: embedded bus, SQLite ledger,
payload files under one folder) and a form engine that sends. What the table shows is asked of the zaaksysteem and of
the ledger afterwards. Exits with 1 and says what is missing when anything did not arrive.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.markup import escape

from hub.app import App
from hub.cli.screen import out, table
from hub.clock import SystemClock
from hub.config import policy
from hub.config.policy import ConnectionPolicy
from hub.config.settings import Settings
from hub.config.target import Target
from hub.errors import HubError
from hub.ledger.entries import Failure, FailureState, TimelineEntry
from hub.net.client import TargetClient

CONNECTION = "formulieren-naar-zaken"
_SECRET = "the-secret-of-a-demo-guards-nothing"  # noqa: S105 - of a simulator on loopback
_EVENTS = {
    "creeerZaak_Lk01": "nl.zaken.zaak-aangemaakt.v1",
    "updateZaak_Lk01": "nl.zaken.zaak-bijgewerkt.v1",
    "actualiseerZaakstatus_Lk01": "nl.zaken.zaakstatus-gezet.v1",
    "voegZaakdocumentToe_Lk01": "nl.zaken.zaakdocument-toegevoegd.v1",
}


class DemoFailed(HubError):
    """Something that had to arrive did not."""


def demo(
    *, keep: Annotated[Path | None, typer.Option(help="Folder for the data of the demo; it is kept.")] = None
) -> None:
    """Send messages through the whole hub on this machine, break one, and repair it.

    [dim]Example: zaakhub demo[/]
    """
    folder = keep or Path(tempfile.mkdtemp(prefix="zaakhub-demo-"))
    try:
        asyncio.run(_demo(folder))
    finally:
        if keep is None:
            shutil.rmtree(folder, ignore_errors=True)


async def _demo(folder: Path) -> None:
    began = time.monotonic()
    zgw_port, hub_port = _free_port(), _free_port()
    zgw = f"http://127.0.0.1:{zgw_port}"
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("ZAAKHUB_", "ZGW_"))},
        "ZAAKHUB_HOME": str(folder),
        "ZAAKHUB_LISTEN": f"127.0.0.1:{hub_port}",
        "ZAAKHUB_CONSOLE_LISTEN": f"127.0.0.1:{_free_port()}",
        "ZAAKHUB_LOG_LEVEL": "warning",
        "ZGW_ZAKEN_URL": f"{zgw}/zaken/api/v1/",
        "ZGW_CATALOGI_URL": f"{zgw}/catalogi/api/v1/",
        "ZGW_DOCUMENTEN_URL": f"{zgw}/documenten/api/v1/",
        "ZGW_BESLUITEN_URL": f"{zgw}/besluiten/api/v1/",
        "ZGW_SECRET": _SECRET,
    }
    out.print("[bold]Zaakhub demo[/]  form engine (StUF) → hub → zaaksysteem (ZGW), all on this machine\n")
    async with (
        _process(["simulate", "zgw", "--listen", f"127.0.0.1:{zgw_port}"], environ, folder / "zaaksysteem.log"),
        _process(["serve"], environ, folder / "hub.log"),
        _client(zgw, "zaaksysteem") as zaaksysteem,
        _client(f"http://127.0.0.1:{hub_port}", "hub") as hub,
    ):
        # Reading the configuration takes a second: time in which the others start.
        app = App.open(Settings.read(environ), environ, client_id="zaakhub-demo")
        await _until_up(zaaksysteem, "zaaksysteem", "_simulator/stand", "the zaaksysteem")
        await _until_up(hub, "hub", "health/ready", f"the hub (log: {folder / 'hub.log'})")
        out.print("[bold]The form engine sends[/]", end="")
        sent = await _send(f"http://127.0.0.1:{hub_port}/in/{CONNECTION}/OntvangAsynchroon", environ)
        async with app:
            accepted = [each for each in sent if each["answer"] == "Bv03"]
            broken = accepted[-1]["zaak"]
            failure = await _broken(app, broken)
            await _arrived(app, [each for each in accepted if each["zaak"] != broken])
            await _show(app, zaaksysteem, sent)
            await _repair(app, failure)
            await _arrived(app, accepted)
            await _show(app, zaaksysteem, [each for each in sent if each["zaak"] == broken])
            await _complete(app, zaaksysteem, accepted)
    out.print(f"\n[bold green]✓[/] everything arrived, once and in order, in {time.monotonic() - began:.1f} s")
    out.print("[cyan]→[/] go on: [bold]zaakhub serve[/] runs a hub here; docs/tutorial/first-message.md is the tour")


async def _send(to: str, environ: Mapping[str, str]) -> list[dict[str, Any]]:
    """Let the form engine send its story, and show each answer as it comes."""
    sender = await asyncio.create_subprocess_exec(
        *_command(["simulate", "stuf_zds", "--to", to]), env=environ, stdout=asyncio.subprocess.PIPE
    )
    assert sender.stdout is not None
    sent: list[dict[str, Any]] = []
    async for line in sender.stdout:
        each = orjson.loads(line)
        if not sent or sent[-1]["zaak"] != each["zaak"]:
            out.print(f"\n  zaak {each['zaak']}")
        sent.append(each)
        mark = "[green]✓[/]" if each["answer"] == "Bv03" else "[yellow]![/]"
        out.print(f"  {mark} {each['message']:<26} {each['answer']:<12} {each['ms']:4.0f} ms  [dim]{each['about']}[/]")
    if await sender.wait():
        raise DemoFailed("the form engine could not send", code="demo")
    return sent


async def _broken(app: App, zaak: str) -> Failure:
    """Wait until the zaak is parked with all that waits behind it."""
    async for _ in _patiently(f"zaak {zaak} to be parked"):
        failures = [each for each in await app.ledger.failures() if each.zaak == zaak]
        if failures and len(await app.ledger.queue(failures[0].stage, zaak)) == len(_EVENTS):
            return failures[0]
    raise AssertionError


async def _repair(app: App, failure: Failure) -> None:
    """Do what an operator does: read the reason, correct the content, replay."""
    short = failure.id[:8]
    out.print(
        f"\n[bold]One zaak was refused.[/] What the operator sees:\n  [red]✗[/] {escape(failure.reason)}",
        soft_wrap=True,
    )
    out.print(f"    whose turn: {failure.fault};  {escape(failure.advice)}", soft_wrap=True)
    operator = app.operator()
    out.print(f"  [dim]$[/] zaakhub failures edit {short} --set zaak.zaaktype=B1026 --reason …")
    changes = {"zaak.zaaktype": "B1026"}
    await app.editor().correct(failure.id, changes=changes, by="demo", reason="typing error in the form")
    out.print(f"  [dim]$[/] zaakhub failures replay {short} --reason …\n")
    await operator.replay(failure.id, by="demo", reason="corrected")


async def _arrived(app: App, accepted: list[dict[str, Any]]) -> None:
    """Wait until every accepted message is delivered, or known as a resend."""
    async for _ in _patiently("messages to be delivered"):
        waiting = [each for each in accepted if await _delivered(app, each) is None]
        if not waiting:
            return
    raise AssertionError


async def _show(app: App, zaaksysteem: TargetClient, sent: list[dict[str, Any]]) -> None:
    """Print the table: message, event, what stands, how long it took."""
    stand = (await zaaksysteem.request("GET", "zaaksysteem", "_simulator/stand")).body
    zaken = orjson.loads(stand)["zaken"]
    shown: dict[str, list[list[str]]] = {}
    for each in sent:
        event = _EVENTS[each["message"]].removeprefix("nl.zaken.").removesuffix(".v1")
        took = await _delivered(app, each) if each["answer"] == "Bv03" else None
        if each["answer"] != "Bv03":
            row = ["[yellow]refused at the door[/]", "nothing", ""]
        elif "resend" in each["about"]:
            row = ["[dim]known: no event[/]", "nothing new", ""]
        elif took is None:
            row = [event, "[red]parked[/]", ""]
        else:
            row = [event, _stands(each["message"], zaken[each["zaak"]]), f"{took:.0f}"]
        shown.setdefault(each["zaak"], []).append([each["message"].removesuffix("_Lk01"), *row])
    for zaak, rows in shown.items():
        out.print()
        table(f"zaak {zaak}", ["message", "event", "stands in zaaksysteem", "ms"], rows)


def _stands(message: str, zaak: dict[str, Any]) -> str:
    match message:
        case "creeerZaak_Lk01":
            return f"{zaak['zaaktype']}: {zaak['rollen']} rollen, {zaak['zaakeigenschappen']} eig."
        case "updateZaak_Lk01":
            return f"{zaak['betalingsindicatie']} betaald"
        case "actualiseerZaakstatus_Lk01":
            return f"{zaak['status']['volgnummer']} {zaak['status']['omschrijving']}"
        case _:
            document = zaak["documenten"][0]
            return f"{document['omvang']} bytes, {document['sha256'][:6]}…"


async def _complete(app: App, zaaksysteem: TargetClient, accepted: list[dict[str, Any]]) -> None:
    """Hold what stands against what was accepted; raises DemoFailed that names what is missing."""
    zaken = orjson.loads((await zaaksysteem.request("GET", "zaaksysteem", "_simulator/stand")).body)["zaken"]
    missing = []
    for zaak in sorted({each["zaak"] for each in accepted}):
        found = zaken.get(zaak)
        counts = (len(found["documenten"]), found["statussen"], found["zaakeigenschappen"]) if found else None
        if counts != (1, 2, 2):
            missing.append(f"zaak {zaak}: documents, statuses, eigenschappen are {counts}, not (1, 2, 2)")
    missing += [each.reason for each in await app.ledger.failures() if each.state is not FailureState.RESOLVED]
    if missing:
        raise DemoFailed("; ".join(missing), code="demo")


async def _delivered(app: App, message: Mapping[str, Any]) -> float | None:
    """Give the milliseconds from accepted to delivered; 0 for a resend that is known as one; None while it waits."""
    timeline = await app.ledger.timeline(message["zaak"])
    if "resend" in message["about"]:
        return 0.0 if any(each.what == "dubbel" for each in timeline) else None
    begin = _moment(timeline, "geaccepteerd", message["message"])
    end = _moment(timeline, "afgeleverd", _EVENTS[message["message"]])
    return (end.at - begin.at).total_seconds() * 1000 if begin and end else None


def _moment(timeline: list[TimelineEntry], what: str, kind: str) -> TimelineEntry | None:
    return next((each for each in timeline if each.what == what and each.detail.split(";")[0] == kind), None)


async def _patiently(what: str) -> AsyncIterator[None]:
    clock = SystemClock()
    until = clock.monotonic() + policy.DEMO_PATIENCE_S
    while clock.monotonic() < until:
        yield
        await clock.sleep(policy.DEMO_LOOK_S)
    raise DemoFailed(f"waited {policy.DEMO_PATIENCE_S:.0f} s in vain for {what}", code="demo")


async def _until_up(client: TargetClient, service: str, path: str, what: str) -> None:
    async for _ in _patiently(f"{what} to start"):
        with contextlib.suppress(HubError):
            if (await client.request("GET", service, path)).status == 200:  # noqa: PLR2004 - HTTP
                return


def _client(url: str, name: str) -> TargetClient:
    limits = ConnectionPolicy(breaker_failures=1_000)  # it is asked until it is up
    return TargetClient(Target(services={name: url}), name=name, limits=limits, clock=SystemClock())


@contextlib.asynccontextmanager
async def _process(words: list[str], environ: Mapping[str, str], log: Path) -> AsyncIterator[None]:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as stream:
        process = await asyncio.create_subprocess_exec(*_command(words), env=environ, stdout=stream, stderr=stream)
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        await process.wait()


def _command(words: list[str]) -> list[str]:
    return [sys.executable, "-m", "hub.cli", *words]


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port
