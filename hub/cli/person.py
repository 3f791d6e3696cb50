"""Who is at the terminal: the name that is kept with what they do, and who that is.

What the environment says counts from root alone: anybody can say there to be somebody else.
"""

from __future__ import annotations

import os
import pwd

_ROOT = 0
_NAME_CHARS_MAX = 100


def me() -> str:
    """Name the person, also behind sudo; whoever is not root is named by their account, and only then as they say."""
    said = os.environ.get("SUDO_USER", "")
    usable = said.isprintable() and 0 < len(said) <= _NAME_CHARS_MAX
    if not usable:
        return _account(os.getuid())
    return said if os.geteuid() == _ROOT else f"{_account(os.getuid())} ({said})"


def my_id() -> str:
    """Say who it is, for what two people must look at: the account of the system, that of before sudo for root."""
    said = os.environ.get("SUDO_UID", "")
    behind_sudo = os.geteuid() == _ROOT and said.isascii() and said.isdecimal()
    return f"os:{int(said) if behind_sudo else os.getuid()}"


def _account(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        # In a container the account may have no name.
        return f"uid {uid}"
