"""New versions of a document, locks that end, and a document that leaves its zaak."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.zgw.simulator import Gedrag
from hub.errors import TargetRefused
from hub.ports.contracts import Receipt
from tests.support.zgw import DOCUMENT_BIJGEWERKT, DOCUMENT_ONTKOPPELD, DOCUMENT_VRIJGEGEVEN, HOST
from tests.support.zgw_events import (
    CONTENT,
    DOCUMENT,
    IN_PARTS,
    LARGE,
    NEW_CONTENT,
    ZAAK,
    Far,
    a_change,
    inhoud,
)

CHANGED: dict[str, Any] = {"titel": "Besluit, tweede versie", "inhoud": inhoud("new", NEW_CONTENT)}


async def locked(far: Far) -> str:
    """Lock the document, as a sender does that wants to edit it."""
    answer = await far.client.request("POST", "documenten", HOST + far.document["url"] + "/lock", json={})
    far.client.calls.clear()
    return str(answer.json()["lock"])


async def refused(far: Far, kind: str, message: dict[str, Any], *, resumed: bool = False) -> TargetRefused:
    with pytest.raises(TargetRefused) as caught:
        await far.delivery().once(kind, message, resumed=resumed)
    return caught.value


async def test_a_change_without_a_lock_takes_one_and_gives_it_back() -> None:
    """Lock, new version, unlock: four requests with the question which document it is."""
    far = await Far().with_document()

    await far.delivery().once(DOCUMENT_BIJGEWERKT, a_change(**CHANGED))

    assert far.did() == [
        "GET enkelvoudiginformatieobjecten",
        "POST enkelvoudiginformatieobjecten/lock",
        "PATCH enkelvoudiginformatieobjecten",
        "POST enkelvoudiginformatieobjecten/unlock",
    ]
    assert (far.document["versie"], far.document["titel"], far.document["locked"]) == (2, CHANGED["titel"], False)
    assert far.content == NEW_CONTENT


async def test_the_lock_of_the_sender_is_used_and_ends() -> None:
    """The sender locked it when it asked for the document (geefZaakdocumentBewerken)."""
    far = await Far().with_document()

    await far.delivery().once(DOCUMENT_BIJGEWERKT, a_change(lock=await locked(far), **CHANGED))

    assert far.did() == [
        "GET enkelvoudiginformatieobjecten",
        "PATCH enkelvoudiginformatieobjecten",
        "POST enkelvoudiginformatieobjecten/unlock",
    ]
    assert (far.document["versie"], far.document["locked"]) == (2, False)


async def test_fields_alone_leave_the_content_as_it_is() -> None:
    """And null clears what may be empty."""
    far = await Far().with_document(beschrijving="Eerste")

    await far.delivery().once(DOCUMENT_BIJGEWERKT, a_change(titel="Anders", beschrijving=None))

    assert (far.document["titel"], far.document["beschrijving"], far.content) == ("Anders", "", CONTENT)


async def test_another_informatieobjecttype_is_looked_up_and_the_same_one_is_not_sent() -> None:
    """StUF names the type of a document in every message."""
    far = await Far().with_document()
    before = far.document["informatieobjecttype"]

    await far.delivery().once(DOCUMENT_BIJGEWERKT, a_change(informatieobjecttype={"omschrijving": "Bijlage"}))
    assert (far.document["informatieobjecttype"], far.document["versie"]) == (before, 1)

    await far.delivery().once(DOCUMENT_BIJGEWERKT, a_change(informatieobjecttype={"omschrijving": "Besluitbrief"}))
    assert (far.document["informatieobjecttype"] != before, far.document["versie"]) == (True, 2)
    assert not far.document["locked"]


@pytest.mark.parametrize("fault", ["busy", "lost before", "lost after"])
@pytest.mark.parametrize("write", [1, 2])
async def test_after_a_lost_answer_there_is_one_new_version(write: int, fault: str) -> None:
    """The fields are compared, and the content by its hash: a version is not made twice."""
    far = await Far().with_document()
    delivery = far.delivery(client=far.client_of((write, fault)))

    await delivery.until_done(DOCUMENT_BIJGEWERKT, a_change(**CHANGED))

    assert (far.document["versie"], far.document["locked"], far.content) == (2, False, NEW_CONTENT)


async def test_a_lock_that_may_be_ours_is_left_to_a_person() -> None:
    """The answer that held the lock was lost: nobody can tell whose it is."""
    far = await Far().with_document()
    delivery = far.delivery(client=far.client_of((0, "lost after")))

    with pytest.raises(TargetRefused, match="an earlier attempt whose answer was lost") as caught:
        await delivery.until_done(DOCUMENT_BIJGEWERKT, a_change(**CHANGED))

    assert caught.value.code == "existing-lock"
    assert far.document["versie"] == 1


async def test_a_document_that_somebody_else_has_locked_is_not_changed() -> None:
    """A person decides when; nothing was done."""
    far = await Far().with_document()
    await locked(far)

    refusal = await refused(far, DOCUMENT_BIJGEWERKT, a_change(**CHANGED))

    assert (refusal.code, far.document["versie"], far.document["locked"]) == ("existing-lock", 1, True)


@pytest.mark.parametrize("lock", ["of somebody else", ""])
async def test_a_change_on_a_lock_that_has_ended_is_refused(lock: str) -> None:
    """Somebody forced the document open, and may have changed it: the sender must look again."""
    far = await Far().with_document()
    given = await locked(far)
    if not lock:
        lock = given
        await far.client.request("POST", "documenten", HOST + far.document["url"] + "/unlock", json={"lock": given})

    refusal = await refused(far, DOCUMENT_BIJGEWERKT, a_change(lock=lock, **CHANGED))

    assert refusal.code in {"unlocked", "incorrect-lock-id"}
    assert lock not in str(refusal)
    assert far.document["versie"] == 1


async def test_a_document_that_is_definitief_takes_no_change() -> None:
    """It is not even locked."""
    far = await Far().with_document(status="definitief")

    refusal = await refused(far, DOCUMENT_BIJGEWERKT, a_change(**CHANGED))

    assert (refusal.code, far.document["locked"]) == ("modify-status-definitief", False)


async def test_a_version_that_is_refused_leaves_no_lock_behind_and_can_be_mended() -> None:
    """Nothing half-done: the lock is given back, and the delivery that goes on takes a new one."""
    far = await Far().with_document()
    delivery = far.delivery()
    done: dict[str, Receipt] = {}

    with pytest.raises(TargetRefused, match="taal"):
        await delivery.once(DOCUMENT_BIJGEWERKT, a_change(taal="x"), done=done)
    assert (far.document["versie"], far.document["locked"]) == (1, False)

    await delivery.once(DOCUMENT_BIJGEWERKT, a_change(taal="eng"), done=done, resumed=True)
    assert (far.document["versie"], far.document["locked"], far.document["taal"]) == (2, False, "eng")


async def test_an_unknown_document_is_refused() -> None:
    """The message that adds it may still be waiting."""
    refusal = await refused(Far(), DOCUMENT_BIJGEWERKT, a_change(**CHANGED))

    assert refusal.code == "document-onbekend"


async def test_what_is_said_of_its_place_in_the_zaak_changes_too() -> None:
    """When the event names the zaak."""
    far = await Far().with_document()
    message = {**a_change(titel="Anders"), "zaak": {"identificatie": ZAAK}, "zaakinformatieobject": {"titel": "Bij"}}

    await far.delivery().once(DOCUMENT_BIJGEWERKT, message)

    [place] = far.simulator.state.zaak(ZAAK).zaakinformatieobjecten.values()
    assert place["titel"] == "Bij"


async def test_a_large_new_version_goes_in_bestandsdelen() -> None:
    """Under the lock of the change; the content is whole when the lock ends."""
    far = await Far().with_document()

    await far.delivery(IN_PARTS).once(DOCUMENT_BIJGEWERKT, a_change(inhoud=inhoud("large", LARGE)))

    assert far.did()[-6:] == [
        "GET enkelvoudiginformatieobjecten",
        *["PUT bestandsdelen"] * 4,
        "POST enkelvoudiginformatieobjecten/unlock",
    ]
    assert (far.document["versie"], far.document["locked"], far.content) == (2, False, LARGE)


async def test_a_lock_ends_without_a_change() -> None:
    """And when it has ended already, all is well."""
    far = await Far().with_document()
    lock = await locked(far)

    await far.delivery().once(DOCUMENT_VRIJGEGEVEN, a_change(lock=lock))
    assert (far.document["locked"], far.document["versie"]) == (False, 1)

    again = await far.delivery().once(DOCUMENT_VRIJGEGEVEN, a_change(lock=lock))
    assert [receipt.note for receipt in again.values()] == ["was not locked"]


@pytest.mark.parametrize(("lock", "code"), [("of somebody else", "incorrect-lock-id"), ("", "geen-lock")])
async def test_the_lock_of_somebody_else_is_not_taken_off(lock: str, code: str) -> None:
    """The document stays locked."""
    far = await Far().with_document()
    await locked(far)

    refusal = await refused(far, DOCUMENT_VRIJGEGEVEN, a_change(lock=lock))

    assert (refusal.code, far.document["locked"]) == (code, True)


async def test_a_document_leaves_its_zaak_and_stays() -> None:
    """It may be in another zaak, and what is archived is no business of the hub."""
    far = await Far().with_document()
    message = {**a_change(), "zaak": {"identificatie": ZAAK}}

    await far.delivery().once(DOCUMENT_ONTKOPPELD, message)
    again = await far.delivery().once(DOCUMENT_ONTKOPPELD, message)

    assert far.simulator.state.zaak(ZAAK).zaakinformatieobjecten == {}
    assert far.document["identificatie"] == DOCUMENT
    assert [receipt.note for receipt in again.values()] == ["was not in the zaak"]


async def test_without_a_zaak_nothing_can_be_taken_apart() -> None:
    """The message is refused before anything is asked."""
    far = await Far().with_document()

    refusal = await refused(far, DOCUMENT_ONTKOPPELD, a_change())

    assert (refusal.code, far.did()) == ("geen-zaak", [])


async def test_a_document_does_not_leave_a_closed_zaak() -> None:
    """Open Zaak says 403; it is no matter of rights alone."""
    far = await Far().with_document()
    far.simulator.state.zaak(ZAAK).zaak["einddatum"] = "2026-03-01"

    refusal = await refused(far, DOCUMENT_ONTKOPPELD, {**a_change(), "zaak": {"identificatie": ZAAK}})

    assert refusal.code == "zaak-closed"


async def test_a_lock_that_can_not_be_given_back_does_not_hide_the_refusal() -> None:
    """The operator sees why, and the timeline holds the lock."""
    far = await Far().with_document()
    far.simulator.orders.add(Gedrag.model_validate({"kind": "answer", "path": "/unlock$", "status": 503}))

    refusal = await refused(far, DOCUMENT_BIJGEWERKT, a_change(taal="x"))

    assert "taal" in str(refusal)
    assert far.document["locked"]
