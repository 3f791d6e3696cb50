"""Every service of Zaak- en Documentservices, in both versions, from a sender to a ZGW zaaksysteem and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pytest
from lxml import etree

from adapters.stuf_zds.definition import definition
from adapters.stuf_zds.services import BERICHTEN, SERVICES
from hub.ledger.entries import Failure
from hub.ports.contracts import Expects
from hub.wire import xml
from hub.wire.soap import envelope
from tests.support.shared import SHARED
from tests.support.zaaksysteem import municipality
from tests.support.zds import official_errors
from tests.support.zds_services import PAGE, Day, Served, Zds, cases, written

_NEEDED = {Expects.RECEIPT: "Bv03Bericht", Expects.OUTCOME: "Bv02Bericht"}
SERVED = [each for each in SERVICES if "server" in each.zijden and each not in BERICHTEN]
"""What a sender asks for; BERICHTEN are what comes back about messages of the hub itself."""


class Lived(NamedTuple):
    """A day: what came of each service, what failed, and what the zaaksysteem did not know."""

    served: dict[str, Served]
    failures: list[Failure]
    ignored: Mapping[str, int]


_DAYS: dict[Zds, Lived] = {}


async def _day(zds: Zds) -> Lived:
    """Live a day, once per version."""
    if zds not in _DAYS:
        async with municipality() as each:
            served = await Day(each, zds).whole()
            _DAYS[zds] = Lived(served, await each.hub.failures(), each.zaaksysteem.state.ignored)
    return _DAYS[zds]


def _message(served: Served) -> etree._Element:
    return envelope.read(xml.parse(served.answer.body)).body


@pytest.mark.parametrize("zds", ["1.1", "1.2"])
async def test_every_service_is_answered_as_its_version_asks(zds: Zds) -> None:
    """With the right message, valid by our definition and by the official one; nothing fails, nothing is unknown."""
    served, failures, ignored = await _day(zds)

    assert failures == []
    assert ignored == {}
    assert set(served) == {service.kind for service in SERVED}
    for one in served.values():
        expected = (
            _NEEDED.get(one.service.expects)
            or {
                "1.1": one.service.antwoord_11 or one.service.antwoord_12,
                "1.2": one.service.antwoord_12 or one.service.antwoord_11,
            }[zds]
        )
        assert (one.service.kind, one.answer.status, one.message) == (one.service.kind, 200, expected)
        assert (one.service.kind, tuple(definition().check(_message(one)))) == (one.service.kind, ())


@pytest.mark.skipif(not SHARED.is_dir(), reason="no reference data beside the checkout")
@pytest.mark.parametrize("zds", ["1.1", "1.2"])
async def test_every_answer_is_valid_by_the_official_schemas(zds: Zds) -> None:
    """Those of the version in which was asked."""
    answered = [one for one in (await _day(zds)).served.values() if one.service.expects is Expects.ANSWER]
    wrong = {one.service.kind: official_errors(_message(one)) for one in answered}

    assert {kind: errors for kind, errors in wrong.items() if errors} == {}


def test_every_service_has_a_case() -> None:
    """Of the shipped mappings, for whoever wants to see what becomes of it."""
    assert [service.kind for service in SERVED if not cases()[service.kind]] == []


def test_the_page_says_what_is() -> None:
    """Which services, what they become, what they cost. Write it with `python -m tests.support.zds_services`."""
    assert PAGE.read_text() == written()
