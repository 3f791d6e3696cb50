"""What a municipality may set on a connection that publishes to a Notificaties API."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class Options(BaseModel):
    """Options of a connection to an NRC."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kanaal: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=50, examples=["zaakhub"])]
    """Where the notifications are published. A kanaal of its own, unless the hub speaks for the zaaksysteem itself."""

    kenmerken: tuple[str, ...] = ()
    """The kenmerken of this kanaal on which subscribers may filter; the hub makes it with these."""

    resource_url: Annotated[
        str, Field(pattern=r"^https?://[^?#]+/$", max_length=200, examples=["https://zaakhub.example/zaken/"])
    ]
    """What goes before a zaakidentificatie to make a URL of it: where a subscriber that knows the zaak may look."""

    documentation_url: Annotated[str, Field(pattern=r"^$|^https?://\S+$", max_length=200)] = ""
    """Where the kanaal is described, when the hub makes it."""

    form: Literal["notificatie", "cloudevent"] = "notificatie"
    """How it is published: as a notification, or as a CloudEvent (Open Notificaties: experimental)."""

    names: Literal["open-notificaties", "vng"] = "open-notificaties"
    """How the type of a CloudEvent is named: `nl.overheid.zaken.zaak.create`, or `nl.vng.zaken.zaak_gecreeerd`."""

    source: Annotated[
        str,
        Field(
            pattern=r"^$|^urn:nld:oin:[0-9]{20}:systeem:\S+$", examples=["urn:nld:oin:00000001002220647000:systeem:x"]
        ),
    ] = ""
    """Who publishes, for a CloudEvent: an URN with the OIN of the organisation and the name of the system."""
