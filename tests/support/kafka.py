"""A real Apache Kafka for tests: one broker for a whole run, shared by all xdist workers, started by the first to ask.

The process that the run was started from holds a pipe; the broker ends when that pipe does. So nothing has to be
counted or cleaned up, and no JVM stays behind, not after Ctrl-C and not after kill -9.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

_SCRIPT = Path(__file__).resolve().parents[2] / "deploy" / "kafka" / "kafka"
_FOLDER = "ZAAKHUB_TEST_KAFKA"
_LACKS_A_TOOL = 3  # exit status of the script

_pipe = pytest.StashKey[int]()
_started: list[subprocess.Popen[str]] = []


class Broker:
    """A broker of one test's own: it may be stopped at will, and ends with this process."""

    def __init__(self, folder: Path) -> None:
        """Start it; returns when it takes connections."""
        self._process, self.address = _run(folder, subprocess.PIPE)

    def stop(self) -> None:
        """End it; returns when it is gone."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


@pytest.fixture(scope="session")
def kafka() -> str:
    """Give `host:port` of the broker of this run."""
    _fetch()
    folder = Path(os.environ[_FOLDER])
    with (folder / "starting").open("w") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        known = folder / "address"
        if not known.exists():
            pipe = os.open(folder / "alive", os.O_RDONLY)
            process, address = _run(folder, pipe, held=folder / "running")
            os.close(pipe)
            _started.append(process)
            known.write_text(address)
        return known.read_text()


@pytest.fixture
def private_kafka(tmp_path: Path) -> Iterator[Broker]:
    """Give a test a broker that it may break."""
    _fetch()
    broker = Broker(tmp_path)
    yield broker
    broker.stop()


def pytest_configure(config: pytest.Config) -> None:
    """Hold the pipe, in the process that the run was started from."""
    if hasattr(config, "workerinput"):
        return  # an xdist worker: it finds the folder in its environment
    folder = Path(tempfile.mkdtemp(prefix="zaakhub-kafka-"))
    os.mkfifo(folder / "alive")
    # Read and write: then opening waits for nobody, and there is a writer for as long as we live.
    config.stash[_pipe] = os.open(folder / "alive", os.O_RDWR)
    os.environ[_FOLDER] = str(folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Let go of the pipe and wait for the broker to end."""
    if _pipe not in config.stash:
        return
    os.close(config.stash[_pipe])
    folder = Path(os.environ.pop(_FOLDER))
    with (folder / "running").open("a") as running:
        fcntl.flock(running, fcntl.LOCK_EX)  # the broker has it for as long as it lives
    for process in _started:
        process.wait()
    shutil.rmtree(folder)


def _fetch() -> None:
    fetched = subprocess.run([_SCRIPT, "fetch"], capture_output=True, text=True, check=False)
    if fetched.returncode == _LACKS_A_TOOL:
        reason = f"no Apache Kafka: {fetched.stderr.strip()}"
        if os.environ.get("ZAAKHUB_REQUIRE_SERVERS") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    assert fetched.returncode == 0, fetched.stderr


def _run(folder: Path, stdin: int, *, held: Path | None = None) -> tuple[subprocess.Popen[str], str]:
    """Start a broker that lives until its standard input ends; it keeps a lock on `held` meanwhile."""
    port = _free_ports()
    lock = os.open(held or os.devnull, os.O_WRONLY | os.O_CREAT)
    if held is not None:
        fcntl.flock(lock, fcntl.LOCK_SH)
    with (folder / "kafka.log").open("w") as log:
        process = subprocess.Popen(
            [_SCRIPT, "run", "--port", str(port), "--data", folder / "kafka", "--until-eof"],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            pass_fds=[lock],
            start_new_session=True,  # Ctrl-C is for pytest, which lets tests finish with the broker still there
        )
    os.close(lock)
    assert process.stdout is not None
    with process.stdout:
        said = process.stdout.readline()
    assert said, f"Kafka did not start: {(folder / 'kafka.log').read_text()[-2000:]}"
    return process, f"127.0.0.1:{port}"


def _free_ports() -> int:
    """Give a port that is free, and the next one too."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port: int = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
