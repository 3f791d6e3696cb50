"""Spectral, the linter of OpenAPI descriptions for which the NL API Design Rules are written; fetched once, by npm."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

_TOOLS = Path(__file__).resolve().parents[1] / "tools"
_FILES = ("package.json", "package-lock.json", ".npmrc")


def problems_of(document: Path, ruleset: Path) -> str:
    """Give what the rules have against a description, as Spectral says it; empty when there is no error."""
    command = [str(_fetched() / "node_modules" / ".bin" / "spectral"), "lint", "-r", str(ruleset), str(document)]
    done = subprocess.run(command, capture_output=True, text=True, env=_environment(), check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def _fetched() -> Path:
    npm = shutil.which("npm", path=_environment()["PATH"])
    assert npm is not None, "npm is one of the development requirements: make .venv/dev.done"
    lock = hashlib.sha256((_TOOLS / "package-lock.json").read_bytes()).hexdigest()[:12]
    cache = Path(os.environ.get("ZAAKHUB_CACHE", _TOOLS.parents[1] / ".cache")) / "spectral" / lock
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "fetching").open("w") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        if not (cache / "fetched").exists():
            for name in _FILES:
                shutil.copy(_TOOLS / name, cache)
            subprocess.run(
                [npm, "ci", "--ignore-scripts"], cwd=cache, env=_environment(), capture_output=True, check=True
            )
            (cache / "fetched").touch()
    return cache


def _environment() -> dict[str, str]:
    # The Node of the development requirements goes before that of the machine.
    return {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
