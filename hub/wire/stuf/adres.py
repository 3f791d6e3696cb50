"""Where a message of ours goes: the path of its port type, its SOAPAction and its element (protocolbindingen 03.02)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from hub.wire.soap import http
from hub.wire.soap.envelope import Version


class Address(NamedTuple):
    """The last part of the URL, the SOAPAction, and the element of the message as a Clark name."""

    path: str
    action: str
    element: str

    @classmethod
    def of(cls, namespace: str, operation: str, element: str, path: str) -> Address:
        """Give the address of an operation: its action is that of the namespace of its message."""
        return cls(path, f"{namespace}/{operation}", f"{{{namespace}}}{element}")

    def headers(self, version: Version) -> Mapping[str, str]:
        """Give the HTTP headers of a message to this address."""
        return http.request_headers(version, self.action) | {"Accept": version.media_type}
