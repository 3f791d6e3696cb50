"""What every test may use: the real servers, started once per run."""

from __future__ import annotations

pytest_plugins = ["tests.support.kafka", "tests.support.postgres"]
