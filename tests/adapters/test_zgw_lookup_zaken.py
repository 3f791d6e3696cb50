"""Questions about zaken: the right ones, whole, with few calls, and nothing of a person in a URL."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from adapters.zgw.options import Options
from adapters.zgw.simulator import RSIN, Answer, Gedrag, Simulator, create
from adapters.zgw.simulator.vermogens import EXPAND, ZOEKEN
from hub.config.policy import LOOKUP_CALLS_MAX
from hub.errors import TargetMisconfigured, TargetRefused, TargetUnavailable
from tests.support.zgw_asked import ZAKEN_OPVRAGEN, Asker
from tests.support.zgw_simulated import DOCUMENTEN, EIO, ZAKEN, Client, FixedClock, a_rol

BSN, OTHER_BSN = "999990019", "999993653"
PERSON = {"natuurlijkPersoon": {"bsn": BSN}}
ALL = [
    "rollen", "statussen", "resultaat", "zaakobjecten", "eigenschappen", "gerelateerdeZaken", "besluiten", "documenten",
]  # fmt: skip


def a_simulator(**options: Any) -> Simulator:  # noqa: ANN401 - as create has them
    return create(clock=FixedClock(), **options)


async def a_whole_zaak(client: Client, identificatie: str = "ZAAK-1") -> dict[str, Any]:
    """Make a zaak with one of everything."""
    zaak = await client.zaak(identificatie, omschrijving="Bijstand")
    url = {"zaak": zaak["url"]}
    rol = await client.post(f"{ZAKEN}/rollen", {**await a_rol(client, zaak["url"]), "roltoelichting": "aanvrager"})
    for number, name in enumerate(("Ontvangen", "In behandeling")):
        statustype = await client.type_url("statustypen", omschrijving=name)
        moment = f"2026-06-0{number + 1}T08:00:00Z"
        await client.post(f"{ZAKEN}/statussen", {**url, "statustype": statustype, "datumStatusGezet": moment})
    resultaattype = await client.type_url("resultaattypen", omschrijving="Toegekend")
    await client.post(f"{ZAKEN}/resultaten", {**url, "resultaattype": resultaattype})
    pand = {"objectType": "pand", "objectIdentificatie": {"identificatie": "0363100012345678"}}
    await client.post(f"{ZAKEN}/zaakobjecten", {**url, **pand})
    document = await client.post(
        EIO, await client.document(f"DOC-{identificatie}", inhoud="aGFsbG8=", bestandsomvang=5)
    )
    await client.post(
        f"{ZAKEN}/zaakinformatieobjecten", {**url, "informatieobject": document["url"], "titel": "Bijlage"}
    )
    assert rol["url"]
    return zaak


@pytest.fixture
def simulator() -> Simulator:
    return a_simulator()


@pytest.fixture
def asker(simulator: Simulator) -> Asker:
    return Asker(simulator)


async def test_a_zaak_by_its_number_comes_with_the_parts_that_are_asked_for(simulator: Simulator, asker: Asker) -> None:
    """Types are called by their names, and what is not asked for is left out."""
    await a_whole_zaak(Client(simulator))

    answer = await asker.ask(ZAKEN_OPVRAGEN, identificatie="ZAAK-1", onderdelen=["rollen", "statussen", "documenten"])

    (zaak,) = answer["zaken"]
    assert answer["meer"] is False
    assert zaak["zaaktype"]["identificatie"] == "B1026"
    assert [rol["betrokkeneIdentificatie"]["inpBsn"] for rol in zaak["rollen"]] == [BSN]
    assert [each["statustype"]["volgnummer"] for each in zaak["statussen"]] == [1, 2]
    (document,) = zaak["documenten"]
    assert (document["identificatie"], document["informatieobjecttype"]["omschrijving"]) == (
        "DOC-ZAAK-1", "Aanvraagformulier",
    )  # fmt: skip
    assert document["zaakinformatieobject"]["titel"] == "Bijlage"
    assert not {"resultaat", "zaakobjecten", "eigenschappen", "_expand", "status"} & zaak.keys()


@pytest.mark.parametrize("without", [(), (EXPAND,), (ZOEKEN,), (EXPAND, ZOEKEN)])
async def test_every_server_gives_the_same_answer(without: tuple[str, ...]) -> None:
    """With `expand` and `_zoek` or without: only the number of calls differs."""
    simulator = a_simulator(without=without)
    client = Client(simulator)
    hoofdzaak = await client.zaak("HOOFD-1", zaaktype=await client.type_url("zaaktypen", code="B1026"))
    await a_whole_zaak(client)
    relation = [{"url": hoofdzaak["url"], "aardRelatie": "onderwerp", "overigeRelatie": "", "toelichting": ""}]
    (found,) = (await client.get(f"{ZAKEN}/zaken", identificatie="ZAAK-1"))["results"]
    await client.send("PATCH", found["url"], {"relevanteAndereZaken": relation})

    answer = await Asker(simulator).ask(ZAKEN_OPVRAGEN, identificatie="ZAAK-1", onderdelen=ALL)

    (zaak,) = answer["zaken"]
    assert [len(zaak[name]) for name in ("rollen", "statussen", "zaakobjecten", "documenten", "besluiten")] == [
        1, 2, 1, 1, 0,
    ]  # fmt: skip
    assert zaak["resultaat"]["resultaattype"]["omschrijving"] == "Toegekend"
    assert [each["zaak"]["identificatie"] for each in zaak["relevanteAndereZaken"]] == ["HOOFD-1"]
    assert (zaak["eigenschappen"], zaak["deelzaken"], zaak["hoofdzaak"]) == ([], [], None)


async def test_calls_of_a_question_are_few(simulator: Simulator, asker: Asker) -> None:
    """The report: with the names of types in memory a zaak with all its parts takes four calls."""
    await a_whole_zaak(Client(simulator))
    first = await asker.counted(ZAKEN_OPVRAGEN, identificatie="ZAAK-1", onderdelen=ALL)
    warm = await asker.counted(ZAKEN_OPVRAGEN, identificatie="ZAAK-1", onderdelen=ALL)
    alone = await asker.counted(ZAKEN_OPVRAGEN, identificatie="ZAAK-1")
    status = await asker.counted(
        ZAKEN_OPVRAGEN, identificatie="ZAAK-1", onderdelen=["statussen"], alleenLaatsteStatus=True
    )

    assert first.total() == 8
    assert warm == Counter(["GET zaken", "GET statussen", "GET besluiten", "POST enkelvoudiginformatieobjecten/_zoek"])
    assert alone == status == Counter(["GET zaken"])


async def test_of_many_zaken_the_parts_come_inside(simulator: Simulator, asker: Asker) -> None:
    """Two calls for fifteen zaken of a person, with rollen, resultaat and documents."""
    client = Client(simulator)
    for number in range(15):
        await a_whole_zaak(client, f"ZAAK-{number:02}")
    await asker.ask(ZAKEN_OPVRAGEN, betrokkene=PERSON, onderdelen=["rollen", "resultaat", "documenten"])

    calls = await asker.counted(ZAKEN_OPVRAGEN, betrokkene=PERSON, onderdelen=["rollen", "resultaat", "documenten"])

    assert calls == Counter(["POST zaken/_zoek", "POST enkelvoudiginformatieobjecten/_zoek"])


async def test_zaken_of_a_person_are_asked_for_in_a_body(simulator: Simulator, asker: Asker) -> None:
    """A BSN stands in no URL; the rol counts, and so does every other number of the question."""
    client = Client(simulator)
    await a_whole_zaak(client, "ZAAK-1")
    other = await client.zaak("ZAAK-2")
    body = await a_rol(client, other["url"], betrokkeneIdentificatie={"inpBsn": OTHER_BSN})
    await client.post(f"{ZAKEN}/rollen", body)

    answer = await asker.ask(ZAKEN_OPVRAGEN, betrokkene=PERSON)
    none = await asker.ask(ZAKEN_OPVRAGEN, betrokkene={**PERSON, "rol": "initiator"})
    rol = await asker.ask(ZAKEN_OPVRAGEN, betrokkene={**PERSON, "rol": "belanghebbende"})

    assert [each["identificatie"] for each in answer["zaken"]] == ["ZAAK-1"]
    assert none == {"zaken": [], "meer": False}
    assert rol["zaken"] == answer["zaken"]
    assert not any(BSN in url for url in asker.urls)
    assert "rollen" not in answer["zaken"][0]


async def test_zaken_of_others_are_no_answer(simulator: Simulator, asker: Asker) -> None:
    """A target that does not know the filter answers with all that it has: that is told, not passed on."""
    client = Client(simulator)
    zaak = await client.zaak("ZAAK-2")
    body = {"count": 1, "next": None, "previous": None, "results": [{**zaak, "rollen": []}]}
    order = {"kind": "answer", "status": 599, "path": re.compile("_zoek"), "body": body, "times": None}
    simulator.orders.add(Gedrag.model_validate(order))
    asker.simulator = _Always200(simulator)

    with pytest.raises(TargetMisconfigured, match="zaken of others"):
        await asker.ask(ZAKEN_OPVRAGEN, betrokkene=PERSON)


async def test_without_zoek_no_person_is_asked_for() -> None:
    """There is no other way than a URL, and that way is closed."""
    asker = Asker(a_simulator(without=(ZOEKEN,)))

    for question in ({"betrokkene": PERSON}, {"omschrijving": "Bijstand"}):
        with pytest.raises(TargetMisconfigured, match="goes in no URL"):
            await asker.ask(ZAKEN_OPVRAGEN, **question)
    assert not any(BSN in url or "Bijstand" in url for url in asker.urls)


async def test_pages_follow_up_and_order(simulator: Simulator) -> None:
    """2,000 zaken in one answer; or fifteen at a time, none twice and none left out."""
    client = Client(simulator)
    body = await client.zaak_body()
    for number in range(2000):
        await client.post(f"{ZAKEN}/zaken", {**body, "identificatie": f"ZAAK-{number:04}"})
    asker = Asker(simulator)

    whole = await asker.ask(ZAKEN_OPVRAGEN, zaaktype="B1026")
    assert [each["identificatie"] for each in whole["zaken"]] == [f"ZAAK-{number:04}" for number in range(2000)]
    assert whole["meer"] is False

    first = await asker.ask(ZAKEN_OPVRAGEN, zaaktype="B1026", maximum=15, volgorde=["-identificatie"])
    last = first["zaken"][-1]["identificatie"]
    second = await asker.ask(ZAKEN_OPVRAGEN, zaaktype="B1026", maximum=15, volgorde=["-identificatie"], na=last)
    assert (first["meer"], second["meer"]) == (True, True)
    assert last == "ZAAK-1985"
    assert [each["identificatie"] for each in second["zaken"]][:2] == ["ZAAK-1984", "ZAAK-1983"]
    tail = await asker.ask(ZAKEN_OPVRAGEN, zaaktype="B1026", na="ZAAK-1990", maximum=15, onderdelen=["rollen"])
    assert (len(tail["zaken"]), tail["meer"], tail["zaken"][0]["rollen"]) == (9, False, [])


async def test_what_the_target_does_not_order_by_is_ordered_here(simulator: Simulator, asker: Asker) -> None:
    """What has no value goes last."""
    client = Client(simulator)
    for number, planned in enumerate(("2026-09-01", None, "2026-08-01")):
        await client.zaak(f"ZAAK-{number}", **({"einddatumGepland": planned} if planned else {}))

    answer = await asker.ask(ZAKEN_OPVRAGEN, zaaktype="B1026", volgorde=["einddatumGepland"], maximum=2)

    assert [each["identificatie"] for each in answer["zaken"]] == ["ZAAK-2", "ZAAK-0"]
    assert answer["meer"] is True


async def test_one_who_reads_on_after_what_is_gone_is_told(simulator: Simulator, asker: Asker) -> None:
    """Rather than an empty answer, which would say that there are no more."""
    await Client(simulator).zaak("ZAAK-1")

    with pytest.raises(TargetRefused) as refused:
        await asker.ask(ZAKEN_OPVRAGEN, zaaktype="B1026", na="ZAAK-0")
    assert refused.value.code == "vervolgvraag"


async def test_nothing_found_is_an_empty_answer(asker: Asker) -> None:
    """Whatever it is that is not there."""
    for question in ({"identificatie": "NIETS"}, {"zaaktype": "ONBEKEND"}, {"betrokkene": PERSON}):
        assert await asker.ask(ZAKEN_OPVRAGEN, **question, onderdelen=ALL) == {"zaken": [], "meer": False}


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ({"startdatum": "2026-06-01"}, ["ZAAK-0", "ZAAK-1"]),
        ({"startdatumVanaf": "2026-06-02", "startdatumTotEnMet": "2026-06-09"}, ["ZAAK-2"]),
        ({"omschrijving": "bijstand"}, ["ZAAK-0"]),
        ({"omschrijving": "bij"}, []),
        ({"zaaktype": "B1026", "registratiedatum": "2026-06-15", "startdatum": "2026-06-05"}, ["ZAAK-2"]),
        ({"einddatum": "2026-06-05"}, []),
    ],
)
async def test_criteria_are_anded_and_exact(
    simulator: Simulator, asker: Asker, question: dict[str, Any], found: list[str]
) -> None:
    """Also where the target looks for a part of a text."""
    client = Client(simulator)
    for number, (start, omschrijving) in enumerate(
        (("2026-06-01", "Bijstand"), ("2026-06-01", "Bijstand en meer"), ("2026-06-05", "Kap"))
    ):
        await client.zaak(f"ZAAK-{number}", startdatum=start, omschrijving=omschrijving)

    answer = await asker.ask(ZAKEN_OPVRAGEN, **question)

    assert [each["identificatie"] for each in answer["zaken"]] == found


@pytest.mark.parametrize(
    "question", [{}, {"organisatie": RSIN}, {"betrokkene": {"natuurlijkPersoon": {"geslachtsnaam": "V"}}}]
)
async def test_a_question_that_can_not_be_asked_is_refused(asker: Asker, question: dict[str, Any]) -> None:
    """Nothing at all, and a person without a number."""
    with pytest.raises(TargetRefused) as refused:
        await asker.ask(ZAKEN_OPVRAGEN, **question)
    assert refused.value.code == "zoekcriterium"
    assert asker.calls == []


async def test_a_hub_of_several_municipalities_never_mixes_them(simulator: Simulator) -> None:
    """Without an organisatie in the question it is about the own one."""
    client = Client(simulator)
    await client.zaak("ZAAK-1", bronorganisatie="999990019", verantwoordelijkeOrganisatie=RSIN)
    asker = Asker(simulator, Options(rsin=RSIN, organisaties={"1999": "999990019"}))

    own = await asker.ask(ZAKEN_OPVRAGEN, startdatum="2026-06-01")
    other = await asker.ask(ZAKEN_OPVRAGEN, startdatum="2026-06-01", organisatie="1999")

    assert (len(own["zaken"]), len(other["zaken"])) == (0, 1)


async def test_calls_beside_each_other_are_bounded() -> None:
    """Of forty zaken on a plain server not all parts are asked for at once."""
    simulator = a_simulator(without=(EXPAND,))
    client = Client(simulator)
    for number in range(40):
        await client.zaak(f"ZAAK-{number:02}")
    asker = Asker(simulator)

    await asker.ask(ZAKEN_OPVRAGEN, zaaktype="B1026", onderdelen=["besluiten"])

    assert asker.most == LOOKUP_CALLS_MAX


@pytest.mark.parametrize(
    ("order", "raises"),
    [
        ({"kind": "answer", "status": 503}, TargetUnavailable),
        ({"kind": "answer", "status": 500}, TargetUnavailable),
        ({"kind": "answer", "status": 403}, TargetMisconfigured),
        ({"kind": "garbage"}, TargetUnavailable),
        ({"kind": "cut-after"}, TargetUnavailable),
    ],
)
@pytest.mark.parametrize("path", ["/_zoek$", "/statussen$"])
async def test_a_target_that_fails_is_told_apart(
    simulator: Simulator, asker: Asker, order: dict[str, Any], raises: type[Exception], path: str
) -> None:
    """A question left nothing behind, also when it was a POST; and there is no half answer."""
    await a_whole_zaak(Client(simulator))
    simulator.orders.add(Gedrag.model_validate({**order, "path": re.compile(path), "times": None}))

    with pytest.raises(raises):
        await asker.ask(ZAKEN_OPVRAGEN, betrokkene=PERSON, onderdelen=["statussen"])


async def test_a_server_that_wants_text_gets_text(simulator: Simulator, asker: Asker) -> None:
    """The standard writes the list of `expand` as a text: tried once, then remembered."""
    await a_whole_zaak(Client(simulator))
    inside = ["rollen", "resultaat"]
    order = {"kind": "refuse", "path": re.compile("_zoek"), "field": "expand", "value": ["resultaat", "rollen"]}
    simulator.orders.add(Gedrag.model_validate({**order, "times": None}))

    first = await asker.counted(ZAKEN_OPVRAGEN, betrokkene=PERSON, onderdelen=inside)
    second = await asker.counted(ZAKEN_OPVRAGEN, betrokkene=PERSON, onderdelen=inside)

    assert (first["POST zaken/_zoek"], second) == (2, Counter(["POST zaken/_zoek"]))


async def test_a_document_of_another_target_is_named_and_not_fetched(simulator: Simulator, asker: Asker) -> None:
    """The hub goes to its own target only."""
    zaak = await a_whole_zaak(Client(simulator))
    record = simulator.state.records[zaak["url"].removeprefix("http://zgw.test")]
    link = next(iter(record.zaakinformatieobjecten.values()))
    link["informatieobject"] = f"http://elders.test{DOCUMENTEN}/enkelvoudiginformatieobjecten/1"

    answer = await asker.ask(ZAKEN_OPVRAGEN, identificatie="ZAAK-1", onderdelen=["documenten"])

    (document,) = answer["zaken"][0]["documenten"]
    assert document["url"].startswith("http://elders.test")
    assert document["zaakinformatieobject"]["titel"] == "Bijlage"


class _Always200:
    """A simulator whose ordered answers are well."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    async def handle(
        self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes
    ) -> Answer:
        answer = await self._simulator.handle(method, path, query, headers, body)
        return answer._replace(status=200) if answer.status == 599 else answer
