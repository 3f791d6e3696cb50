"""Metrics are counted per process and rendered for Prometheus."""

from __future__ import annotations

from hub.observe.metrics import Count, Duration, Level, Metrics, reference


def test_what_is_counted_is_rendered() -> None:
    """Counters, levels and durations, with their labels."""
    metrics = Metrics()

    metrics.count(Count.REFUSED, "formulieren", "StUF055")
    metrics.count(Count.ACCEPTED, "formulieren", by=3)
    metrics.level(Level.PARKED_ITEMS, 2)
    metrics.took(Duration.STAGE, 0.02, "translate")

    text = metrics.render().decode()
    assert 'zaakhub_refused_total{code="StUF055",connection="formulieren"} 1.0' in text
    assert 'zaakhub_accepted_total{connection="formulieren"} 3.0' in text
    assert "zaakhub_parked_items 2.0" in text
    assert 'zaakhub_stage_seconds_bucket{le="0.025",stage="translate"} 1.0' in text


def test_a_value_can_be_read_back() -> None:
    """0 where nothing was counted yet."""
    metrics = Metrics()
    metrics.count(Count.DELIVERED, "zaken-naar-zgw", by=2)

    assert metrics.value(Count.DELIVERED, "zaken-naar-zgw") == 2
    assert metrics.value(Count.DELIVERED, "elders") == 0
    assert metrics.value(Level.FAILURES_OPEN) == 0


def test_two_hubs_in_one_process_count_apart() -> None:
    """There is no global registry."""
    one, other = Metrics(), Metrics()

    one.count(Count.ACCEPTED, "formulieren")

    assert other.value(Count.ACCEPTED, "formulieren") == 0


def test_every_name_is_exported() -> None:
    """The reference has each counter, level and duration once."""
    assert [name for name, _, _ in reference()] == [*Count, *Level, *Duration]
