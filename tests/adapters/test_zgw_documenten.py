"""Documents: streamed as base64 with a known length, checked on the way, found back after a lost answer."""

from __future__ import annotations

import base64
import tracemalloc
from collections.abc import AsyncIterator, Mapping
from hashlib import sha256
from typing import Any

import orjson
import pytest

from adapters.zgw.simulator import RSIN
from hub.errors import HubUnavailable, TargetMisconfigured
from hub.ports.contracts import Response
from tests.support.zgw import (
    DOCUMENT_TOEGEVOEGD,
    DOCUMENTEN,
    OPTIONS,
    ZAAK_URL,
    Delivery,
    Scripted,
    Stored,
    a_zaak,
    json_response,
    page,
    with_catalogue,
)

EIO = f"{DOCUMENTEN}enkelvoudiginformatieobjecten/new"


def a_message(content: bytes | None = b"%PDF-1.7", **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - a document is JSON
    document: dict[str, Any] = {
        "identificatie": "DOC-1",
        "titel": "Aanvraag",
        "auteur": "Voorbeeld",
        "taal": "nld",
        "creatiedatum": "2026-03-01",
        "ontvangstdatum": None,
        "informatieobjecttype": {"omschrijving": "Bijlage"},
        **fields,
    }
    if content is not None:
        document["inhoud"] = {"verwijzing": "ref", "omvang": len(content), "sha256": sha256(content).hexdigest()}
    return {
        "zaak": {"identificatie": "ZAAK-1"},
        "document": document,
        "zaakinformatieobject": {"titel": "Aanvraag", "beschrijving": None},
    }


def with_zaak() -> Scripted:
    client = with_catalogue()
    client.on("GET zaken/zaken", page(a_zaak()))
    return client


async def test_a_document_is_made_and_given_its_place() -> None:
    """Types as URLs, indicatieGebruiksrecht settled so that the zaak can be closed, nothing that nobody said."""
    client = with_zaak()
    await Delivery(client, stored=Stored(ref=b"%PDF-1.7")).once(DOCUMENT_TOEGEVOEGD, a_message())
    made, placed = client.calls[-2:]

    assert client.asked() == [
        "GET zaken/zaken",
        "POST documenten/enkelvoudiginformatieobjecten",
        "POST zaken/zaakinformatieobjecten",
    ]
    assert made.body == {
        "indicatieGebruiksrecht": False,
        "identificatie": "DOC-1",
        "titel": "Aanvraag",
        "auteur": "Voorbeeld",
        "taal": "nld",
        "creatiedatum": "2026-03-01",
        "bronorganisatie": RSIN,
        "informatieobjecttype": made.body["informatieobjecttype"],
        "bestandsomvang": 8,
        "inhoud": base64.b64encode(b"%PDF-1.7").decode(),
    }
    assert made.body["informatieobjecttype"].endswith("/informatieobjecttypen/1")
    assert placed.body == {"titel": "Aanvraag", "zaak": ZAAK_URL, "informatieobject": EIO}


class Weighing(Scripted):
    """Counts the bytes of a streamed body against what was announced, without keeping them."""

    async def request(
        self,
        method: str,
        service: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        json: object = None,
        body: AsyncIterator[bytes] | bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        if body is None or isinstance(body, bytes):
            return await super().request(method, service, path, query=query, json=json, headers=headers)
        self.announced = int((headers or {})["Content-Length"])
        self.sizes = [len(chunk) async for chunk in body]
        return json_response(201, {"url": EIO})


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 999, 1000, 1001, 2999])
async def test_the_length_that_is_announced_is_the_length_that_is_sent(size: int) -> None:
    """A Content-Length that is off by one byte hangs the target or cuts the document."""
    content = bytes(index % 251 for index in range(size))
    client = Weighing()
    scripted = with_zaak()
    client._answers = scripted._answers
    await Delivery(client, stored=Stored(ref=content)).once(DOCUMENT_TOEGEVOEGD, a_message(content))

    assert sum(client.sizes) == client.announced


class Endless:
    """A payload store with one large content that is never in memory as a whole."""

    def __init__(self, chunks: int) -> None:
        self.chunk, self.chunks = b"0123456789abcdef" * 4096, chunks

    async def open(self, reference: str) -> AsyncIterator[bytes]:
        del reference
        for _ in range(self.chunks):
            yield self.chunk


