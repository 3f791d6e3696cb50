"""Signals of the Mutatieservice: asked for, read, and what they point at fetched."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest

from adapters.kvk.fetch import create as create_fetch
from adapters.kvk.inbound import create as create_inbound
from adapters.kvk.load import create as create_load
from adapters.kvk.options import InboundOptions
from adapters.kvk.poll import create as create_poll
from adapters.kvk.simulator import ABONNEMENT, BASE, KEY, KEY_HEADER, RUSTEND, Gedrag, Simulator, create
from hub.errors import MessageRefused, TargetFailed, TargetMisconfigured, TargetNotFound, TargetUnavailable
from hub.ports.contracts import Document, Following, Inquiry, MessageRefusal, Notice
from hub.testkit.clock import FakeClock
from tests.support.source import NOW, Source

COMPANY, BRANCH, ENDED, BUSY, NOBODY = "99990002", "999900000022", "99990004", "99990006", "99999999"
WEEK = timedelta(days=7)


def source(*, signalen_per_page_max: int = 500) -> Source:
    simulator = create(clock=FakeClock(NOW), signalen_per_page_max=signalen_per_page_max)
    return Source(simulator, base=BASE, headers={KEY_HEADER: KEY})


def signal(far: Source, kvknummer: str, soort: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - as the simulator
    assert isinstance(far.simulator, Simulator)
    return far.simulator.mutaties.signal(kvknummer, soort, **more)


async def found(far: Source, *, since: datetime = NOW - WEEK, options: InboundOptions | None = None) -> list[Notice]:
    polling = create_poll(options or InboundOptions())
    return [each async for each in polling.find(far, since=since, now=NOW)]


def read(notice: Notice) -> Document:
    return create_inbound(InboundOptions()).read(notice.body, notice.headers, validate=False)


async def fetched(
    far: Source, *, reads: Sequence[tuple[str, ...]] | None = (), options: InboundOptions | None = None, **said: str
) -> Document | None:
    signaal = {"id": "1", "timestamp": "2026-03-01T00:00:00Z", "kvknummer": COMPANY, **said}
    document = read(Notice(orjson.dumps(signaal), {}))
    inquiry = Inquiry(far, far._keep, NOW, None if reads is None else lambda: reads)
    return await create_fetch(options or InboundOptions()).fetch(document, inquiry)


async def test_signals_are_asked_for_since_a_moment_page_by_page() -> None:
    """With `vanaf` and `tot`, the largest pages there are, of the abonnementen that are active."""
    far = source(signalen_per_page_max=10)
    for number in range(25):
        signal(far, COMPANY, "SignaalAdreswijziging_2025_01", late_by=timedelta(hours=number))

    notices = await found(far, since=NOW - timedelta(hours=20))

    assert len(notices) == 21
    assert far.paths == ["v1/abonnementen", *[f"v1/abonnementen/{ABONNEMENT}"] * 3]
    assert far.called[1].query == {
        "vanaf": "2026-03-01T12:00:00.000000Z",
        "tot": "2026-03-02T08:00:00.000000Z",
        "pagina": "1",
        "aantal": "500",
    }
    assert RUSTEND not in "".join(far.paths)


async def test_only_the_chosen_abonnementen_are_asked() -> None:
    """A key may have others, for others."""
    far = source()
    signal(far, COMPANY, "SignaalNaamgeving_2025_01")

    assert await found(far, options=InboundOptions(abonnementen=(RUSTEND,))) == []
    assert len(await found(far, options=InboundOptions(abonnementen=(ABONNEMENT.upper(),)))) == 1


async def test_a_polling_says_how_far_back_it_must_be_asked() -> None:
    """What the options say."""
    polling = create_poll(InboundOptions(overlap_uren=3, bewaard_dagen=30))

    assert isinstance(polling, Following)
    assert (polling.overlap, polling.kept) == (timedelta(hours=3), timedelta(days=30))


@pytest.mark.parametrize(
    ("soort", "vestigingsnummer", "kind"),
    [
        ("SignaalNieuweInschrijving", "", "SignaalNieuweInschrijving"),
        ("SignaalBeeindiging_2025_01", "", "SignaalBeeindiging"),
        ("SignaalGewijzigdeInschrijving", "", "SignaalGewijzigdeInschrijving"),
        ("SignaalGewijzigdeVestiging", BRANCH, "SignaalGewijzigdeVestiging"),
        ("SignaalAdreswijziging_2025_01", BRANCH, "SignaalGewijzigdeVestiging"),
        ("SignaalVoortzettingEnOverdracht_2025_01", "", "SignaalGewijzigdeInschrijving"),
        ("SignaalWaarNiemandVanHoorde_2031_07", "", "SignaalGewijzigdeInschrijving"),
    ],
)
async def test_a_signal_is_read(soort: str, vestigingsnummer: str, kind: str) -> None:
    """Its id is its reference; what happens to a company and its branches stays in order; a new one says `changed`."""
    far = source()
    signaal = signal(far, COMPANY, soort, vestigingsnummer=vestigingsnummer)

    [notice] = await found(far)
    document = read(notice)

    assert (document.kind, document.reference, document.sender) == (kind, signaal["id"], "kvk")
    assert (document.zaak, document.subject) == (COMPANY, vestigingsnummer or COMPANY)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"[]",
        b"{}",
        b'{"id": "1", "kvknummer": "123"}',
        b'{"id": "1", "kvknummer": "12345678", "vestigingsnummer": "1"}',
    ],
)
def test_what_is_no_signal_is_refused(said: bytes) -> None:
    """With the place of what is wrong."""
    with pytest.raises(MessageRefused):
        read(Notice(said, {}))


async def test_a_signal_of_another_form_does_not_stop_the_others() -> None:
    """It goes to the door as it is, where it is refused."""
    far = source()
    signal(far, "geen nummer", "SignaalNaamgeving_2025_01")
    signal(far, COMPANY, "SignaalNaamgeving_2025_01")

    assert len(await found(far)) == 2


@pytest.mark.parametrize(
    ("gedrag", "error"),
    [
        (Gedrag(kind="answer", status=401), TargetMisconfigured),
        (Gedrag(kind="answer", status=403), TargetMisconfigured),
        (Gedrag(kind="answer", status=404), TargetMisconfigured),
        (Gedrag(kind="answer", status=429, retry_after_s=60), TargetUnavailable),
        (Gedrag(kind="answer", status=500), TargetUnavailable),
        (Gedrag(kind="answer", status=503), TargetUnavailable),
        (Gedrag(kind="cut"), TargetUnavailable),
        (Gedrag(kind="half"), TargetUnavailable),
        (Gedrag(kind="garbage"), TargetUnavailable),
    ],
)
@pytest.mark.parametrize("path", ["abonnementen$", "abonnementen/"])
async def test_a_source_that_misbehaves_is_told_as_such(gedrag: Gedrag, error: type[TargetFailed], path: str) -> None:
    """So that the look does not count: nothing is taken as `nothing happened`."""
    far = source()
    signal(far, COMPANY, "SignaalNaamgeving_2025_01")
    far.simulator.misbehave(gedrag.model_copy(update={"path": re.compile(path)}))

    with pytest.raises(error):
        await found(far)


async def test_a_field_that_nobody_knows_changes_nothing() -> None:
    """Not of the signal, and so not of what is recognised at the door."""
    far = source()
    signal(far, COMPANY, "SignaalNaamgeving_2025_01")
    before = await found(far)
    far.simulator.misbehave(Gedrag(kind="extra", times=None))

    assert await found(far) == before


async def test_a_company_is_fetched_in_one_call_and_a_branch_too() -> None:
    """Nothing that may not be passed on is in it; numbers of the BAG only when they are read."""
    far = source()
    company = await fetched(far, signaalType="SignaalAdreswijziging_2025_01")
    branch = await fetched(
        far,
        signaalType="SignaalGewijzigdeVestiging",
        vestigingsnummer=BRANCH,
        reads=[("bedrijf", "adressen", "geoData")],
    )

    assert [(each.path, dict(each.query)) for each in far.called] == [
        (f"v1/basisprofielen/{COMPANY}", {}),
        (f"v1/vestigingsprofielen/{BRANCH}", {"geoData": "true"}),
    ]
    assert company is not None
    assert branch is not None
    assert isinstance(company.body, dict)
    assert isinstance(branch.body, dict)
    assert company.body["bedrijf"]["naam"] == "Luchtkasteel Bouw"
    assert [each["vestigingsnummer"] for each in branch.body["bedrijf"]["vestigingen"]] == [BRANCH]


@pytest.mark.parametrize(("allowed", "shown"), [(False, False), (True, True)])
async def test_a_shielded_address_is_withheld(allowed: bool, shown: bool) -> None:  # noqa: FBT001 - parameters of a test
    """As in an answer."""
    document = await fetched(
        source(),
        signaalType="SignaalNaamgeving_2025_01",
        kvknummer="99990001",
        options=InboundOptions(afgeschermde_adressen=allowed),
    )

    assert document is not None
    assert (b"straatnaam" in orjson.dumps(document.body)) is shown


async def test_what_has_ended_is_told_by_its_number() -> None:
    """The KVK has no profile of it; that it changed before is no news any more."""
    ended = await fetched(source(), signaalType="SignaalBeeindiging_2025_01", kvknummer=ENDED)

    assert ended is not None
    assert isinstance(ended.body, dict)
    assert ended.body["bedrijf"] == {"kvkNummer": ENDED}
    assert await fetched(source(), signaalType="SignaalNaamgeving_2025_01", kvknummer=ENDED) is None


async def test_what_is_being_worked_on_is_asked_for_later() -> None:
    """Five minutes, as the KVK says itself."""
    with pytest.raises(TargetUnavailable) as later:
        await fetched(source(), signaalType="SignaalNaamgeving_2025_01", kvknummer=BUSY)
    assert later.value.retry_after_s == 300


async def test_a_company_of_a_load_is_asked_for_and_one_that_is_not_there_is_a_failure() -> None:
    """Whoever made the file must know; a signal of ours that says that nothing changed."""
    loading = create_load(InboundOptions())
    document = read(loading.notice(COMPANY, "load-1/7"))
    assert (document.kind, document.reference) == ("SignaalGewijzigdeInschrijving", "load-1/7")
    with pytest.raises(MessageRefused):
        loading.notice("123", "load-1/8")
    with pytest.raises(TargetNotFound):
        await fetched(source(), signaalType="Stand", kvknummer=NOBODY)


def test_a_refusal_is_a_problem_document() -> None:
    """With the place, and a status of HTTP."""
    inbound = create_inbound(InboundOptions())
    with pytest.raises(MessageRefused) as refused:
        inbound.read(b'{"id": "1", "kvknummer": "1"}', {}, validate=True)
    error = refused.value
    reply = inbound.refused(
        MessageRefusal(error.code, error.reason, error.path, 0, error.status), b"", message_id="x", at=NOW, headers={}
    )
    said: dict[str, Any] = orjson.loads(reply.body)
    assert (reply.status, said["status"]) == (400, 400)
    assert "kvknummer" in said["detail"]
