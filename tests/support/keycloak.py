"""A real Keycloak for tests: fetched once through Maven, prepared once, and started by the first test that asks for it.

Fetching takes 160 MB and preparing a minute; both lie in the cache after that. A start takes some eight seconds on two
cores and 350 MB of memory. It ends with the process that started it, however that ends. All tests that use it are in
one group of xdist, so that there is one.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.installation import free_port

VERSION = "26.4.7"
REALM_FILE = Path(__file__).with_name("keycloak.json")
REALM = "gemeente"
PASSWORD = "een-verzonnen-wachtwoord"
SECRET = "een-verzonnen-geheim"
START_S = 180.0
"""A Keycloak that is not up after this long will not come up."""

_ARTIFACT = f"org.keycloak:keycloak-quarkus-dist:{VERSION}:zip"
_FETCH = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy"
_WITHOUT = "admin,account,ciba,par,device-flow,impersonation,passkeys,web-authn,kerberos"
_BUILD = ("build", "--db=dev-file", f"--features-disabled={_WITHOUT}")
_ROOT = Path(__file__).parents[2]
# Ends with its standard input, thus with whoever holds the other end of it.
_UNTIL_EOF = '"$@" </dev/null & read -r _; kill $!; wait $!'


@pytest.fixture(scope="session")
def keycloak() -> Iterator[str]:
    """Give the URL of the issuer."""
    missing = [tool for tool in ("java", "mvn") if shutil.which(tool) is None]
    if missing:
        reason = f"no Keycloak: {' and '.join(missing)} is not on this machine"
        if os.environ.get("ZAAKHUB_REQUIRE_SERVERS") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with tempfile.TemporaryDirectory(prefix="zaakhub-keycloak-") as folder, _running(_prepared(), Path(folder)) as url:
        yield f"{url}/realms/{REALM}"


@contextmanager
def _running(home: Path, folder: Path) -> Iterator[str]:
    port = free_port()
    shutil.copytree(home / "data" / "h2", folder, dirs_exist_ok=True)
    words = [
        "start",
        "--optimized",
        "--cache=local",
        "--http-enabled=true",
        "--http-host=127.0.0.1",
        f"--http-port={port}",
        f"--hostname=http://127.0.0.1:{port}",
        f"--db-url=jdbc:h2:file:{folder / 'keycloakdb'};NON_KEYWORDS=VALUE",
    ]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            ["bash", "-c", _UNTIL_EOF, "keycloak", *_java(home), *words],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C is for pytest
        )
    assert process.stdin is not None
    url = f"http://127.0.0.1:{port}"
    try:
        _until_up(f"{url}/realms/{REALM}", process, folder / "log")
        yield url
    finally:
        process.stdin.close()
        process.wait()


def _until_up(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        assert process.poll() is None, f"Keycloak ended:\n{log.read_text()[-3000:]}"
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"Keycloak does not start:\n{log.read_text()[-3000:]}")


def _prepared() -> Path:
    """Give a Keycloak in the cache that is built and has the realm in its database."""
    cache = Path(os.environ.get("ZAAKHUB_CACHE", _ROOT / ".cache")) / "keycloak"
    cache.mkdir(parents=True, exist_ok=True)
    wanted = hashlib.sha256(REALM_FILE.read_bytes() + " ".join(_BUILD).encode()).hexdigest()[:12]
    home = cache / f"{VERSION}-{wanted}"
    with (cache / "lock").open("w") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        if not home.exists():
            for old in cache.glob("*-*"):
                shutil.rmtree(old)
            with tempfile.TemporaryDirectory(dir=cache) as arriving:
                _prepare(Path(arriving)).rename(home)
    return home


def _prepare(arriving: Path) -> Path:
    words = ["mvn", "--quiet", "--batch-mode", _FETCH, f"-Dartifact={_ARTIFACT}", f"-DoutputDirectory={arriving}"]
    _run(words, arriving)
    [archive] = arriving.glob("*.zip")
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(arriving)
    home = arriving / f"keycloak-{VERSION}"
    _run([*_java(home), *_BUILD], home)
    _run([*_java(home), "import", "--optimized", f"--file={REALM_FILE}"], home)
    return home


def _java(home: Path) -> list[str]:
    # The collector and the compiler that start fastest; otherwise as `kc.sh` starts it.
    return [
        "java",
        "-Xms128m",
        "-Xmx512m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
        "-Dpicocli.disable.closures=true",
        f"-Dkc.home.dir={home}",
        f"-Djboss.server.config.dir={home / 'conf'}",
        "-cp",
        str(home / "lib" / "quarkus-run.jar"),
        "io.quarkus.bootstrap.runner.QuarkusEntryPoint",
    ]


def _run(words: list[str], folder: Path) -> None:
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
