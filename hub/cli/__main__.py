"""`python -m hub.cli` is `zaakhub`."""

from __future__ import annotations

from hub.cli.main import main

main()
