"""The connections that come as examples, as if somebody had taken them into use."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

from hub.config.shipped import shipped

EXAMPLES = "_voorbeelden"


def with_examples(folder: Path) -> Path:
    """Give a folder of mappings with the shipped connections and the examples beside them."""
    root = folder / "mappings"
    copytree(shipped("mappings"), root)
    for example in sorted((root / EXAMPLES).iterdir()):
        copytree(example, root / example.name)
    return root
