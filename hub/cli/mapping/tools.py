"""Which connections a command is about."""

from __future__ import annotations

import os
from pathlib import Path

from hub.config.dialects import FOLDER as DIALECTS
from hub.config.dialects import dialects_below
from hub.config.settings import Settings
from hub.errors import ConfigurationWrong


def folders(given: list[str] | None, *, packs: bool = False) -> tuple[Path, list[Path]]:
    """Give the folder of all connections and those that were asked for, or all that have mappings.

    `packs`: also those of `_dialects`, named `_dialects/<name>`.
    """
    root = Settings.read(os.environ).mappings
    known = {path.parent.name: path.parent for path in sorted(root.glob("*/connection.yaml"))}
    if packs:
        known |= {f"{DIALECTS}/{name}": root / DIALECTS / name for name in dialects_below(root)}
    for name in given or ():
        if name not in known:
            raise ConfigurationWrong(
                f"there is no connection {name}", file=root, advice=f"there are: {', '.join(known) or 'none'}"
            )
    return root, [known[name] for name in given or known]
