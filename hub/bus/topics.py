"""Names of topics: `{omgeving}.{gemeente}.in.{connection}` and its siblings. Pure."""

from __future__ import annotations

from typing import NamedTuple

CONTROL = ".hub.control"


class Topics(NamedTuple):
    """Names topics for one omgeving (ontwikkel, test, productie) and one gemeente (its code of 4 digits)."""

    omgeving: str
    gemeente: str

    def inbound(self, connection: str) -> str:
        """Name the raw inbound topic of a connection."""
        return f"{self.omgeving}.{self.gemeente}.in.{connection}"

    def events(self, domain: str) -> str:
        """Name the topic of canonical events of a domain: the public contract."""
        return f"{self.omgeving}.{self.gemeente}.ev.{domain}"

    def failures(self, connection: str) -> str:
        """Name the mirror of failure records of a connection."""
        return f"{self.omgeving}.{self.gemeente}.fout.{connection}"

    def group(self, connection: str) -> str:
        """Name the consumer group of a connection's stage; one broker may serve several omgevingen."""
        return f"{self.omgeving}.{self.gemeente}.zaakhub.{connection}"

    def audit(self) -> str:
        """Name the topic that says who asked what: of questions nothing else is on the bus. And what operators did."""
        return f"{self.omgeving}.{self.gemeente}.audit"

    def verwerkingen(self) -> str:
        """Name the topic of the Logboek Dataverwerkingen: whose data was processed, encrypted, and for what."""
        return f"{self.omgeving}.{self.gemeente}.verwerkingen"

    def verwerkingen_geweigerd(self) -> str:
        """Name the topic of what the keeper of the Logboek Dataverwerkingen does not take: for a person to look at."""
        return f"{self.omgeving}.{self.gemeente}.verwerkingen.geweigerd"

    def control(self) -> str:
        """Name the control topic, shared by all processes."""
        return f"{self.omgeving}{CONTROL}"


def is_control(topic: str) -> bool:
    """Say whether a topic is the control topic, of which only the latest value per key matters (compacted)."""
    return topic.endswith(CONTROL)
