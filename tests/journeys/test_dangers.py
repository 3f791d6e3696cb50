"""What every bridge between StUF-ZDS and ZGW meets, each through a whole hub: StUF bytes in, ZGW out.

Nothing here is a known defect of another bridge (see test_defects): these are the places where one is easily made.
"""

from __future__ import annotations

from adapters.stuf_zds.simulator import renumbered
from adapters.zgw.simulator import Catalogue, Gedrag, Roltype, Zaaktype, catalogue_for, standard
from adapters.zgw.simulator.catalogi import fill
from tests.support.berichten import (
    BSN,
    DAY,
    KVK,
    NIL,
    OTHER_BSN,
    OTHER_RSIN,
    ZAAK,
    creeer_zaak,
    extra_elementen,
    geen_rol,
    heeft_status,
    is_van,
    leaf,
    medewerker,
    natuurlijk_persoon,
    niet_natuurlijk_persoon,
    rol,
    update_zaak,
    voeg_document_toe,
    zet_status,
)
from tests.support.gemeente import eigenschappen_of, gemeente, identified, local, rol_of, stand_after
from tests.support.zaaksysteem import Municipality


async def test_two_statuses_on_one_day_without_a_time_both_stand(hub: Municipality) -> None:
    """Both mean midnight; ZGW has one status per moment, so the second moves on by a second."""
    stand = await stand_after(
        hub,
        creeer_zaak(),
        zet_status(heeft_status("Ontvangen", DAY, volgnummer=1), turn=2),
        zet_status(heeft_status("In behandeling", DAY), turn=4),
    )

    assert [local(each["datumStatusGezet"]) for each in stand["statussen"]] == [f"{DAY}000000", f"{DAY}000001"]
    assert stand["status"] == stand["statussen"][1]["url"]


async def test_the_same_status_twice_on_one_day_stands_once_per_message(hub: Municipality) -> None:
    """A zaak may come back to a status; a resend under a new number sets nothing."""
    first = zet_status(heeft_status("In behandeling", "20260303100000"), turn=2)
    stand = await stand_after(
        hub,
        creeer_zaak(),
        first,
        renumbered(first, "een-nieuw-nummer"),
        zet_status(heeft_status("Ontvangen", "20260303110000", volgnummer=1), turn=4),
        zet_status(heeft_status("In behandeling", "20260303120000"), turn=5),
    )

    assert [local(each["datumStatusGezet"])[8:] for each in stand["statussen"]] == ["100000", "110000", "120000"]


async def test_a_status_that_the_catalogus_calls_otherwise_is_found_by_its_number_and_that_is_told(
    hub: Municipality,
) -> None:
    """Sender and catalogus need not agree on words; when they do not, the life of the zaak says so."""
    stand = await stand_after(
        hub, creeer_zaak(), zet_status(heeft_status("Wacht op stukken", "20260303120000", volgnummer=2))
    )

    [status] = stand["statussen"]
    assert hub.zaaksysteem.state.at(status["statustype"])["omschrijving"] == "In behandeling"
    life = "".join(each.detail for each in await hub.hub.app.ledger.timeline(ZAAK))
    assert '"Wacht op stukken" was set as statustype "In behandeling"' in life


async def test_who_set_a_status_is_kept(hub: Municipality) -> None:
    """A rol of the zaak, to which the status points; the same medewerker is one rol."""
    stand = await stand_after(
        hub,
        creeer_zaak(),
        zet_status(heeft_status("Ontvangen", "20260303100000", volgnummer=1, door="mdw-7"), turn=2),
        zet_status(heeft_status("In behandeling", "20260303110000", door="mdw-7"), turn=4),
    )

    assert identified(stand, "Behandelaar")["identificatie"] == "mdw-7"
    assert {each["gezetdoor"] for each in stand["statussen"]} == {rol_of(stand, "Behandelaar")["url"]}


async def test_the_voorvoegsel_of_a_medewerker_is_kept(hub: Municipality) -> None:
    """Van der Berg is not Berg."""
    who = medewerker("mdw-7", achternaam="Berg", voorvoegsel="van der")
    stand = await stand_after(hub, creeer_zaak(heeftAlsUitvoerende=rol("heeftAlsUitvoerende", who)))

    found = identified(stand, "Behandelaar")
    assert (found["voorvoegselAchternaam"], found["achternaam"]) == ("van der", "Berg")


