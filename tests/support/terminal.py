"""A reader at a terminal who types what a page says: one bash, one folder, real processes.

The folder looks like a checkout that has its virtual environment. Ports that a page names are free ones here, in what
is typed and back again in what is read. What was started in the background ends with the terminal.
"""

from __future__ import annotations

import os
import re
import selectors
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.support.installation import free_port
from tests.support.pages import ROOT

DOCUMENTED_PORTS = ("8080", "8081", "8088", "8090", "19092")
COLUMNS = 120
ANSWER_S = 180.0
"""A command that has not ended after this long hangs: a loaded machine starts the hub in fifteen seconds."""
PATIENCE_S = 60.0
"""How long something may take to arrive."""

_COMMAND = re.compile(r"^\$ (.*)$")
_LOOKS = re.compile(r"^(?:zaakhub (?:trace|status|failures list|failures show)\b|curl (?!.*(?:--data|-X|-d )))")
"""Commands that only look: what they show may still be under way, then a reader looks again."""
_ALREADY_DONE = {"make demo": "zaakhub demo"}
"""The rest of `make demo` is making the virtual environment; this test runs in one."""
_END = "--- typed ---"


class Turn(NamedTuple):
    """One command of a page and what it is to print."""

    command: str
    expected: list[str]


def turns(text: str) -> list[Turn]:
    """Read a console block: a line after `$ ` is typed, a line that ends in a backslash goes on, the rest is read."""
    found: list[Turn] = []
    goes_on = False
    for line in text.splitlines():
        typed = _COMMAND.match(line)
        if goes_on:
            found[-1] = Turn(f"{found[-1].command}\n{line}", [])
        elif typed:
            found.append(Turn(typed[1], []))
        else:
            assert found, "a console block begins with a command"
            found[-1].expected.append(line)
            continue
        goes_on = line.endswith("\\")
    return found


def matches(expected: list[str], shown: str) -> bool:
    """Say whether what is shown is what the page says: `…` is anything, on a line of its own any number of lines.

    The width of white space does not count: columns are as wide as what stands in them.
    """
    lines = [r"(?:.*\n)*?" if line.strip() == "…" else _line(line) for line in expected if line.strip()]
    read = "".join(f"{' '.join(line.split())}\n" for line in shown.splitlines() if line.strip())
    return re.fullmatch("".join(lines), read) is not None


def _line(line: str) -> str:
    return ".*".join(re.escape(part) for part in " ".join(line.split()).split("…")) + r"\n"


class Terminal:
    """One bash in one folder."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self.folder = folder
        self._ports = {documented: str(free_port()) for documented in DOCUMENTED_PORTS}
        self._bash = subprocess.Popen(
            ["bash", "--noprofile", "--norc"],
            cwd=folder,
            env={
                **environ,
                "ZAAKHUB_LISTEN": self.here("127.0.0.1:8080"),
                "ZAAKHUB_CONSOLE_LISTEN": self.here("127.0.0.1:8088"),
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        # Also when this process is killed: then the shell reads the end of its input.
        self.type("trap 'kill 0' EXIT")

    def here(self, text: str) -> str:
        """Put our ports for those of the page."""
        return re.sub(r"\b(?:" + "|".join(self._ports) + r")\b", lambda found: self._ports[found[0]], text)

    def there(self, text: str) -> str:
        """Put the ports of the page for ours."""
        documented = {ours: page for page, ours in self._ports.items()}
        return re.sub(r"\b(?:" + "|".join(documented) + r")\b", lambda found: documented[found[0]], text)

    def save(self, name: str, text: str) -> None:
        """Save a file where the reader is."""
        at = Path(self.type("pwd").strip()) / name
        assert at.is_relative_to(self.folder)
        at.parent.mkdir(parents=True, exist_ok=True)
        at.write_text(self.here(text), encoding="utf-8")

    def type(self, command: str) -> str:
        """Type a command; give what it shows, on both outputs."""
        assert self._bash.stdin is not None
        typed = self.here(_ALREADY_DONE.get(command, command))
        self._bash.stdin.write(f"{{ {typed}\n}} </dev/null\nprintf '\\n{_END}\\n'\n".encode())
        self._bash.stdin.flush()
        return self.there(self._read())

    def follow(self, turn: Turn) -> str:
        """Type a command of a page; look again where that is all it does. Gives what is shown in the end."""
        until = time.monotonic() + PATIENCE_S
        shown = self.type(turn.command)
        while not matches(turn.expected, shown) and _LOOKS.match(turn.command) and time.monotonic() < until:
            time.sleep(0.2)
            shown = self.type(turn.command)
        return shown

    def close(self) -> None:
        """End everything that was started here."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self._bash.pid, number)
                self._bash.wait(timeout=1)
                _gone(self._bash.pid, within_s=30.0)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue
        self._bash.wait()
        for stream in (self._bash.stdin, self._bash.stdout):
            if stream is not None:
                stream.close()

    def _read(self) -> str:
        assert self._bash.stdout is not None
        end = f"\n{_END}\n".encode()
        shown = b""
        until = time.monotonic() + ANSWER_S
        with selectors.DefaultSelector() as selector:
            selector.register(self._bash.stdout, selectors.EVENT_READ)
            while not shown.endswith(end):
                assert selector.select(until - time.monotonic()), f"no answer in {ANSWER_S:.0f} s:\n{shown.decode()}"
                piece = os.read(self._bash.stdout.fileno(), 1 << 16)
                assert piece, f"the shell ended:\n{shown.decode()}"
                shown += piece
        return shown.removesuffix(end).decode()


def _gone(group: int, *, within_s: float) -> None:
    """Wait until a process group is empty; raises ProcessLookupError when it is, TimeoutExpired when it stays."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        os.killpg(group, 0)
        time.sleep(0.05)
    raise subprocess.TimeoutExpired("a process of the page", within_s)


@contextmanager
def terminal(folder: Path) -> Iterator[Terminal]:
    """Open a terminal in a folder that looks like a checkout; changes stay in the folder."""
    checkout = folder / "zaakhub"
    checkout.mkdir()
    for name in ("mappings", "schemas", "deploy"):
        shutil.copytree(ROOT / name, checkout / name)
    (checkout / ".venv").symlink_to(sys.prefix, target_is_directory=True)
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("ZAAKHUB_", "ZGW_"))},
        "PATH": f"{Path(sys.prefix) / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "ZAAKHUB_CACHE": os.environ.get("ZAAKHUB_CACHE", str(ROOT / ".cache")),
        "COLUMNS": str(COLUMNS),
        "LANG": "C.UTF-8",
        "TERM": "dumb",
    }
    environ.pop("SUDO_USER", None)
    opened = Terminal(checkout, environ)
    try:
        yield opened
    finally:
        opened.close()
