"""What lies under deploy/ is right, as far as that can be told without a container engine."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from hub.cli.main import cli
from hub.config.roles import read_roles
from hub.config.settings import Settings

ROOT = Path(__file__).parents[2]
CONTAINER = ROOT / "deploy" / "container"
UNIT = ROOT / "deploy" / "systemd" / "zaakhub.service"


def _compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((CONTAINER / "compose.yaml").read_text())
    return found


def _commands() -> set[str]:
    command = get_command(cli)
    return set(getattr(command, "commands", {}))


def test_every_file_that_the_image_copies_is_there() -> None:
    """A COPY of something that was renamed fails in the checkout, not at the first build elsewhere."""
    text = (CONTAINER / "Containerfile").read_text()
    copied = [part for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE) for part in line.split()[:-1]]

    assert copied
    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_the_image_runs_as_nobody_special_and_installs_by_hash() -> None:
    """No root, no unpinned dependency."""
    text = (CONTAINER / "Containerfile").read_text()

    assert re.search(r"^USER 10001$", text, re.MULTILINE)
    assert "--require-hashes" in text


def test_every_service_of_the_hub_runs_a_command_that_exists() -> None:
    """The command in compose.yaml is one of the command line's."""
    ours = [service for service in _compose()["services"].values() if service["image"] == "zaakhub"]

    assert len(ours) == 5
    assert {service["command"][0] for service in ours} <= _commands()


def test_every_setting_in_compose_is_a_setting_of_the_hub() -> None:
    """And the values are ones that the hub takes."""
    services = _compose()["services"]
    for name in ("gateway", "worker", "console"):
        environment = {
            key: re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value) for key, value in services[name]["environment"].items()
        }
        settings = Settings.read(environment)
        assert settings.bus == "kafka://kafka:9092"
        assert settings.ledger.startswith("postgresql://")


def test_the_roles_that_come_with_compose_can_be_read() -> None:
    """For the municipality that a hub without settings is of; they name connections that come with the hub."""
    connections = {file.parent.name for file in (ROOT / "mappings").glob("*/connection.yaml")}

    assert read_roles(CONTAINER / "roles.yaml", gemeente=Settings().gemeente, connections=connections).grants


def test_the_console_is_reached_and_asked_at_the_port_it_listens_on() -> None:
    """The published port, the probe and the setting agree; it is no part of the first `up`, which has no provider."""
    console = _compose()["services"]["console"]
    port = Settings.read(
        {key: re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value) for key, value in console["environment"].items()}
    ).console_listen.port

    assert console["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert f"127.0.0.1:{port}/health/live" in console["healthcheck"]["test"][-1]
    assert console["profiles"] == ["console"]
    assert re.search(rf"^EXPOSE .*\b{port}\b", (CONTAINER / "Containerfile").read_text(), re.MULTILINE)


def test_every_dependency_in_compose_is_a_service() -> None:
    """A typing error in depends_on stops the start."""
    services = _compose()["services"]
    wanted = {each for service in services.values() for each in service.get("depends_on", ())}

    assert wanted <= set(services)


def test_the_unit_starts_commands_that_exist_and_gives_the_hub_time_to_finish() -> None:
    """The unit and the command line agree."""
    text = UNIT.read_text()
    started = [shlex.split(line) for line in re.findall(r"^ExecStart(?:Pre)?=(.+)$", text, re.MULTILINE)]

    assert {words[1] for words in started} <= _commands()
    assert "TimeoutStopSec=30" in text


def test_the_unit_is_valid_to_systemd(tmp_path: Path) -> None:
    """The verifier of systemd itself finds nothing."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not on this machine")
    # The verifier wants the program to exist; everything else of the unit is taken as it is.
    unit = tmp_path / "zaakhub.service"
    unit.write_text(UNIT.read_text().replace("/opt/zaakhub/bin/zaakhub", "/bin/true"))
    found = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False, timeout=60
    )

    complaints = [line for line in found.stderr.splitlines() if "zaakhub" in line]
    assert complaints == []
