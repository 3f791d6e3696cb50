"""The whole of `zaakhub check --live`: what is produced, whether the target takes it, and the way there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from hub.app import App
from hub.cli.live.produced import Production, production
from hub.cli.live.transport import certificates, clocks
from hub.config.connection import Direction
from hub.config.likely import did_you_mean
from hub.config.policy import LIVE_ORIGINS_SHOWN
from hub.errors import ActRefused, HubError
from hub.ports.contracts import Finding, Verified
from hub.ports.registry import Registry


@dataclass(slots=True)
class Look:
    """What was found: problems by part, what needs a look, and what to know of how it was found."""

    found: dict[str, list[str]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    checked: dict[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Give what programs read beside the problems."""
        return {
            "notes": self.notes,
            "checked": self.checked,
            "findings": [each._asdict() for each in self.findings],
        }


async def look(app: App, name: str, zaaktypen: Collection[str]) -> Look:
    """Look at the target of a connection; raises ActRefused when it has none. Changes nothing there."""
    configuration = app.configuration
    connection = configuration.connections.get(name)
    if connection is None or connection.direction is Direction.INBOUND:
        there_are = [*configuration.outbound, *configuration.asking]
        reason = f"there is no connection to a system that is called {name}"
        advice = did_you_mean(name, there_are) or f"there are: {', '.join(there_are)}"
        raise ActRefused(reason, code="koppeling", advice=advice)
    seen = Look()
    asking = configuration.asking.get(name)
    client = app.answerers[name].client if asking is not None else app.exits[name].client
    problems, warnings = await certificates(connection, app.clock.now())
    seen.found["certificates"] = problems
    seen.warnings += warnings
    seen.warnings += await clocks(connection, client, app.clock)
    try:
        if asking is not None:
            seen.found[f"{name}: reach"] = list(await asking.check(client))
            return seen
        seen.found[f"{name}: reach"] = list(await app.exits[name].outbound.check(client))
        await _verify(app, name, zaaktypen, seen)
    except HubError as error:
        seen.found[f"{name}: ready"] = [error.reason + (f"; {error.advice}" if error.advice else "")]
    return seen


async def _verify(app: App, name: str, zaaktypen: Collection[str], seen: Look) -> None:
    exit_ = app.exits[name]
    verifying = Registry().verifying(exit_.connection)
    if verifying is None:
        seen.warnings.append(f"{name}: adapter {exit_.connection.adapter} can't tell whether its target is ready")
        return
    made = await production(app, name, zaaktypen)
    target = exit_.connection.target
    assert target is not None, "an outbound connection has a target"
    client_id = str(getattr(target.auth, "client_id", ""))
    verified = await verifying.verify(made.documents, exit_.client, client_id=client_id, now=app.clock.now())
    seen.findings, seen.checked = list(verified.findings), dict(verified.checked)
    seen.found[f"{name}: ready"] = [_line(each) for each in verified.findings if each.blocks]
    seen.warnings += [_line(each) for each in verified.findings if not each.blocks]
    seen.notes += _notes(made, verified)


def _notes(made: Production, verified: Verified) -> list[str]:
    looked_at = ", ".join(f"{number} {what}" for what, number in verified.checked.items()) or "nothing"
    counted = ", ".join(f"{number} {what}" for what, number in made.counted.items())
    left_out = f"; {made.left_out} cases that are not about these zaaktypen were left out" if made.left_out else ""
    notes = [f"looked at {looked_at}", f"from {counted}{left_out}"]
    for name, types in made.free.items():
        if types:
            said = f"{name}: the sender says which {', '.join(types)}, so rules can't tell"
            notes.append(said + ("; name zaaktypen with --zaaktype" if "zaaktype" in types else ""))
    return notes


def _line(finding: Finding) -> str:
    nearest = f'; nearest: "{finding.nearest}"' if finding.nearest else ""
    shown = list(finding.origins[:LIVE_ORIGINS_SHOWN])
    if more := len(finding.origins) - len(shown):
        shown.append(f"{more} more")
    return f"{finding.thing} {finding.problem}{nearest}" + (f" ({', '.join(shown)})" if shown else "")
