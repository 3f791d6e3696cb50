"""The wheel is whole: it works in an empty environment, far from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from hub.console.static import DIST, INDEX

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    _run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)])
    [built] = folder.glob("*.whl")
    return built


@pytest.mark.slow
@pytest.mark.xdist_group("wheel")
def test_the_wheel_carries_what_the_hub_reads_at_run_time(wheel: Path) -> None:
    """Connections, code tables, schemas, manifests, SQL, pages: every file that is data, no test, nothing of Node."""
    names = set(zipfile.ZipFile(wheel).namelist())
    data = {
        f"hub/_shipped/{path.relative_to(ROOT)}"
        for folder in ("mappings", "schemas")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "cases" not in path.parts
    }
    data |= {str(path.relative_to(ROOT)) for path in (ROOT / "adapters").rglob("manifest.yaml")}
    data |= {str(path.relative_to(ROOT)) for path in (ROOT / "hub").rglob("*.sql")}
    data |= {str(path.relative_to(ROOT)) for path in (ROOT / "hub" / "cli" / "new" / "templates").rglob("*.*")}

    pages = {path for path in DIST.rglob("*") if path.is_file()}
    assert DIST / INDEX in pages, "the pages are not built: make console"
    data |= {str(path.relative_to(ROOT)) for path in pages}
    made_of = [name for name in names if name.startswith("hub/console/web/") and "/web/dist/" not in name]

    assert data - names == set()
    assert made_of == []
    assert [name for name in names if name.startswith("tests/")] == []


@pytest.mark.slow
@pytest.mark.xdist_group("wheel")
def test_the_demo_runs_from_the_wheel_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    """Nothing of the checkout is on the path, and no shipped file is missed."""
    python = tmp_path / "venv" / "bin" / "python"
    _run([sys.executable, "-m", "venv", str(tmp_path / "venv")])
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run([*pip, "--require-hashes", "-r", str(ROOT / "requirements" / "run.txt")])
    _run([*pip, "--no-deps", str(wheel)])

    shown = _run([str(python.with_name("zaakhub")), "demo"], folder=tmp_path)

    assert "everything arrived, once and in order" in shown
    where = _run([str(python), "-c", "import hub, adapters; print(hub.__file__, adapters.__file__)"], folder=tmp_path)
    assert str(ROOT) not in where


def _run(words: list[str], *, folder: Path | None = None) -> str:
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "ZAAKHUB_", "ZGW_"))}
    done = subprocess.run(words, cwd=folder, env=environ, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout
