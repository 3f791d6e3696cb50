"""Which steps a document becomes, in which order and under which keys."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from adapters.zgw.options import Options
from adapters.zgw.outbound import create
from adapters.zgw.simulator import RSIN
from hub.errors import TargetMisconfigured, TargetRefused
from hub.ports.contracts import Step
from tests.support.zgw import (
    AANGEMAAKT,
    BIJGEWERKT,
    DOCUMENT_TOEGEVOEGD,
    OPTIONS,
    STATUS_GEZET,
    a_document,
    a_person,
    outgoing,
)

ORGANISATIES = Options(rsin=RSIN, organisaties={"0344": "123456782"})


def steps(kind: str, document: dict[str, Any], options: Options = OPTIONS) -> list[Step]:
    return list(create(options).steps(outgoing(kind, document)))


def names(kind: str, document: dict[str, Any]) -> list[str]:
    return [step.name for step in steps(kind, document)]


def test_a_new_zaak_is_made_first_and_closed_last() -> None:
    """A closed zaak takes no changes, so all that belongs to it comes before the statuses."""
    document = a_document(
        statussen=[{"statustype": {"volgnummer": 1}}],
        resultaat={"resultaattype": {"omschrijving": "Toegekend"}},
        relevanteZaken=[{"identificatie": "ZAAK-2"}],
        deelzaken=[{"identificatie": "ZAAK-3"}],
        eigenschappen=[{"naam": "kanaal", "waarde": "web"}],
        rollen=[a_person()],
        zaakobjecten=[{"objectType": "adres"}],
    )

    assert names(AANGEMAAKT, document) == [
        "zaak aanmaken",
        "zaakobject toevoegen",
        "rol toevoegen",
        "eigenschap zetten",
        "deelzaak koppelen",
        "andere zaken koppelen",
        "resultaat zetten",
        "statussen zetten",
    ]


def test_a_relation_that_ended_is_told_unless_it_is_made_again() -> None:
    """ZGW relations are only added: whether one may go is for a person to say."""
    document = a_document(
        relevanteZaken=[{"identificatie": "ZAAK-2"}],
        vervallenZaken=[{"identificatie": "ZAAK-2"}, {"identificatie": "ZAAK-3"}],
    )

    told = [step for step in steps(BIJGEWERKT, document) if step.name == "vervallen relatie melden"]

    assert [step.body["vervallen"].identificatie for step in told] == ["ZAAK-3"]


@pytest.mark.parametrize("kind", [BIJGEWERKT, STATUS_GEZET])
def test_a_change_without_changed_fields_leaves_the_zaak_itself_alone(kind: str) -> None:
    """An identificatie and a zaaktype are how the zaak is told, not what changes."""
    zaak = {"identificatie": "ZAAK-1", "zaaktype": {"identificatie": "B1026"}}

    assert names(kind, {"zaak": zaak, "statussen": [{"statustype": {"volgnummer": 2}}]}) == ["statussen zetten"]


def test_what_goes_is_removed_before_what_comes() -> None:
    """A zaak has one initiator: the new one is refused while the old one is there."""
    rollen = [
        a_person("999990019", mutatie="toevoegen"),
        a_person("999993653", mutatie="verwijderen"),
        a_person("999994177", mutatie="vervangen"),
    ]

    assert names(BIJGEWERKT, {"zaak": {"identificatie": "ZAAK-1"}, "rollen": rollen}) == [
        "rol verwijderen",
        "rol toevoegen",
        "rol vervangen",
    ]


def test_who_set_a_status_becomes_a_rol_once() -> None:
    """ZGW names a rol in gezetdoor; the same betrokkene in the same rol is not made twice."""
    behandelaar = {
        "roltype": {"omschrijving": "Behandelaar"},
        "betrokkeneType": "medewerker",
        "betrokkeneIdentificatie": {"identificatie": "m1"},
    }
    document = a_document(
        rollen=[{**behandelaar, "roltoelichting": "behandelt"}],
        statussen=[
            {"statustype": {"volgnummer": 1}, "gezetdoor": behandelaar},
            {"statustype": {"volgnummer": 2}, "gezetdoor": behandelaar},
        ],
    )
    planned = steps(AANGEMAAKT, document)
    rol, statussen = planned[1], planned[-1]

    assert [step.name for step in planned] == ["zaak aanmaken", "rol toevoegen", "statussen zetten"]
    assert {status["gezetdoor_stap"] for status in statussen.body["statussen"]} == {rol.key}


def test_keys_are_the_same_for_the_same_effect_and_hold_nothing_personal() -> None:
    """A key is kept in the ledger for ever."""
    document = a_document(rollen=[a_person("999990019"), a_person("999993653")])
    first, again = steps(AANGEMAAKT, document), steps(AANGEMAAKT, document)

    assert [step.key for step in first] == [step.key for step in again]
    assert len({step.key for step in first}) == 3
    assert not any("99999" in step.key or "Voorbeeld" in step.key for step in first)


def test_the_same_effect_twice_in_one_message_is_one_step() -> None:
    """A sender that repeats a betrokkene word for word means one."""
    assert len(steps(AANGEMAAKT, a_document(rollen=[a_person(), a_person()]))) == 2


def test_a_document_comes_before_its_place_in_the_zaak_and_the_status_that_came_with_it() -> None:
    """The status may close the zaak."""
    document = {
        "zaak": {"identificatie": "ZAAK-1"},
        "document": {"identificatie": "DOC-1", "informatieobjecttype": {"omschrijving": "Bijlage"}},
        "statussen": [{"statustype": {"volgnummer": 1}}],
    }

    assert names(DOCUMENT_TOEGEVOEGD, document) == [
        "document aanmaken",
        "document aan zaak koppelen",
        "statussen zetten",
    ]


@pytest.mark.parametrize(
    ("kind", "document"),
    [
        (AANGEMAAKT, {"zaak": {"omschrijving": "x"}}),
        (DOCUMENT_TOEGEVOEGD, {"zaak": {"identificatie": "ZAAK-1"}, "document": {"titel": "x"}}),
        (AANGEMAAKT, a_document(deelzaken=[{}])),
        ("nl.personen.verhuisd.v1", a_document()),
    ],
)
def test_what_could_not_be_found_back_is_refused(kind: str, document: dict[str, Any]) -> None:
    """Without a natural key a lost answer could become a second zaak."""
    with pytest.raises(TargetRefused):
        steps(kind, document)


@pytest.mark.parametrize(
    ("organisatie", "rsin"), [(None, RSIN), ("0344", "123456782"), ("344", "123456782"), ("000000012", "000000012")]
)
def test_an_organisatie_is_a_gemeentecode_or_a_rsin(organisatie: str | None, rsin: str) -> None:
    """StUF senders write a gemeentecode, with or without its leading zero."""
    planned = steps(AANGEMAAKT, a_document(zaak={"bronorganisatie": organisatie}), ORGANISATIES)

    assert planned[0].body["velden"]["bronorganisatie"] == rsin
    assert planned[0].body["velden"]["verantwoordelijkeOrganisatie"] == rsin


def test_an_unknown_organisatie_is_for_the_koppelbeheerder() -> None:
    """It is named: a gemeentecode is not personal."""
    with pytest.raises(TargetMisconfigured, match='organisatie "0999" has no RSIN'):
        steps(AANGEMAAKT, a_document(zaak={"bronorganisatie": "0999"}), ORGANISATIES)


@pytest.mark.parametrize("rsin", ["12345678", "123456789", "12345678x"])
def test_a_rsin_that_can_not_be_one_stops_the_start(rsin: str) -> None:
    """Nine digits and the 11-test: Open Zaak would refuse every zaak."""
    with pytest.raises(ValidationError):
        Options(rsin=rsin)
