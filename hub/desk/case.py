"""An edit made by hand turned into a test case: the message with other persons in it, and what should come of it.

Until the mapping makes it so by itself the case differs; from then on it guards that. Nothing is written.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

from hub.desk.change import Difference, changed
from hub.desk.display import XML, media_of
from hub.desk.origin import Origins, Wanted
from hub.desk.recall import Configured, Recalled
from hub.desk.suggest import Suggestion, about_nobody
from hub.errors import ActRefused, MappingFailed, MessageRefused
from hub.event.envelope import Event
from hub.flow.bundle import Mappings
from hub.flow.records import Origin
from hub.flow.source import Source
from hub.mapping.cases import CASES, HEADERS, INPUTS, Case, Outcome, refresh
from hub.mapping.fictitious.rewrite import fictitious_event, fictitious_message
from hub.mapping.run import Mapping
from hub.wire.xml import http_charset

_SALT_BYTES = 32
_SOAP_ACTION = "soapaction"


class CaseOf:
    """Makes cases of edits."""

    def __init__(
        self, *, origins: Origins, configuration: Configured, mappings: Callable[[str], Mappings], home: Path
    ) -> None:
        """Take a folder that may be written in."""
        self._origins = origins
        self._configuration = configuration
        self._mappings = mappings
        self._home = home

    async def of(self, edit_id: str) -> Suggestion:
        """Give the files of a case; raises ActRefused when there is no such edit."""
        try:
            wanted = await self._origins.of(edit_id)
            return await asyncio.to_thread(self._made, wanted)
        except ActRefused as refused:
            if refused.code == "onbekend":
                raise
            return Suggestion({}, f"No case can be made of it: {refused.reason}.")

    def _made(self, wanted: Wanted) -> Suggestion:
        mapping = self._mappings(wanted.connection).get(wanted.kind)
        if mapping is None:
            raise ActRefused(f"no mapping for {wanted.kind} is known here", code="mapping")
        salt = secrets.token_bytes(_SALT_BYTES)
        content, check = self._fictitious(wanted.recalled, salt)
        source = self._source(wanted.recalled, content)
        if wanted.corrected is not None:
            corrected, _ = self._fictitious(wanted.corrected, salt)
            outcome = _outcome(mapping, self._source(wanted.corrected, corrected))
        else:
            outcome = _with_changes(_outcome(mapping, source), wanted.changes or [])
        story = f"{_short(wanted.kind)}-{wanted.edit.id[:8]}"
        below = f"{wanted.connection}/{CASES}/{story}"
        files = self._files(wanted, content, outcome)
        read = f" Read it before you keep it; these stayed as they were: {', '.join(check)}." if check else ""
        return Suggestion(
            {f"{below}/{name}": text for name, text in files.items()},
            f"The message as it came, with fictitious persons, and what was made of it by hand. The case differs until "
            f"the mapping does so: zaakhub map test {wanted.connection}.{read}",
        )

    def _fictitious(self, recalled: Recalled, salt: bytes) -> tuple[bytes, tuple[str, ...]]:
        """Give the message of a case, and the paths that a person must still read."""
        if recalled.connection not in self._configuration.inbound:
            event = Event.read(recalled.headers, recalled.value)
            whole = {"type": event.type, "time": event.time.isoformat(), "zender": event.connection, "data": event.data}
            made, report = fictitious_event(whole, salt=salt)
            return _pretty(made), report.check
        if media_of(recalled.value) == XML:
            charset = http_charset(Origin.read(recalled.headers).http.get("content-type", ""))
            content, report = fictitious_message(recalled.value, salt=salt, charset=charset)
            return content, report.check
        made, report = fictitious_event(orjson.loads(recalled.value), salt=salt)
        return _pretty(made), report.check

    def _source(self, recalled: Recalled, content: bytes) -> Source:
        """Give what the mapping is given of the message of a case."""
        inbound = self._configuration.inbound.get(recalled.connection)
        if inbound is None:
            event = orjson.loads(content)
            return Source(event["data"], {name: event[name] for name in ("type", "time", "zender")})
        try:
            document = inbound.read(content, Origin.read(recalled.headers).http, validate=False)
        except MessageRefused as refused:
            raise ActRefused(refused.reason, code="onleesbaar") from None
        return Source.of_message(document, sender=document.sender)

    def _files(self, wanted: Wanted, content: bytes, outcome: Outcome) -> dict[str, str]:
        with tempfile.TemporaryDirectory(prefix="case-", dir=self._home) as folder:
            name = INPUTS[0] if media_of(content) == XML else INPUTS[1]
            file = Path(folder) / name
            file.write_bytes(content)
            refresh(Case("", Path(folder), file), outcome)
            files = {path.name: path.read_text(encoding="utf-8") for path in sorted(Path(folder).iterdir())}
        return files | self._operation(wanted.recalled, content)

    def _operation(self, recalled: Recalled, content: bytes) -> dict[str, str]:
        """Keep the SOAPAction where the message does not say what it asks for (ZDS 1.1 has such)."""
        inbound = self._configuration.inbound.get(recalled.connection)
        action = Origin.read(recalled.headers).http.get(_SOAP_ACTION) if inbound is not None else None
        if inbound is None or action is None:
            return {}
        try:
            known = inbound.read(content, {}, validate=False).kind == recalled.kind
        except MessageRefused:
            known = False
        return {} if known else {HEADERS: f"{json.dumps({_SOAP_ACTION: action}, indent=2)}\n"}


def _outcome(mapping: Mapping, source: Source) -> Outcome:
    try:
        made = mapping.make(source.body, context=source.context)
    except MappingFailed as failed:
        return Outcome(failure=failed.sentence)
    if isinstance(made.body, bytes):
        return Outcome(body=made.body, unread=made.unread)
    return Outcome(made.body, unread=made.unread)


def _with_changes(outcome: Outcome, changes: list[Difference]) -> Outcome:
    """Put in what a person corrected; what is about one citizen stays out of files."""
    kept = {each.path: each.after for each in changes if about_nobody(each)}
    if not kept:
        raise ActRefused(
            "what was corrected is about one person or one zaak, and with fictitious ones it would prove nothing",
            code="persoon",
        )
    if outcome.data is not None:
        return outcome._replace(data=orjson.loads(changed(orjson.dumps(outcome.data), kept)))
    return outcome._replace(body=changed(outcome.body, kept)) if outcome.body else outcome


def _short(kind: str) -> str:
    """Give how the cases name a kind: creeerZaak_Lk01 is creeerZaak, nl.zaken.zaak-aangemaakt.v1 zaak-aangemaakt."""
    parts = kind.split(".")
    return parts[-2] if len(parts) > 2 else kind.partition("_")[0]  # noqa: PLR2004 - nl, the domain, the event


def _pretty(value: Any) -> bytes:  # noqa: ANN401 - JSON data
    return f"{json.dumps(value, indent=2, ensure_ascii=False)}\n".encode()