async def test_a_kvk_number_in_nnp_id_is_no_rsin(hub: Municipality) -> None:
    """Open Forms sends eight digits there; innNnpId takes nine that pass the 11-test."""
    stand = await stand_after(
        hub, creeer_zaak(heeftAlsInitiator=rol("heeftAlsInitiator", niet_natuurlijk_persoon(KVK)))
    )

    found = identified(stand, "Initiator")
    assert (found["kvkNummer"], found["innNnpId"]) == (KVK, "")


async def test_extra_elementen_become_eigenschappen(hub: Municipality) -> None:
    """In a new zaak and in an update, where the value changes instead of coming twice."""
    stand = await stand_after(
        hub,
        creeer_zaak(extraElementen=extra_elementen(kanaal="website", language_code="nl")),
        update_zaak(extraElementen=extra_elementen(kanaal="balie")),
    )

    assert eigenschappen_of(stand) == {"kanaal": "balie", "language_code": "nl"}
    assert len(stand["eigenschappen"]) == 2


async def test_an_extra_element_that_the_zaaktype_does_not_know_is_told_in_the_life_of_the_zaak(
    hub: Municipality,
) -> None:
    """A form has more fields than a zaaktype has eigenschappen: what has no place is named, without its value."""
    stand = await stand_after(hub, creeer_zaak(extraElementen=extra_elementen(kanaal="website", bouwlaag="derde")))

    life = await hub.hub.app.ledger.timeline(ZAAK)
    [delivered] = [each.detail for each in life if each.what == "afgeleverd"]
    assert eigenschappen_of(stand) == {"kanaal": "website"}
    assert 'not delivered: eigenschap "bouwlaag"' in delivered
    assert "derde" not in delivered


async def test_an_aanspreekpunt_is_kept(hub: Municipality) -> None:
    """Name, telephone number and e-mail address of whom to call stand with the rol."""
    contact = (
        '<ZKN:heeftAlsAanspreekpunt StUF:entiteittype="ZAKBTRINICTP" StUF:verwerkingssoort="T">'
        '<ZKN:gerelateerde StUF:entiteittype="CTP" StUF:verwerkingssoort="T">'
        f"{leaf('naam', 'Vera Voorbeeld')}{leaf('telefoonnummer', '0612345678')}"
        f"{leaf('emailadres', 'vera@voorbeeld.nl')}</ZKN:gerelateerde></ZKN:heeftAlsAanspreekpunt>"
    )
    stand = await stand_after(
        hub, creeer_zaak(heeftAlsInitiator=rol("heeftAlsInitiator", natuurlijk_persoon(), rest=contact))
    )

    found = rol_of(stand, "Initiator")["contactpersoonRol"]
    assert (found["naam"], found["telefoonnummer"], found["emailadres"]) == (
        "Vera Voorbeeld",
        "0612345678",
        "vera@voorbeeld.nl",
    )


async def test_a_location_in_gml_is_kept(hub: Municipality) -> None:
    """A point is the zaakgeometrie, and what the sender calls the object is a zaakobject."""
    where = (
        f"<ZKN:anderZaakObject>{leaf('omschrijving', 'coordinaat')}<ZKN:lokatie>"
        '<gml:Point srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>4.8936 52.3740</gml:pos></gml:Point>'
        "</ZKN:lokatie></ZKN:anderZaakObject>"
    )
    stand = await stand_after(hub, creeer_zaak(anderZaakObject=where))

    assert stand["zaakgeometrie"] == {"type": "Point", "coordinates": [4.8936, 52.374]}
    [zaakobject] = stand["zaakobjecten"]
    assert zaakobject["objectIdentificatie"]["overigeData"]["omschrijving"] == "coordinaat"


async def test_a_rol_that_changes_in_two_objects_is_replaced(hub: Municipality) -> None:
    """Verwerkingssoort W with another person: the old one goes, the new one stands, once."""
    before = rol("heeftAlsInitiator", natuurlijk_persoon(BSN), soort="W")
    after = rol("heeftAlsInitiator", natuurlijk_persoon(OTHER_BSN, naam="Ander"), soort="W")
    stand = await stand_after(
        hub,
        creeer_zaak(heeftAlsInitiator=rol("heeftAlsInitiator", natuurlijk_persoon(BSN))),
        update_zaak(old={"heeftAlsInitiator": before}, heeftAlsInitiator=after),
    )

    assert len(stand["rollen"]) == 1
    assert identified(stand, "Initiator")["inpBsn"] == OTHER_BSN


async def test_a_rol_that_is_removed_in_two_objects_goes_and_the_others_stay(hub: Municipality) -> None:
    """Verwerkingssoort V: the first object says who it was (StUF 03.01 §8)."""
    first, second = medewerker("mdw-1", achternaam="Een"), medewerker("mdw-2", achternaam="Twee")
    stand = await stand_after(
        hub,
        creeer_zaak(
            heeftAlsUitvoerende=[rol("heeftAlsUitvoerende", each) for each in (first, second)],
            heeftAlsInitiator=rol("heeftAlsInitiator", natuurlijk_persoon()),
        ),
        update_zaak(
            old={"heeftAlsUitvoerende": rol("heeftAlsUitvoerende", first, soort="V")},
            heeftAlsUitvoerende=geen_rol("heeftAlsUitvoerende"),
        ),
    )

    assert sorted(each["omschrijving"] for each in stand["rollen"]) == ["Behandelaar", "Initiator"]
    assert identified(stand, "Behandelaar")["identificatie"] == "mdw-2"


async def test_a_field_that_the_sender_clears_is_cleared(hub: Municipality) -> None:
    """GeenWaarde is a value; absence is none."""
    stand = await stand_after(
        hub,
        creeer_zaak(omschrijving="Aanvraag", toelichting="Met spoed", einddatumGepland="20260401"),
        update_zaak(toelichting=f"<ZKN:toelichting {NIL}/>", einddatumGepland=f"<ZKN:einddatumGepland {NIL}/>"),
    )

    assert (stand["omschrijving"], stand["toelichting"], stand["einddatumGepland"]) == ("Aanvraag", "", None)


async def test_types_beyond_the_first_page_of_a_list_are_found() -> None:
    """The catalogue and the lists of a zaak are read to their last page."""
    catalogue = catalogue_for(
        [f"T{number:03}" for number in range(9)] + ["B1026"],
        statustypen=["Toets", "Advies"],
        roltypen=["Aanvrager van het laatste blad"],
        informatieobjecttypen=["Tekening", "Foto"],
    )
    last = leaf("omschrijving", "Aanvrager van het laatste blad")
    async with gemeente(catalogue=catalogue, page_size=2) as hub:
        stand = await stand_after(
            hub,
            creeer_zaak(
                heeftAlsBelanghebbende=rol("heeftAlsBelanghebbende", natuurlijk_persoon(), rest=last),
                heeftAlsUitvoerende=[rol("heeftAlsUitvoerende", medewerker(f"mdw-{each}")) for each in range(5)],
            ),
            zet_status(heeft_status("Advies", "20260303")),
            voeg_document_toe(dct_omschrijving="Foto"),
            update_zaak(
                old={"heeftAlsUitvoerende": rol("heeftAlsUitvoerende", medewerker("mdw-4"), soort="V")},
                heeftAlsUitvoerende=geen_rol("heeftAlsUitvoerende"),
                turn=5,
            ),
        )

    assert rol_of(stand, "Aanvrager van het laatste blad")
    behandelaars = [each for each in stand["rollen"] if each["omschrijving"] == "Behandelaar"]
    assert sorted(each["betrokkeneIdentificatie"]["identificatie"] for each in behandelaars) == [
        f"mdw-{each}" for each in range(4)
    ]
    assert (len(stand["statussen"]), len(stand["zaakinformatieobjecten"])) == (1, 1)


async def test_a_zaaktype_of_another_catalogus_is_not_taken(hub: Municipality) -> None:
    """Two municipalities with one zaaktype code at one target: each gets its own."""
    strange = Catalogue((Zaaktype("B1026", "Van een ander"),), rsin=OTHER_RSIN, domein="ANDER")
    fill(hub.zaaksysteem.state, strange)
    stand = await stand_after(hub, creeer_zaak())

    zaaktype = hub.zaaksysteem.state.at(stand["zaaktype"])
    assert zaaktype["omschrijving"] == "Aanvraag minimaregelingen"
    assert hub.zaaksysteem.state.at(zaaktype["catalogus"])["rsin"] == stand["bronorganisatie"]


async def test_the_version_of_the_zaaktype_is_that_of_the_startdatum(hub: Municipality) -> None:
    """Not that of today, and never a concept."""
    stand = await stand_after(hub, creeer_zaak(startdatum="20220615", registratiedatum="20220615"))

    assert hub.zaaksysteem.state.at(stand["zaaktype"])["eindeGeldigheid"] == "2022-12-31"


