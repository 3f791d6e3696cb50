"""`zaakhub check --live`: what rules, cases and events can ask of a target, held against what is there."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from textwrap import dedent
from typing import Any, NamedTuple

import orjson
import pytest
from typer.testing import CliRunner

from adapters.zgw.simulator import SECRET, Autorisatie, Catalogue, Roltype, Simulator, Zaaktype, create
from hub.app import App
from hub.bus.contract import Record
from hub.cli.main import cli
from hub.config.connection import Connection
from hub.config.settings import Settings
from hub.errors import ActRefused
from hub.event.envelope import Event
from hub.net.client import TargetClient
from hub.testkit.network import Answered, FaultyNetwork
from tests.support.zgw_token import token

FILES = {
    "_codes/zaaktypen.csv": "van,naar\nOUD1,B1026\n",
    "_codes/statussen.csv": "van,naar\nO,Ontvangen\nX,Vergeten\n",
    "aanvragen/connection.yaml": """
        connection: aanvragen
        direction: inbound
        adapter: stuf_zds
        access: {kind: none}
        verwerking: {activiteit: "https://register.voorbeeld.nl/zaken", grondslag: "AVG art. 6 lid 1 onder e"}
        asks: naar-zgw
        crossing:
          old: {services: {oud: "https://oud.test/"}}
          routes: [{mode: live, zaaktypen: [OUD2]}]
        """,
    "aanvragen/creeerZaak_Lk01.map.yaml": """
        message: creeerZaak_Lk01
        gives: nl.zaken.zaak-aangemaakt.v1
        zaaktype: object/isVan/gerelateerde/code
        rules:
          - {to: zaak.identificatie, from: object/identificatie, required: true}
          - {to: zaak.zaaktype, from: object/isVan/gerelateerde/code, lookup: {table: zaaktypen, otherwise: keep}}
          - {to: "zaak.rollen[]", each: object/heeftAlsInitiator, rules: [{to: omschrijvingGeneriek, value: initiator}]}
          - {to: "zaak.statussen[]", each: object/heeft, rules: [{to: omschrijving, from: code, lookup: statussen}]}
        """,
    "aanvragen/creeerZaak_Lk01.oud1.layer.yaml": """
        message: creeerZaak_Lk01
        layer: {zaaktype: OUD1}
        rules:
          - {to: zaak.resultaat.omschrijving, value: Vervallen}
        """,
    "naar-zgw/connection.yaml": """
        connection: naar-zgw
        direction: outbound
        adapter: zgw
        domain: zaken
        verwerking: {activiteit: "https://register.voorbeeld.nl/zaken", grondslag: "AVG art. 6 lid 1 onder e"}
        target:
          services:
            zaken: https://zgw.test/zaken/api/v1/
            catalogi: https://zgw.test/catalogi/api/v1/
            documenten: https://zgw.test/documenten/api/v1/
            besluiten: https://zgw.test/besluiten/api/v1/
            autorisaties: https://zgw.test/autorisaties/api/v1/
          auth: {kind: zgw-jwt, client_id: zaakhub, secret: "${ZGW_SECRET}"}
        options: {rsin: "002220647"}
        """,
    "naar-zgw/nl.zaken.zaak-aangemaakt.v1.map.yaml": """
        message: nl.zaken.zaak-aangemaakt.v1
        gives: zgw-zaak
        rules:
          - {to: zaak.identificatie, from: zaak/identificatie, required: true}
          - {to: zaak.bronorganisatie, from: zaak/organisatie, empty: omit}
          - {to: zaak.zaaktype.identificatie, from: zaak/zaaktype, empty: omit}
          - to: "rollen[]"
            each: zaak/rollen
            rules: [{to: roltype.omschrijvingGeneriek, from: omschrijvingGeneriek}]
          - {to: "statussen[]", each: zaak/statussen, rules: [{to: statustype.omschrijving, from: omschrijving}]}
          - {to: resultaat.resultaattype.omschrijving, from: zaak/resultaat/omschrijving, empty: omit}
          - {to: document.informatieobjecttype.omschrijving, value: Bijlage}
        """,
    "naar-zgw/cases/geval/input.json": """
        {"type": "nl.zaken.zaak-aangemaakt.v1",
         "data": {"zaak": {"identificatie": "Z1", "organisatie": "9999", "zaaktype": "B1062"}}}
        """,
}
CATALOGUS = Catalogue(
    (
        Zaaktype("B1026", "Aanvraag", roltypen=(Roltype("Melder", "initiator"),)),
        Zaaktype("OUD2", "Oud", concept=True),
    )
)
ABSENT, RULE = "is not in the zaaktype", "rule mappings/aanvragen/creeerZaak_Lk01"
READY = "naar-zgw: ready"


class Stage(NamedTuple):
    """The far side of a test, and how far its clock is ahead."""

    simulator: Simulator
    ahead_s: list[float]


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    for name, text in FILES.items():
        path = tmp_path / "mappings" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip())
    monkeypatch.setenv("ZAAKHUB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ZAAKHUB_MAPPINGS", str(tmp_path / "mappings"))
    monkeypatch.setenv("ZGW_SECRET", SECRET)
    rights = (
        Autorisatie("ztc", ("catalogi.lezen",)),
        Autorisatie("zrc", ("zaken.lezen", "zaken.aanmaken"), zaaktype="B1026"),
    )
    made = Stage(create(catalogue=CATALOGUS, autorisaties=rights), [0.0])

    async def handle(*request: Any) -> Answered:  # noqa: ANN401 - passed on
        status, headers, body = await made.simulator.handle(*request)
        date = format_datetime(datetime.now(UTC) + timedelta(seconds=made.ahead_s[0]), usegmt=True)
        return status, (*headers, ("date", date)), body

    async def proof() -> dict[str, str]:
        return {"host": "zgw.test", "authorization": f"Bearer {token(SECRET, at=datetime.now(UTC))}"}

    def client_of(connection: Connection, **_: object) -> FaultyNetwork:
        assert connection.target is not None
        return FaultyNetwork(handle, connection.target.services, headers=proof)

    async def ends(*_: object, **__: object) -> datetime:
        return datetime.now(UTC) + timedelta(days=400)

    monkeypatch.setattr(TargetClient, "of", client_of)
    monkeypatch.setattr("hub.cli.live.transport.certificate_ends", ends)
    return made


def run(*words: str, code: int = 1) -> dict[str, Any]:
    done = CliRunner().invoke(cli, ["check", "--live", "naar-zgw", "--json", *words], catch_exceptions=False)
    assert done.exit_code == code, done.output
    found: dict[str, Any] = orjson.loads(done.stdout_bytes)
    return found


@pytest.mark.usefixtures("stage")
def test_what_rules_cases_and_files_can_ask_is_looked_up_and_told_with_its_origin() -> None:
    """A code of a table, a constant of a layer, a crossing, a case; the zaaktype as the mapping tells it."""
    found = run()

    assert sorted(found[READY]) == [
        f'resultaattype "Vervallen" of zaaktype "B1026" {ABSENT} ({RULE}.oud1.layer.yaml:4)',
        "right zaken.bijwerken or zaken.geforceerd-bijwerken is not given to this client",
        f'statustype "Vergeten" of zaaktype "B1026" {ABSENT} ({RULE}.map.yaml:8)',
        'zaaktype "B1062" is not in the catalogus; nearest: "B1026" (case naar-zgw/geval)',
        'zaaktype "OUD2" is a concept: publish it (crossing of aanvragen)',
    ]
    assert found["checked"] == {
        "zaaktypen": 3,
        "roltypen": 3,
        "statustypen": 6,
        "resultaattypen": 1,
        "informatieobjecttypen": 3,
        "rechten": 4,
    }
    assert found["configuration"] == found["certificates"] == found["naar-zgw: reach"] == []
    assert any("aanvragen: the sender says which zaaktype, so rules can't tell" in each for each in found["notes"])


@pytest.mark.usefixtures("stage")
def test_a_code_that_no_sender_can_ask_for_is_not_looked_up(tmp_path: Path) -> None:
    """Of a table here only what follows from the events that feed it; all of it where senders write what they like."""
    codes = tmp_path / "mappings" / "_codes"
    (codes / "rollen.csv").write_text("van,naar\ninitiator,Indiener\nadviseur,Raadgever\n")
    (codes / "documenten.csv").write_text("van,naar\nB1,Tekening\nB2,Advies\n")
    mapping = tmp_path / "mappings" / "naar-zgw" / "nl.zaken.zaak-aangemaakt.v1.map.yaml"
    text = mapping.read_text()
    text = text.replace(
        "omschrijvingGeneriek, from: omschrijvingGeneriek", "code, from: omschrijvingGeneriek, lookup: rollen"
    )
    mapping.write_text(text.replace("value: Bijlage", "from: zaak/zaaktype, lookup: documenten"))

    absent = [each.partition(" of zaaktype")[0] for each in run("--zaaktype", "B1026")[READY] if " of zaaktype" in each]

    assert 'roltype "Indiener"' in absent
    assert 'roltype "Raadgever"' not in absent
    assert {'informatieobjecttype "Tekening"', 'informatieobjecttype "Advies"'} <= set(absent)


@pytest.mark.usefixtures("stage")
def test_with_zaaktypen_named_other_cases_do_not_count() -> None:
    """They are examples, perhaps of another municipality; what is named is looked up."""
    found = run("--zaaktype", "B1026", "--zaaktype", "B2027")

    assert not any("B1062" in each for each in found[READY])
    assert any(each.startswith('zaaktype "B2027" is not in the catalogus') for each in found[READY])
    assert any("1 cases that are not about these zaaktypen were left out" in each for each in found["notes"])


@pytest.mark.usefixtures("stage")
def test_what_was_really_sent_is_looked_up() -> None:
    """The last events on the bus, with the organisatie that they name."""

    async def publish() -> None:
        app = App.open(Settings.read(os.environ), os.environ, client_id="proef")
        zaak: dict[str, Any] = {"identificatie": "Z2", "organisatie": "0344", "zaaktype": "B1026"}
        for number, data in enumerate(({"zaak": {**zaak}}, {"zaak": {**zaak, "organisatie": None, "zaaktype": "B3"}})):
            event = Event(
                f"{number}2345678-aaaa", "nl.zaken.zaak-aangemaakt.v1", "urn:nld:oin:0:systeem:proef", "Z2",
                datetime.now(UTC), data, "aanvragen", "bericht", "r1",
            )  # fmt: skip
            async with app:
                await app.bus.publish([Record(app.topics.events("zaken"), b"Z2", event.value(), event.headers())])

    asyncio.run(publish())
    found = run("--zaaktype", "B1026")

    assert 'zaaktype "B3" is not in the catalogus (event 12345678)' in found[READY]
    assert 'options.organisaties: organisatie "0344" has no RSIN (event 02345678)' in found[READY]
    assert any("2 events" in each for each in found["notes"])


def test_a_target_that_is_ready_is_told_so(stage: Stage, tmp_path: Path) -> None:
    """Exit code 0; a clock that runs away is only a warning."""
    for name in ("aanvragen/creeerZaak_Lk01.oud1.layer.yaml",):
        (tmp_path / "mappings" / name).unlink()
    (tmp_path / "mappings" / "_codes" / "statussen.csv").write_text("van,naar\nO,Ontvangen\n")
    connection = tmp_path / "mappings" / "aanvragen" / "connection.yaml"
    connection.write_text(connection.read_text().replace("OUD2", "B1026"))
    stage.simulator._applicatie = stage.simulator._applicatie._replace(autorisaties=None)
    stage.ahead_s[0] = 90.0

    found = run("--zaaktype", "B1026", code=0)

    assert found[READY] == []
    assert any("its clock is 90 s ahead of ours" in each or "its clock is 89 s" in each for each in found["warnings"])
    shown = CliRunner().invoke(cli, ["check", "--live", "naar-zgw", "--zaaktype", "B1026"], catch_exceptions=False)
    assert shown.exit_code == 0
    assert "✓ naar-zgw: ready" in shown.output


@pytest.mark.usefixtures("stage")
def test_only_an_outbound_connection_goes_live() -> None:
    """Nor without a connection, nor without the target."""
    with pytest.raises(ActRefused, match="there is no connection to a system that is called aanvragen"):
        CliRunner().invoke(cli, ["check", "--live", "aanvragen"], catch_exceptions=False)
    for words in (["--zaaktype", "B1026"], ["--live", "naar-zgw", "--offline"]):
        assert CliRunner().invoke(cli, ["check", *words]).exit_code == 2
