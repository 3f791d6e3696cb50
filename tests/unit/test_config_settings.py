"""Settings from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.config.settings import Address, Settings
from hub.errors import ConfigurationWrong


def problems(environ: dict[str, str]) -> list[str]:
    """Read settings that are wrong and give what is said of them."""
    with pytest.raises(ConfigurationWrong) as caught:
        Settings.read(environ)
    return [str(problem) for problem in caught.value.problems]


def test_nothing_has_to_be_set_to_try_the_hub() -> None:
    """Everything has a default that works on a laptop."""
    settings = Settings.read({"PATH": "/bin", "ZAAKHUB_HOME": ""})

    assert settings.bus == "embedded:var/bus.sqlite"
    assert settings.ledger == "sqlite:var/ledger.sqlite"
    assert settings.payloads == "file:var/payloads"
    assert settings.listen == Address("127.0.0.1", 8080)
    assert settings.mappings.name == "mappings"


def test_everything_on_disk_follows_home() -> None:
    """One variable moves bus, ledger and payloads; each can be set apart."""
    settings = Settings.read({"ZAAKHUB_HOME": "/srv/zaakhub", "ZAAKHUB_BUS": "kafka://a:9092,b:9092"})

    assert settings.bus == "kafka://a:9092,b:9092"
    assert settings.ledger == "sqlite:/srv/zaakhub/ledger.sqlite"
    assert settings.payloads == "file:/srv/zaakhub/payloads"
    assert settings == Settings(home=Path("/srv/zaakhub"), bus="kafka://a:9092,b:9092")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("GEMEENTE", "344", "must be four digits"),
        ("GEMEENTE", "٠٣٤٤", "must be four digits"),
        ("OIN", "123", "must be twenty digits"),
        ("OMGEVING", "Test", "must be a short word in lower case"),
        ("BUS", "kafak://a", "must begin with embedded: or kafka:"),
        ("LEDGER", "ledger.sqlite", "must begin with sqlite: or postgresql:"),
        ("LISTEN", "8080", "must be host:port, like 127.0.0.1:8080 or [::1]:8080"),
        ("LISTEN", "localhost:70000", "must be host:port, like 127.0.0.1:8080 or [::1]:8080"),
        ("LOG_LEVEL", "infos", "must be 'debug', 'info', 'warning' or 'error' (did you mean info?)"),
        ("LEGDER", "x", "is no setting (did you mean ZAAKHUB_LEDGER?)"),
    ],
)
def test_a_wrong_setting_is_named_with_its_correction(name: str, value: str, said: str) -> None:
    """The message names the variable, what is wrong, and what is likely meant."""
    assert problems({f"ZAAKHUB_{name}": value}) == [f"ZAAKHUB_{name}: {said}"]


def test_all_problems_are_told_at_once() -> None:
    """Nobody has to start three times to find three mistakes."""
    found = problems({"ZAAKHUB_GEMEENTE": "x", "ZAAKHUB_BUSS": "y", "ZAAKHUB_LISTEN": "z"})

    assert [line.partition(":")[0] for line in found] == ["ZAAKHUB_BUSS", "ZAAKHUB_GEMEENTE", "ZAAKHUB_LISTEN"]


def test_outside_development_the_municipality_must_be_said() -> None:
    """No production runs under the identity of nobody."""
    assert problems({"ZAAKHUB_OMGEVING": "productie"}) == [
        "ZAAKHUB_GEMEENTE: is missing: required outside ontwikkel",
        "ZAAKHUB_OIN: is missing: required outside ontwikkel",
    ]


def test_variables_of_the_test_suite_pass() -> None:
    """They are nothing to the hub."""
    assert Settings.read({"ZAAKHUB_SHARED": "x", "ZAAKHUB_REQUIRE_SERVERS": "1", "ZAAKHUB_CACHE": "y"}) == Settings()


def test_a_password_in_a_url_does_not_print() -> None:
    """Settings may be shown."""
    settings = Settings.read({"ZAAKHUB_LEDGER": "postgresql://hub:zeer-geheim@db/hub"})

    assert "zeer-geheim" not in f"{settings!r} {settings}"
    assert settings.ledger.endswith("@db/hub")


@pytest.mark.parametrize(
    ("written", "address"), [("[::1]:80", Address("::1", 80)), ("0.0.0.0:0", Address("0.0.0.0", 0))]
)
def test_an_address_reads_and_prints_the_same(written: str, address: Address) -> None:
    """Also where the host has colons of its own."""
    assert Settings.read({"ZAAKHUB_LISTEN": written}).listen == address
    assert str(address) == written
