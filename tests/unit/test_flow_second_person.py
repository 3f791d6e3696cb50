"""Whether two people looked: it is who they are that counts, and never what they are called."""

from __future__ import annotations

import pytest

from hub.desk.second_person import check_second_person, is_own
from hub.errors import ActRefused

JAN, OTHER_JAN, PIET = "oidc:https://idp|1", "oidc:https://idp|2", "oidc:https://idp|3"


def _refused(made: tuple[str, str], by: tuple[str, str]) -> str:
    try:
        check_second_person("edit", *made, by=by[0], by_id=by[1])
    except ActRefused as error:
        return error.code
    return ""


def test_who_is_called_otherwise_now_is_no_second_person() -> None:
    """A name at the provider changes, by marriage or by whoever may write it there."""
    assert _refused(("jan", JAN), ("j.jansen", JAN)) == "zelfde-persoon"
    assert is_own("jan", JAN, "j.jansen", JAN)


def test_two_people_may_have_one_name() -> None:
    """They are two."""
    assert _refused(("jan", JAN), ("jan", OTHER_JAN)) == ""
    assert _refused(("jan", JAN), ("piet", PIET)) == ""
    assert not is_own("jan", JAN, "jan", OTHER_JAN)


@pytest.mark.parametrize("by", [("jan", "os:1000"), ("piet", "os:1001"), ("piet", "account:piet"), ("piet", "")])
def test_at_another_door_nobody_can_tell(by: tuple[str, str]) -> None:
    """The same person has another identity there: refused, whatever the name."""
    assert _refused(("jan", JAN), by) == "andere-ingang"
    assert _refused(by, ("jan", JAN)) == "andere-ingang"


def test_of_before_it_was_kept_there_is_the_name() -> None:
    """Both without: then names are compared, as they were."""
    assert _refused(("jan", ""), ("jan", "")) == "zelfde-persoon"
    assert _refused(("jan", ""), ("piet", "")) == ""
