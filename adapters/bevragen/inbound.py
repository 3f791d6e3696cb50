"""Questions of applications, as JSON: what is asked stands in the address, who asks is what the door has proved.

It knows addresses, statuses and the form of a question. It refuses to know who may see what (the connection), and who
answers. A question about persons is a POST although it changes nothing: a GET would put what is asked in an address,
and addresses end up in logs. What is about nobody may be asked by either.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

import orjson

from adapters.bevragen import beschrijving, probleem, vraag
from adapters.bevragen.diensten import DIENSTEN, Dienst
from adapters.bevragen.options import Options
from hub.errors import MessageRefused
from hub.ports.contracts import PATH, SENDER, Document, Expects, MessageRefusal, Part, Reply

_UNKNOWN = "onbekend"
_JSON = {"content-type": vraag.JSON}


def create(options: Options) -> BevragenInbound:
    """Make the adapter for one connection."""
    return BevragenInbound(options)


class BevragenInbound:
    """See `hub.ports.contracts.Conversing` and `Resourceful`."""

    content_elements: tuple[str, ...] = ()

    def __init__(self, options: Options) -> None:
        self._diensten = tuple(each for each in DIENSTEN if each.naam in options.vragen)
        self._at = {each.path: each for each in self._diensten}
        self._of = {each.kind: each for each in self._diensten}

    def read(self, body: bytes, headers: Mapping[str, str], *, validate: bool) -> Document:  # noqa: ARG002
        """Read one question; raises MessageRefused. A question is never kept, so there is none to read again."""
        dienst = self._dienst(headers)
        vraag.check_media_type(headers)
        try:
            question = vraag.read(body, dienst)
        except vraag.Wrong as wrong:
            raise MessageRefused(
                str(wrong),
                code=vraag.INVALID,
                path=", ".join(each.name for each in wrong.mistakes if each.name),
                status=HTTPStatus.BAD_REQUEST,
                advice="see invalidParams, and openapi.json",
            ) from None
        # Nothing of a question becomes a key: not who it is about, and not a number that the asker made up.
        return Document(dienst.kind, question, headers.get(SENDER, ""), "", "", "", Expects.ANSWER)

    def answered(
        self,
        document: Document,
        answer: dict[str, Any] | bytes,
        *,
        message_id: str,  # noqa: ARG002
        at: datetime,  # noqa: ARG002
        headers: Mapping[str, str],  # noqa: ARG002
    ) -> Reply:
        """Give the answer. Nobody found is an empty list, and no 404."""
        assert isinstance(answer, dict), "the mapping of an answer gives JSON"
        nothing = self._of[document.kind].asked.answer().model_dump(mode="json")
        return Reply(HTTPStatus.OK, vraag.JSON, orjson.dumps({**nothing, **answer}), probleem.HEADERS)

    def accepted(self, document: Document, *, message_id: str, at: datetime, headers: Mapping[str, str]) -> Reply:
        """Acknowledge what waits for nothing more. No question does: all are answered."""
        del document, message_id, at, headers
        return Reply(HTTPStatus.ACCEPTED, vraag.JSON, b"{}", probleem.HEADERS)

    def delivered(self, document: Document, *, message_id: str, at: datetime, headers: Mapping[str, str]) -> Reply:
        """As `accepted`: no question waits for an outcome."""
        return self.accepted(document, message_id=message_id, at=at, headers=headers)

    def refused(
        self,
        refusal: MessageRefusal,
        body: bytes,
        *,
        message_id: str,
        at: datetime,  # noqa: ARG002
        headers: Mapping[str, str],
    ) -> Reply:
        """Give the problem that fits, with all that is wrong with the question where it is that."""
        return probleem.of_refusal(refusal, message_id=message_id, mistakes=self._mistakes(refusal, body, headers))

    def description(self, path: str, query: str, *, url: str) -> Reply | None:  # noqa: ARG002
        """Give the OpenAPI document; elsewhere say what to do instead of GET."""
        if path == beschrijving.PATH:
            body = orjson.dumps(beschrijving.document(self._diensten, url=url))
            # So that a page of another site may read it (NL API Design Rules, /core/publish-openapi).
            return Reply(HTTPStatus.OK, vraag.JSON, body, (*probleem.HEADERS, ("Access-Control-Allow-Origin", "*")))
        return self.not_allowed(path)

    def asked_by_get(self, path: str, query: str) -> Part | None:
        """Give the question that the parameters of a GET are; None where nothing is asked so."""
        dienst = self._at.get(path)
        return Part(vraag.of_query(query, dienst), _JSON) if dienst is not None and dienst.by_get else None

    def not_allowed(self, path: str) -> Reply:
        """Say which methods this address takes; of one that there is not, that it is not there."""
        methods = ["GET"] if path == beschrijving.PATH else self._at[path].methods if path in self._at else []
        if not methods:
            return probleem.problem(HTTPStatus.NOT_FOUND, _UNKNOWN, f"see {beschrijving.PATH}")
        allowed = " or ".join(methods)
        detail = f"ask with {allowed}" if path in self._at else f"get it with {allowed}"
        return probleem.problem(
            HTTPStatus.METHOD_NOT_ALLOWED, "methode", detail, headers=[("Allow", ", ".join(methods))]
        )

    def _dienst(self, headers: Mapping[str, str]) -> Dienst:
        path = headers.get(PATH, "")
        if path in self._at:
            return self._at[path]
        if path == beschrijving.PATH:
            raise MessageRefused("get it with GET", code="methode", status=HTTPStatus.METHOD_NOT_ALLOWED)
        raise MessageRefused(f"see {beschrijving.PATH}", code=_UNKNOWN, status=HTTPStatus.NOT_FOUND)

    def _mistakes(self, refusal: MessageRefusal, body: bytes, headers: Mapping[str, str]) -> tuple[vraag.Mistake, ...]:
        """Find what is wrong once more: a refusal has room for one reason."""
        if probleem.code_of(refusal) != vraag.INVALID or headers.get(PATH) not in self._at:
            return ()
        try:
            vraag.read(body, self._at[headers[PATH]])
        except vraag.Wrong as wrong:
            return wrong.mistakes
        return ()
