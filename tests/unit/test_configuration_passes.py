"""For what personal data passes, what a receiver may see, and which changes it gets: held against what there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.config.settings import Settings
from hub.configuration import Configuration, Need
from hub.errors import ConfigurationWrong

VERWERKING = 'verwerking: {activiteit: "https://register.voorbeeld.nl/zorg", grondslag: "Wmo 2015 art. 5.2.7"}'
OUTBOUND = """\
connection: uit
direction: outbound
adapter: cloudevents
target: {services: {webhook: "http://zorg/"}}
options: {source: "urn:nld:oin:00000001002220647000:systeem:zaakhub"}
"""
INBOUND = """\
connection: in
direction: inbound
adapter: cloudevents
access: {kind: none}
options: {types: [nl.zaken.zaak-aangemaakt.v1]}
"""
MAPPING = """\
message: ce.nl.zaken.zaak-aangemaakt.v1
gives: nl.zaken.zaak-aangemaakt.v1
rules:
  - {to: zaak.identificatie, from: data/zaak/identificatie}
ignore:
  - {path: "**", reason: a test}
"""
PERSONEN = "domain: personen\nvelden: {personen: [burgerservicenummer, naam]}\n"


def _loaded(folder: Path, text: str, *, mapping: str = "") -> Configuration:
    name = text.partition("\n")[0].removeprefix("connection: ")
    (folder / name).mkdir()
    (folder / name / "connection.yaml").write_text(text, encoding="utf-8")
    if mapping:
        (folder / name / "ce.nl.zaken.zaak-aangemaakt.v1.map.yaml").write_text(mapping, encoding="utf-8")
    return Configuration.load(Settings(mappings=folder), {}, mappings=Need.RIGHT)


@pytest.mark.parametrize(
    ("text", "mapping"),
    [
        (f"{OUTBOUND}domain: zaken\n{VERWERKING}\n", ""),
        (f"{OUTBOUND}domain: adressen\n", ""),
        (f"{OUTBOUND}domain: adressen\nvelden: {{adressen: [postcode]}}\n", ""),
        (f"{OUTBOUND}{PERSONEN}{VERWERKING}\n", ""),
        (f"{OUTBOUND}{PERSONEN}{VERWERKING}\ndistribution: {{followed: true, changed: [naam.voornamen]}}\n", ""),
        (f'{OUTBOUND}{PERSONEN}{VERWERKING}\ndistribution: {{gemeenten: ["0518"]}}\n', ""),
        (f"{INBOUND}{VERWERKING}\n", MAPPING),
        (INBOUND, ""),
    ],
)
def test_what_says_it_all_is_right(tmp_path: Path, text: str, mapping: str) -> None:
    """What holds no personal data needs to say nothing."""
    assert _loaded(tmp_path, text, mapping=mapping).connections


@pytest.mark.parametrize(
    ("text", "mapping", "reason"),
    [
        (f"{OUTBOUND}domain: zaken\n", "", "events about zaken hold personal data"),
        (f"{OUTBOUND}{PERSONEN}", "", "events about personen hold personal data"),
        (INBOUND, MAPPING, "events about zaken hold personal data"),
        (f"{OUTBOUND}domain: personen\n{VERWERKING}\n", "", "which fields of personen its receiver may see"),
        (f"{OUTBOUND}domain: bedrijven\n{VERWERKING}\n", "", "which fields of bedrijven its receiver may see"),
    ],
)
def test_what_lets_nothing_pass_is_told_with_what_to_write(
    tmp_path: Path, text: str, mapping: str, reason: str
) -> None:
    """At the file, before anything comes."""
    with pytest.raises(ConfigurationWrong, match=reason) as wrong:
        _loaded(tmp_path, text, mapping=mapping)

    assert "connection.yaml:1:1: " in str(wrong.value)
    assert wrong.value.advice.startswith("write ve")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("domain: personen\nvelden: {personen: [nam]}", "personen have no field nam (did you mean naam?)"),
        (
            "domain: personen\nvelden: {personen: [naam], bedrijven: [naam]}",
            "there are no bedrijven that this connection delivers",
        ),
        ("domain: zaken\nvelden: {zaken: [naam]}", "there are no zaken that this connection delivers"),
        (f"{PERSONEN}distribution: {{changed: [nam]}}", "personen have no field nam"),
        (f"{PERSONEN}distribution: {{changed: [partners]}}", "is told of changes of partners, and may not see it"),
        ("domain: zaken\ndistribution: {changed: [naam]}", "changed says nothing of events about zaken"),
        (
            'domain: zaken\ndistribution: {followed: true, gemeenten: ["0518"]}',
            "followed and gemeenten can be said of persons only",
        ),
    ],
)
def test_what_is_not_there_is_told_at_its_line(tmp_path: Path, said: str, reason: str) -> None:
    """It would withhold what was meant, and nobody would know why."""
    with pytest.raises(ConfigurationWrong) as wrong:
        _loaded(tmp_path, f"{OUTBOUND}{VERWERKING}\n{said}\n")

    assert reason in str(wrong.value)
    [problem] = wrong.value.problems
    assert problem.line == len(f"{OUTBOUND}{VERWERKING}\n{said}".splitlines())


def test_only_a_receiver_has_fields_and_rules(tmp_path: Path) -> None:
    """An asker has its own fields, under afnemers."""
    with pytest.raises(ConfigurationWrong, match="only for an outbound connection"):
        _loaded(tmp_path, f"{INBOUND}{VERWERKING}\nvelden: {{personen: [naam]}}\n")


def test_who_follows_with_its_questions_is_told_by_a_connection_that_is_there(tmp_path: Path) -> None:
    """One that delivers changes of persons."""
    afnemers = "afnemers: [{zender: Z, velden: {personen: [naam]}, volgt: uit}]\n"
    with pytest.raises(ConfigurationWrong, match="no connection uit that delivers changes of persons"):
        _loaded(tmp_path, f"{INBOUND}{VERWERKING}\n{afnemers}")
    (tmp_path / "in" / "connection.yaml").rename(tmp_path / "in.yaml")
    (tmp_path / "in").rmdir()
    _loaded(tmp_path, f"{OUTBOUND}{PERSONEN}{VERWERKING}\n")
    with pytest.raises(ConfigurationWrong, match="uit is told of everybody, whomever it follows"):
        _loaded(tmp_path, f"{INBOUND}{VERWERKING}\n{afnemers}")
    with (tmp_path / "uit" / "connection.yaml").open("a", encoding="utf-8") as uit:
        uit.write("distribution: {followed: true}\n")
    (tmp_path / "in" / "connection.yaml").unlink()
    (tmp_path / "in").rmdir()
    assert _loaded(tmp_path, f"{INBOUND}{VERWERKING}\n{afnemers}").connections.keys() == {"in", "uit"}
