"""What happens to a person goes from a makelaar to an application, over StUF-BG, through the whole hub."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from adapters.stuf_bg.simulator.afnemer import Afnemer, Gedrag
from hub.configuration import Configuration
from hub.errors import ActRefused, MessageRefused
from hub.ingress.asgi import Ingress
from hub.ledger.edits import EditPart
from hub.testkit.memory import Memory
from hub.testkit.network import STORM
from hub.wire import xml
from hub.wire.stuf import stuurgegevens
from hub.wire.stuf.waarden import read_waarde
from hub.wire.xml import find
from tests.support.asgi import ask
from tests.support.bg import official
from tests.support.bg_afnemer import IN, UIT, Gemeente, configuration_of, gemeente
from tests.support.bg_bericht import ADA, BOB, CAS, KERN, lk01, lk03, persoon, sa01, soap, verhuizing
from tests.support.shared import SHARED

UIT_PERSONEN = UIT["personen"]


@pytest.fixture(scope="module")
def configuration(tmp_path_factory: pytest.TempPathFactory) -> Configuration:
    """Load it once."""
    return configuration_of(tmp_path_factory.mktemp("installation"))


def straten(here: Gemeente, bsn: str) -> list[str]:
    """Give where the application was told that somebody lives, one after the other."""
    told = [each.message for each in here.afnemer.about(bsn)]
    return [read_waarde(find(each[-1], "verblijfsadres/gor.openbareRuimteNaam")).tekst for each in told]


def other(kern: str) -> str:
    """Give an object another name."""
    return kern.replace("Jansen", "Pietersen").replace("Het Anker", "De Kaap").replace("Dorpsstraat", "Kerkstraat")


def moves(bsn: str, *streets: str, prefix: str = "m") -> list[str]:
    """Move somebody from street to street."""
    return [
        verhuizing(bsn, van, naar, reference=f"{prefix}-{bsn[-3:]}-{naar}") for van, naar in itertools.pairwise(streets)
    ]


async def test_a_move_reaches_the_application_with_what_it_was(configuration: Configuration) -> None:
    """From npsLk01 to an event to npsLk01, under the id of the event; right by the standard."""
    async with gemeente(configuration) as here:
        await here.send(verhuizing(ADA, "Dorpsstraat", "Kerkstraat", reference="m-1"))

        assert await here.hub.failures() == []
        [(name, data)] = await here.events()
        assert name == "nl.personen.persoon-bijgewerkt.v1"
        assert data["gevolgVan"] == "W"
        assert data["persoon"]["verblijfplaats"]["verblijfadres"]["officieleStraatnaam"] == "Kerkstraat"
        assert data["was"]["verblijfplaats"]["verblijfadres"]["officieleStraatnaam"] == "Dorpsstraat"
        [told] = here.afnemer.about(ADA)
        oud, huidig = told.message.iterchildren("{*}object")
        assert read_waarde(find(oud, "verblijfsadres/gor.openbareRuimteNaam")).tekst == "Dorpsstraat"
        assert read_waarde(find(huidig, "verblijfsadres/gor.openbareRuimteNaam")).tekst == "Kerkstraat"
        if SHARED.exists():
            assert official().validate(told.message), official().error_log


async def test_what_happens_to_one_person_stays_in_order_and_another_does_not_wait(
    configuration: Configuration,
) -> None:
    """One whose message is refused waits, with what comes after it; a person mends it, and it goes on in order."""
    afnemer = Afnemer()
    afnemer.misbehave(Gedrag("fout", about=BOB, code="StUF055"))
    async with gemeente(configuration, afnemer=afnemer) as here:
        await here.send(*moves(ADA, "A", "B"), *moves(BOB, "A", "B", "C"), *moves(ADA, "B", "C"), *moves(CAS, "A", "B"))

        [failure] = await here.hub.failures()
        assert (failure.stage, failure.code) == (UIT_PERSONEN, "StUF055")
        assert (straten(here, ADA), straten(here, BOB), straten(here, CAS)) == (["B", "C"], [], ["B"])

        await here.hub.app.operator().replay(failure.id, by="jan", reason="the application was mended")
        await here.hub.let_pass(10)

        assert straten(here, BOB) == ["B", "C"]


async def test_no_bsn_is_in_a_key_a_topic_a_header_or_a_log(configuration: Configuration) -> None:
    """Of whoever passes, also through failures."""
    afnemer = Afnemer()
    afnemer.misbehave(
        Gedrag("fout", about=BOB, code="StUF055"), Gedrag("html", about=CAS), Gedrag("cut-after", about=ADA)
    )
    people = (ADA, BOB, CAS)
    with capture_logs() as logs:
        async with gemeente(configuration, afnemer=afnemer) as here:
            for bsn in people:
                await here.hub.accept(soap(moves(bsn, "A", "B")[0]), connection=IN)
            wrong = lk01("NPS", "W", persoon(ADA, "<BG:geboortedatum>20261301</BG:geboortedatum>"), reference="wrong")
            await here.hub.accept(soap(wrong), connection=IN)
            broken = lk01("NPS", "T", f"<BG:onbekend>{ADA}</BG:onbekend>", reference="broken")
            with pytest.raises(MessageRefused) as refused:
                await here.hub.accept(soap(broken), connection=IN)
            await here.hub.let_pass(60)
            records = await here.records()
            failures = await here.hub.failures()

    seen = [str(refused.value), str(failures), str(logs)]
    seen += [f"{each.partition.topic} {each.key!r} {each.headers!r}" for each in records]
    assert records
    assert failures
    assert not [(bsn, each) for bsn in people for each in seen if bsn in each]
    assert all(each.key.startswith(b"persoon-") for each in records)


async def test_the_key_of_a_person_is_the_same_at_the_door_at_the_translation_and_in_the_event(
    configuration: Configuration,
) -> None:
    """And the same whoever sends, whatever happened."""
    async with gemeente(configuration) as here:
        await here.send(*moves(ADA, "A", "B"), lk01("NPS", "V", persoon(ADA), reference="v"))

        records = await here.records()
        keys = {each.key for each in records}
        subjects = {dict(each.headers).get("ce_subject", each.key) for each in records}
        assert len(records) == 4
        assert len(keys) == len(subjects) == 1
        assert keys == subjects


async def test_a_correction_keeps_its_place_and_may_not_be_about_somebody_else(
    configuration: Configuration, tmp_path: Path
) -> None:
    """A message that no mapping understands is mended by a person: it stays in the queue of whom it is about."""
    settings = configuration.settings.model_copy(update={"home": tmp_path})
    async with gemeente(configuration._replace(settings=settings)) as here:
        date = "<BG:geboortedatum>{}</BG:geboortedatum>"
        wrong = lk01("NPS", "W", persoon(ADA, date.format("20261301")), reference="w-1")
        await here.send(wrong, *moves(ADA, "A", "B"))
        [failure] = await here.hub.failures()
        editor = here.hub.app.editor()

        mended = soap(wrong.replace("20261301", "19601201"))
        somebody_else = mended.replace(ADA.encode(), BOB.encode())
        with pytest.raises(ActRefused, match="another zaak"):
            await editor.propose(failure.id, EditPart.RAW, text=somebody_else, by="jan", reason="a typing error")
        proposal = await editor.propose(failure.id, EditPart.RAW, text=mended, by="jan", reason="a typing error")
        before = len(here.afnemer.kept)
        await editor.apply(proposal.edit.id, by="jan", reason="a typing error")
        await here.hub.let_pass(10)

        assert (failure.stage, before) == (IN, 0)
        assert proposal.problems == ()
        assert [find(each.message[-1], "geboortedatum") is not None for each in here.afnemer.about(ADA)] == [
            True,
            False,
        ]


async def test_a_resend_is_no_second_event_and_what_happens_again_is(configuration: Configuration) -> None:
    """Under a new number too; but who is kept, kept no longer, and kept again is told of three times."""
    kept, gone = (lk01("NPS", soort, persoon(ADA), reference="{}") for soort in "TV")
    async with gemeente(configuration) as here:
        await here.send(kept.replace("{}", "1"), kept.replace("{}", "1"), kept.replace("{}", "2"))
        await here.send(gone.replace("{}", "3"), kept.replace("{}", "4"))

        assert [name.split("-")[1] for name, _ in await here.events()] == [
            "opgevoerd.v1",
            "verwijderd.v1",
            "opgevoerd.v1",
        ]
        assert len(here.afnemer.about(ADA)) == 3


async def test_through_a_storm_everybody_is_told_everything_once_and_in_order(configuration: Configuration) -> None:
    """Requests and answers get lost: what is sent again goes under the same number."""
    memory = Memory()
    async with gemeente(configuration, weather=STORM, seed=7, memory=memory) as here:
        for bsn in (ADA, BOB, CAS):
            await here.send(*moves(bsn, "A", "B", "C", "D"))
        await here.hub.let_pass(600)

        assert [straten(here, bsn) for bsn in (ADA, BOB, CAS)] == [["B", "C", "D"]] * 3
        assert here.afnemer.asked > len(here.afnemer.kept)


async def test_what_the_application_says_later_is_heard(configuration: Configuration) -> None:
    """A Fo01 is a failure of the delivery that it is about, a Bv01 a line in its timeline."""
    async with gemeente(configuration) as here:
        await here.send(*moves(ADA, "A", "B"), *moves(BOB, "A", "B"))
        first, second = (here.afnemer.about(bsn)[0].referentienummer for bsn in (ADA, BOB))

        for body, headers in (here.afnemer.later(first, fout="StUF064"), here.afnemer.later(second)):
            await here.hub.accept(body, connection=IN, headers=headers)
        await here.hub.settle()

        [failure] = await here.hub.failures()
        assert (failure.stage, failure.item_id, failure.where, failure.code) == (UIT_PERSONEN, first, "Fo01", "StUF064")
        [said] = await here.hub.app.ledger.delivered(second)
        timeline = await here.hub.app.ledger.timeline(said.zaak)
        assert ("bevestigd", "Bv01") in [(each.what, each.detail) for each in timeline]


@pytest.mark.parametrize(("soort", "domein"), [("NPS", "personen"), ("MAC", "bedrijven"), ("AOA", "adressen")])
async def test_everything_that_can_happen_goes_through(configuration: Configuration, soort: str, domein: str) -> None:
    """Kept, changed, kept no longer, and all of it."""
    noun = {"personen": "persoon", "bedrijven": "bedrijf", "adressen": "adres"}[domein]
    kern, bericht = KERN[soort], soort.lower()
    async with gemeente(configuration) as here:
        await here.send(
            lk01(soort, "T", kern, reference="1"),
            lk01(soort, "W", kern, other(kern), reference="2"),
            lk01(soort, "V", kern, reference="3"),
            sa01(soort, kern, reference="4"),
        )

        assert await here.hub.failures() == []
        assert [name for name, _ in await here.events(domein)] == [
            f"nl.{domein}.{noun}-{each}.v1" for each in ("opgevoerd", "bijgewerkt", "verwijderd", "gesynchroniseerd")
        ]
        assert [each.element for each in here.afnemer.kept] == [*[f"{bericht}Lk01"] * 3, f"{bericht}Sa01"]


@pytest.mark.parametrize("soort", ["NNP", "VES"])
async def test_an_organisation_and_a_branch_come_in_as_a_company(configuration: Configuration, soort: str) -> None:
    """What of them is sent, a connection of its own says."""
    async with gemeente(configuration) as here:
        await here.send(lk01(soort, "W", KERN[soort], KERN[soort], reference="1"))

        [(name, data)] = await here.events("bedrijven")
        assert name == "nl.bedrijven.bedrijf-bijgewerkt.v1"
        assert data["bedrijf"] == data["was"]


async def test_a_composite_message_is_taken_in_its_order(configuration: Configuration) -> None:
    """Each kennisgeving becomes an event; one acknowledgement, and what is not received here is said to be so."""
    address = [lk01("AOA", soort, KERN["AOA"], reference=f"a-{soort}") for soort in "TV"]
    building = lk01("PND", "T", "<BG:identificatie>1900100000000001</BG:identificatie>", reference="p", name="pndLk01")
    with capture_logs() as logs:
        async with gemeente(configuration) as here:
            seen = await here.hub.accept(
                soap(lk03("bagIN", address[0], building, address[1], reference="whole")), connection=IN
            )
            await here.hub.settle()

            events = await here.events("adressen")
            timeline = await here.hub.app.ledger.timeline("1900200000000001")

    assert seen.message_id
    assert [name.split("-")[1] for name, _ in events] == ["opgevoerd.v1", "verwijderd.v1"]
    remark = "bagIN_Lk03: of its kennisgevingen these are not received here: pndLk01"
    assert [each["remarks"] for each in logs if each["event"] == "message_wrong_but_taken"] == [(remark,)]
    assert sorted(remark in each.detail for each in timeline if each.what == "geaccepteerd") == [False, True]


async def test_a_composite_message_is_acknowledged_as_one_over_http(configuration: Configuration) -> None:
    """One Bv03, about the number of the whole; with something wrong in it one Fo03, and nothing is kept."""
    two = [lk01("AOA", soort, KERN["AOA"], reference=f"a-{soort}") for soort in "TV"]
    wrong = lk01("AOA", "T", "<BG:huisnummer>een</BG:huisnummer>", reference="b")
    async with gemeente(configuration) as here:
        ingress, headers = Ingress(here.hub.app, doors=True), {"content-type": "text/xml; charset=utf-8"}
        taken = await ask(ingress, f"/in/{IN}", soap(lk03("bagIN", *two, reference="whole")), headers=headers)
        refused = await ask(ingress, f"/in/{IN}", soap(lk03("bagIN", *two, wrong, reference="other")), headers=headers)
        await here.hub.settle()
        events = await here.events("adressen")

    told = [stuurgegevens.read(next(xml.parse(each.body).iter("{*}stuurgegevens"))) for each in (taken, refused)]
    assert [(each.berichtcode, each.cross_refnummer) for each in told] == [("Bv03", "whole"), ("Fo03", "other")]
    assert (taken.status, refused.status, len(events)) == (200, 500, 2)


async def test_a_composite_message_with_something_wrong_in_it_is_refused_whole(configuration: Configuration) -> None:
    """All are read before the first is accepted."""
    right = lk01("AOA", "T", KERN["AOA"], reference="a")
    wrong = lk01("AOA", "T", "<BG:huisnummer>een</BG:huisnummer>", reference="b")
    async with gemeente(configuration) as here:
        with pytest.raises(MessageRefused) as refused:
            await here.hub.accept(soap(lk03("bagIN", right, wrong, reference="whole")), connection=IN)
        await here.hub.settle()

        assert refused.value.code == "StUF055"
        assert await here.events("adressen") == []


async def test_a_composite_message_sent_again_is_known(configuration: Configuration) -> None:
    """Also when what is in it has one number for all."""
    two = [lk01("AOA", soort, KERN["AOA"], reference="same") for soort in "TV"]
    async with gemeente(configuration) as here:
        first = await here.hub.accept(soap(lk03("bagIN", *two, reference="same")), connection=IN)
        again = await here.hub.accept(soap(lk03("bagIN", *two, reference="same")), connection=IN)
        await here.hub.settle()

        assert first == again
        assert len(await here.events("adressen")) == 2


async def test_what_a_person_is_not_known_by_a_number_of_waits_for_nobody(configuration: Configuration) -> None:
    """Without a BSN the key of the sender keeps the order; a key that could be a BSN is treated as one."""
    nameless = "<BG:geslachtsnaam>Jansen</BG:geslachtsnaam>"
    async with gemeente(configuration) as here:
        await here.send(
            lk01("NPS", "T", nameless, reference="1", sleutel="LBA.00000142157"),
            lk01("NPS", "T", nameless, reference="2", sleutel=BOB),
            lk01("NPS", "T", nameless, reference="3"),
        )

        keys = [each.key.decode() for each in await here.records() if each.partition.topic.endswith(IN)]
        assert "nps-LBA.00000142157" in keys
        assert "3" in keys
        assert [each.startswith("persoon-") for each in keys].count(True) == 1
