"""The address that a request comes from, as the server and the proxies before it say.

It knows ASGI and `X-Forwarded-For`. A header is believed only when it comes from a trusted proxy: anybody can write
one. Pure; it refuses to know who may come.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

from hub.config import policy

Address = IPv4Address | IPv6Address
Networks = Collection[IPv4Network | IPv6Network]


def peer_of(scope: Mapping[str, Any]) -> Address | None:
    """Give the address at the other end of the connection, where there is one."""
    client = scope.get("client")
    return read_address(client[0]) if client else None


def is_among(address: Address | None, networks: Networks) -> bool:
    """Say whether an address is in one of these networks."""
    return address is not None and any(address in network for network in networks)


def address_of(scope: Mapping[str, Any], proxies: Networks) -> Address | None:
    """Give who comes: back from the peer to the first address that is no proxy; what cannot be read is nobody."""
    found = peer_of(scope)
    if not is_among(found, proxies):
        return found
    hops = [each for value in values(scope, b"x-forwarded-for") for each in value.decode("latin-1").split(",")]
    for hop in list(reversed(hops))[: policy.PROXIES_MAX]:
        found = read_address(hop.strip())
        if not is_among(found, proxies):
            return found
    return found


def read_address(text: str) -> Address | None:
    """Read an address; some proxies write its port, and a socket for both versions writes IPv4 as IPv6."""
    found = re.fullmatch(r"\[([^\]]+)\](?::\d+)?|([\d.]+):\d+|(.+)", text)
    try:
        address = ip_address(next(part for part in found.groups() if part).partition("%")[0]) if found else None
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def values(scope: Mapping[str, Any], name: bytes) -> list[bytes]:
    """Give every value of a header, by its name in lower case."""
    return [value for each, value in scope["headers"] if each == name]
