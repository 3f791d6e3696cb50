"""adapters/stuf_bg: what is sent to an application that is told, and what its answers mean."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from adapters.stuf_bg.definition import findings
from adapters.stuf_bg.options import Options
from adapters.stuf_bg.outbound import create
from adapters.stuf_bg.report import create as create_report
from adapters.stuf_bg.simulator.afnemer import Afnemer, Gedrag
from hub.clock import Clock
from hub.desk.tools import tools_of
from hub.errors import TargetFailed, TargetMisconfigured, TargetRefused, TargetUnavailable, TargetUncertain
from hub.mapping.cases import Case, find_cases
from hub.ports.contracts import Client, Exchange, Outbound, Outgoing, Step, Told
from hub.testkit.clock import FakeClock
from hub.testkit.network import FaultyNetwork
from hub.wire import xml
from hub.wire.soap import envelope
from hub.wire.soap.envelope import Version
from hub.wire.stuf import stuurgegevens
from hub.wire.stuf.berichten import bv03
from hub.wire.stuf.stuurgegevens import Stuurgegevens, Systeem
from hub.wire.stuf.waarden import NoValue, read_verwerkingssoort, read_waarde
from hub.wire.xml import find, local_name
from tests.support.bg import official
from tests.support.bg_bericht import ADA, BOB, CAS, KERN, LEEG, SPACES, adres, persoon
from tests.support.shared import SHARED

EVENT = "6a2c9d4e-6f0b-5b5e-9d6e-2f6a1c0d7e11"
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OPTIONS = Options.model_validate(
    {"organisatie": "1900", "ontvanger": {"organisatie": "1900", "applicatie": "BELASTINGEN"}}
)
EXAMPLES = Path(__file__).parents[2] / "mappings" / "_voorbeelden"
CASES = [case for case in find_cases(EXAMPLES) if case.connection.name.endswith("-naar-afnemers")]
ZAAK = f"persoon-{'0' * 40}"


@pytest.fixture(scope="module")
def adapter() -> Outbound:
    """Make it once."""
    return create(OPTIONS)


def outgoing(gives: str, body: str, *, reference: str = EVENT) -> Outgoing:
    return Outgoing("nl.personen.persoon-bijgewerkt.v1", gives, body.encode(), reference, AT, ZAAK)


def step(adapter: Outbound, gives: str, body: str, *, reference: str = EVENT) -> Step:
    [made] = adapter.steps(outgoing(gives, body, reference=reference))
    return made


def sent(adapter: Outbound, gives: str, body: str) -> etree._Element:
    """Give the message that goes out; right by our definition, and by that of the standard where it is at hand."""
    message = etree.fromstring(step(adapter, gives, body).body["bericht"])
    assert not findings(message)
    if SHARED.exists():
        assert official().validate(message), official().error_log
    return message


def changed(huidig: str, oud: str = "", *, soort: str = "NPS", more: str = "") -> str:
    """Write what a mapping makes of a change."""
    bericht = soort.lower()
    before = f"<oud>{oud}</oud>" if oud else ""
    return (
        f'<BG:{bericht}Lk01 {SPACES}>{more}<BG:object StUF:entiteittype="{soort}">{huidig}</BG:object>{before}'
        f"</BG:{bericht}Lk01>"
    )


def kind(number: str, name: str = "inp.heeftAlsKinderen", soort: str = "NPSNPSKND", more: str = "") -> str:
    return (
        f'<BG:{name} StUF:entiteittype="{soort}"><BG:gerelateerde StUF:entiteittype="NPS"><BG:inp.bsn>{number}'
        f"</BG:inp.bsn></BG:gerelateerde>{more}</BG:{name}>"
    )


def pair(message: etree._Element) -> tuple[etree._Element, etree._Element]:
    oud, huidig = message.iterchildren("{*}object")
    return oud, huidig


def names(entity: etree._Element) -> list[str]:
    return [local_name(each) for each in entity]


def soorten(entity: etree._Element, name: str) -> list[str]:
    return [str(read_verwerkingssoort(each)) for each in entity.iterchildren(f"{{*}}{name}")]


# What goes out


@pytest.mark.parametrize("case", CASES, ids=lambda each: each.name)
def test_what_the_examples_make_goes_out_as_the_standard_wants_it(adapter: Outbound, case: Case) -> None:
    """Every case of the mappings that come with the hub."""
    story = case.name.rpartition("/")[2].partition("-")[0]
    ends = {"opgevoerd": "-T", "bijgewerkt": "-W", "verwijderd": "-V", "gesynchroniseerd": "Sa01"}[story]
    mappings = tools_of(case.connection, root=EXAMPLES.parent).mappings.values()
    [gives] = [each.gives for each in mappings if each.gives.endswith(ends)]

    message = sent(adapter, gives, case.expected.with_suffix(".xml").read_text())

    assert local_name(message)[:3] == gives[:3]


@pytest.mark.parametrize("soort", sorted(KERN))
@pytest.mark.parametrize("mutatie", ["T", "W", "V"])
def test_every_entity_is_told_of(adapter: Outbound, soort: str, mutatie: str) -> None:
    """Also those of which no example tells."""
    body = changed(KERN[soort], KERN[soort] if mutatie == "W" else "", soort=soort)

    message = sent(adapter, f"{soort.lower()}Lk01-{mutatie}", body)

    said = stuurgegevens.read(find(message, "stuurgegevens"))
    assert (said.berichtcode, said.entiteittype, said.referentienummer) == ("Lk01", soort, EVENT)
    assert (said.zender.applicatie, said.ontvanger.applicatie) == ("ZAAKHUB", "BELASTINGEN")
    assert read_waarde(find(message, "parameters/mutatiesoort")).tekst == mutatie
    assert {str(read_verwerkingssoort(each)) for each in message.iterchildren("{*}object")} == {mutatie}


@pytest.mark.parametrize("mutatie", ["C", "F"])
def test_a_correction_stays_a_correction(adapter: Outbound, mutatie: str) -> None:
    """As the mapping says; what it says beside the service is left aside."""
    more = "<BG:parameters><StUF:mutatiesoort>{}</StUF:mutatiesoort></BG:parameters>"

    corrected = sent(adapter, "npsLk01-W", changed(persoon(ADA), persoon(ADA), more=more.format(mutatie)))
    added = sent(adapter, "npsLk01-T", changed(persoon(ADA), more=more.format(mutatie)))

    assert read_waarde(find(corrected, "parameters/mutatiesoort")).tekst == mutatie
    assert read_waarde(find(added, "parameters/mutatiesoort")).tekst == "T"


def test_a_removal_names_its_object_and_no_more(adapter: Outbound) -> None:
    """Nobody is told what is not needed."""
    message = sent(
        adapter, "npsLk01-V", changed(persoon(ADA, "<BG:inp.geboorteplaats>X</BG:inp.geboorteplaats>" + kind(BOB)))
    )

    [entity] = message.iterchildren("{*}object")
    assert names(entity) == ["inp.bsn", "geslachtsnaam"]


# Was and wordt


def test_only_what_changed_is_said_with_what_identifies(adapter: Outbound) -> None:
    """Both values of what changed (StUF 03.01 §5.2.3)."""
    same = "<BG:inp.geboorteplaats>Testdorp</BG:inp.geboorteplaats>"
    oud, huidig = pair(
        sent(
            adapter,
            "npsLk01-W",
            changed(
                persoon(ADA, f"<BG:voornamen>Ada</BG:voornamen>{same}"),
                persoon(ADA, f"<BG:voornamen>Eda</BG:voornamen>{same}"),
            ),
        )
    )

    assert names(oud) == names(huidig) == ["inp.bsn", "geslachtsnaam", "voornamen"]
    assert [read_waarde(find(each, "voornamen")).tekst for each in (oud, huidig)] == ["Eda", "Ada"]


def test_what_is_not_known_of_before_is_said_to_be_so(adapter: Outbound) -> None:
    """Of a message that is not all there is: nothing is known of before but whom it is about."""
    oud, huidig = pair(sent(adapter, "npsLk01-W", changed(persoon(ADA, adres("Kerkstraat") + kind(BOB)))))

    assert names(oud) == names(huidig)
    assert read_waarde(find(oud, "inp.bsn")).tekst == ADA
    assert read_waarde(find(oud, "geslachtsnaam")).reden is NoValue.WAARDE_ONBEKEND
    assert read_waarde(find(oud, "verblijfsadres/aoa.postcode")).reden is NoValue.WAARDE_ONBEKEND
    assert soorten(oud, "inp.heeftAlsKinderen") == soorten(huidig, "inp.heeftAlsKinderen") == ["T"]


def test_a_change_that_is_all_there_is_without_what_it_was_is_a_synchronisation(adapter: Outbound) -> None:
    """A change found by comparing: what the application has is replaced, nothing is said of before."""
    made = step(adapter, "npsLk01-W", changed(persoon(ADA, adres("Kerkstraat")), more="<volledig>true</volledig>"))
    message = sent(adapter, "npsLk01-W", changed(persoon(ADA, adres("Kerkstraat")), more="<volledig>true</volledig>"))

    assert (made.name, local_name(message)) == ("npsSa01", "npsSa01")
    numbers = [each.text for each in message.iter("{*}referentienummer")]
    assert numbers == [EVENT, f"{EVENT}-1"]
    assert find(message, "actueel/object/verblijfsadres") is not None


def test_a_change_that_is_all_there_is_with_what_it_was_stays_a_change(adapter: Outbound) -> None:
    """And what is only in what it was is not there any more."""
    whole = changed(
        persoon(ADA), persoon(ADA, "<BG:voornamen>Ada</BG:voornamen>" + kind(BOB)), more="<volledig>true</volledig>"
    )
    oud, huidig = pair(sent(adapter, "npsLk01-W", whole))

    assert read_waarde(find(huidig, "voornamen")).reden is NoValue.GEEN_WAARDE
    assert soorten(oud, "inp.heeftAlsKinderen") == soorten(huidig, "inp.heeftAlsKinderen") == ["V"]


def test_of_what_is_not_spoken_of_nothing_is_said(adapter: Outbound) -> None:
    """What is only in *oud* is no removal (StUF 03.01 §5.2.3): a sender told more than it had to."""
    oud, huidig = pair(
        sent(adapter, "npsLk01-W", changed(persoon(ADA), persoon(ADA, "<BG:voornamen>Ada</BG:voornamen>" + kind(BOB))))
    )

    assert names(oud) == names(huidig) == ["inp.bsn", "geslachtsnaam"]


def test_what_has_no_value_any_more_says_so(adapter: Outbound) -> None:
    """And what it was."""
    none = f"<BG:voornamen {LEEG}/>"
    oud, huidig = pair(
        sent(adapter, "npsLk01-W", changed(persoon(ADA, none), persoon(ADA, "<BG:voornamen>Ada</BG:voornamen>")))
    )

    assert read_waarde(find(oud, "voornamen")).tekst == "Ada"
    assert read_waarde(find(huidig, "voornamen")).reden is NoValue.GEEN_WAARDE


def test_of_a_choice_each_object_has_one(adapter: Outbound) -> None:
    """Who moved abroad lived at an address, and lives at none."""
    abroad = "<BG:sub.verblijfBuitenland><BG:lnd.landcode>5010</BG:lnd.landcode></BG:sub.verblijfBuitenland>"
    oud, huidig = pair(sent(adapter, "npsLk01-W", changed(persoon(ADA, abroad), persoon(ADA, adres("Kerkstraat")))))

    assert names(oud)[2:] == ["verblijfsadres"]
    assert names(huidig)[2:] == ["sub.verblijfBuitenland"]


def test_of_a_group_both_objects_have_the_same_members(adapter: Outbound) -> None:
    """A house letter that was there and is not, and one that is there now (StUF 03.01 §3.4)."""
    letter = adres("Kerkstraat").replace(
        "</BG:aoa.huisnummer>", "</BG:aoa.huisnummer><BG:aoa.huisletter>A</BG:aoa.huisletter>"
    )
    oud, huidig = pair(sent(adapter, "npsLk01-W", changed(persoon(ADA, adres("Dorpsstraat")), persoon(ADA, letter))))
    back_oud, _ = pair(sent(adapter, "npsLk01-W", changed(persoon(ADA, letter), persoon(ADA, adres("Dorpsstraat")))))

    path = "verblijfsadres/aoa.huisletter"
    assert (read_waarde(find(oud, path)).tekst, read_waarde(find(huidig, path)).reden) == ("A", NoValue.GEEN_WAARDE)
    assert read_waarde(find(back_oud, path)).reden is NoValue.WAARDE_ONBEKEND


def test_since_when_it_holds_is_until_when_the_other_did(adapter: Outbound) -> None:
    """Of a correction there is no until: it never held (StUF 03.01 §5.2.3)."""
    since = "<StUF:tijdvakGeldigheid><StUF:beginGeldigheid>20260301</StUF:beginGeldigheid></StUF:tijdvakGeldigheid>"
    correction = "<BG:parameters><StUF:mutatiesoort>C</StUF:mutatiesoort></BG:parameters>"
    body = persoon(ADA, adres("B") + since + kind(BOB)), persoon(ADA, adres("A"))
    oud, huidig = pair(sent(adapter, "npsLk01-W", changed(*body)))
    corrected, _ = pair(sent(adapter, "npsLk01-W", changed(*body, more=correction)))

    begin, eind = ("tijdvakGeldigheid/beginGeldigheid", "tijdvakGeldigheid/eindGeldigheid")
    assert (read_waarde(find(huidig, begin)).tekst, read_waarde(find(huidig, eind)).reden) == (
        "20260301",
        NoValue.GEEN_WAARDE,
    )
    assert (read_waarde(find(oud, begin)).reden, read_waarde(find(oud, eind)).tekst) == (
        NoValue.WAARDE_ONBEKEND,
        "20260301",
    )
    assert read_waarde(find(corrected, eind)).reden is NoValue.GEEN_WAARDE


# Relations


def test_relations_are_changed_added_and_ended_in_one_order(adapter: Outbound) -> None:
    """What stayed as it was is not spoken of (StUF 03.01 §5.2.4)."""
    since = "<BG:datumIngangFamilierechtelijkeBetrekking>20200101</BG:datumIngangFamilierechtelijkeBetrekking>"
    other = "999990044"
    oud, huidig = pair(
        sent(
            adapter,
            "npsLk01-W",
            changed(
                persoon(ADA, kind(other) + kind(BOB, more=since) + kind(ADA)),
                persoon(ADA, kind(BOB) + kind(CAS) + kind(ADA)),
            ),
        )
    )

    name = "inp.heeftAlsKinderen"
    assert soorten(oud, name) == soorten(huidig, name) == ["W", "V", "T"]
    who = [
        [read_waarde(find(each, "gerelateerde/inp.bsn")).tekst for each in side.iterchildren(f"{{*}}{name}")]
        for side in (oud, huidig)
    ]
    assert who == [[BOB, CAS, ""], [BOB, "", other]]


def test_where_somebody_lives_is_replaced(adapter: Outbound) -> None:
    """There is one such relation: that to another object takes its place."""

    def lives_in(number: str) -> str:
        return (
            '<BG:inp.verblijftIn StUF:entiteittype="NPSTGO"><BG:gerelateerde StUF:entiteittype="TGO"><BG:identificatie>'
            f"{number}</BG:identificatie></BG:gerelateerde></BG:inp.verblijftIn>"
        )

    oud, huidig = pair(
        sent(
            adapter,
            "npsLk01-W",
            changed(persoon(ADA, lives_in("1900010000000002")), persoon(ADA, lives_in("1900010000000001"))),
        )
    )

    assert soorten(oud, "inp.verblijftIn") == soorten(huidig, "inp.verblijftIn") == ["R"]


def test_a_relation_that_is_null_has_ended(adapter: Outbound) -> None:
    """Filled in *oud*, empty in *huidig*; of one that nobody knows nothing can be said."""
    none = f'<BG:inp.heeftAlsKinderen StUF:entiteittype="NPSNPSKND" {LEEG}/>'
    oud, huidig = pair(sent(adapter, "npsLk01-W", changed(persoon(ADA, none), persoon(ADA, kind(BOB)))))
    unknown, _ = pair(sent(adapter, "npsLk01-W", changed(persoon(ADA, none))))

    assert soorten(oud, "inp.heeftAlsKinderen") == soorten(huidig, "inp.heeftAlsKinderen") == ["V"]
    assert find(unknown, "inp.heeftAlsKinderen") is None


# Numbers and keys


def test_the_message_has_the_number_of_its_event_at_every_attempt(adapter: Outbound) -> None:
    """And one that is too long for StUF a number that stands for it."""
    body = changed(persoon(ADA))
    first, again = (step(adapter, "npsLk01-T", body) for _ in range(2))
    long = step(adapter, "npsLk01-T", body, reference="x" * 60)

    assert first == again
    assert (first.key, first.body["referentienummer"]) == (f"npsLk01-T:{EVENT}", EVENT)
    assert len(long.body["referentienummer"]) == 40


def test_what_synchronises_is_known_by_a_key_without_a_number_of_anybody(adapter: Outbound) -> None:
    """The ordering key; a relation by one of its own, that no one can undo."""
    person = f'<BG:object StUF:entiteittype="NPS">{persoon(ADA, kind(BOB))}</BG:object>'
    body = f"<BG:npsSa01 {SPACES}><BG:actueel>{person}</BG:actueel></BG:npsSa01>"
    message = sent(adapter, "npsSa01", body)

    keys = [str(value) for each in message.iter("*") for name, value in each.attrib.items() if "sleutel" in str(name)]
    assert len(keys) == len(set(keys)) == 2
    assert not [each for each in keys if ADA in each or BOB in each]


@pytest.mark.parametrize("gives", ["npsLv01", "npsSh01", "npsSa03", "Bv01", "onbekend"])
def test_a_mapping_that_gives_no_message_that_is_sent_is_refused(adapter: Outbound, gives: str) -> None:
    """It is for who made the connection."""
    with pytest.raises(TargetMisconfigured) as failure:
        adapter.steps(outgoing(gives, changed(persoon(ADA))))

    assert failure.value.code == "onbekend-bericht"


def test_what_does_not_fit_is_never_sent_and_no_value_is_said(adapter: Outbound) -> None:
    """With the element, and who mends it."""
    with pytest.raises(TargetRefused) as failure:
        adapter.steps(outgoing("npsLk01-T", changed(f"<BG:inp.bsn>{ADA}7</BG:inp.bsn>")))

    assert failure.value.code == "StUF055"
    assert "inp.bsn" in failure.value.reason
    assert ADA not in str(failure.value)


# Sending it


def exchange(afnemer: Afnemer, *, resumed: bool = False) -> Exchange:
    client: Client = FaultyNetwork(afnemer.handle, {"bg": "http://belastingen.test/stuf/"})
    return Exchange(client, None, {}, resumed, AT)  # type: ignore[arg-type]


async def test_it_is_taken_and_a_resend_is_known(adapter: Outbound) -> None:
    """The same message under the same number gets the same answer."""
    afnemer, made = Afnemer(), step(adapter, "npsLk01-T", changed(persoon(ADA)))

    await adapter.send(made, exchange(afnemer))
    await adapter.send(made, exchange(afnemer, resumed=True))

    assert (afnemer.asked, len(afnemer.kept)) == (2, 1)


async def test_an_intermediary_is_noted(adapter: Outbound) -> None:
    """It has it, and nobody checked it."""
    afnemer = Afnemer()
    afnemer.misbehave(Gedrag("bv04"))

    receipt = await adapter.send(step(adapter, "npsLk01-T", changed(persoon(ADA))), exchange(afnemer))

    assert "Bv04" in receipt.note


@pytest.mark.parametrize(
    ("order", "failure"),
    [
        (Gedrag("fout", code="StUF055"), TargetRefused),
        (Gedrag("fout", code="StUF058"), TargetUnavailable),
        (Gedrag("fout", code="StUF010"), TargetMisconfigured),
        (Gedrag("fout", code="StUF025"), TargetMisconfigured),
        (Gedrag("fout", code="StUF016"), TargetRefused),
        (Gedrag("html", status=503), TargetUnavailable),
        (Gedrag("html", status=401), TargetMisconfigured),
        (Gedrag("html", status=500), TargetUncertain),
        (Gedrag("cut-before"), TargetUncertain),
        (Gedrag("cut-after"), TargetUncertain),
    ],
    ids=lambda each: f"{each.kind}-{each.code}-{each.status}" if isinstance(each, Gedrag) else each.__name__,
)
async def test_what_goes_wrong_is_of_the_kind_that_it_is(
    adapter: Outbound, order: Gedrag, failure: type[TargetFailed]
) -> None:
    """And says nothing of whom it is about."""
    afnemer = Afnemer()
    afnemer.misbehave(order)

    with pytest.raises(failure) as raised:
        await adapter.send(step(adapter, "npsLk01-T", changed(persoon(ADA))), exchange(afnemer))

    assert ADA not in f"{raised.value} {raised.value.reason} {raised.value.advice}"


async def test_a_slow_one_is_waited_for(adapter: Outbound) -> None:
    """Time is the clock's: the far side does not hold a test up."""
    clock: Clock = FakeClock()
    afnemer = Afnemer(clock=clock)
    afnemer.misbehave(Gedrag("slow", seconds=0.0))

    assert (await adapter.send(step(adapter, "npsLk01-T", changed(persoon(ADA))), exchange(afnemer))).note == ""


