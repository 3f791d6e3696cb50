"""What a connection may set for this adapter."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1)]


class Options(BaseModel):
    """Options of a connection to a SOAP service."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    wsdl: Path
    """The WSDL, a file; what it refers to lies beside it. Nothing of it is ever fetched."""

    documents: dict[Text, Path] = {}
    """Documents that the WSDL refers to by a URL: the URL, and the file beside the WSDL that holds it."""

    service: str = ""
    """The service of the WSDL; its first without it."""

    port: str = ""
    """The port of the service; its first without it."""

    path: str = ""
    """What follows the base URL `soap` of the target. The address in the WSDL is not used."""

    repeatable: tuple[Text, ...] = ()
    """Operations that do no harm when they are done twice. SOAP can't be asked whether something was done: after a lost
    answer only these are sent again by themselves; the others wait for a person who has looked."""
