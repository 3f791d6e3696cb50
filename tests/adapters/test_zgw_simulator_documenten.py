"""The simulated Documenten API: versions, locks and bestandsdelen, with the codes of Open Zaak."""

from __future__ import annotations

import base64
from typing import Any

import orjson
import pytest

from adapters.zgw.simulator import Simulator, create
from tests.support.zgw_simulated import EIO, Client, FixedClock

BOUNDARY = "grens"
PART_BYTES = 4


@pytest.fixture
def simulator() -> Simulator:
    return create(clock=FixedClock(), part_size=PART_BYTES)


@pytest.fixture
def client(simulator: Simulator) -> Client:
    return Client(simulator)


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


async def a_document(client: Client, **fields: object) -> dict[str, Any]:
    return await client.post(EIO, {**await client.document(inhoud=encoded(b"een"), bestandsomvang=3), **fields})


async def lock(client: Client, url: str) -> str:
    given = await client.send("POST", f"{url}/lock")
    assert given.status == 200
    return str(orjson.loads(given.body)["lock"])


async def send_part(client: Client, part: dict[str, Any], content: bytes, *, lock: str) -> int:
    form = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="lock"\r\n\r\n{lock}\r\n'
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="inhoud"; filename="x"\r\n\r\n'
    ).encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()  # fmt: skip
    headers = {**client.headers, "content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    path = str(part["url"]).removeprefix("http://zgw.test")
    return (await client.simulator.handle("PUT", path, {}, headers, form)).status


async def test_a_version_is_made_under_a_lock_and_the_one_before_stays(client: Client) -> None:
    """PATCH keeps what it does not speak of, the content too; each version can be read and downloaded."""
    document = await a_document(client)
    held = await lock(client, document["url"])
    changed = await client.send("PATCH", document["url"], {"lock": held, "titel": "Anders"})
    whole = {"lock": held, **await client.document(titel="Weer anders", inhoud=encoded(b"twee"))}
    assert (await client.send("PUT", document["url"], whole)).status == 200
    assert (await client.send("POST", f"{document['url']}/unlock", {"lock": held})).status == 204

    assert orjson.loads(changed.body)["versie"] == 2
    assert [(await client.get(document["url"], versie=str(each)))["titel"] for each in (1, 2, 3)] == [
        "Aanvraag",
        "Anders",
        "Weer anders",
    ]
    contents = [(await client.send("GET", f"{document['url']}/download", versie=str(each))).body for each in (1, 2, 3)]
    assert contents == [b"een", b"een", b"twee"]
    assert (await client.send("GET", f"{document['url']}/download")).body == b"twee"
    assert (await client.send("GET", document["url"], versie="9")).status == 404


async def test_only_who_has_the_lock_may_change(client: Client) -> None:
    """Codes unlocked, missing-lock-id, incorrect-lock-id, existing-lock."""
    document = await a_document(client)
    url = document["url"]

    assert await client.wrong(url, {"lock": "x"}, method="PATCH") == {"nonFieldErrors": "unlocked"}
    held = await lock(client, url)
    assert await client.wrong(f"{url}/lock", {}) == {"nonFieldErrors": "existing-lock"}
    assert await client.wrong(url, {"titel": "Anders"}, method="PATCH") == {"lock": "missing-lock-id"}
    assert await client.wrong(url, {"lock": "x"}, method="PATCH") == {"nonFieldErrors": "incorrect-lock-id"}
    assert await client.wrong(f"{url}/unlock", {"lock": "x"}) == {"nonFieldErrors": "incorrect-lock-id"}
    shown = await client.get(url)
    assert (shown["locked"], "lock" in shown) == (True, False)
    assert (await client.send("POST", f"{url}/unlock", {"lock": held})).status == 204


async def test_who_may_force_needs_no_lock_to_unlock() -> None:
    """Scope documenten.geforceerd-unlock."""
    client = Client(create(clock=FixedClock(), may_force=True))
    document = await a_document(client)
    await lock(client, document["url"])

    assert (await client.send("POST", f"{document['url']}/unlock")).status == 204


async def test_a_document_that_is_definitief_takes_no_change(client: Client) -> None:
    """Code modify-status-definitief."""
    document = await a_document(client, status="definitief")
    held = await lock(client, document["url"])

    wrong = await client.wrong(document["url"], {"lock": held, "titel": "Anders"}, method="PATCH")

    assert wrong == {"nonFieldErrors": "modify-status-definitief"}


async def test_a_document_of_a_size_without_content_waits_for_its_parts(client: Client) -> None:
    """Codes incomplete-upload, file-size; the content is whole when the lock ends."""
    document = await client.post(EIO, await client.document(inhoud=None, bestandsomvang=6))
    first, second = document["bestandsdelen"]
    held = document["lock"]

    assert [(each["omvang"], each["voltooid"], each["lock"]) for each in (first, second)] == [
        (4, False, held),
        (2, False, held),
    ]
    assert await send_part(client, first, b"abc", lock=held) == 400
    assert await send_part(client, first, b"abcd", lock="x") == 400
    assert await send_part(client, first, b"ab\r\n", lock=held) == 200
    assert await client.wrong(f"{document['url']}/unlock", {"lock": held}) == {"nonFieldErrors": "incomplete-upload"}
    assert [each["voltooid"] for each in (await client.get(document["url"]))["bestandsdelen"]] == [True, False]
    assert await send_part(client, second, b"ef", lock=held) == 200
    assert (await client.send("POST", f"{document['url']}/unlock", {"lock": held})).status == 204

    shown = await client.get(document["url"])
    assert (shown["bestandsdelen"], shown["locked"], shown["bestandsomvang"]) == ([], False, 6)
    assert (await client.send("GET", f"{document['url']}/download")).body == b"ab\r\nef"


async def test_what_is_no_form_of_a_bestandsdeel_is_refused(client: Client) -> None:
    """415 for another media type, 400 for a form without content."""
    document = await client.post(EIO, await client.document(inhoud=None, bestandsomvang=3))
    [part] = document["bestandsdelen"]

    assert (await client.send("PUT", part["url"], {"lock": document["lock"]})).status == 415
    headers = {**client.headers, "content-type": f"multipart/form-data; boundary={BOUNDARY}"}
    form = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="lock"\r\n\r\n{document["lock"]}\r\n--{BOUNDARY}--\r\n'
    )
    path = str(part["url"]).removeprefix("http://zgw.test")
    assert (await client.simulator.handle("PUT", path, {}, headers, form.encode())).status == 400


async def test_a_document_of_a_besluit_is_not_removed(client: Client) -> None:
    """Code pending-relations."""
    document = await a_document(client)
    besluit = await client.post("/besluiten/api/v1/besluiten", await client.besluit())
    link = {"besluit": besluit["url"], "informatieobject": document["url"]}
    await client.post("/besluiten/api/v1/besluitinformatieobjecten", link)

    assert await client.wrong(document["url"], {}, method="DELETE") == {"nonFieldErrors": "pending-relations"}
