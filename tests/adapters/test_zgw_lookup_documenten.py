"""Questions about documents, besluiten and numbers: content, locks, and what is not half done."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest

from adapters.zgw.simulator import RSIN, Gedrag, Simulator, create
from adapters.zgw.simulator.vermogens import RESERVEREN, ZOEKEN
from hub.errors import TargetFailed, TargetMisconfigured, TargetRefused, TargetUnavailable
from tests.support.zgw_asked import BESLUITEN_OPVRAGEN, DOCUMENTEN_OPVRAGEN, NUMMER, VERGRENDELEN, Asker
from tests.support.zgw_simulated import EIO, NOW, ZAKEN, Client, FixedClock

CONTENT = b"hallo wereld"


@pytest.fixture
def simulator() -> Simulator:
    return create(clock=FixedClock())


@pytest.fixture
def asker(simulator: Simulator) -> Asker:
    return Asker(simulator)


async def documents_of(simulator: Simulator, *numbers: str, zaak: str = "ZAAK-1") -> list[dict[str, Any]]:
    """Put documents in a zaak."""
    client = Client(simulator)
    made = await client.zaak(zaak)
    documents = []
    for number in numbers:
        body = await client.document(
            number, titel=f"Titel {number}", inhoud="aGFsbG8gd2VyZWxk", bestandsomvang=len(CONTENT)
        )
        document = await client.post(EIO, body)
        link = {"zaak": made["url"], "informatieobject": document["url"], "titel": f"In zaak {number}"}
        await client.post(f"{ZAKEN}/zaakinformatieobjecten", link)
        documents.append(document)
    return documents


async def test_a_document_comes_with_its_content_and_its_zaken(simulator: Simulator, asker: Asker) -> None:
    """The content goes to the payload store; in the answer is its claim."""
    await documents_of(simulator, "DOC-1")

    answer = await asker.ask(DOCUMENTEN_OPVRAGEN, identificatie="DOC-1", inhoud=True)

    (document,) = answer["documenten"]
    assert document["inhoud"] == f"zaakhub-inhoud:inhoud-0:{len(CONTENT)}:{'0' * 64}"
    assert asker.kept == {"inhoud-0": CONTENT}
    assert [each["identificatie"] for each in document["zaken"]] == ["ZAAK-1"]
    assert document["zaakinformatieobject"]["titel"] == "In zaak DOC-1"
    assert document["informatieobjecttype"]["omschrijving"] == "Aanvraagformulier"


async def test_documents_of_a_zaak_come_in_one_call(simulator: Simulator, asker: Asker) -> None:
    """However many; with `na` and `maximum` a few at a time, and without content when nobody asks for it."""
    numbers = [f"DOC-{number:03}" for number in range(120)]
    await documents_of(simulator, *numbers)
    await asker.ask(DOCUMENTEN_OPVRAGEN, zaak="ZAAK-1", maximum=1)

    calls = await asker.counted(DOCUMENTEN_OPVRAGEN, zaak="ZAAK-1")
    answer = await asker.ask(DOCUMENTEN_OPVRAGEN, zaak="ZAAK-1", na="DOC-009", maximum=2)

    assert calls == Counter({
        "GET zaken": 1, "POST enkelvoudiginformatieobjecten/_zoek": 2,
    })  # fmt: skip
    assert ([each["identificatie"] for each in answer["documenten"]], answer["meer"]) == (["DOC-010", "DOC-011"], True)
    assert asker.kept == {}


async def test_a_title_is_compared_here(simulator: Simulator, asker: Asker) -> None:
    """It says something of a person, and the API takes it in a URL only."""
    await documents_of(simulator, "DOC-1", "DOC-2")

    answer = await asker.ask(DOCUMENTEN_OPVRAGEN, zaak="ZAAK-1", titel="titel doc-2")

    assert [each["identificatie"] for each in answer["documenten"]] == ["DOC-2"]
    assert not any("itel" in url for url in asker.urls)
    with pytest.raises(TargetRefused, match="by their identificatie or by their zaak"):
        await asker.ask(DOCUMENTEN_OPVRAGEN, titel="Titel")


async def test_a_server_without_zoek_is_asked_for_each_document(simulator: Simulator) -> None:
    """And that is remembered for a while."""
    simulator = create(clock=FixedClock(), without=(ZOEKEN,))
    await documents_of(simulator, "DOC-1", "DOC-2")
    asker = Asker(simulator)
    first = await asker.counted(DOCUMENTEN_OPVRAGEN, zaak="ZAAK-1")
    second = await asker.counted(DOCUMENTEN_OPVRAGEN, zaak="ZAAK-1")

    zoek = "POST enkelvoudiginformatieobjecten/_zoek"
    assert (first[zoek], second[zoek], second["GET enkelvoudiginformatieobjecten/*"]) == (1, 0, 2)


async def test_nothing_found_is_an_empty_answer(simulator: Simulator, asker: Asker) -> None:
    """Of every question about documents and besluiten."""
    await documents_of(simulator)
    nothing = {"documenten": [], "meer": False}

    for kind in (DOCUMENTEN_OPVRAGEN, VERGRENDELEN):
        for question in ({"identificatie": "NIETS"}, {"zaak": "NIETS"}, {"zaak": "ZAAK-1"}):
            assert await asker.ask(kind, **question) == nothing
    for question in ({"identificatie": "NIETS"}, {"zaak": "NIETS"}, {"zaak": "ZAAK-1"}):
        assert await asker.ask(BESLUITEN_OPVRAGEN, **question) == {"besluiten": [], "meer": False}


async def test_a_locked_document_comes_with_its_lock_and_content(simulator: Simulator, asker: Asker) -> None:
    """And is nobody else's until it is given back."""
    (document,) = await documents_of(simulator, "DOC-1")

    answer = await asker.ask(VERGRENDELEN, identificatie="DOC-1", inhoud=True)

    (locked,) = answer["documenten"]
    assert asker.kept == {"inhoud-0": CONTENT}
    assert locked["locked"] is True
    path = document["url"].removeprefix("http://zgw.test")
    assert simulator.state.at(path)["lock"] == locked["lock"]
    with pytest.raises(TargetRefused) as refused:
        await asker.ask(VERGRENDELEN, identificatie="DOC-1")
    assert refused.value.code == "document-vergrendeld"


