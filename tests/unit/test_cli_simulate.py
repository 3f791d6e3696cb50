"""`zaakhub simulate`: each national service can be played, and is where its help says."""

from __future__ import annotations

from typing import Any

import pytest
import uvicorn
from typer.testing import CliRunner

from hub.cli.main import cli
from hub.cli.simulate import _SOURCES
from hub.ports.registry import Registry


@pytest.mark.parametrize("name", _SOURCES)
def test_a_national_service_is_played_with_the_key_that_is_given(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the address that is asked for, and with the path that its help tells."""
    ran: list[Any] = []
    monkeypatch.setattr(uvicorn, "run", lambda app, **settings: ran.append((app, settings)))
    result = CliRunner().invoke(
        cli, ["simulate", name, "--listen", "127.0.0.1:8099"], env={"SIMULATOR_KEY": "a-key-of-ours"}
    )

    assert result.exit_code == 0, result.output
    [(app, settings)] = ran
    assert app.key == "a-key-of-ours"
    assert (settings["host"], settings["port"]) == ("127.0.0.1", 8099)
    simulator = Registry().simulator(name)
    base = simulator.PERSONEN_PAD.rpartition("/")[0] if name == "brp" else simulator.BASE
    assert base == _SOURCES[name][1]


def test_an_address_without_a_port_is_refused() -> None:
    """It says what is wanted."""
    result = CliRunner().invoke(cli, ["simulate", "woz", "--listen", "here"])

    assert result.exit_code == 2
    assert "host:port" in result.output
