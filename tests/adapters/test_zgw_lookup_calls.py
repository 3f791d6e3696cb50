"""What questions cost stands in the README of the adapter, as it was measured."""

from __future__ import annotations

from pathlib import Path

import adapters.zgw
from tests.support.zgw_lookup_calls import report


async def test_the_table_of_the_readme_is_what_is_measured() -> None:
    """Printed by `python -m tests.support.zgw_lookup_calls`."""
    readme = Path(adapters.zgw.__file__).with_name("README.md").read_text(encoding="utf-8")

    assert await report() in readme
