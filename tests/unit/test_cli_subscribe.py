"""`zaakhub subscribe`: which connection can be subscribed, and with what secret."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Self

import pytest
from typer.testing import CliRunner

from adapters.notificaties.simulator import API, Nrc
from adapters.notificaties.simulator import create as create_nrc
from hub.cli.main import cli
from hub.cli.subscribe import secret_of
from hub.config.access import Anybody, ApiKey
from hub.config.connection import Connection, Direction
from hub.errors import ActRefused
from hub.net.client import TargetClient
from hub.testkit.clock import FakeClock
from hub.testkit.network import FaultyNetwork
from tests.support.examples import with_examples

NAME = "zaaksysteem-naar-zaken"
SERVICES = ("ZAKEN", "CATALOGI", "DOCUMENTEN", "BESLUITEN", "NOTIFICATIES")


class Session(FaultyNetwork):
    """A client that can be entered."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        return


@pytest.fixture
def nrc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Nrc:
    async def post(_url: str, headers: dict[str, str], _body: bytes) -> int:
        return 204 if headers.get("authorization") == "Bearer een-token" else 403

    async def proof() -> dict[str, str]:
        return {"authorization": "Bearer jwt"}

    monkeypatch.setenv("ZAAKHUB_MAPPINGS", str(with_examples(tmp_path, "zaaksysteem-naar-zaken")))
    for service in SERVICES:
        monkeypatch.setenv(f"ZGW_{service}_URL", f"https://{service.lower()}.test{API}/")
    for name in ("ZDS_URL", "WEBHOOK_URL", "SOAP_URL"):
        monkeypatch.setenv(name, "https://elders.test/")
    for name in ("WEBHOOK_TOKEN", "GEBEURTENISSEN_TOKEN"):
        monkeypatch.setenv(name, "een-ander-token")
    monkeypatch.setenv("ZGW_SECRET", "a secret of more than thirty-two bytes")
    monkeypatch.setenv("MELDINGEN_TOKEN", "een-token")
    nrc = create_nrc(post=post, clock=FakeClock())  # type: ignore[arg-type]
    services = {"notificaties": f"https://notificaties.test{API}/"}
    made: Callable[..., Session] = lambda *_, **__: Session(nrc.handle, services, headers=proof)  # noqa: E731
    monkeypatch.setattr(TargetClient, "of", made)
    return nrc


def run(*words: str) -> str:
    done = CliRunner().invoke(cli, ["subscribe", *words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output.strip()


def test_a_connection_is_subscribed_shown_and_ended(nrc: Nrc) -> None:
    """With the token that the connection asks for; it is never shown."""
    assert run(NAME, "--list") == "nobody is subscribed"
    assert run(NAME) == "subscribed to besluiten, documenten, zaken"
    assert [each["auth"] for each in nrc.abonnementen.values()] == ["Bearer een-token"]
    assert run(NAME, "--list").startswith("* https://zaakhub.example/in/")
    assert run(NAME, "--remove") == "removed"
    assert nrc.abonnementen == {}


@pytest.mark.parametrize("name", ["bestaat-niet", "formulieren-naar-zaken"])
def test_what_cannot_be_subscribed_is_told(nrc: Nrc, name: str) -> None:  # noqa: ARG001 - it sets the stage
    """No such connection, or nothing to subscribe to."""
    with pytest.raises(ActRefused):
        run(name)


@pytest.mark.parametrize("access", [Anybody(kind="none"), ApiKey(kind="api-key", header="X-Key", key="geheim")])  # type: ignore[arg-type]
def test_a_connection_that_asks_for_no_authorization_cannot_be_subscribed(access: Anybody | ApiKey) -> None:
    """The source can send nothing else."""
    connection = Connection(connection="x", direction=Direction.INBOUND, adapter="zgw", access=(access,))

    with pytest.raises(ActRefused, match="no Authorization"):
        secret_of(connection)