async def test_who_locks_at_the_same_moment_is_told_the_same(simulator: Simulator, asker: Asker) -> None:
    """Between the question and the lock somebody else may have come."""
    await documents_of(simulator, "DOC-1")
    invalid = {"code": "invalid", "invalidParams": [{"name": "nonFieldErrors", "code": "existing-lock", "reason": ""}]}
    order = {"kind": "answer", "status": 400, "path": re.compile("/lock$"), "body": invalid}
    simulator.orders.add(Gedrag.model_validate(order))

    with pytest.raises(TargetRefused) as refused:
        await asker.ask(VERGRENDELEN, identificatie="DOC-1")
    assert refused.value.code == "document-vergrendeld"


async def test_a_content_that_does_not_come_gives_the_lock_back(simulator: Simulator, asker: Asker) -> None:
    """A lock that the asker never got nobody could take off."""
    (document,) = await documents_of(simulator, "DOC-1")
    simulator.orders.add(Gedrag.model_validate({"kind": "answer", "status": 500, "path": re.compile("/download$")}))

    with pytest.raises(TargetUnavailable):
        await asker.ask(VERGRENDELEN, identificatie="DOC-1", inhoud=True)
    assert simulator.state.at(document["url"].removeprefix("http://zgw.test"))["locked"] is False


async def test_besluiten_of_a_zaak_come_with_their_documents(simulator: Simulator, asker: Asker) -> None:
    """With the name of the besluittype, the zaak, and the documents they are laid down in."""
    client = Client(simulator)
    await documents_of(simulator, "DOC-1")
    (zaak,) = (await client.get(f"{ZAKEN}/zaken", identificatie="ZAAK-1"))["results"]
    besluittype = (await client.get("/catalogi/api/v1/besluittypen"))["results"][0]
    body = {
        "identificatie": "BESLUIT-1", "verantwoordelijkeOrganisatie": RSIN, "besluittype": besluittype["url"],
        "zaak": zaak["url"], "datum": "2026-06-01", "ingangsdatum": "2026-06-02",
    }  # fmt: skip
    besluit = await client.post("/besluiten/api/v1/besluiten", body)
    (document,) = (await client.get(EIO, identificatie="DOC-1"))["results"]
    link = {"besluit": besluit["url"], "informatieobject": document["url"]}
    simulator.state.at(besluittype["url"].removeprefix("http://zgw.test"))["informatieobjecttypen"].append(
        document["informatieobjecttype"].removeprefix("http://zgw.test")
    )
    await client.post("/besluiten/api/v1/besluitinformatieobjecten", link)

    for question in ({"zaak": "ZAAK-1"}, {"identificatie": "BESLUIT-1"}):
        (found,) = (await asker.ask(BESLUITEN_OPVRAGEN, **question))["besluiten"]
        assert found["besluittype"]["omschrijving"] == besluittype["omschrijving"]
        assert [each["identificatie"] for each in found["documenten"]] == ["DOC-1"]
        assert found["zaak"]["identificatie"] == "ZAAK-1"
    with pytest.raises(TargetRefused, match="by their identificatie or by their zaak"):
        await asker.ask(BESLUITEN_OPVRAGEN)


async def test_numbers_are_reserved_where_the_target_does_so(simulator: Simulator, asker: Asker) -> None:
    """Each once; a besluit has none, and a server that lacks it is asked once only."""
    first, second = [await asker.ask(NUMMER, soort="zaak") for _ in range(2)]
    document = await asker.ask(NUMMER, soort="document")

    assert first["zaaknummer"] != second["zaaknummer"]
    assert str(NOW.year) in first["zaaknummer"]
    assert document["identificatie"].startswith("DOCUMENT-")
    lacking = Asker(create(clock=FixedClock(), without=(RESERVEREN,)))
    for asked, soort in ((asker, "besluit"), (lacking, "zaak"), (lacking, "zaak")):
        with pytest.raises(TargetMisconfigured) as failure:
            await asked.ask(NUMMER, soort=soort)
        assert failure.value.code == "geen-nummers"
    assert lacking.calls == ["POST zaaknummer_reserveren"]
    assert len(simulator.state.effects) == 0


async def test_what_is_no_question_of_zgw_is_refused(asker: Asker) -> None:
    """The manifest says which are."""
    with pytest.raises(TargetFailed, match="no answer"):
        await asker.ask("nl.zaken.weer-opvragen.v1")
