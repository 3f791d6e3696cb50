"""Metrics: every name the hub exports, in one place, and the object that counts (docs/reference/metrics.md).

It knows names, labels and buckets. A label is a connection, stage, code or class of status: never anything from a
message. There is no global registry; who counts is given a `Metrics`.
"""

from __future__ import annotations

from enum import StrEnum

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

CONTENT_TYPE = CONTENT_TYPE_LATEST
"""Of what `render` gives."""


class Count(StrEnum):
    """What only goes up."""

    ACCEPTED = "zaakhub_accepted_total"
    REFUSED = "zaakhub_refused_total"
    REMARKED = "zaakhub_remarked_total"
    NOT_ADMITTED = "zaakhub_not_admitted_total"
    TRANSLATED = "zaakhub_translated_total"
    DELIVERED = "zaakhub_delivered_total"
    UNDISTRIBUTED = "zaakhub_not_distributed_total"
    PARKED = "zaakhub_parked_total"
    DUPLICATES = "zaakhub_duplicates_total"
    UNCHANGED = "zaakhub_unchanged_total"
    SHADOWED = "zaakhub_shadowed_total"
    IGNORED = "zaakhub_ignored_total"
    FOUND = "zaakhub_found_total"
    MISSED = "zaakhub_changes_missed_total"
    LOOKS_FAILED = "zaakhub_looks_failed_total"
    RETRIES = "zaakhub_retries_total"
    GIVEN_UP = "zaakhub_given_up_total"
    ASKED = "zaakhub_questions_total"
    REMEMBERED = "zaakhub_remembered_answers_total"
    HEARD = "zaakhub_late_answers_total"
    TARGET_REQUESTS = "zaakhub_target_requests_total"
    LOGBOOK_REFUSED = "zaakhub_logbook_refused_total"


class Level(StrEnum):
    """What goes up and down."""

    LAG = "zaakhub_lag_records"
    PARKED_ITEMS = "zaakhub_parked_items"
    FAILURES_OPEN = "zaakhub_failures_open"
    SHUT = "zaakhub_paused"
    BREAKER_OPEN = "zaakhub_breaker_open"
    LOGBOOK_OLDEST = "zaakhub_logbook_oldest_seconds"


class Duration(StrEnum):
    """How long something took, in seconds."""

    STAGE = "zaakhub_stage_seconds"


_COUNTS: dict[Count, tuple[str, tuple[str, ...]]] = {
    Count.ACCEPTED: ("Messages acknowledged to the sender: the bus has them.", ("connection",)),
    Count.REFUSED: ("Messages refused at the door.", ("connection", "code")),
    Count.REMARKED: ("Messages that do not fit their definition and were taken all the same.", ("connection",)),
    Count.NOT_ADMITTED: ("Requests of whoever may not send there, by the check that failed.", ("connection", "check")),
    Count.TRANSLATED: ("Messages that became an event.", ("connection",)),
    Count.DELIVERED: ("Events of which the target has the whole effect.", ("connection",)),
    Count.UNDISTRIBUTED: ("Events that were not for the receiver, by the rule that says so.", ("connection", "code")),
    Count.PARKED: ("Times that a zaak was set aside, by the code of its failure.", ("connection", "code")),
    Count.DUPLICATES: ("Resends that were recognised and had no second effect.", ("connection",)),
    Count.UNCHANGED: (
        "Changes that a message announced and the source never showed, however often it was asked.",
        ("connection",),
    ),
    Count.SHADOWED: ("Events that were made and told to nobody, by a connection in shadow.", ("connection",)),
    Count.IGNORED: (
        "Messages that said nothing to keep: a probe, an own change, a thing that is gone.",
        ("connection",),
    ),
    Count.FOUND: ("Messages that never came and were found at the source.", ("connection",)),
    Count.MISSED: (
        "Times that the hub was away for longer than a source keeps its changes: load all of it once more.",
        ("connection",),
    ),
    Count.LOOKS_FAILED: ("Times that a source could not be looked through wholly; it is tried again.", ("connection",)),
    Count.RETRIES: ("Attempts after the first.", ("connection",)),
    Count.GIVEN_UP: ("Synchronous changes whose sender was told that they are not done.", ("connection", "code")),
    Count.ASKED: ("Questions, by how they ended.", ("connection", "outcome")),
    Count.REMEMBERED: (
        "Questions to a source whose answers are remembered: `hit` where the answer was, `miss` where it was not.",
        ("connection", "outcome"),
    ),
    Count.HEARD: ("What targets said of an event after they had acknowledged it.", ("connection", "outcome")),
    Count.TARGET_REQUESTS: ("Requests to a target, by class of answer: 2xx to 5xx, or none.", ("connection", "status")),
    Count.LOGBOOK_REFUSED: ("Records that the keeper of the Logboek Dataverwerkingen did not take, and set aside.", ()),
}

