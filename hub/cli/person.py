"""Who is at the terminal: the name that is kept with what they do."""

from __future__ import annotations

import getpass
import os


def me() -> str:
    """Name the person, also behind sudo."""
    return os.environ.get("SUDO_USER") or getpass.getuser()
