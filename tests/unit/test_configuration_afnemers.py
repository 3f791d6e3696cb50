"""Who may see which fields is held against the fields that there are, when the hub starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.config.settings import Settings
from hub.configuration import Configuration, Need
from hub.errors import ConfigurationWrong

CONNECTION = """\
connection: vragen
direction: inbound
adapter: bevragen
access: {kind: none}
afnemers:
  - zender: loket
    velden:
"""


@pytest.mark.parametrize(
    ("velden", "reason"),
    [
        (
            "personen: [naam.geslachtsnam]",
            "personen have no field naam.geslachtsnam (did you mean naam.geslachtsnaam?)",
        ),
        ("persoon: [naam]", "there are no persoon to ask for (did you mean personen?)"),
        ("bedrijven: [kvkNummer, burgerservicenummer]", "bedrijven have no field burgerservicenummer"),
    ],
)
def test_a_field_that_is_not_there_is_told_at_its_line(tmp_path: Path, velden: str, reason: str) -> None:
    """It would withhold what was meant, and nobody would know why."""
    (tmp_path / "vragen").mkdir()
    (tmp_path / "vragen" / "connection.yaml").write_text(f"{CONNECTION}      {velden}\n", encoding="utf-8")

    with pytest.raises(ConfigurationWrong) as wrong:
        Configuration.load(Settings(mappings=tmp_path), {}, mappings=Need.NONE)

    assert reason in str(wrong.value)
    assert "connection.yaml:5:" in str(wrong.value)
