"""What a connection may set for this adapter."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from adapters.stuf_bg.services import PortType
from hub.wire.stuf import ontvanger
from hub.wire.stuf.stuurgegevens import Systeem


class Ontvanger(ontvanger.Ontvanger):
    """A system that receives, as its stuurgegevens name it."""

    applicatie: Annotated[str, Field(min_length=3, max_length=50)] = "MAKELAAR"
    """Its name; a system that knows itself by another one answers StUF010."""


class Options(BaseModel):
    """Options of a connection with StUF-BG."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    organisatie: Annotated[str, Field(max_length=200)] = ""
    """Who we are, where a message does not name its receiver: gemeentecode or OIN."""

    applicatie: Annotated[str, Field(min_length=3, max_length=50)] = "ZAAKHUB"
    """The name of the hub in the stuurgegevens of such an answer."""

    validation: Annotated[Literal["reject", "warn", "accept"], Field(alias="validate")] = "reject"
    """`reject` refuses a message that does not fit the definition with StUF055; `accept` takes it as far as it can be
    read. `warn` does too, and says in the log and in a metric what is wrong."""

    official: str = ""
    """The name of message definitions that an operator imported (`zaakhub schemas import`): a message must fit them
    too. Without it the hub's own definitions judge."""

    ontvanger: Ontvanger = Ontvanger()
    """To whom the messages are addressed that we send of our own accord."""

    soap: Literal["1.1", "1.2"] = "1.1"
    """The envelope of those messages. The standard says 1.1; a few systems want 1.2."""

    paden: dict[PortType, str] = {}
    """What follows the base URL `bg` of the target for a port type, where it is not the name of the port type
    itself."""

    @property
    def eigen(self) -> Systeem:
        """The hub as a system that sends."""
        return Systeem(organisatie=self.organisatie, applicatie=self.applicatie)

    @property
    def ander(self) -> Systeem:
        """The system that receives what we send."""
        return self.ontvanger.systeem
