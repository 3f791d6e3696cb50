"""A notification that this hub publishes: as the Notificaties API has it, and as a CloudEvent of either naming set.

Pure. Sources: Notificaties API 1.0 (schema Notificatie); what Open Notificaties makes of one; the VNG draft for
notificatieservices; the NL GOV profile, which keeps names of attributes to 20 characters.
"""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import quote

from hub.errors import TargetRefused
from hub.ports.contracts import Outgoing
from hub.wire.cloudevents import CloudEvent

_VNG_ACTIES = {"create": "gecreeerd", "update": "gewijzigd", "partial_update": "gewijzigd", "destroy": "verwijderd"}
_KENMERK_CHARS_MAX = 1000


class Melding(NamedTuple):
    """One notification; `zaak` and `nummer` are the identificaties of the main resource and of what it is about."""

    kanaal: str
    zaak: str
    resource: str
    nummer: str
    actie: str
    at: str
    kenmerken: dict[str, str]

    @classmethod
    def of(cls, outgoing: Outgoing, *, kanaal: str) -> Melding:
        """Read what the mapping gives; raises TargetRefused."""
        body: dict[str, Any] = outgoing.body if isinstance(outgoing.body, dict) else {}
        texts = {name: body.get(name) for name in ("hoofdObject", "resource", "actie")}
        for name, value in texts.items():
            if not isinstance(value, str) or not value:
                raise _wrong(f"{name} is missing")
        if texts["actie"] not in _VNG_ACTIES:
            raise _wrong("actie is none of create, update, partial_update and destroy")
        kenmerken = body.get("kenmerken") or {}
        if not all(isinstance(value, str) and len(value) <= _KENMERK_CHARS_MAX for value in kenmerken.values()):
            raise _wrong("a kenmerk is a text of at most 1000 characters")
        return cls(
            kanaal=kanaal,
            zaak=str(texts["hoofdObject"]),
            resource=str(texts["resource"]),
            nummer=str(body.get("resourceObject") or texts["hoofdObject"]),
            actie=str(texts["actie"]),
            # The moment of the event, not of the attempt: whoever gets it twice can tell.
            at=outgoing.at.isoformat(),
            kenmerken=kenmerken,
        )

    def notificatie(self, base: str) -> dict[str, Any]:
        """Write it as the Notificaties API takes it; `base` makes URLs of identificaties."""
        return {
            "kanaal": self.kanaal,
            "hoofdObject": _url(base, self.zaak),
            "resource": self.resource,
            "resourceUrl": self._resource_url(base),
            "actie": self.actie,
            "aanmaakdatum": self.at,
            "kenmerken": self.kenmerken,
        }

    def cloudevent(self, base: str, *, names: str, source: str, reference: str) -> CloudEvent:
        """Write it as a CloudEvent of a naming set."""
        attributes = {
            "specversion": "1.0",
            "id": reference,
            "source": source,
            "subject": self.nummer,
            "time": self.at,
            "datacontenttype": "application/json",
        }
        if names == "vng":
            attributes["type"] = f"nl.vng.{self.kanaal}.{self.resource}_{_VNG_ACTIES[self.actie]}"
            attributes["domain"] = f"nl.vng.{self.kanaal}"
            attributes["dataref"] = self._resource_url(base)
            return CloudEvent(attributes, {"resourceUrl": _url(base, self.zaak), "kenmerken": self.kenmerken})
        attributes["type"] = f"nl.overheid.{self.kanaal}.{self.resource}.{self.actie}"
        return CloudEvent(attributes, {**self.kenmerken, "hoofdObject": _url(base, self.zaak)})

    def _resource_url(self, base: str) -> str:
        url = _url(base, self.zaak)
        return url if self.nummer == self.zaak else f"{url}/{quote(self.resource)}/{quote(self.nummer, safe='')}"


def _url(base: str, identificatie: str) -> str:
    return base + quote(identificatie, safe="")


def _wrong(reason: str) -> TargetRefused:
    return TargetRefused(f"notificatie: {reason}", code="notificatie", advice="correct the mapping, then replay")
