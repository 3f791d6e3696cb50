"""What a connection may set for this adapter."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from hub.wire.stuf.stuurgegevens import Systeem


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

    @property
    def eigen(self) -> Systeem:
        """The hub as a system that sends."""
        return Systeem(organisatie=self.organisatie, applicatie=self.applicatie)
