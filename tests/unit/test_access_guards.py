"""What `zaakhub check` says of open doors, passwords in clear and certificates that end."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.cli.guards import guard_warnings, wrong_guards
from hub.config.connection import Connection
from hub.config.settings import Settings
from hub.configuration import Configuration
from tests.support.pki import DAY, NOW, OIN, authorities

BASIC = {"kind": "basic", "user": "a", "password": "geheim"}


def configuration(access: object, target_tls: object = None, **settings: object) -> Configuration:
    said = [{"connection": "in", "direction": "inbound", "adapter": "a", "access": access}]
    if target_tls:
        target = {"services": {"zaken": "https://zgw.example/"}, "tls": target_tls}
        said.append({"connection": "uit", "direction": "outbound", "adapter": "a", "domain": "zaken", "target": target})
    connections = {str(each["connection"]): Connection.model_validate(each) for each in said}
    return Configuration(Settings.model_validate(settings), connections, {}, {}, {})


def told(made: Configuration) -> list[str]:
    return list(guard_warnings(made, NOW))


def test_an_open_door_is_told_loudly() -> None:
    """Whoever reads the check cannot miss it."""
    assert told(configuration({"kind": "none"})) == ["in: ANYBODY who reaches the port may send (access: {kind: none})"]


@pytest.mark.parametrize("kind", ["basic", "ws-security"])
def test_a_password_without_encryption_is_told(kind: str) -> None:
    """Neither TLS here nor a proxy that ends it."""
    access = {**BASIC, "kind": kind}

    assert "crosses the network unencrypted" in told(configuration(access))[0]
    assert told(configuration(access, trusted_proxies="10.0.0.1")) == []
    assert told(configuration({"kind": "addresses", "allow": ["10.0.0.1"]})) == []
    assert told(configuration({"kind": "mutual-tls", "oin": OIN})) == []


@pytest.mark.parametrize("of_an_asker", [True, False])
@pytest.mark.parametrize(
    ("settings", "said"),
    [({}, True), ({"logbook_url": "https://collector.example:4318/"}, False), ({"omgeving": "ontwikkel"}, False)],
)
def test_a_logbook_that_is_kept_nowhere_is_told(settings: dict[str, str], said: bool, of_an_asker: bool) -> None:  # noqa: FBT001 - cases
    """Records of whose data passed would lapse with the bus, and nobody would know."""
    verwerking = {"activiteit": "https://register.example/1", "grondslag": "Wet BRP art. 3.5"}
    afnemer = {"zender": "1900/BALIE", "velden": {"personen": ["naam"]}, "verwerking": verwerking}
    made = configuration({"kind": "addresses", "allow": ["10.0.0.1"]}, **{"omgeving": "productie", **settings})
    says = {"afnemers": [afnemer]} if of_an_asker else {"verwerking": verwerking}
    asked = Connection.model_validate(made.connections["in"].model_dump() | says)
    assert told(made) == []

    warnings = told(made._replace(connections={"in": asked}))

    assert ["ZAAKHUB_LOGBOOK_URL" in each for each in warnings] == [True] * said


@pytest.mark.parametrize(("days", "said"), [(200, ""), (10.1, "ends in 10 days"), (-1, "has ended")])
def test_a_certificate_of_the_hub_that_ends_is_told_in_time(tmp_path: Path, days: float, said: str) -> None:
    """Its own, and the one it shows to a target."""
    certificate, key = authorities().sender(OIN, begins=NOW - 5 * DAY, ends=NOW + days * DAY).save(tmp_path, "hub")
    tls = {"certificate": str(certificate), "key": str(key)}
    made = configuration({"kind": "mutual-tls", "oin": OIN}, target_tls=tls, tls_certificate=certificate, tls_key=key)

    assert [said in each and bool(said) for each in told(made)] == ([True, True] if said else [])


def test_what_keeps_the_doors_shut_is_an_error(tmp_path: Path) -> None:
    """A certificate that nobody could show; files that are not there."""
    [problem] = wrong_guards(configuration({"kind": "mutual-tls", "oin": OIN}))
    assert "takes no client certificates" in problem
    gone = {"tls_certificate": tmp_path / "weg.pem", "tls_key": tmp_path / "weg.key"}
    [problem] = wrong_guards(configuration(BASIC, **gone))
    assert "weg.pem: cannot be read" in problem
    assert "weg.pem: cannot be read" in told(configuration(BASIC, **gone))[0]
    assert wrong_guards(configuration(BASIC)) == []


@pytest.mark.parametrize(
    ("adapter", "askers", "said"),
    [
        ("stuf_bg", ("1900/BALIE", "1900/ANDERS"), True),
        ("stuf_bg", ("1900/*",), True),
        ("stuf_bg", ("1900/BALIE",), False),
        ("bevragen", ("balie", "anders"), False),
    ],
)
def test_an_asker_that_can_call_itself_another_is_told(adapter: str, askers: tuple[str, ...], said: bool) -> None:  # noqa: FBT001 - cases
    """Of StUF the message says who asks, and the door of one connection does not hold that against it."""
    made = configuration({"kind": "addresses", "allow": ["10.0.0.1"]})
    afnemers = [{"zender": each, "velden": {"personen": ["naam"]}} for each in askers]
    changed = {"adapter": adapter, "afnemers": afnemers}
    asked = Connection.model_validate(made.connections["in"].model_dump() | changed)

    assert any("may call itself any of" in each for each in told(made._replace(connections={"in": asked}))) is said