async def test_a_zaak_is_never_removed_when_a_later_step_fails() -> None:
    """No compensation by DELETE: what stands stays, and the replay goes on after the last step that was done."""
    poor = standard()._replace(zaaktypen=(Zaaktype("B1026", "Aanvraag", roltypen=(Roltype("X", "adviseur"),)),))
    async with gemeente(catalogue=poor) as hub:
        await hub.send(creeer_zaak(heeftAlsInitiator=rol("heeftAlsInitiator", natuurlijk_persoon())))
        [failure] = await hub.hub.failures()
        assert hub.stand(ZAAK)["rollen"] == []
        fill(hub.zaaksysteem.state, standard()._replace(zaaktypen=(Zaaktype("B1026", "Aanvraag"),)))
        await hub.hub.let_pass(600)
        await hub.hub.app.operator().replay(failure.id, by="test", reason="catalogue mended")
        await hub.hub.let_pass(5)

        assert len(hub.zaaksysteem.state.zaken) == 1
        assert len(hub.stand(ZAAK)["rollen"]) == 1
        assert [each for each in hub.network.log if each[0] == "DELETE"] == []
        assert [each for each in hub.zaaksysteem.state.effects if each.action == "verwijderd"] == []


async def test_a_document_without_its_zaak_is_taken_up_again(hub: Municipality) -> None:
    """The zaakinformatieobject fails: the document that stands gets its place later, and is not made twice."""
    hub.zaaksysteem.orders.add(Gedrag.model_validate({"kind": "answer", "path": "zaakinformatieobjecten", "times": 3}))
    await hub.send(creeer_zaak(), voeg_document_toe(b"De inhoud"))
    assert hub.stand(ZAAK)["zaakinformatieobjecten"] == []
    await hub.hub.let_pass(120)

    state = hub.zaaksysteem.state
    assert len(hub.stand(ZAAK)["zaakinformatieobjecten"]) == 1
    assert state.stand()["losseDocumenten"] == []
    assert [each.resource for each in state.effects].count("enkelvoudiginformatieobject") == 1


async def test_a_document_is_free_of_rights_that_nobody_claimed(hub: Municipality) -> None:
    """IndicatieGebruiksrecht is false, so that the zaak can be closed; a missing ontvangstdatum stays missing."""
    await stand_after(hub, creeer_zaak(), voeg_document_toe(status="in bewerking"))

    document, _ = hub.zaaksysteem.state.document("1900000000042001")
    assert document["indicatieGebruiksrecht"] is False
    assert (document["ontvangstdatum"], document["status"]) == (None, "in_bewerking")


async def test_half_a_kenmerk_is_left_out_and_a_whole_one_stays(hub: Municipality) -> None:
    """ZGW asks for both parts."""
    half = f"<ZKN:kenmerk>{leaf('kenmerk', 'OF-1')}<ZKN:bron {NIL}/></ZKN:kenmerk>"
    whole = f"<ZKN:kenmerk>{leaf('kenmerk', 'OF-2')}{leaf('bron', 'Open Formulieren')}</ZKN:kenmerk>"
    stand = await stand_after(hub, creeer_zaak(kenmerk=[half, whole]))

    assert stand["kenmerken"] == [{"kenmerk": "OF-2", "bron": "Open Formulieren"}]


async def test_an_object_that_is_no_address_is_kept(hub: Municipality) -> None:
    """Gemeente, vestiging and the rest are zaakobjecten too."""
    gemeente_object = (
        '<ZKN:heeftBetrekkingOp StUF:entiteittype="ZAKOBJ" StUF:verwerkingssoort="T"><ZKN:gerelateerde>'
        '<ZKN:gemeente StUF:entiteittype="GEM" StUF:verwerkingssoort="I">'
        "<BG:gemeenteNaam>Voorbeeldstad</BG:gemeenteNaam><BG:gemeenteCode>1900</BG:gemeenteCode></ZKN:gemeente>"
        "</ZKN:gerelateerde></ZKN:heeftBetrekkingOp>"
    )
    stand = await stand_after(hub, creeer_zaak(heeftBetrekkingOp=gemeente_object))

    [zaakobject] = stand["zaakobjecten"]
    assert (zaakobject["objectType"], zaakobject["objectIdentificatie"]["gemeenteCode"]) == ("gemeente", "1900")


async def test_a_zaak_that_changes_its_zaaktype_waits_for_a_person(hub: Municipality) -> None:
    """ZGW forbids it; the sentence says so, and nothing of the zaak changed."""
    await hub.send(creeer_zaak(omschrijving="Aanvraag"), update_zaak(omschrijving="Anders", isVan=is_van("B9999")))

    [failure] = await hub.hub.failures()
    assert (failure.code, failure.fault) == ("zaaktype-onveranderlijk", "afzender")
    assert hub.stand(ZAAK)["omschrijving"] == "Aanvraag"