@pytest.mark.parametrize(("status", "problems"), [(200, 0), (405, 0), (500, 0), (401, 1), (403, 1)])
async def test_the_check_says_what_is_wrong_with_the_credentials(adapter: Outbound, status: int, problems: int) -> None:
    """An application that is only told cannot be asked: what it answers to a GET shows that it is there."""

    async def far_side(*_: object) -> tuple[int, list[tuple[str, str]], bytes]:
        return status, [], b""

    client: Client = FaultyNetwork(far_side, {"bg": "http://belastingen.test/stuf/"})

    assert len(await adapter.check(client)) == problems


async def test_the_check_says_that_it_is_not_reached(adapter: Outbound) -> None:
    """With the reason of the client."""

    async def far_side(*_: object) -> tuple[int, list[tuple[str, str]], bytes]:
        raise ConnectionError

    client: Client = FaultyNetwork(far_side, {"bg": "http://belastingen.test/stuf/"})

    assert await adapter.check(client) == ["no answer"]


# What the sender of a kennisgeving is told later


@pytest.mark.parametrize(
    ("done", "code", "said"), [(True, "", "Bv01"), (False, "StUF064", "Fo01"), (False, "iets", "Fo01")]
)
async def test_a_sender_is_told_what_came_of_it(done: bool, code: str, said: str) -> None:  # noqa: FBT001
    """At its own OntvangAsynchroon, about its own number."""
    received: list[bytes] = []

    async def far_side(
        _method: str, path: str, _query: object, _headers: object, body: bytes
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        received.append(body)
        assert path.endswith("/OntvangAsynchroon")
        number = next(xml.parse(body).iter("{*}referentienummer")).text
        answer = bv03(Stuurgegevens("Bv03", Systeem("", "AAA"), Systeem("", "BBB"), "1", "20260302", number or ""))
        return 200, [("content-type", "text/xml")], envelope.write(Version.SOAP11, answer)

    client: Client = FaultyNetwork(far_side, {"bg": "http://makelaar.test/stuf/"})
    told = Told("m", "1900/MAKELAAR", "their-number", "npsLk01-W", ZAAK, AT, done, code, "r")

    await create_report(OPTIONS).tell(told, client)
    await create_report(OPTIONS).tell(told, client)

    assert received[0] == received[1]
    found = stuurgegevens.read(next(xml.parse(received[0]).iter("{*}stuurgegevens")))
    assert (found.berichtcode, found.cross_refnummer, found.ontvanger.applicatie) == (said, "their-number", "MAKELAAR")