async def test_memory_does_not_grow_with_the_document() -> None:
    """32 MB pass through in chunks of 64 kB; less than a tenth of it is ever held."""
    stored = Endless(512)
    size = len(stored.chunk) * stored.chunks
    digest = sha256()
    for _ in range(stored.chunks):
        digest.update(stored.chunk)
    message = a_message()
    message["document"]["inhoud"] = {"verwijzing": "ref", "omvang": size, "sha256": digest.hexdigest()}
    client = Weighing()
    client._answers = with_zaak()._answers
    delivery = Delivery(client, OPTIONS.model_copy(update={"bestandsdelen_vanaf_bytes": size + 1}), stored=stored)
    tracemalloc.start()
    try:
        await delivery.once(DOCUMENT_TOEGEVOEGD, message)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert sum(client.sizes) == client.announced
    assert peak < size / 10


@pytest.mark.parametrize("stored", [b"%PDF-1.6", b"%PDF-1.7 and more", b"%PDF"])
async def test_a_content_that_is_not_what_was_accepted_never_arrives_whole(stored: bytes) -> None:
    """The end of the JSON is held back until the hash is known: the target can't make a document of it."""
    received: list[bytes] = []

    class Receiving(Scripted):
        async def request(self, method: str, service: str, path: str, **rest: Any) -> Response:  # noqa: ANN401
            body = rest.get("body")
            if body is None:
                return await super().request(method, service, path, **rest)
            async for chunk in body:
                received.append(chunk)  # noqa: PERF401 - what came before the error counts
            return json_response(201, {"url": EIO})

    client = Receiving()
    client._answers = with_zaak()._answers
    with pytest.raises(HubUnavailable) as caught:
        await Delivery(client, stored=Stored(ref=stored)).once(DOCUMENT_TOEGEVOEGD, a_message(b"%PDF-1.7"))

    assert caught.value.code == "inhoud-anders"
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(b"".join(received))


async def test_a_document_without_content_is_plain_json() -> None:
    """A document on paper, or one that is a link."""
    client = with_zaak()
    await Delivery(client).once(DOCUMENT_TOEGEVOEGD, a_message(None, link="http://elders.test/doc"))

    made = client.calls[-2].body
    assert made["link"] == "http://elders.test/doc"
    assert "inhoud" not in made


async def test_a_document_that_was_made_is_found_and_placed() -> None:
    """The zaakinformatieobject failed: the document is not removed and not made again."""
    client = with_zaak()
    client.on("GET documenten/enkelvoudiginformatieobjecten", page({"url": EIO}))
    done = await Delivery(client).once(DOCUMENT_TOEGEVOEGD, a_message(), resumed=True)

    assert client.asked() == [
        "GET documenten/enkelvoudiginformatieobjecten",
        "GET zaken/zaken",
        "GET zaken/zaakinformatieobjecten",
        "POST zaken/zaakinformatieobjecten",
    ]
    assert client.calls[0].query == {"identificatie": "DOC-1", "bronorganisatie": RSIN}
    assert next(iter(done.values())).note == "was there already"


async def test_a_document_that_has_its_place_keeps_it() -> None:
    """The list of a zaak has no pages."""
    client = with_zaak()
    client.on("GET documenten/enkelvoudiginformatieobjecten", page({"url": EIO}))
    client.on("GET zaken/zaakinformatieobjecten", json_response(200, [{"url": "zio"}]))
    done = await Delivery(client).once(DOCUMENT_TOEGEVOEGD, a_message(), resumed=True)

    assert list(done.values())[-1] == ("zio", "was there already")
    assert "POST zaken/zaakinformatieobjecten" not in client.asked()


async def test_an_informatieobjecttype_that_the_zaaktype_does_not_have_is_told_before_anything_is_made() -> None:
    """The target would refuse the place, and leave a document that nobody finds."""
    client = with_zaak()
    with pytest.raises(TargetMisconfigured, match=r'informatieobjecttype "Bijlagen" .* nearest: "Bijlage"'):
        await Delivery(client).once(DOCUMENT_TOEGEVOEGD, a_message(informatieobjecttype={"omschrijving": "Bijlagen"}))

    assert client.asked() == ["GET zaken/zaken"]
