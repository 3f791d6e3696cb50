"""What a connection does with a message that does not fit: refuse it, take it and say so, or take it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from adapters.stuf_zds.inbound import create
from adapters.stuf_zds.options import Options
from adapters.stuf_zds.simulator import Afzender, Verzoek, with_wrong_order
from hub.cli.main import cli
from hub.errors import ConfigurationWrong, MessageRefused
from hub.ports.contracts import Document
from hub.testkit.memory import memory_hub
from tests.support.shared import SHARED, needs_shared
from tests.support.toy import IN, ToyInbound, ToyTarget, asking_configuration, message, no_client

WRONG_ORDER = with_wrong_order(Afzender().creeer_zaak(1))


def _read(verzoek: Verzoek, **options: str) -> Document:
    return create(Options.model_validate(options)).read(verzoek.body, verzoek.headers(), validate=True)


def test_a_message_that_does_not_fit_is_refused_by_default() -> None:
    """StUF055, with the place."""
    with pytest.raises(MessageRefused) as refused:
        _read(WRONG_ORDER)

    assert refused.value.code == "StUF055"
    assert refused.value.path.startswith("zakLk01/object/")


def test_a_connection_that_warns_takes_it_and_says_what_is_wrong() -> None:
    """Places and sentences; no value of the message."""
    document = _read(WRONG_ORDER, validate="warn")

    assert document.kind == "creeerZaak_Lk01"
    [remark] = document.remarks
    assert remark.startswith("zakLk01/object/")
    assert "this element is not expected here" in remark
    assert document.zaak not in remark


def test_what_zds_asks_beyond_the_schema_is_warned_of_too() -> None:
    """A zaak without a startdatum fits the schema."""
    verzoek = Afzender().creeer_zaak(1)
    at, until = verzoek.body.index(b"<ZKN:startdatum"), verzoek.body.index(b"</ZKN:startdatum>")
    without = verzoek._replace(body=verzoek.body[:at] + verzoek.body[until + len("</ZKN:startdatum>") :])

    [remark] = _read(without, validate="warn").remarks

    assert remark == (
        "zakLk01/object/startdatum: an element that Zaak- en Documentservices makes mandatory is missing or empty"
    )


@pytest.mark.parametrize("validate", ["warn", "accept"])
def test_a_message_that_fits_has_no_remarks(validate: str) -> None:
    """Nothing is said of what is right."""
    assert _read(Afzender().creeer_zaak(1), validate=validate).remarks == ()


def test_a_connection_that_accepts_says_nothing() -> None:
    """It does not even look."""
    assert _read(WRONG_ORDER, validate="accept").remarks == ()


def test_a_connection_that_names_a_set_nobody_imported_does_not_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said at the start, not at the first message."""
    monkeypatch.setenv("ZAAKHUB_HOME", str(tmp_path))

    with pytest.raises(ConfigurationWrong, match="no message definitions were imported under the name zds"):
        create(Options(official="zds"))


@needs_shared
def test_an_imported_set_judges_after_our_own_definition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """ZDS 1.2 wants a zaakniveau; we do not, for senders of 1.1 leave it out."""
    monkeypatch.setenv("ZAAKHUB_HOME", str(tmp_path))
    done = CliRunner().invoke(cli, ["schemas", "import", str(SHARED / "standards/stuf/zds/1.2"), "--name", "zds-1.2"])
    assert done.exit_code == 0, done.output
    verzoek = Afzender(zds="1.2").creeer_zaak(1)
    without = verzoek._replace(body=verzoek.body.replace(b"<ZKN:zaakniveau>1</ZKN:zaakniveau>", b""))
    assert without.body != verzoek.body

    assert _read(verzoek, official="zds-1.2").remarks == ()
    assert _read(without, validate="warn").remarks == ()
    [remark] = _read(without, validate="warn", official="zds-1.2").remarks
    assert "zaakniveau" in remark
    with pytest.raises(MessageRefused, match="zaakniveau"):
        _read(without, official="zds-1.2")


async def test_what_was_taken_although_wrong_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator sees which sender to call."""
    read = ToyInbound.read
    monkeypatch.setattr(ToyInbound, "read", lambda *given, **named: read(*given, **named)._replace(remarks=("a: b",)))
    async with memory_hub(asking_configuration(tmp_path, ToyTarget()), no_client) as hub:
        await hub.converse(message("A", "een", reference="1"), connection=IN)
        counted = hub.app.metrics.render().decode()

    assert f'zaakhub_remarked_total{{connection="{IN}"}} 1.0' in counted
