"""What the API can do, in parts by noun, over one hub."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from hub.app import App
from hub.clock import Clock
from hub.console.models.sessions import SessionView
from hub.console.services.alerts import Alerts
from hub.console.services.audit import Audit
from hub.console.services.connections import Connections
from hub.console.services.edits import Edits
from hub.console.services.failures import Failures
from hub.console.services.flow_maps import FlowMaps
from hub.console.services.groups import Groups
from hub.console.services.indicaties import Indicaties
from hub.console.services.messages import Messages
from hub.console.services.places import Places
from hub.console.services.plans import Plans
from hub.console.services.playground import Playground
from hub.console.services.searches import Searches
from hub.console.services.sheets import Sheets
from hub.console.services.unmaskings import Unmaskings
from hub.security.roles import RIGHTS, Actor, Right, Role


class Service(NamedTuple):
    """The parts."""

    gemeente: str
    omgeving: str
    clock: Clock
    unmaskings: Unmaskings
    connections: Connections
    sheets: Sheets
    flow_maps: FlowMaps
    alerts: Alerts
    groups: Groups
    failures: Failures
    messages: Messages
    edits: Edits
    plans: Plans
    searches: Searches
    playground: Playground
    audit: Audit
    indicaties: Indicaties

    @classmethod
    def of(cls, app: App) -> Service:
        """Make them for a hub."""
        settings, ledger, clock = app.configuration.settings, app.ledger, app.clock
        stages = app.configuration.connections.keys()
        places = Places(ledger, app.recall())
        unmaskings = Unmaskings(ledger, places, clock)
        edits = Edits(
            app.editor(), app.rules(), app.cases(), contents=app.contents(), ledger=ledger, unmaskings=unmaskings
        )
        connections = Connections(app)
        return cls(
            gemeente=settings.gemeente,
            omgeving=settings.omgeving,
            clock=clock,
            unmaskings=unmaskings,
            connections=connections,
            sheets=Sheets(app.configuration, connections),
            flow_maps=FlowMaps(app.configuration, ledger),
            alerts=Alerts(ledger),
            groups=Groups(ledger, clock, stages),
            failures=Failures(ledger, app.operator(), edits, stages),
            messages=Messages(app.contents(), places, unmaskings),
            edits=edits,
            plans=Plans(app.plans(), ledger, stages),
            searches=Searches(app.finder(), ledger),
            playground=Playground(app.configuration, ledger, clock),
            audit=Audit(ledger),
            indicaties=Indicaties(app.indicaties()),
        )

    def session(self, actor: Actor, *, csrf: str, ends_at: datetime) -> SessionView:
        """Tell who somebody is, and what they may do at one connection at least."""
        roles = {grant.role for grant in actor.grants}
        rights = {right for role in roles for right in RIGHTS[role]}
        return SessionView(
            name=actor.name,
            gemeente=self.gemeente,
            omgeving=self.omgeving,
            roles=[each for each in Role if each in roles],
            rights=[each for each in Right if each in rights],
            csrf=csrf,
            ends_at=ends_at,
        )
