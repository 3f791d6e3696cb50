"""The meaning of the ledger's contract, once, for every SQL database: its parts together."""

from __future__ import annotations

from hub.ledger.store.alerts import AlertStore
from hub.ledger.store.allowances import AllowanceStore
from hub.ledger.store.audit import AuditStore
from hub.ledger.store.cursors import CursorStore
from hub.ledger.store.edits import EditStore
from hub.ledger.store.failures import FailureStore
from hub.ledger.store.finding import FindingStore
from hub.ledger.store.groups import GroupStore
from hub.ledger.store.indicaties import IndicatieStore
from hub.ledger.store.loads import LoadStore
from hub.ledger.store.messages import MessageStore
from hub.ledger.store.plan_turns import PlanTurnStore
from hub.ledger.store.plans import PlanStore
from hub.ledger.store.queues import QueueStore
from hub.ledger.store.reports import ReportStore
from hub.ledger.store.revisions import RevisionStore
from hub.ledger.store.shadow import ShadowStore
from hub.ledger.store.valves import ValveStore
from hub.ledger.store.visits import VisitStore
from hub.ledger.store.vitals import VitalStore


class SqlLedger(
    AlertStore,
    AllowanceStore,
    AuditStore,
    CursorStore,
    EditStore,
    FailureStore,
    FindingStore,
    GroupStore,
    IndicatieStore,
    LoadStore,
    MessageStore,
    PlanStore,
    PlanTurnStore,
    QueueStore,
    ReportStore,
    RevisionStore,
    ShadowStore,
    ValveStore,
    VisitStore,
    VitalStore,
):
    """Every method of the contract."""
