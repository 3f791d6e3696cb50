"""Whether somebody is another person than who made an edit or a plan, where two people must look at it.

Names do not tell: two people may have one, one person two. It compares who somebody is, as the door by which they came
says: `oidc:…` and `account:…` at the console, `os:…` at the terminal. A person is somebody else at every door, so what
was made at one is approved at that one.
"""

from __future__ import annotations

from hub.errors import ActRefused


def is_own(made_by: str, made_by_id: str, by: str, by_id: str) -> bool:
    """Say whether this person made it."""
    return _key(made_by, made_by_id) == _key(by, by_id)


def check_second_person(what: str, made_by: str, made_by_id: str, *, by: str, by_id: str) -> None:
    """Raise ActRefused unless it is certainly somebody else who made it."""
    if is_own(made_by, made_by_id, by, by_id):
        raise ActRefused(
            f"this {what} is your own", code="zelfde-persoon", advice="ask a colleague to look at it and approve it"
        )
    if _door(made_by, made_by_id) != _door(by, by_id):
        raise ActRefused(
            f"this {what} was made by another way of logging in: nobody can tell that it is not your own",
            code="andere-ingang",
            advice="let a colleague approve it where it was made (console or terminal), or make it anew here",
        )


def _key(name: str, person_id: str) -> str:
    # Made before the hub kept who somebody is, there is only what they were called.
    return person_id or f"naam:{name}"


def _door(name: str, person_id: str) -> str:
    return _key(name, person_id).partition(":")[0]
