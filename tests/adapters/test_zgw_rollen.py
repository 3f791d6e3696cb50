"""Rollen and zaakobjecten: who and what is the same, and what is added, removed or replaced."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.zgw.compare import same_betrokkene, same_object
from adapters.zgw.options import Options
from adapters.zgw.simulator import RSIN
from hub.errors import TargetRefused
from tests.support.zgw import (
    AANGEMAAKT,
    BIJGEWERKT,
    CATALOGI,
    ZAAK_URL,
    ZAKEN,
    Delivery,
    Scripted,
    a_document,
    a_person,
    a_zaak,
    page,
    with_catalogue,
)

ROLTYPE = f"{CATALOGI}roltypen/1"


def a_row(number: int, bsn: str = "999990019", **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - a rol is JSON
    """Give a rol as the target has it."""
    return {
        "url": f"{ZAKEN}rol/{number}",
        "zaak": ZAAK_URL,
        "roltype": ROLTYPE,
        "roltoelichting": "aanvrager",
        "betrokkeneType": "natuurlijk_persoon",
        "betrokkeneIdentificatie": {"inpBsn": bsn, "geslachtsnaam": "Voorbeeld", "voornamen": ""},
        **fields,
    }


def with_rollen(*rows: dict[str, Any]) -> Scripted:
    client = with_catalogue()
    client.on("GET zaken/zaken", page(a_zaak()))
    client.on("GET zaken/rollen", page(*rows))
    return client


async def change(client: Scripted, *rollen: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Deliver a change; give what was asked after finding zaak and rollen, and the notes."""
    done = await Delivery(client).once(BIJGEWERKT, {"zaak": {"identificatie": "ZAAK-1"}, "rollen": list(rollen)})
    looked = ("GET zaken/zaken", "GET zaken/rollen")
    return [call for call in client.asked() if call not in looked], [receipt.note for receipt in done.values()]


async def test_a_rol_of_a_new_zaak_is_one_call() -> None:
    """Nothing can be there yet."""
    client = with_catalogue()
    await Delivery(client).once(
        AANGEMAAKT, a_document(rollen=[a_person(contactpersoonRol={"naam": "x"}, mutatie=None)])
    )

    assert client.asked() == ["POST zaken/zaken", "POST zaken/rollen"]
    assert client.calls[-1].body == {
        "zaak": ZAAK_URL,
        "roltype": ROLTYPE,
        "betrokkeneType": "natuurlijk_persoon",
        "betrokkeneIdentificatie": {"inpBsn": "999990019", "geslachtsnaam": "Voorbeeld"},
        "roltoelichting": "aanvrager",
        "contactpersoonRol": {"naam": "x"},
    }


async def test_a_rol_without_toelichting_is_told_by_its_roltype() -> None:
    """The standard asks for a roltoelichting."""
    client = with_catalogue()
    await Delivery(client).once(AANGEMAAKT, a_document(rollen=[a_person(roltoelichting=None)]))

    assert client.calls[-1].body["roltoelichting"] == "Initiator"


async def test_a_bsn_never_stands_in_a_query() -> None:
    """A query ends up in the access log of every proxy on the way."""
    client = with_rollen(a_row(1))
    await change(client, a_person(mutatie="toevoegen"))

    assert not any("999990019" in str(call.query) for call in client.calls)


@pytest.mark.parametrize(
    ("mutatie", "rows", "calls"),
    [
        ("toevoegen", [], ["POST zaken/rollen"]),
        ("toevoegen", [a_row(1)], []),
        (None, [a_row(1)], []),
        ("identificeren", [a_row(1, "999993653")], ["POST zaken/rollen"]),
        ("verwijderen", [a_row(1), a_row(2, "999993653")], ["DELETE zaken/rol/1"]),
        ("beeindigen", [a_row(1)], ["DELETE zaken/rol/1"]),
        ("verwijderen", [a_row(2, "999993653")], []),
        ("wijzigen", [a_row(1)], []),
        ("wijzigen", [a_row(1, roltoelichting="x")], ["DELETE zaken/rol/1", "POST zaken/rollen"]),
        ("vervangen", [a_row(1, "999993653")], ["DELETE zaken/rol/1", "POST zaken/rollen"]),
        ("vervangen", [a_row(1, "999993653"), a_row(2, "999994177")], ["POST zaken/rollen"]),
        ("wijzigen", [], ["POST zaken/rollen"]),
    ],
)
async def test_a_mutatie_does_what_it_says(mutatie: str | None, rows: list[dict[str, Any]], calls: list[str]) -> None:
    """Add what is missing, remove what is meant, replace the old one; never another betrokkene by guess."""
    asked, _ = await change(with_rollen(*rows), a_person(mutatie=mutatie))

    assert asked == calls


