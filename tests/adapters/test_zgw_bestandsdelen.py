"""Large documents: in bestandsdelen where the target has them, and never half."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.zgw.simulator import Gedrag
from hub.errors import HubUnavailable, TargetFailed
from hub.ports.contracts import Receipt
from tests.support.zgw import AANGEMAAKT, DOCUMENT_BIJGEWERKT, DOCUMENT_TOEGEVOEGD, Stored, a_document
from tests.support.zgw_events import IN_PARTS, LARGE, PART_BYTES, ZAAK, Far, a_change, inhoud, new_document

PARTS = -(-len(LARGE) // PART_BYTES)


def a_large_document() -> dict[str, Any]:
    return new_document(inhoud=inhoud("large", LARGE))


async def a_zaak(**settings: Any) -> Far:  # noqa: ANN401 - those of the simulator
    far = Far(**settings)
    await far.delivery().once(AANGEMAAKT, a_document())
    far.client.calls.clear()
    return far


def parts_sent(far: Far) -> int:
    return far.simulator.requests["PUT /documenten/api/v1/bestandsdelen/{uuid}"]


async def test_a_large_document_goes_in_parts_and_then_joins_its_zaak() -> None:
    """Made without content, filled part by part, whole when the lock ends."""
    far = await a_zaak()

    await far.delivery(IN_PARTS).once(DOCUMENT_TOEGEVOEGD, a_large_document())

    assert far.did() == [
        "GET zaken",
        "POST enkelvoudiginformatieobjecten",
        "GET enkelvoudiginformatieobjecten",
        *["PUT bestandsdelen"] * PARTS,
        "POST enkelvoudiginformatieobjecten/unlock",
        "POST zaakinformatieobjecten",
    ]
    assert (far.content, far.document["locked"], far.document["versie"]) == (LARGE, False, 1)


async def test_a_small_document_goes_in_one_request() -> None:
    """What is below the threshold of the connection."""
    far = await a_zaak()

    await far.delivery(IN_PARTS).once(DOCUMENT_TOEGEVOEGD, new_document())

    assert parts_sent(far) == 0
    assert far.did() == ["GET zaken", "POST enkelvoudiginformatieobjecten", "POST zaakinformatieobjecten"]


async def test_only_the_parts_that_are_missing_are_sent_again() -> None:
    """Whatever part's answer is lost, each part arrives once more at most."""
    for failing in range(PARTS):
        far = await a_zaak()
        delivery = far.delivery(IN_PARTS, far.client_of((1 + failing, "lost after")))

        await delivery.until_done(DOCUMENT_TOEGEVOEGD, a_large_document())

        assert (parts_sent(far), far.content, far.document["locked"]) == (PARTS, LARGE, False)


@pytest.mark.parametrize("fault", ["busy", "lost before", "lost after"])
async def test_after_any_failure_the_document_is_whole_and_in_its_zaak_once(fault: str) -> None:
    """Every request of the delivery fails once in turn."""
    for failing in range(PARTS + 3):
        far = await a_zaak()
        delivery = far.delivery(IN_PARTS, far.client_of((failing, fault)))

        await delivery.until_done(DOCUMENT_TOEGEVOEGD, a_large_document())

        assert (far.content, far.document["locked"]) == (LARGE, False)
        assert len(far.simulator.state.zaak(ZAAK).zaakinformatieobjecten) == 1


async def test_a_content_that_is_not_what_was_accepted_never_becomes_whole() -> None:
    """The last part is held back: the document waits, locked, until the payload store is restored."""
    far = await a_zaak()
    far.stored = Stored(large=LARGE[:-1] + b"?")
    done: dict[str, Receipt] = {}

    with pytest.raises(HubUnavailable):
        await far.delivery(IN_PARTS).once(DOCUMENT_TOEGEVOEGD, a_large_document(), done=done)
    assert (far.content, far.document["locked"]) == (None, True)

    far.stored = Stored(large=LARGE)
    await far.delivery(IN_PARTS).once(DOCUMENT_TOEGEVOEGD, a_large_document(), done=done, resumed=True)
    assert (far.content, far.document["locked"]) == (LARGE, False)


async def test_a_target_without_bestandsdelen_gets_the_document_in_one_request() -> None:
    """It is tried once, and remembered for an hour: a second document costs no vain request."""
    far = await a_zaak(without={"bestandsdelen"})
    delivery = far.delivery(IN_PARTS)
    await delivery.once(DOCUMENT_TOEGEVOEGD, a_large_document())
    first = len(far.client.calls)
    second = new_document(identificatie="DOC-2", inhoud=inhoud("large", LARGE))
    far.client.calls.clear()

    await delivery.once(DOCUMENT_TOEGEVOEGD, second)

    assert (parts_sent(far), far.content) == (0, LARGE)
    assert far.did().count("POST enkelvoudiginformatieobjecten") == 1
    assert first > len(far.client.calls)


async def test_a_new_version_at_a_target_without_bestandsdelen_ends_its_lock_too() -> None:
    """In one request, under the lock of the change."""
    far = await Far(without={"bestandsdelen"}).with_document()

    await far.delivery(IN_PARTS).once(DOCUMENT_BIJGEWERKT, a_change(inhoud=inhoud("large", LARGE)))

    assert (far.document["versie"], far.document["locked"], far.content) == (2, False, LARGE)


async def test_a_document_that_somebody_else_changed_meanwhile_is_left_to_a_person() -> None:
    """It waits for no content of ours any more."""
    far = await a_zaak()
    far.simulator.orders.add(Gedrag.model_validate({"kind": "cut-before", "method": "PUT", "path": "/bestandsdelen/"}))
    delivery, done = far.delivery(IN_PARTS), dict[str, Receipt]()
    with pytest.raises(TargetFailed):
        await delivery.once(DOCUMENT_TOEGEVOEGD, a_large_document(), done=done)
    far.document.update(bestandsdelen=[], locked=False)

    with pytest.raises(TargetFailed) as caught:
        await delivery.once(DOCUMENT_TOEGEVOEGD, a_large_document(), done=done, resumed=True)

    assert caught.value.code == "inhoud-anders"
