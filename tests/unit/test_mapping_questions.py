"""Mappings of questions and answers are checked as those of events are: by name, and field by field."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.stuf_zds.forms import forms
from hub.errors import ConfigurationWrong, MappingFailed
from hub.event.models import ANSWERS, ASKED, MODELS, answer_with_question
from hub.event.vragen import QUESTION_TYPES, answer_kind
from hub.event.zaakvragen import ZakenAntwoord
from hub.flow.fit import check_event
from hub.mapping.cases import Tools, find_cases, run_case
from hub.mapping.compile import load_mappings
from hub.mapping.lint.findings import Finding
from hub.mapping.lint.lint import Subject, lint

VRAAG = "nl.zaken.zaken-opvragen.v1"
ANTWOORD = answer_kind(VRAAG)
ASKS, ANSWERING, TARGET = (
    "mappings/balie/creeerZaak_Lk01.map.yaml",
    "mappings/balie/creeerZaak_Lk01.antwoord.map.yaml",
    f"mappings/bron/{ANTWOORD}.map.yaml",
)
SUBJECTS = {
    "balie": Subject(forms(), ("creeerZaak_Lk01",), inbound=True),
    "bron": Subject({}, ("nl.zaken.zaak-aangemaakt.v1", ANTWOORD)),
}
QUESTION = f"message: creeerZaak_Lk01\ngives: {VRAAG}\nrules:\n  - {{to: identificatie, from: object/identificatie}}\n"


def found(files: dict[str, str]) -> list[Finding]:
    """Lint, without what an example leaves unread."""
    return [each for each in lint(files, SUBJECTS) if each.rule_id not in {"unread-source", "unmapped-required"}]


def told(files: dict[str, str]) -> list[tuple[str, str]]:
    """Give rule and message of each finding."""
    return [(each.rule_id, each.message) for each in found(files)]


def test_everything_a_mapping_may_give_has_a_model() -> None:
    """Events, questions and answers; no name twice."""
    assert set(ASKED) | set(ANSWERS) == set(MODELS)
    assert {*QUESTION_TYPES, *map(answer_kind, QUESTION_TYPES)} < set(MODELS)
    assert "vraag" in answer_with_question(VRAAG).model_fields
    assert "vraag" not in ZakenAntwoord.model_fields


def test_a_question_is_checked_against_its_model() -> None:
    """As an event is: a field that the question does not have."""
    assert found({ASKS: QUESTION}) == []
    wrong = QUESTION.replace("to: identificatie", "to: identificati")

    assert told({ASKS: wrong}) == [("unknown-target", "the result has no field `identificati`")]


def test_a_question_that_there_is_not_is_told_with_what_is_meant() -> None:
    """The names of questions are suggested beside those of events."""
    (finding,) = found({ASKS: QUESTION.replace("zaken-opvragen", "zaken-opvrage")})

    assert (finding.rule_id, finding.advice) == ("unknown-event", f"did you mean {VRAAG}?")


def test_the_answer_of_a_target_is_checked_against_the_model_of_the_answer() -> None:
    """What it reads is the target's own; what it gives is canonical, and has one name."""
    right = (
        f"message: {ANTWOORD}\ngives: {ANTWOORD}\nrules:\n"
        '  - {to: "zaken[]", each: rijen, rules: [{to: identificatie, from: nummer}]}\n'
    )
    assert found({TARGET: right}) == []
    assert [each for each, _ in told({TARGET: right.replace("to: identificatie", "to: nummer")})] == ["unknown-target"]
    assert [each for each, _ in told({TARGET: right.replace(f"gives: {ANTWOORD}", "gives: eigen")})] == [
        "unknown-event"
    ]


def test_the_answer_to_an_asker_reads_the_canonical_answer_and_the_question() -> None:
    """Which answer, the mapping of its question says."""
    text = (
        "message: creeerZaak_Lk01.antwoord\ngives: antwoord\nrules:\n"
        "  - {to: nummer, from: vraag/identificatie}\n"
        '  - {to: "zaken[]", each: zaken, rules: [{to: titel, from: omschrijvng}]}\n'
    )

    (finding,) = found({ASKS: QUESTION, ANSWERING: text})
    assert (finding.rule_id, finding.advice) == ("dead-source", "did you mean omschrijving?")
    unread = [
        each.message for each in lint({ASKS: QUESTION, ANSWERING: text}, SUBJECTS) if each.place.file == ANSWERING
    ]
    assert "nothing reads `meer`" in unread


def test_an_answer_to_what_asks_nothing_is_no_message() -> None:
    """The connection has no mapping of the message, or one that gives an event."""
    text = 'message: creeerZaak_Lk01.antwoord\ngives: antwoord\nrules: [{to: a, from: "meer"}]\n'
    event = "message: creeerZaak_Lk01\ngives: nl.zaken.zaak-aangemaakt.v1\nrules: []\n"

    assert [each for each, _ in told({ANSWERING: text})] == ["unknown-message"]
    assert [each for each, _ in told({ASKS: event, ANSWERING: text})] == ["unknown-message"]


def test_a_mapping_of_an_answer_compiles_runs_as_a_case_and_must_fit(tmp_path: Path) -> None:
    """A field that the answer does not have stops the start; a value that does not fit stops the message."""
    folder = tmp_path / "bron"
    story = folder / "cases" / "een-zaak"
    story.mkdir(parents=True)
    file = folder / f"{ANTWOORD}.map.yaml"
    rules = '- {to: "zaken[]", each: rijen, rules: [{to: identificatie, from: nummer, empty: omit}]}'
    file.write_text(f"message: {ANTWOORD}\ngives: {ANTWOORD}\nrules:\n  {rules}\n")
    (story / "input.json").write_text(f'{{"type": "{ANTWOORD}", "data": {{"rijen": [{{"nummer": "Z-1"}}]}}}}')

    mappings = load_mappings(folder, root=tmp_path)
    outcome = run_case(find_cases(tmp_path)[0], Tools(mappings))
    assert outcome.data == {"zaken": [{"identificatie": "Z-1"}]}
    check_event(outcome.data, mappings[ANTWOORD])
    with pytest.raises(MappingFailed, match=r"does not fit nl\.zaken\.zaken-opvragen\.v1\.antwoord: missing"):
        check_event({"zaken": [{}]}, mappings[ANTWOORD])

    (story / "input.json").unlink()
    (story / "input.xml").write_text("<antwoord><rijen><nummer>Z-1</nummer></rijen></antwoord>")
    with pytest.raises(ConfigurationWrong, match="reads events and answers"):
        run_case(find_cases(tmp_path)[0], Tools(mappings))
    (story / "kind.txt").write_text(f"{ANTWOORD}\n")
    assert run_case(find_cases(tmp_path)[0], Tools(mappings)).data == outcome.data

    file.write_text(file.read_text().replace("to: identificatie", "to: nummer"))
    with pytest.raises(ConfigurationWrong, match="nummer"):
        load_mappings(folder, root=tmp_path)
