"""A notification that something happened in a zaaksysteem, whichever way it is written. Pure.

Three ways: as the Notificaties API 1.0 does; as the CloudEvent that Open Notificaties makes of it
(`nl.overheid.zaken.status.create`); and as the CloudEvent of the VNG draft (`nl.vng.zaken.status_gecreeerd`). A
notification has no content and no number: it says which resource, and what was done with it. It refuses to know the
network.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import orjson

from hub.errors import MessageRefused
from hub.wire.cloudevents import CloudEvent, is_cloudevent, read_event

PROBE = "test"
"""Kanaal of the notification with which Open Notificaties tries a callback when somebody subscribes."""

_ACTIES = {
    "create": "create",
    "update": "update",
    "partial_update": "update",
    "destroy": "destroy",
    "gecreeerd": "create",
    "gewijzigd": "update",
    "verwijderd": "destroy",
}

_PARTS = ("rol", "zaakobject", "zaakeigenschap", "resultaat")
"""Resources that are part of a zaak: whatever is done with one, the zaak changed."""

_KINDS = {
    ("zaken", "zaak", "create"): "zaken.zaak.create",
    ("zaken", "zaak", "update"): "zaken.zaak.update",
    ("zaken", "zaak", "destroy"): "zaken.zaak.destroy",
    ("zaken", "status", "create"): "zaken.status.create",
    ("zaken", "zaakinformatieobject", "create"): "zaken.zaakinformatieobject.create",
    ("zaken", "zaakinformatieobject", "destroy"): "zaken.zaakinformatieobject.destroy",
    **{("zaken", part, actie): "zaken.zaak.update" for part in _PARTS for actie in ("create", "update", "destroy")},
    ("documenten", "enkelvoudiginformatieobject", "update"): "documenten.enkelvoudiginformatieobject.update",
    ("besluiten", "besluit", "create"): "besluiten.besluit.create",
    ("besluiten", "besluit", "update"): "besluiten.besluit.update",
    ("besluiten", "besluitinformatieobject", "create"): "besluiten.besluit.update",
    ("besluiten", "besluitinformatieobject", "destroy"): "besluiten.besluit.update",
}
KINDS = tuple(dict.fromkeys(_KINDS.values()))
"""The kinds of message that become an event; each is the name of a mapping."""

_NRC_TYPE = re.compile(r"nl\.overheid\.(?P<kanaal>[a-z]+)\.(?P<resource>[a-z]+)\.(?P<actie>[a-z_]+)")
_VNG_TYPE = re.compile(r"nl\.vng\.(?P<kanaal>[a-z]+)\.(?P<resource>[a-z]+)_(?P<actie>gecreeerd|gewijzigd|verwijderd)")
_UUID = re.compile(r"[0-9A-Za-z-]{1,64}")


class Melding(NamedTuple):
    """One notification. `hoofd` is the id of the main resource, `uuid` that of the one that something was done with.

    Not their URLs: the same system is reached under more than one name, and then writes itself so. `at` is as given.
    """

    kanaal: str
    hoofd: str
    resource: str
    uuid: str
    actie: str
    at: str

    @property
    def kind(self) -> str:
        """Name the kind of message; empty when no event comes of it."""
        return _KINDS.get((self.kanaal, self.resource, self.actie), "")

    @property
    def reference(self) -> str:
        """Number it: the same for the same notification, and for what the backstop finds in its stead."""
        return hashlib.sha256(orjson.dumps(self.plain(), option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]

    def plain(self) -> dict[str, str]:
        """Give what it says, as the mapping and the hash of it see it.

        A resource is made once and removed once, so when it was is no part of that; it is of a change. The kenmerken
        are left out: they are what the resource itself says, and it is fetched.
        """
        said = {
            "kanaal": self.kanaal,
            "resource": self.resource,
            "actie": self.actie,
            "hoofdObject": self.hoofd,
            "uuid": self.uuid,
        }
        return {**said, "aanmaakdatum": self.at} if self.actie == "update" else said

    def body(self) -> bytes:
        """Write it as `of_plain` reads it."""
        return orjson.dumps({"melding": self.plain()})


def read_melding(body: bytes, headers: Mapping[str, str]) -> Melding:
    """Read a notification in any of its ways; raises MessageRefused."""
    return _of_event(read_event(body, headers)) if is_cloudevent(headers) else _of_notification(body)


def of_plain(said: Mapping[str, Any]) -> Melding:
    """Read what `Melding.plain` gives."""
    return Melding(
        said["kanaal"], said["hoofdObject"], said["resource"], said["uuid"], said["actie"], said.get("aanmaakdatum", "")
    )


def _of_notification(body: bytes) -> Melding:
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise _wrong("the body is no JSON", "") from None
    if not isinstance(said, dict):
        raise _wrong("the body is no JSON object", "")
    if not isinstance(said.get("kenmerken"), dict | None):
        raise _wrong("kenmerken is no object", "kenmerken")
    kanaal = _text(said, "kanaal")
    url = _text if kanaal == PROBE else _uuid  # what the probe is about is no resource
    actie = _text(said, "actie")
    return Melding(
        kanaal,
        url(said, "hoofdObject"),
        _text(said, "resource"),
        url(said, "resourceUrl"),
        _ACTIES.get(actie, actie),
        _moment(said, "aanmaakdatum"),
    )


def _of_event(event: CloudEvent) -> Melding:
    """Read a CloudEvent of either naming set; of another naming set it is nothing that an event comes of."""
    data = event.data if isinstance(event.data, dict) else {}
    if found := _NRC_TYPE.fullmatch(event.type):
        # Open Notificaties: the uuid of the resource is the subject, data holds the kenmerken and hoofdObject.
        hoofd, uuid = _uuid(data, "hoofdObject"), _uuid(event.attributes, "subject")
    elif found := _VNG_TYPE.fullmatch(event.type):
        # VNG draft: data.resourceUrl is the main resource, what changed stands in the deprecated field or dataref.
        hoofd = _uuid(data, "resourceUrl")
        changed = data.get("deprecated_resourceUrl") or event.attributes.get("dataref") or data["resourceUrl"]
        uuid = _uuid({"dataref": changed}, "dataref")
    else:
        return Melding("", "", "", "", "", "")
    at = _moment(event.attributes, "time")
    return Melding(found["kanaal"], hoofd, found["resource"], uuid, _ACTIES.get(found["actie"], found["actie"]), at)


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str) or not value.strip():
        raise _wrong(f"{name} is missing or no text", name)
    return value


def _uuid(said: Mapping[str, Any], name: str) -> str:
    """Give the last part of a URL, or a bare uuid."""
    last = urlsplit(_text(said, name)).path.rstrip("/").rpartition("/")[2]
    if not _UUID.fullmatch(last):
        raise _wrong(f"{name} names no resource", name)
    return last


def _moment(said: Mapping[str, Any], name: str) -> str:
    text = _text(said, name)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise _wrong(f"{name} is no moment with a time zone (RFC 3339)", name)
    return text


def _wrong(reason: str, path: str) -> MessageRefused:
    return MessageRefused(reason, code="melding", path=path, status=400, advice="see the Notificaties API 1.0")
