"""Checks of single values: what a field of the ZGW APIs may hold, with the codes Open Zaak answers.

A check takes the value and the scope of the request, gives what is kept, or raises Bad. Knows formats (lengths, dates,
11-test, references); which field has which is in `shapes.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from adapters.zgw.simulator.exchange import Json, Wrong

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?", re.ASCII)
_DURATION = re.compile(r"P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_GEOMETRY_DEPTH = {
    "Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3,
}  # fmt: skip
_POSITION = (2, 3)
_BSN_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)


class Scope(NamedTuple):
    """What a check may look at: the host the client knows, and whether a resource stands."""

    base: str
    exists: Callable[[str], bool]


Check = Callable[[Any, Scope], Any]


class Bad(Exception):
    """The value breaks a rule."""

    def __init__(self, code: str, reason: str) -> None:
        """Take the code of the rule."""
        super().__init__(code)
        self.code = code
        self.reason = reason


class BadParts(Exception):
    """Parts of the value break rules; the names are relative to it."""

    def __init__(self, wrongs: list[Wrong]) -> None:
        """Take the lines."""
        super().__init__()
        self.wrongs = wrongs


class Field(NamedTuple):
    """A field that may be written. `default` is what stands when nothing is said."""

    check: Check
    required: bool = False
    null: bool = False
    default: object = ""


Shape = Mapping[str, Field]


def clean(shape: Shape, data: Json, scope: Scope, *, partial: bool = False) -> tuple[Json, list[Wrong]]:
    """Check `data` by `shape`: what is kept, and what is wrong. Fields that the shape lacks are dropped, as OZ does."""
    kept: Json = {}
    wrongs: list[Wrong] = []
    for name, field in shape.items():
        if name not in data:
            if partial:
                continue
            if field.required:
                wrongs.append(Wrong(name, "required", "Dit veld is vereist."))
            else:
                kept[name] = field.default() if callable(field.default) else field.default
            continue
        value = data[name]
        if value is None:
            if field.null:
                kept[name] = None
            else:
                wrongs.append(Wrong(name, "null", "Dit veld mag niet leeg zijn."))
            continue
        try:
            kept[name] = field.check(value, scope)
        except Bad as bad:
            wrongs.append(Wrong(name, bad.code, bad.reason))
        except BadParts as bad:
            wrongs.extend(Wrong(f"{name}.{part.name}", part.code, part.reason) for part in bad.wrongs)
    return kept, wrongs


def text(longest: int = 0, *, shortest: int = 0, pattern: str = "") -> Check:
    """Take text of `shortest` to `longest` characters (0: no limit); `shortest` 0 allows the empty text."""
    fits = re.compile(pattern).fullmatch if pattern else None

    def check(value: Any, _scope: Scope) -> str:  # noqa: ANN401 - JSON
        if not isinstance(value, str):
            raise Bad("invalid", "Geen geldige tekst.")
        kept = value.strip()
        if shortest and not kept:
            raise Bad("blank", "Dit veld mag niet leeg zijn.")
        if len(kept) < shortest:
            raise Bad("min_length", f"Dit veld moet minimaal {shortest} karakters bevatten.")
        if longest and len(kept) > longest:
            raise Bad("max_length", f"Dit veld mag niet langer zijn dan {longest} karakters.")
        if fits and kept and not fits(kept):
            raise Bad("invalid", "De waarde heeft niet de voorgeschreven vorm.")
        return kept

    return check


def choice(*options: str, blank: bool = True) -> Check:
    """Take one of an enumeration."""

    def check(value: Any, _scope: Scope) -> str:  # noqa: ANN401 - JSON
        if value in options or (blank and value == ""):
            return str(value)
        raise Bad("invalid_choice", "Dit is geen geldige keuze.")

    return check


def boolean(value: Any, _scope: Scope) -> bool:  # noqa: ANN401 - JSON
    """Take true or false."""
    if isinstance(value, bool):
        return value
    raise Bad("invalid", "Geen geldige booleaanse waarde.")


def number(lowest: int, highest: int) -> Check:
    """Take a whole number; text that is one counts, as in Django REST framework."""

    def check(value: Any, _scope: Scope) -> int:  # noqa: ANN401 - JSON
        if isinstance(value, bool) or not isinstance(value, int | str) or not str(value).removeprefix("-").isdigit():
            raise Bad("invalid", "Een geldig getal is verplicht.")
        kept = int(value)
        if kept < lowest:
            raise Bad("min_value", f"Deze waarde moet groter of gelijk zijn dan {lowest}.")
        if kept > highest:
            raise Bad("max_value", f"Deze waarde moet kleiner of gelijk zijn aan {highest}.")
        return kept

    return check


def day(value: Any, _scope: Scope) -> str:  # noqa: ANN401 - JSON
    """Take a whole date, YYYY-MM-DD."""
    try:
        if isinstance(value, str) and _DATE.fullmatch(value):
            return date.fromisoformat(value).isoformat()
    except ValueError:
        pass
    raise Bad("invalid", "Datum heeft een verkeerd formaat, gebruik YYYY-MM-DD.")


def birthday(value: Any, scope: Scope) -> str:  # noqa: ANN401 - JSON
    """Take a whole date or nothing. Open Zaak itself takes any 18 characters; no reader can use '1960-07-'."""
    return "" if value == "" else day(value, scope)


def moment(value: Any, _scope: Scope) -> str:  # noqa: ANN401 - JSON
    """Take a date and time, kept in UTC as Open Zaak shows it."""
    try:
        if isinstance(value, str) and _MOMENT.fullmatch(value):
            at = datetime.fromisoformat(value)
            return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo("UTC"))).astimezone(UTC).isoformat()[:-6] + "Z"
    except (ValueError, OverflowError):
        pass
    raise Bad("invalid", "Datetime heeft een ongeldig formaat, gebruik YYYY-MM-DDThh:mm:ss[+HH:MM|-HH:MM|Z].")


def duration(value: Any, _scope: Scope) -> str:  # noqa: ANN401 - JSON
    """Take an ISO 8601 duration."""
    if isinstance(value, str) and _DURATION.fullmatch(value):
        return value
    raise Bad("invalid", "Geen geldige ISO 8601 duur.")


def email(value: Any, scope: Scope) -> str:  # noqa: ANN401 - JSON
    """Take an e-mail address or nothing."""
    kept: str = text(254)(value, scope)
    if kept and not _EMAIL.fullmatch(kept):
        raise Bad("invalid", "Voer een geldig e-mailadres in.")
    return kept


def eleven(*, blank: bool) -> Check:
    """Take nine digits that pass the 11-test of BSN and RSIN; `blank` allows nothing."""

    def check(value: Any, _scope: Scope) -> str:  # noqa: ANN401 - JSON
        if value == "" and blank:
            return ""
        if not isinstance(value, str) or len(value) != len(_BSN_WEIGHTS):
            raise Bad("invalid-length", "Waarde moet 9 tekens lang zijn.")
        if not (value.isascii() and value.isdigit()):
            raise Bad("only-digits", "Waarde moet numeriek zijn.")
        if sum(weight * int(digit) for weight, digit in zip(_BSN_WEIGHTS, value, strict=True)) % 11:
            raise Bad("invalid", "Onjuist nummer: de 11-proef klopt niet.")
        return value

    return check


def url(longest: int = 1000) -> Check:
    """Take a web address or nothing."""
    limited = text(longest)

    def check(value: Any, scope: Scope) -> str:  # noqa: ANN401 - JSON
        kept: str = limited(value, scope)
        if kept and not kept.startswith(("http://", "https://")):
            raise Bad("invalid", "Voer een geldige URL in.")
        return kept

    return check


def reference(collection: str, *, blank: bool = False) -> Check:
    """Take the URL of a resource in `collection` (a path) that stands here; its path is kept."""
    prefix = f"{collection}/"

    def check(value: Any, scope: Scope) -> str:  # noqa: ANN401 - JSON
        if value == "" and blank:
            return ""
        if not isinstance(value, str) or not value.startswith(("http://", "https://")):
            raise Bad("bad-url", "Geen geldige URL.")
        if not value.startswith(f"{scope.base}/"):
            raise Bad("unknown-service", "De service van deze URL is onbekend.")
        path = value.removeprefix(scope.base)
        if not path.startswith(prefix):
            raise Bad("no_match", "Ongeldige hyperlink - URL past niet op deze verwijzing.")
        if not scope.exists(path):
            raise Bad("does_not_exist", "Ongeldige hyperlink - het object bestaat niet.")
        return path

    return check


def part(shape: Shape) -> Check:
    """Take an object of `shape`."""

    def check(value: Any, scope: Scope) -> Json:  # noqa: ANN401 - JSON
        if not isinstance(value, dict):
            raise Bad("invalid", "Ongeldige data: een object is verwacht.")
        kept, wrongs = clean(shape, value, scope)
        if wrongs:
            raise BadParts(wrongs)
        return kept

    return check


def many(check_one: Check) -> Check:
    """Take a list."""

    def check(value: Any, scope: Scope) -> list[Any]:  # noqa: ANN401 - JSON
        if not isinstance(value, list):
            raise Bad("not_a_list", "Een lijst is verwacht.")
        kept: list[Any] = []
        wrongs: list[Wrong] = []
        for index, item in enumerate(value):
            try:
                kept.append(check_one(item, scope))
            except Bad as bad:
                wrongs.append(Wrong(str(index), bad.code, bad.reason))
            except BadParts as bad:
                wrongs.extend(Wrong(f"{index}.{each.name}", each.code, each.reason) for each in bad.wrongs)
        if wrongs:
            raise BadParts(wrongs)
        return kept

    return check


def anything(value: Any, _scope: Scope) -> Any:  # noqa: ANN401 - JSON
    """Take any JSON."""
    return value


def geometry(value: Any, scope: Scope) -> Json:  # noqa: ANN401 - JSON
    """Take GeoJSON (RFC 7946 §3.1)."""
    if isinstance(value, dict):
        kind = value.get("type")
        if kind == "GeometryCollection" and isinstance(value.get("geometries"), list):
            return {"type": kind, "geometries": [geometry(each, scope) for each in value["geometries"]]}
        if isinstance(kind, str) and kind in _GEOMETRY_DEPTH and _positions(value.get("coordinates"), kind):
            return value
    raise Bad("invalid", "Geen geldige GeoJSON geometrie.")


def _positions(coordinates: object, kind: str) -> bool:
    level: list[object] = [coordinates]
    for _ in range(_GEOMETRY_DEPTH[kind]):
        if not all(isinstance(each, list) and each for each in level):
            return False
        level = [inner for each in level if isinstance(each, list) for inner in each]
    if not all(_position(each) for each in level):
        return False
    # RFC 7946 §3.1.6: a linear ring has four or more positions and ends where it began.
    rings = {"Polygon": [coordinates], "MultiPolygon": coordinates}.get(kind, [])
    return all(
        len(ring) >= 4 and ring[0] == ring[-1]  # noqa: PLR2004
        for polygon in (rings if isinstance(rings, list) else [])
        for ring in polygon
    )


def _position(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) in _POSITION
        and all(isinstance(each, int | float) and not isinstance(each, bool) for each in value)
        and _within(value[0], 180)
        and _within(value[1], 90)
    )


def _within(value: float, most: float) -> bool:
    return -most <= value <= most
