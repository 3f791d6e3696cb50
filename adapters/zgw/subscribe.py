"""The abonnement at a Notificaties API by which a zaaksysteem tells this connection what happens (API 1.0).

One abonnement per connection, known by its callbackUrl. Open Notificaties tries the callback while the abonnement is
made, so the hub must be reachable and know the secret by then.
"""

from __future__ import annotations

from collections.abc import Sequence

from adapters.zgw.calls import Calls, Row
from adapters.zgw.options import InboundOptions
from hub.errors import TargetMisconfigured
from hub.ports.contracts import Client

_SERVICE = "notificaties"


def create(options: InboundOptions) -> ZgwSubscribing:
    """Make it for one connection."""
    return ZgwSubscribing(options)


class ZgwSubscribing:
    """Implements hub.ports.contracts.Subscribing."""

    def __init__(self, options: InboundOptions) -> None:
        self._options = options

    async def subscriptions(self, client: Client) -> Sequence[str]:
        """Name the abonnementen that this client_id may see; an asterisk marks ours."""
        found = await self._abonnementen(Calls(client, None))
        return [f"{'*' if self._is_ours(each) else ' '} {each.get('callbackUrl')} ({_kanalen(each)})" for each in found]

    async def subscribe(self, client: Client, authorization: str) -> str:
        """Make the abonnement, or bring it up to date."""
        calls = Calls(client, None)
        if missing := await self._missing(calls):
            raise TargetMisconfigured(
                f"the Notificaties API has no kanaal {', '.join(missing)}",
                code="kanaal-onbekend",
                advice="see options.kanalen; the zaaksysteem registers its kanalen itself (register_kanalen)",
            )
        wanted = {**self._wanted(), "auth": authorization}
        ours = [each for each in await self._abonnementen(calls) if self._is_ours(each)]
        for extra in ours[1:]:
            await calls.remove(_SERVICE, _path(extra), what="dubbel abonnement verwijderen")
        if not ours:
            await calls.create(_SERVICE, "abonnement", wanted, what="abonnement maken")
            return f"subscribed to {_kanalen(wanted)}"
        # The secret can't be read back, so it is written each time: what stands after this is what the hub checks.
        await calls.change(_SERVICE, _path(ours[0]), wanted, what="abonnement bijwerken")
        return f"brought up to date: {_kanalen(wanted)}"

    async def unsubscribe(self, client: Client) -> str:
        """Remove the abonnement."""
        calls = Calls(client, None)
        ours = [each for each in await self._abonnementen(calls) if self._is_ours(each)]
        for each in ours:
            await calls.remove(_SERVICE, _path(each), what="abonnement verwijderen")
        return "removed" if ours else "there was none"

    async def check(self, client: Client) -> Sequence[str]:
        """Say whether the abonnement is there and is what it should be."""
        calls = Calls(client, None)
        ours = [each for each in await self._abonnementen(calls) if self._is_ours(each)]
        if not ours:
            return ["there is no abonnement for callback_url: zaakhub subscribe"]
        if _said(ours[0]) != _said(self._wanted()):
            return ["the abonnement has other kanalen or filters than options.kanalen: zaakhub subscribe"]
        return []

    async def _abonnementen(self, calls: Calls) -> list[Row]:
        return await calls.rows(_SERVICE, "abonnement", {}, what="abonnementen lezen")

    async def _missing(self, calls: Calls) -> list[str]:
        there = {each.get("naam") for each in await calls.rows(_SERVICE, "kanaal", {}, what="kanalen lezen")}
        return sorted(self._options.kanalen.keys() - there)

    def _is_ours(self, abonnement: Row) -> bool:
        return abonnement.get("callbackUrl") == self._options.callback_url

    def _wanted(self) -> Row:
        return {
            "callbackUrl": self._options.callback_url,
            "kanalen": [{"naam": naam, "filters": filters} for naam, filters in self._options.kanalen.items()],
        }


def _path(abonnement: Row) -> str:
    """Give where an abonnement is, whatever the name under which the API writes itself."""
    return f"abonnement/{abonnement['url'].rstrip('/').rpartition('/')[2]}"


def _said(abonnement: Row) -> dict[str, dict[str, str]]:
    return {each["naam"]: each.get("filters") or {} for each in abonnement.get("kanalen") or ()}


def _kanalen(abonnement: Row) -> str:
    return ", ".join(sorted(_said(abonnement))) or "no kanalen"
