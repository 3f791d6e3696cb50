"""The samples of kennisgevingen and synchronisations of StUF-BG that were gathered: each becomes events, or is refused.

Those that answer or ask something belong to the tests of questions.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest
from lxml import etree

from hub.configuration import Configuration
from hub.errors import MessageRefused
from tests.support.bg import Sample, all_samples
from tests.support.bg_afnemer import IN, UIT, configuration_of, gemeente
from tests.support.bg_bericht import soap
from tests.support.shared import cases_of, needs_shared


class Fate(NamedTuple):
    """What becomes of a sample: the events it gives by the end of their types, or the code it is refused with.

    `why` says why it is refused.
    """

    events: tuple[str, ...] = ()
    refused: str = ""
    why: str = ""


OPGEVOERD, BIJGEWERKT, VERWIJDERD = (f"persoon-{each}" for each in ("opgevoerd", "bijgewerkt", "verwijderd"))
ADRES_NIEUW, ADRES_ANDERS = "adres-opgevoerd", "adres-bijgewerkt"
ANDERE_ENTITEIT = "of plots and rights: the Kadaster (StUF031 says which entities are received)"
GEEN_VAN_ONS = "nothing in it is of an entity that is received: only of the object itself"
SLEUTEL = "an object that only a key names, and the hub hands out no keys"
SKELET = "a skeleton: question marks in the place of values, so no such berichtcode"
ANTWOORD = "an answer, or a question about the past, comes in at another place or nowhere"

FATES = {
    "npsLk01__forum__01": Fate((BIJGEWERKT,)),
    "npsLk01__forum__02": Fate((BIJGEWERKT,)),
    "npsLk01__hcc__05": Fate((OPGEVOERD,)),
    "npsLk01__hcc__06": Fate(refused="StUF055", why="relations without verwerkingssoort"),
    "npsLk01__hcc__07": Fate((VERWIJDERD,)),
    "npsLk01__hcc__08": Fate((OPGEVOERD,)),
    "npsLk01__hcc__09": Fate(refused="StUF064", why=SLEUTEL),
    "npsLk01__hcc__10": Fate(refused="StUF064", why=SLEUTEL),
    "nnpLk01__forum__01": Fate(("bedrijf-opgevoerd",)),
    "bagAGO_Lk03__king-baggba__01": Fate((ADRES_ANDERS,)),
    "bagBN_Lk03__forum__01": Fate((ADRES_NIEUW,)),
    "bagIN_Lk03__forum__01": Fate((ADRES_ANDERS,)),
    "bagMUT_Lk03__forum__01": Fate(refused="StUF031", why=GEEN_VAN_ONS),
    "bgrBSLSP_Lk03__forum__02": Fate((ADRES_NIEUW,)),
    "bgrCOG_Lk03__forum-posts__01": Fate((ADRES_NIEUW,)),
    "bgrVBI_Lk03__forum__01": Fate((ADRES_NIEUW,)),
    "bgrVBI_Lk03__forum__02": Fate((ADRES_NIEUW, ADRES_NIEUW)),
    "bgrVBI_Lk03__forum__03": Fate((ADRES_ANDERS,)),
    "kzaLk01__vng-brk__01": Fate(refused="StUF031", why=ANDERE_ENTITEIT),
    "zraLk01__vng-brk__02": Fate(refused="StUF031", why=ANDERE_ENTITEIT),
    **{
        f"{soort}{code}__hcc__01": Fate(refused="StUF022", why=SKELET)
        for soort in ("nps", "aoa")
        for code in ("Sa01", "Sh01", "Sa03", "Sh03")
    },
    "npsLa03__stuf-standaard-fragmenten__01": Fate(refused="StUF025", why=ANTWOORD),
    **{
        f"npsLa07__stuf-standaard-fragmenten__0{number}": Fate(refused="StUF025", why=ANTWOORD)
        for number in (3, 4, 5, 6)
    },
}
"""Of every sample that is no question of now and no answer to one."""

_ASKED = ("Lv01", "La01")


@pytest.fixture(scope="module")
def configuration(tmp_path_factory: pytest.TempPathFactory) -> Configuration:
    """Load it once."""
    return configuration_of(tmp_path_factory.mktemp("installation"))


def ours() -> list[Sample]:
    """Give the samples that are no question of now and no answer to one."""
    return [each for each in all_samples() if not any(code in each.name for code in _ASKED)]


@needs_shared
def test_the_table_is_about_every_sample() -> None:
    """And about no other."""
    assert {each.name for each in ours()} == set(FATES)


@pytest.mark.parametrize("sample", cases_of(ours(), lambda each: each.name))
async def test_a_sample_becomes_events_or_is_refused(sample: Sample, configuration: Configuration) -> None:
    """As the table says; what is right by the standard is refused for what it is about, never for how it is written."""
    fate = FATES[sample.name]
    message = etree.tostring(sample.message(), encoding="unicode")
    async with gemeente(configuration) as here:
        refused = ""
        try:
            await here.hub.accept(soap(message), connection=IN)
        except MessageRefused as refusal:
            refused = refusal.code
        await here.hub.settle()
        events = [name for domein in UIT for name, _ in await here.events(domein)]
        waiting = [each for each in await here.hub.failures() if each.stage == IN]

    assert (refused, [each.reason for each in waiting]) == (fate.refused, [])
    assert [each.split(".")[2] for each in events] == list(fate.events)
    assert not (sample.valid and refused) or refused in ("StUF025", "StUF031", "StUF064"), fate.why
