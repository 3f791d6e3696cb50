"""The records of a processing: one for each person, also for who was found and whose number nobody said."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from hub.config.verwerking import Verwerking
from hub.flow.logboek import Processing, records
from hub.observe import trace

PERSOON, PARTNER = "999990019", "999990020"
AT = datetime(2026, 3, 2, tzinfo=UTC)
ACTIVITEIT = "https://register.voorbeeld.nl/verwerkingen/1"


def _subjects(processing: Processing) -> list[str]:
    lines = records(processing, trace.new(), name="n", begun=AT, ended=AT, ok=True, seal=lambda bsn: bsn.reveal())
    said = [orjson.loads(line) for line in lines]
    assert len({each["operation_id"] for each in said}) == len(said), "every person has an operation of its own"
    return [each["attributes"].get("dpl.core.data_subject_id", "") for each in said]


def _processing() -> Processing:
    return Processing(Verwerking(activiteit=ACTIVITEIT, grondslag="Wet BRP art. 3.5"))


@pytest.mark.parametrize(
    ("question", "answer", "subjects"),
    [
        (
            {"geslachtsnaam": "Zeewier"},
            {"personen": [{"ouders": [{"burgerservicenummer": PARTNER}]}, {"naam": {"voornamen": "Jan"}}]},
            [PARTNER, "", ""],
        ),
        (
            {"geslachtsnaam": "Zeewier"},
            {"personen": [{"burgerservicenummer": PERSOON}, {"naam": {"voornamen": "Jan"}}]},
            [PERSOON, ""],
        ),
        ({"burgerservicenummers": [PERSOON]}, {"personen": [{"naam": {"voornamen": "Jan"}}]}, [PERSOON]),
        ({"burgerservicenummers": [PERSOON]}, {"personen": []}, [PERSOON]),
        ({"geslachtsnaam": "Zeewier"}, {"personen": []}, [""]),
        (
            {"adresseerbaarObjectIdentificatie": "1"},
            {"bewoningen": [{"bewoners": [{"burgerservicenummer": PERSOON}, {}], "mogelijkeBewoners": [{}]}]},
            [PERSOON, "", ""],
        ),
    ],
)
def test_who_was_found_without_a_number_has_a_record_too(
    question: dict[str, Any], answer: dict[str, Any], subjects: list[str]
) -> None:
    """Whoever else has a number in the answer; who was found by his number is the one who was asked for."""
    processing = _processing()

    processing.saw(question)
    processing.found(question, answer)

    assert _subjects(processing) == subjects


def test_a_number_is_one_whatever_the_field_is_called() -> None:
    """A betrokkene in a zaak has a `bsn`, an object of ZGW an `inpBsn`: as everywhere in the hub."""
    processing = _processing()

    processing.saw({"zaken": [{"rollen": [{"natuurlijkPersoon": {"bsn": PERSOON}}, {"inpBsn": PARTNER}]}]})

    assert _subjects(processing) == [PERSOON, PARTNER]


def test_without_an_activity_nothing_is_written() -> None:
    """Then nobody's data was processed: it is refused before."""
    assert _subjects(Processing(persons=set(), nameless=2)) == []