_LEVELS: dict[Level, tuple[str, tuple[str, ...]]] = {
    Level.LAG: ("Records on the bus that a stage has not finished.", ("stage",)),
    Level.PARKED_ITEMS: ("Items waiting in the ledger.", ()),
    Level.FAILURES_OPEN: ("Failures that wait for a person.", ()),
    Level.SHUT: ("Whether a stage is shut: paused by a person, stopped by the hub, in maintenance.", ("stage", "flow")),
    Level.BREAKER_OPEN: ("Whether the target of a stage is left alone because it does not answer.", ("stage",)),
    Level.LOGBOOK_OLDEST: ("Age of the oldest record that waits for the keeper of the Logboek Dataverwerkingen.", ()),
}

_DURATIONS: dict[Duration, tuple[str, tuple[str, ...], tuple[float, ...]]] = {
    # 1 ms is a group commit on a good disk, 30 s the longest request to a target.
    Duration.STAGE: (
        "Time that one message spends in a stage.",
        ("stage",),
        (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0),
    ),
}


class Metrics:
    """Counts for one process. Labels are given in the order of the reference."""

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        self._counts = {
            name: Counter(name, text, labels, registry=registry) for name, (text, labels) in _COUNTS.items()
        }
        self._levels = {name: Gauge(name, text, labels, registry=registry) for name, (text, labels) in _LEVELS.items()}
        self._durations = {
            name: Histogram(name, text, labels, registry=registry, buckets=buckets)
            for name, (text, labels, buckets) in _DURATIONS.items()
        }
        # prometheus_client checks and locks at every look-up by labels; that is half of what counting costs.
        self._counted: dict[tuple[Count, tuple[str, ...]], Counter] = {}
        self._timed: dict[tuple[Duration, tuple[str, ...]], Histogram] = {}

    def count(self, name: Count, *labels: str, by: int = 1) -> None:
        """Add to a counter."""
        metric = self._counted.get((name, labels))
        if metric is None:
            metric = self._counts[name].labels(*labels) if labels else self._counts[name]
            self._counted[name, labels] = metric
        metric.inc(by)

    def level(self, name: Level, value: float, *labels: str) -> None:
        """Set a level."""
        metric = self._levels[name]
        (metric.labels(*labels) if labels else metric).set(value)

    def took(self, name: Duration, seconds: float, *labels: str) -> None:
        """Record a duration."""
        metric = self._timed.get((name, labels))
        if metric is None:
            metric = self._durations[name].labels(*labels) if labels else self._durations[name]
            self._timed[name, labels] = metric
        metric.observe(seconds)

    def value(self, name: Count | Level, *labels: str) -> float:
        """Give the value of a counter or level; 0 when it was never touched with these labels."""
        label_names = (_COUNTS[name] if isinstance(name, Count) else _LEVELS[name])[1]
        return self._registry.get_sample_value(name, dict(zip(label_names, labels, strict=True))) or 0.0

    def render(self) -> bytes:
        """Give all metrics in the text format of Prometheus."""
        return generate_latest(self._registry)


def reference() -> list[tuple[str, tuple[str, ...], str]]:
    """List every metric with its labels and meaning, as the reference page has them."""
    plain = [(str(name), labels, text) for name, (text, labels) in [*_COUNTS.items(), *_LEVELS.items()]]
    return plain + [(str(name), labels, text) for name, (text, labels, _) in _DURATIONS.items()]
