"""What a connection says of the limits of its source, and of answers that serve again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from hub.app import Parts
from hub.config.cache import Cache
from hub.config.connection import Connection
from hub.config.settings import Settings
from hub.config.target import Limits, Target
from hub.net.client import TargetClient
from hub.observe.metrics import Metrics
from hub.security.keys import KEY_BYTES, Keys

URL = "https://bag.example/v2"
ASKING = {"connection": "bag", "direction": "ask", "adapter": "bag", "target": {"services": {"bag": URL}}}


def a_target(url: str = URL, **said: Any) -> Target:  # noqa: ANN401 - any key
    return Target.model_validate({"services": {"bag": url}, **said})


def test_a_limit_is_of_a_second_or_of_a_day_or_of_both() -> None:
    """Neither is a mistake, and so is none at all of it."""
    limits = a_target(limits={"per_second": 50, "per_day": 50_000}).limits
    assert limits == Limits(per_second=50, per_day=50_000)
    for wrong in ({}, {"per_second": 0}, {"per_day": -1}, {"per_minute": 5}):
        with pytest.raises(ValidationError):
            a_target(limits=wrong)


@pytest.mark.parametrize(
    ("auth", "other"),
    [
        ({"kind": "api-key", "key": "een"}, {"kind": "api-key", "key": "twee"}),
        ({"kind": "bearer", "token": "een"}, {"kind": "bearer", "token": "twee"}),
        ({"kind": "basic", "user": "een", "password": "x"}, {"kind": "basic", "user": "twee", "password": "x"}),
        (
            {"kind": "zgw-jwt", "client_id": "een", "secret": "x"},
            {"kind": "zgw-jwt", "client_id": "twee", "secret": "x"},
        ),
        ({"kind": "ws-security", "user": "een", "password": "x"}, {"kind": "none"}),
        (
            {"kind": "oauth2", "token_url": "https://a.example/t", "client_id": "een", "client_secret": "x"},
            {"kind": "oauth2", "token_url": "https://a.example/t", "client_id": "twee", "client_secret": "x"},
        ),
    ],
)
def test_a_source_counts_by_what_it_knows_us_by(auth: dict[str, str], other: dict[str, str]) -> None:
    """Its hosts and the credentials; a new password or another path changes nothing."""
    one = a_target(auth=auth)
    again = a_target(url=f"{URL}/elders", auth=auth | {key: "new" for key in ("password", "secret") if key in auth})

    assert one.counted_at("bag") == again.counted_at("bag")
    assert one.counted_at("bag") != a_target(auth=other).counted_at("bag")
    assert one.counted_at("bag") != a_target(url="https://kvk.example/", auth=auth).counted_at("bag")
    assert "een" not in repr(one.counted_at("bag"))


@pytest.mark.parametrize("same", ["https://BAG.example/v2", "https://bag.example:443/v2", "http://bag.example:80/"])
def test_a_host_is_the_same_however_it_is_written(same: str) -> None:
    """And so is a key, in whatever header it goes."""
    key = {"kind": "api-key", "key": "een"}
    one = a_target(auth=key)

    assert one.host_of("bag") == a_target(url=same).host_of("bag") == "bag.example"
    assert one.counted_at("bag") == a_target(url=same, auth=key | {"header": "x-api-key"}).counted_at("bag")
    assert a_target(url="https://bag.example:8443/").host_of("bag") == "bag.example:8443"


def test_a_certificate_is_what_a_source_knows_us_by_when_there_is_nothing_else() -> None:
    """Those of two processes lie in the same place."""
    here, there = ({"certificate": f"{place}.pem", "key": "key.pem"} for place in ("here", "there"))

    ours, again, other = (a_target(tls=each).counted_at("bag") for each in (here, here, there))
    assert ours == again != other


def test_connections_with_one_key_share_a_bucket_in_the_ledger(tmp_path: Path) -> None:
    """Its name shows the host and not the key; nobody can try keys on it without that of the hub."""
    parts = Parts.open(Settings(home=tmp_path), metrics=Metrics(), client_id="test")

    def client(name: str, key: str, *, limited: bool = True) -> TargetClient:
        said = {"services": {"bag": URL}, "auth": {"kind": "api-key", "key": key}}
        target = said | ({"limits": {"per_second": 5}} if limited else {})
        made = parts.client_for(Connection.model_validate(ASKING | {"connection": name, "target": target}))
        assert isinstance(made, TargetClient)
        return made

    def named(made: TargetClient) -> str:
        return made._allowances["bag"]._name()

    one, two, other = named(client("a", "geheim")), named(client("b", "geheim")), named(client("c", "anders"))
    assert one == two != other
    assert one.startswith("bag.example ")
    assert "geheim" not in one
    assert client("d", "geheim", limited=False)._allowances == {}


def test_a_source_on_two_hosts_is_counted_at_each(tmp_path: Path) -> None:
    """A connection that asks one of them only shares what it asks there."""
    parts = Parts.open(Settings(home=tmp_path), metrics=Metrics(), client_id="test")
    auth = {"kind": "api-key", "key": "geheim"}
    limits = {"per_second": 5}

    def buckets(**services: str) -> dict[str, str]:
        target = {"services": services, "auth": auth, "limits": limits}
        made = parts.client_for(Connection.model_validate(ASKING | {"target": target}))
        assert isinstance(made, TargetClient)
        return {service: allowance._name() for service, allowance in made._allowances.items()}

    both = buckets(bag=URL, woz="https://woz.example/", pand="https://bag.example/panden")
    assert buckets(bag=URL) == {"bag": both["bag"]}
    assert both["bag"] == both["pand"] != both["woz"]


def test_the_name_of_a_bucket_takes_the_key_of_the_hub() -> None:
    """Another installation names it otherwise, and what is derived for it serves nothing else."""
    secret = a_target(auth={"kind": "bearer", "token": "een"}).counted_at("bag")
    ours, theirs = Keys(lambda: bytes(KEY_BYTES)), Keys(lambda: b"x" * KEY_BYTES)

    assert ours.alias(secret) == ours.alias(secret) != theirs.alias(secret)
    assert ours.of("limiet") != ours.of("bsn")


def test_only_a_connection_that_is_asked_remembers_answers() -> None:
    """What it says is within reason."""
    cache = Connection.model_validate(ASKING | {"cache": {"ttl_s": 86400}}).cache
    assert cache == Cache(ttl_s=86400, answers_max=10_000, personal=False)
    inbound = {"connection": "in", "direction": "inbound", "adapter": "bag", "access": {"kind": "none"}}
    with pytest.raises(ValidationError, match="only for a connection that is ask"):
        Connection.model_validate(inbound | {"cache": {"ttl_s": 1}})
    wrong: list[Callable[[], object]] = [
        lambda: Cache(ttl_s=0),
        lambda: Cache(ttl_s=1e9),
        lambda: Cache(ttl_s=1, answers_max=0),
    ]
    for each in wrong:
        with pytest.raises(ValidationError):
            each()
