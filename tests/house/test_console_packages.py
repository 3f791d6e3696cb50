"""What the console is made of may be given to everybody, and its lock file sends nobody to a registry."""

from __future__ import annotations

import json
from typing import Any

from tests.support.pages import ROOT

LOCK = ROOT / "hub" / "console" / "web" / "package-lock.json"

FREE = frozenset({"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "EUPL-1.2", "ISC", "MIT", "OFL-1.1"})
"""Licences under which the built pages may go into a wheel under the EUPL. The Utrecht and Rijkshuisstijl design tokens
have one of their own: they are for those organisations alone."""


def packages() -> dict[str, Any]:
    """Give every package of the lock file by its place, without the console itself."""
    found: dict[str, Any] = json.loads(LOCK.read_text(encoding="utf-8"))["packages"]
    return {place: package for place, package in found.items() if place}


def test_every_package_that_goes_into_the_pages_is_free() -> None:
    """A new one brings its licence here, or does not come in."""
    shipped = {place: each.get("license", "none") for place, each in packages().items() if not each.get("dev")}

    assert {place: licence for place, licence in shipped.items() if licence not in FREE} == {}


def test_only_the_tokens_of_nobody_in_particular_are_used() -> None:
    """A municipality puts its own in its house (`theme.css`)."""
    tokens = {place.removeprefix("node_modules/") for place in packages() if place.endswith("design-tokens")}

    assert tokens == {"@nl-design-system-unstable/voorbeeld-design-tokens"}


def test_the_lock_file_names_no_registry() -> None:
    """A municipality may have a mirror of its own; what comes from it is held against the hash."""
    assert [place for place, each in packages().items() if "resolved" in each] == []
    assert [place for place, each in packages().items() if "integrity" not in each] == []