async def test_the_betrokkene_that_the_message_calls_the_old_one_goes() -> None:
    """StUF gives the old relation beside the new one."""
    vorige = {"betrokkeneType": "natuurlijk_persoon", "betrokkeneIdentificatie": {"inpBsn": "999993653"}}
    client = with_rollen(a_row(1, "999994177"), a_row(2, "999993653"))
    asked, _ = await change(client, a_person(mutatie="wijzigen", vorige=vorige))

    assert asked == ["DELETE zaken/rol/2", "POST zaken/rollen"]


async def test_a_removal_that_names_nobody_removes_the_only_rol_of_its_kind() -> None:
    """An emptied relation in StUF need not repeat who it was."""
    nobody = a_person(mutatie="verwijderen", betrokkeneIdentificatie={})

    assert await change(with_rollen(a_row(1)), nobody) == (["DELETE zaken/rol/1"], [""])
    with pytest.raises(TargetRefused) as caught:
        await change(with_rollen(a_row(1), a_row(2, "999993653")), nobody)
    assert caught.value.code == "rol-onduidelijk"


async def test_what_is_gone_already_is_gone() -> None:
    """Twice is once."""
    assert await change(with_rollen(), a_person(mutatie="verwijderen")) == ([], ["was not there"])


def a_betrokkene(soort: str, **identificatie: Any) -> dict[str, Any]:  # noqa: ANN401 - a betrokkene is JSON
    return {"betrokkeneType": soort, "betrokkeneIdentificatie": identificatie}


@pytest.mark.parametrize(
    ("has", "wanted", "same"),
    [
        (
            a_betrokkene("natuurlijk_persoon", inpBsn="999990019", geslachtsnaam="Oud"),
            a_betrokkene("natuurlijk_persoon", inpBsn="999990019", geslachtsnaam="Nieuw"),
            True,
        ),
        (
            a_betrokkene("natuurlijk_persoon", inpBsn="999990019", geslachtsnaam="Voorbeeld"),
            a_betrokkene("natuurlijk_persoon", inpBsn="999993653", geslachtsnaam="Voorbeeld"),
            False,
        ),
        (
            a_betrokkene("natuurlijk_persoon", inpBsn="", geslachtsnaam="VOORBEELD", voorletters="A.", voornamen="An"),
            a_betrokkene("natuurlijk_persoon", geslachtsnaam="Voorbeeld", voorletters="A."),
            True,
        ),
        (
            a_betrokkene("natuurlijk_persoon", geslachtsnaam="Voorbeeld", voorletters="B."),
            a_betrokkene("natuurlijk_persoon", geslachtsnaam="Voorbeeld", voorletters="A."),
            False,
        ),
        (
            a_betrokkene("natuurlijk_persoon", geslachtsnaam="Voorbeeld"),
            a_betrokkene("natuurlijk_persoon", inpBsn="999990019"),
            False,
        ),
        (
            a_betrokkene("niet_natuurlijk_persoon", kvkNummer="12345678", vestigingsNummer="000000000001"),
            a_betrokkene("niet_natuurlijk_persoon", kvkNummer="12345678", vestigingsNummer="000000000002"),
            False,
        ),
        (
            a_betrokkene("niet_natuurlijk_persoon", kvkNummer="12345678", statutaireNaam="Oud BV"),
            a_betrokkene("niet_natuurlijk_persoon", kvkNummer="12345678", statutaireNaam="Nieuw BV"),
            True,
        ),
        (a_betrokkene("vestiging", handelsnaam=["Acme"]), a_betrokkene("vestiging", handelsnaam=["ACME"]), True),
        (a_betrokkene("medewerker", identificatie="m1"), a_betrokkene("vestiging", vestigingsNummer="m1"), False),
        (a_betrokkene("natuurlijk_persoon", inpBsn=""), a_betrokkene("natuurlijk_persoon"), True),
        (a_betrokkene("natuurlijk_persoon", inpBsn="999990019"), a_betrokkene("natuurlijk_persoon"), False),
    ],
)
def test_a_number_decides_who_is_who_and_kerngegevens_only_without_one(
    *, has: dict[str, Any], wanted: dict[str, Any], same: bool
) -> None:
    """Two people of one name are two people; one person who married is one."""
    assert same_betrokkene(has, wanted) is same


