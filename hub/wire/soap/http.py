"""What SOAP says in HTTP headers: media type and action.

Sources: SOAP 1.1 §6.1.1 (SOAPAction), SOAP 1.2 part 2 §6.5 and RFC 3902 (`action` in Content-Type). Senders quote the
action or not, leave it empty, or put it in the other version's place: all are read. Nothing here opens a connection.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from hub.wire.soap.envelope import Version

_ACTION = re.compile(r""";\s*action\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;]*))""", re.IGNORECASE).search


def action(headers: Mapping[str, str]) -> str:
    """Give the action without quotes, or nothing; `headers` has lower-case names."""
    said = headers.get("soapaction", "").strip().strip("\"'").strip()
    found = None if said else _ACTION(headers.get("content-type", ""))
    return next((part.strip() for part in found.groups() if part), "") if found else said


def operation(headers: Mapping[str, str]) -> str:
    """Give the last part of the action, in lower case: partners vary the case and the namespace before it."""
    return action(headers).rstrip("/").rpartition("/")[2].lower()


def version(headers: Mapping[str, str]) -> Version | None:
    """Give the version that the Content-Type speaks of; None when it speaks of none."""
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    return next((version for version in Version if version.media_type == media_type), None)


def request_headers(version: Version, action: str) -> dict[str, str]:
    """Give the headers of a request in this version."""
    if version is Version.SOAP11:
        return {"content-type": f"{version.media_type}; charset=utf-8", "soapaction": f'"{action}"'}
    return {"content-type": f'{version.media_type}; charset=utf-8; action="{action}"'}
