"""What every test may use: the real servers, started once per run."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# A loaded machine is no reason to fail: no example has a deadline. CI tries the same examples each time, so that a
# run that fails can be run again; at home they are others each time.
settings.register_profile(
    "zaakhub", deadline=None, derandomize="CI" in os.environ, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("zaakhub")

pytest_plugins = ["tests.support.kafka", "tests.support.keycloak", "tests.support.postgres"]
