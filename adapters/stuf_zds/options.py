"""What a connection may set for this adapter."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from adapters.stuf_zds.services import PortType
from hub.wire.stuf import ontvanger
from hub.wire.stuf.stuurgegevens import Systeem


class Ontvanger(ontvanger.Ontvanger):
    """A system that receives, as its stuurgegevens name it."""

    applicatie: Annotated[str, Field(min_length=3, max_length=50)] = "ZAAKSYSTEEM"
    """Its name; a system that knows itself by another one answers StUF010."""


class Options(BaseModel):
    """Options of a connection with Zaak- en Documentservices."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    organisatie: Annotated[str, Field(max_length=200)] = ""
    """Who we are, where a message does not name its receiver: gemeentecode or OIN."""

    applicatie: Annotated[str, Field(min_length=3, max_length=50)] = "ZAAKHUB"
    """The name of the hub in the stuurgegevens of such an answer."""

    validation: Annotated[Literal["reject", "warn", "accept"], Field(alias="validate")] = "reject"
    """`reject` refuses a message that does not fit the definition with StUF055; `accept` takes it as far as it can be
    read: a quarter of the messages seen in practice do not fit, and some senders cannot mend theirs. `warn` does too,
    and says in the log and in a metric what is wrong."""

    official: str = ""
    """The name of message definitions that an operator imported (`zaakhub schemas import`): a message must fit them
    too. Without it the hub's own definitions judge."""

    ontvanger: Ontvanger = Ontvanger()
    """Outbound: to whom our messages are addressed."""

    zds: Literal["1.1", "1.2"] = "1.1"
    """Outbound: whose message elements we send. ZDS 1.1 has no services for besluiten and none to unlink a document."""

    soap: Literal["1.1", "1.2"] = "1.1"
    """Outbound: the envelope. The standard says 1.1; a few systems want 1.2."""

    paden: dict[PortType, str] = {}
    """Outbound: what follows the base URL `zds` of the target for a port type, where it is not the name of the port
    type itself."""

    ask_first: bool = False
    """Outbound: before something that may have been made already is sent again, ask whether it is there. For systems
    that do not recognise a message by its referentienummer (StUF 03.01 §4.4)."""

    @property
    def eigen(self) -> Systeem:
        """The hub as a system that sends."""
        return Systeem(organisatie=self.organisatie, applicatie=self.applicatie)

    @property
    def ander(self) -> Systeem:
        """The system that receives what we send."""
        return self.ontvanger.systeem
