"""Before a connection goes live: what the catalogus lacks is named, and so is what the client may not do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest

from adapters.zgw.options import Options
from adapters.zgw.simulator import RSIN, SECRET, Autorisatie, Catalogue, Roltype, Zaaktype, create
from adapters.zgw.verify import create as verifying
from hub.ports.contracts import Finding, Produced, Verified
from hub.testkit.clock import FakeClock
from hub.testkit.network import FaultyNetwork
from tests.support.zgw import AANGEMAAKT, BASES, BESLUIT_GENOMEN, DOCUMENT_TOEGEVOEGD, HOST, NOW, OPTIONS
from tests.support.zgw_token import token

YEAR = date(2026, 1, 1)
CATALOGUS = Catalogue(
    (
        Zaaktype("B1026", "Aanvraag", begin=date(2024, 1, 1), einde=date(2025, 12, 31)),
        Zaaktype("B1026", "Aanvraag", begin=YEAR, roltypen=(Roltype("Melder", "initiator"),)),
        Zaaktype("ONTWERP", "Ontwerp", begin=YEAR, concept=True),
        Zaaktype("VOORBIJ", "Voorbij", begin=date(2020, 1, 1), einde=date(2025, 12, 31)),
        Zaaktype("STRAKS", "Straks", begin=date(2027, 1, 1)),
        Zaaktype("DUBBEL", "Dubbel", begin=YEAR),
        Zaaktype("DUBBEL", "Dubbel", begin=date(2026, 2, 1)),
        Zaaktype("TWEE", "Twee melders", roltypen=(Roltype("Melder", "initiator"), Roltype("Mede", "initiator"))),
    )
)


async def look(
    *documents: Mapping[str, Any],
    kind: str = AANGEMAAKT,
    options: Options = OPTIONS,
    autorisaties: Sequence[Autorisatie] | None = None,
    with_rights: bool = False,
    client_id: str = "zaakhub",
) -> Verified:
    far_side = create(catalogue=CATALOGUS, clock=FakeClock(NOW), autorisaties=autorisaties)

    async def headers() -> dict[str, str]:
        return {"host": HOST.removeprefix("http://"), "authorization": f"Bearer {token(SECRET, at=NOW)}"}

    services = {**BASES, **({"autorisaties": f"{HOST}/autorisaties/api/v1/"} if with_rights else {})}
    client = FaultyNetwork(far_side.handle, services, headers=headers)
    produced = [Produced(kind, dict(each), f"case {number}") for number, each in enumerate(documents, start=1)]
    return await verifying(options).verify(produced, client, client_id=client_id, now=NOW)


def of(zaaktype: str = "B1026", **parts: Any) -> dict[str, Any]:  # noqa: ANN401 - a document is JSON
    return {"zaak": {"zaaktype": {"identificatie": zaaktype}}, **parts}


def blocking(verified: Verified) -> list[Finding]:
    return [each for each in verified.findings if each.blocks]


@pytest.mark.parametrize(
    ("zaaktype", "problem", "nearest"),
    [
        ("B1062", "is not in the catalogus", "B1026"),
        ("ONTWERP", "is a concept: publish it", ""),
        ("VOORBIJ", "is not valid today: it has ended (2025-12-31)", ""),
        ("STRAKS", "is not valid today: it begins 2027-01-01", ""),
        ("DUBBEL", "is ambiguous: 2 published versions are valid today", ""),
    ],
)
async def test_a_zaaktype_that_cannot_be_used_today_is_named(zaaktype: str, problem: str, nearest: str) -> None:
    """And nothing is said of what belongs to it."""
    found = await look(of(zaaktype, rollen=[{"roltype": {"omschrijving": "Bestaat niet"}}]))

    assert blocking(found) == [Finding(f'zaaktype "{zaaktype}"', problem, nearest, ("case 1",))]


async def test_all_is_well_where_every_type_is_there() -> None:
    """By the names that deliveries go by: also a roltype by its generic name, a statustype by its number."""
    found = await look(
        of(
            rollen=[{"roltype": {"omschrijvingGeneriek": "initiator"}}],
            statussen=[{"statustype": {"volgnummer": 1}}, {"statustype": {"omschrijving": "in behandeling"}}],
            resultaat={"resultaattype": {"omschrijving": "Toegekend"}},
            eigenschappen=[{"naam": "kanaal"}],
            besluiten=[{"besluittype": {"omschrijving": "Besluit op aanvraag"}}],
            document={"informatieobjecttype": {"omschrijving": "Bijlage"}},
        )
    )

    assert blocking(found) == []
    assert found.checked == {
        "zaaktypen": 1,
        "roltypen": 1,
        "statustypen": 2,
        "resultaattypen": 1,
        "eigenschappen": 1,
        "besluittypen": 1,
        "informatieobjecttypen": 1,
    }


async def test_each_type_that_is_absent_is_named_with_its_zaaktype_and_the_nearest() -> None:
    """Once, with every place where it shows."""
    document = of(
        rollen=[{"roltype": {"omschrijving": "Meldr"}}],
        statussen=[{"statustype": {"omschrijving": "Ontvange"}, "gezetdoor": {"roltype": {"code": "Zaaksysteem"}}}],
        resultaat={"resultaattype": {"omschrijving": "Toegekent"}},
        besluiten=[{"besluittype": {"omschrijving": "Besluit op aanvrag"}}],
        document={"informatieobjecttype": {"omschrijving": "Bijlagen"}},
    )
    found = await look(document, {**document, "einddatum": "2026-03-01"})
    where = ("case 1", "case 2")

    assert set(blocking(found)) == {
        Finding('roltype "Meldr" of zaaktype "B1026"', "is not in the zaaktype", "Melder", where),
        Finding('roltype "Zaaksysteem" of zaaktype "B1026"', "is not in the zaaktype", "", where),
        Finding('statustype "Ontvange" of zaaktype "B1026"', "is not in the zaaktype", "Ontvangen", where),
        Finding('resultaattype "Toegekent" of zaaktype "B1026"', "is not in the zaaktype", "Toegekend", where),
        Finding(
            'besluittype "Besluit op aanvrag" of zaaktype "B1026"',
            "is not in the catalogus",
            "Besluit op aanvraag",
            where,
        ),
        Finding('informatieobjecttype "Bijlagen" of zaaktype "B1026"', "is not in the catalogus", "Bijlage", where),
    }


async def test_a_generic_name_that_several_roltypen_have_is_ambiguous() -> None:
    """As it would be at delivery; with options.roltype_anders there is one for it."""
    document = of("TWEE", rollen=[{"roltype": {"omschrijvingGeneriek": "initiator"}}])

    [finding] = blocking(await look(document))
    assert finding.problem == "is ambiguous: Melder, Mede"
    assert blocking(await look(document, options=Options(rsin=RSIN, roltype_anders="Mede"))) == []


async def test_an_unknown_eigenschap_blocks_only_where_deliveries_refuse_it() -> None:
    """See options.onbekende_eigenschap."""
    document = of(eigenschappen=[{"naam": "kanal"}])

    assert blocking(await look(document)) == []
    [finding] = blocking(await look(document, options=Options(rsin=RSIN, onbekende_eigenschap="refuse")))
    assert (finding.thing, finding.nearest) == ('eigenschap "kanal" of zaaktype "B1026"', "kanaal")


async def test_a_zaak_that_is_closed_needs_one_of_the_resultaten_of_the_options() -> None:
    """One will do."""
    document = of(einddatum="2026-03-01")

    assert blocking(await look(document, options=Options(rsin=RSIN, coalesce_resultaat=("Anders", "Toegekend")))) == []
    [finding] = blocking(await look(document, options=Options(rsin=RSIN, coalesce_resultaat=("Anders",))))
    assert finding.thing == 'resultaattype "Anders" of zaaktype "B1026"'


async def test_a_document_that_names_no_zaaktype_must_fit_one_that_is_known() -> None:
    """Without any, nothing is known of it, and that is said; a besluittype belongs to the whole catalogus."""
    status = {"statussen": [{"statustype": {"omschrijving": "Ontvangen"}}]}
    besluit = {"besluit": {"besluittype": {"omschrijving": "Besluit op bezwaar"}}}

    assert blocking(await look(of(), status, besluit)) == []
    found = await look(status, besluit)
    assert blocking(found) == []
    assert found.findings[0].problem == "was not looked up: no zaaktype is known; name one"
    wrong = {"statussen": [{"statustype": {"omschrijving": "Ontvange"}}]}
    [finding] = blocking(await look(of(), wrong))
    assert finding.thing == 'statustype "Ontvange"'


async def test_what_others_show_is_not_asked_for_again() -> None:
    """Neither the zaaktype of a part, nor what stands beside it."""
    far_side = create(catalogue=CATALOGUS, clock=FakeClock(NOW))

    async def headers() -> dict[str, str]:
        return {"host": HOST.removeprefix("http://"), "authorization": f"Bearer {token(SECRET, at=NOW)}"}

    client = FaultyNetwork(far_side.handle, BASES, headers=headers)
    rol, status = {"roltype": {"code": "Ander"}}, {"statustype": {"code": "Ontvange"}}
    produced = [
        Produced(AANGEMAAKT, of(), "--zaaktype"),
        Produced(AANGEMAAKT, of(rollen=[rol]), "rule 1", of()),
        Produced(AANGEMAAKT, of(rollen=[rol], statussen=[status]), "rule 2", of(rollen=[rol])),
        Produced(AANGEMAAKT, of("B1062", rollen=[rol]), "rule 3", of("B1062")),
    ]
    found = await verifying(OPTIONS).verify(produced, client, client_id="", now=NOW)

    assert [(each.thing, each.origins) for each in blocking(found)] == [
        ('roltype "Ander" of zaaktype "B1026"', ("rule 1",)),
        ('statustype "Ontvange" of zaaktype "B1026"', ("rule 2",)),
    ]


async def test_an_organisatie_without_rsin_and_a_rsin_without_catalogus_are_told() -> None:
    """Once each."""
    foreign = {"zaak": {"bronorganisatie": "0344", "zaaktype": {"identificatie": "B1026"}}}
    found = blocking(await look(foreign, {**foreign, "rollen": []}))
    assert [(each.problem, each.origins) for each in found] == [
        ('organisatie "0344" has no RSIN', ("case 1", "case 2"))
    ]

    [finding] = blocking(await look(of(), options=Options(rsin="517439943")))
    assert finding.problem == "the target has no catalogus for RSIN 517439943"


async def test_rights_are_unproven_without_an_autorisaties_api_or_a_client_id() -> None:
    """Said, and no reason to stop."""
    [finding] = (await look(of())).findings
    assert (finding.thing, finding.blocks) == ("the right to write", False)
    assert finding.problem == "could not be proven: target.services has no autorisaties"
    [finding] = (await look(of(), with_rights=True, client_id="")).findings
    assert finding.problem == "could not be proven: the connection names no client_id"


async def test_a_client_that_may_do_everything_lacks_nothing() -> None:
    """HeeftAlleAutorisaties."""
    assert (await look(of(), with_rights=True)).findings == []


async def test_a_client_that_nobody_registered_is_told() -> None:
    """404 at the Autorisaties API."""
    [finding] = blocking(await look(of(), with_rights=True, client_id="een-ander"))
    assert finding.problem == "has no applicatie at the target: register its client_id there"


async def test_each_right_that_is_missing_is_named_and_for_which_zaaktype() -> None:
    """A right that nobody gave is told once; one of another zaaktype does not count."""
    given = (
        Autorisatie("ztc", ("catalogi.lezen",)),
        Autorisatie("zrc", ("zaken.lezen", "zaken.aanmaken"), zaaktype="B1026"),
        Autorisatie("zrc", ("zaken.lezen", "zaken.aanmaken", "zaken.geforceerd-bijwerken"), zaaktype="TWEE"),
    )
    assert blocking(await look(of("TWEE"), with_rights=True, autorisaties=given)) == []
    found = blocking(await look(of(), with_rights=True, autorisaties=given))
    assert [each.thing for each in found] == [
        'right zaken.bijwerken or zaken.geforceerd-bijwerken for zaaktype "B1026"'
    ]
    found = blocking(await look(of("TWEE"), kind=DOCUMENT_TOEGEVOEGD, with_rights=True, autorisaties=given))
    assert [each.thing for each in found] == ["right documenten.lezen", "right documenten.aanmaken"]
    found = blocking(await look(of("TWEE"), kind=BESLUIT_GENOMEN, with_rights=True, autorisaties=given))
    assert [each.thing for each in found] == ["right besluiten.lezen", "right besluiten.aanmaken"]
