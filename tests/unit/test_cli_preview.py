"""What a person sees of a preview before they activate: counts and paths, values only when they ask for them."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from hub.cli.mapping import activate, preview
from hub.cli.mapping.preview import Look
from hub.cli.screen import out
from hub.desk.preview import Example, FieldChange, Preview, Verdict
from hub.errors import ActRefused
from hub.flow.bundle import Bundle
from hub.mapping.trace import NOTHING

SECRET = "Jansen"


def _found(*, failing: bool = False) -> Preview:
    changed = FieldChange("zaak.rollen[].naam", 2, 1, 0, [Example("1234567890", SECRET, [SECRET])])
    appears = FieldChange("zaak.datum", 0, 1, 0, [Example("abcdefghij", NOTHING, SECRET)])
    verdicts = [Verdict("x.map.yaml:3: zaak.datum: no date", ["1234567890", "abcdefghij"])] if failing else []
    return Preview(
        "formulieren",
        "aaa",
        "bbb",
        messages=5,
        changed=2,
        fields=[changed, appears],
        newly_failing=verdicts,
        unread={"object/datum": 3},
    )


def test_values_are_hidden_unless_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The path, the counts and the message are enough to know where to look."""
    monkeypatch.setattr(out, "width", 200)
    preview.show(_found(), content=False)
    hidden = capsys.readouterr().out
    preview.show(_found(), content=True)
    shown = capsys.readouterr().out

    assert SECRET not in hidden
    assert "12345678: *** → ***" in hidden
    assert "abcdefgh: nothing → ***" in hidden
    assert f"12345678: '{SECRET}' → ['{SECRET}']" in shown
    assert "object/datum" in hidden
    assert hidden.splitlines()[-1] == "formulieren: runs aaa, candidate bbb"


@pytest.mark.parametrize("content", [False, True])
def test_a_program_gets_the_same(content: bool) -> None:  # noqa: FBT001 - pytest
    """A side without the field has no value, hidden or not."""
    said: dict[str, Any] = orjson.loads(orjson.dumps(preview._as_json(_found(failing=True), content=content)))

    assert (SECRET in str(said)) is content
    assert said["fields"][1]["examples"] == [{"message": "abcdefghij", "after": SECRET if content else "***"}]
    assert said["newly_failing"][0]["messages"] == ["1234567890", "abcdefghij"]
    assert (said["running"], said["candidate"]) == ("aaa", "bbb")


def test_a_program_does_not_activate_what_would_fail(capsys: pytest.CaptureFixture[str]) -> None:
    """`--yes` is no yes to that: a person decides. And where nobody can be asked it says so."""
    bundle = Bundle("bbb", {}, b"")

    activate._agreed(Look(_found(), bundle, None), yes=True, content=False)
    with pytest.raises(ActRefused, match="would fail"):
        activate._agreed(Look(_found(failing=True), bundle, None), yes=True, content=False)
    with pytest.raises(ActRefused, match="nobody can be asked"):
        activate._agreed(Look(_found(), bundle, None), yes=False, content=False)

    assert "zaakhub map explain 12345678" in capsys.readouterr().out