@pytest.mark.parametrize(
    ("has", "wanted", "same"),
    [
        ({"identificatie": "0344200000012345"}, {"identificatie": "0344200000012345", "huisnummer": 1}, True),
        ({"identificatie": "0344200000012345"}, {"identificatie": "0344200000099999"}, False),
        (
            {"identificatie": "", "huisnummer": 12, "postcode": "1234AB", "huisletter": ""},
            {"huisnummer": 12, "postcode": "1234AB"},
            True,
        ),
        ({"huisnummer": 12, "postcode": "1234AB"}, {"huisnummer": 13, "postcode": "1234AB"}, False),
        ({"huisnummer": 12}, {}, False),
    ],
)
def test_an_object_is_told_by_its_identificatie_or_by_all_that_is_said(
    *, has: dict[str, Any], wanted: dict[str, Any], same: bool
) -> None:
    """Senders know parts of an address."""
    theirs, ours = ({"objectType": "adres", "objectIdentificatie": each} for each in (has, wanted))

    assert same_object(theirs, ours) is same


@pytest.mark.parametrize(
    ("mutatie", "there", "calls"),
    [
        ("toevoegen", 1, []),
        ("toevoegen", 2, ["POST zaken/zaakobjecten"]),
        ("verwijderen", 1, ["DELETE zaken/object"]),
        ("verwijderen", 2, []),
        ("wijzigen", 1, []),
        ("wijzigen", 2, ["POST zaken/zaakobjecten"]),
    ],
)
async def test_zaakobjecten_know_the_same_mutaties(mutatie: str, there: int, calls: list[str]) -> None:
    """An object has no rol to be replaced in, so only itself is."""
    client = with_catalogue()
    client.on("GET zaken/zaken", page(a_zaak()))
    adres = {
        "objectType": "adres",
        "objectIdentificatie": {"huisnummer": 1},
        "relatieomschrijving": "",
        "zaak": ZAAK_URL,
    }
    client.on(
        "GET zaken/zaakobjecten", page({**adres, "url": f"{ZAKEN}object", "objectIdentificatie": {"huisnummer": there}})
    )
    zaakobject = {"mutatie": mutatie, "objectType": "adres", "objectIdentificatie": {"huisnummer": 1}}
    await Delivery(client).once(BIJGEWERKT, {"zaak": {"identificatie": "ZAAK-1"}, "zaakobjecten": [zaakobject]})

    assert client.asked()[2:] == calls


async def test_an_object_with_other_details_takes_the_place_of_the_old_one() -> None:
    """The same address, now with its huisletter."""
    client = with_catalogue()
    client.on("GET zaken/zaken", page(a_zaak()))
    old = {
        "url": f"{ZAKEN}object",
        "objectType": "adres",
        "objectIdentificatie": {"identificatie": "1", "huisletter": ""},
    }
    client.on("GET zaken/zaakobjecten", page(old))
    new = {
        "mutatie": "wijzigen",
        "objectType": "adres",
        "objectIdentificatie": {"identificatie": "1", "huisletter": "a"},
    }
    await Delivery(client).once(BIJGEWERKT, {"zaak": {"identificatie": "ZAAK-1"}, "zaakobjecten": [new]})

    assert client.asked()[2:] == ["DELETE zaken/object", "POST zaken/zaakobjecten"]


@pytest.mark.parametrize(
    ("given", "option", "sent"),
    [
        ({"innNnpId": "12345678"}, "kvkNummer", {"kvkNummer": "12345678"}),
        ({"innNnpId": "12345678"}, "annIdentificatie", {"annIdentificatie": "12345678"}),
        ({"kvkNummer": "12345678"}, "annIdentificatie", {"annIdentificatie": "12345678"}),
        ({"innNnpId": "002220647"}, "kvkNummer", {"innNnpId": "002220647"}),
        ({"innNnpId": "12345678", "kvkNummer": "87654321"}, "kvkNummer", {"kvkNummer": "87654321"}),
    ],
)
async def test_a_kvk_number_is_never_sent_as_a_rsin(given: dict[str, str], option: str, sent: dict[str, str]) -> None:
    """Open Forms puts it in inn.nnpId; Open Zaak refuses eight digits there."""
    client = with_catalogue()
    options = Options.model_validate({"rsin": RSIN, "kvk_nummer_in": option})
    rol = a_person(betrokkeneType="niet_natuurlijk_persoon", betrokkeneIdentificatie=given)
    await Delivery(client, options).once(AANGEMAAKT, a_document(rollen=[rol]))

    assert client.calls[-1].body["betrokkeneIdentificatie"] == sent
