"""`python -m hub.console.openapi` writes schemas/api/openapi.json; a test holds it against the code."""

from __future__ import annotations

import json
from pathlib import Path

from hub.console.api.app import routes

FILE = Path("api") / "openapi.json"
"""Below `schemas`."""


def written() -> str:
    """Give the text of the file."""
    return json.dumps(routes().openapi(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    (Path(__file__).parents[2] / "schemas" / FILE).write_text(written(), encoding="utf-8")
