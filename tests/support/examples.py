"""The connections that come as examples, as if somebody had taken them into use."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

from hub.config.shipped import shipped

EXAMPLES = "_voorbeelden"


def with_examples(folder: Path, *names: str) -> Path:
    """Give a folder of mappings with the shipped connections and these examples beside them; without names all."""
    root = folder / "mappings"
    copytree(shipped("mappings"), root)
    for name in names or sorted(each.name for each in (root / EXAMPLES).iterdir()):
        copytree(root / EXAMPLES / name, root / name)
    return root
