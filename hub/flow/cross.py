"""On the way over from an old system: a message is passed on to it, and what it says is compared with what we say.

The sender gets the answer of the old system, byte for byte, as long as its messages are not live here. It refuses to
know which messages those are (`hub.config.crossing`) and what an answer means beyond its fields.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import suppress

import orjson
import structlog
from lxml import etree

from hub.clock import Clock
from hub.config.crossing import OLD, Mode
from hub.errors import HubUnavailable, MessageRefused, TargetFailed
from hub.flow.dedupe import refusal_id
from hub.flow.entrance import Answered, Incoming, Passed, Received, TurnedAway
from hub.flow.fields import fields_of_xml, general
from hub.flow.intake import Intake
from hub.flow.outcome import UNEXPECTED, reason_of
from hub.ledger.contract import Ledger
from hub.ledger.entries import Comparison, Likeness
from hub.payloads.contract import Payloads
from hub.ports.contracts import Client, Document, Expects, MessageRefusal, Reply
from hub.wire import outflow, xml
from hub.wire.soap import envelope

log = structlog.get_logger()

_PASSED_ON = ("content-type", "soapaction", "authorization")
_FAILING = 400


class Crosser:
    """Goes the way over with the messages of all connections that have one."""

    def __init__(
        self, take: Callable[[Incoming], Awaitable[Received]], *, payloads: Payloads, ledger: Ledger, clock: Clock
    ) -> None:
        """Take `take`, which does here what a message asks for; it raises MessageRefused or HubUnavailable."""
        self._take = take
        self._payloads = payloads
        self._intake = Intake(payloads)
        self._ledger = ledger
        self._clock = clock

    async def cross(self, incoming: Incoming, old: Client) -> Received:
        """Pass a message on to the old system, or do it here, or both; raises as `take` does."""
        entrance, taken, headers, _ = incoming
        crossing = entrance.connection.crossing
        assert crossing is not None, "a connection with an old system says how to cross"
        document: Document | None = None
        with suppress(MessageRefused):  # what we can't read is not live here: the old system says what is wrong with it
            document = entrance.inbound.read(taken.body, headers, validate=True)
        mode = crossing.mode(document.kind, document.zaaktype) if document else Mode.PROXY
        if mode is Mode.LIVE:
            return await self._take(incoming)
        passed = await self._passed(incoming, old)
        if document is not None and mode is Mode.SHADOW and isinstance(passed, Passed):
            await self._shadow(incoming, document, passed.reply)
        else:
            await self._intake.forget(taken)
        return passed

    async def _passed(self, incoming: Incoming, old: Client) -> Passed | TurnedAway:
        """Send a message as it came, but for white space in its documents."""
        entrance, taken, headers, path = incoming
        sent = {name: headers[name] for name in _PASSED_ON if name in headers}
        size_bytes = outflow.size_of(taken.body)
        try:
            answer = await old.request(
                "POST",
                OLD,
                path,
                body=outflow.filled(taken.body, self._payloads.open),
                headers={**sent, "content-length": str(size_bytes), "accept": "*/*"},
            )
        except TargetFailed as failed:
            name, now = entrance.connection.connection, self._clock.now()
            log.warning("old_system_failed", connection=name, code=failed.code, reason=failed.reason)
            refusal = MessageRefusal(failed.code, failed.reason, "", 0, 500)
            return TurnedAway(refusal, taken.body, refusal_id(name, taken.body, now), now)
        return Passed(Reply(answer.status, answer.headers.get("content-type", "text/xml"), answer.body))

    async def _shadow(self, incoming: Incoming, document: Document, theirs: Reply) -> None:
        """Do the same here as the old system did, and keep how the two compare; the sender's answer waits for it."""
        name, now = incoming.entrance.connection.connection, self._clock.now()
        code, ours = "", None
        try:
            if _fails(theirs) and document.expects is not Expects.ANSWER:
                await self._intake.forget(incoming.taken)
            else:
                code, ours = await self._done_here(incoming)
        except MessageRefused as refused:
            await self._intake.forget(incoming.taken)
            code = refused.code
        except HubUnavailable as down:
            code = down.code
        except Exception as error:  # noqa: BLE001 - the old system did it: its answer must reach the sender
            code = UNEXPECTED
            log.warning("shadow_failed", connection=name, kind=document.kind, reason=reason_of(error).text)
        likeness, differences = self._likeness(incoming, theirs, ours, refused=bool(code))
        compared = Comparison(
            connection=name,
            message_id=refusal_id(name, incoming.taken.body, now),
            kind=document.kind,
            zaaktype=document.zaaktype,
            zaak=document.zaak,
            likeness=likeness,
            code=code,
            differences=orjson.dumps(differences).decode(),
            at=now,
        )
        try:
            await self._ledger.compared(compared)
        except HubUnavailable:
            log.warning("comparison_not_kept", connection=name, kind=document.kind)

    async def _done_here(self, incoming: Incoming) -> tuple[str, Reply | None]:
        """Give the code of our refusal, or our answer where there is one to compare."""
        match await self._take(incoming):
            case Answered(_, answer):
                await answer.forget()
                return "", answer.reply
            case TurnedAway(refusal):
                return refusal.code, None
        return "", None

    def _likeness(
        self, incoming: Incoming, theirs: Reply, ours: Reply | None, *, refused: bool
    ) -> tuple[Likeness, dict[str, str]]:
        if _fails(theirs):
            return (Likeness.BOTH_REFUSE if refused else Likeness.ONLY_HUB), {}
        if refused:
            return Likeness.ONLY_OLD, {}
        if ours is None:
            return Likeness.SAME, {}
        crossing = incoming.entrance.connection.crossing
        ignore = frozenset(crossing.ignore if crossing else ())
        differences = _differences(_fields(theirs, ignore), _fields(ours, ignore))
        return (Likeness.DIFFERS if differences else Likeness.SAME), differences


def _fails(reply: Reply) -> bool:
    """Say whether an answer is a refusal: by its status, or a SOAP fault."""
    message = _message(reply)
    return reply.status >= _FAILING or (message is not None and xml.local_name(message) == "Fault")


def _fields(reply: Reply, ignore: Collection[str]) -> dict[str, str]:
    message = _message(reply)
    return dict(fields_of_xml(message, ignore=ignore)) if message is not None else {}


def _message(reply: Reply) -> etree._Element | None:
    try:
        return envelope.read(xml.parse(reply.body, charset=xml.http_charset(reply.content_type))).body
    except MessageRefused:
        return None


def _differences(theirs: Mapping[str, str], ours: Mapping[str, str]) -> dict[str, str]:
    """Name every field that differs, without its value: `ontbreekt` here, `extra` here, or `anders`."""
    found: dict[str, str] = {}
    for exact in dict.fromkeys((*theirs, *ours)):
        if exact not in ours:
            found.setdefault(general(exact), "ontbreekt")
        elif exact not in theirs:
            found.setdefault(general(exact), "extra")
        elif theirs[exact] != ours[exact]:
            found.setdefault(general(exact), "anders")
    return found
