"""The functions: their examples are their test, and whatever a sender writes they give a value or refuse it quietly."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from hub.clock import AMSTERDAM
from hub.mapping.functions import FAILS, FUNCTIONS, Example, Function, Unfit
from hub.mapping.functions.contract import Apply

EXAMPLES = [(function, example) for function in FUNCTIONS.values() for example in function.examples]
PLAIN = [function for function in FUNCTIONS.values() if not any(each.required for each in function.settings)]


def _apply(function: Function, value: Any, settings: dict[str, Any]) -> Any:  # noqa: ANN401 - as functions are
    made = function.make(**settings)
    return made(value, {}) if function.attributes else made(value)


def _named(name: str) -> Apply:
    return FUNCTIONS[name].make()


@pytest.mark.parametrize(("function", "example"), EXAMPLES, ids=[f"{each.name}-{one.given}" for each, one in EXAMPLES])
def test_an_example_is_true(function: Function, example: Example) -> None:
    """What is given becomes what the example says, or is refused."""
    apply = function.make(**example.settings)
    wants_element = (function.takes == "element" or function.whole) and str(example.given).startswith("<")
    given_ = (etree.fromstring(example.given) if wants_element else example.given,)
    arguments = (*given_, example.attributes) if function.attributes else given_

    if example.gives is FAILS:
        with pytest.raises(Unfit):
            apply(*arguments)
    else:
        outcome = apply(*arguments)
        outcome = etree.tostring(outcome).decode() if etree.iselement(outcome) else outcome
        assert outcome == example.gives
        assert type(outcome) is type(example.gives)


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_function_explains_itself(function: Function) -> None:
    """One line that ends as a sentence, two examples or more, one of them refused; every setting has a summary."""
    assert function.summary.endswith(".")
    assert "\n" not in function.summary
    assert len(function.examples) >= 2
    assert any(example.gives is FAILS for example in function.examples)
    assert any(example.gives is not FAILS for example in function.examples)
    assert all(setting.summary for setting in function.settings)
    assert not function.inverse or function.inverse in FUNCTIONS


@given(
    value=st.text()
    | st.integers()
    | st.none()
    | st.dictionaries(st.text(), st.integers())
    | st.text("0123456789", max_size=18)
)
def test_a_function_refuses_quietly(value: Any) -> None:  # noqa: ANN401 - anything at all
    """Anything else than Unfit would carry a value into a traceback; so would a reason that holds it."""
    refusals = [refusal for refusal in (_refusal(function, value) for function in PLAIN) if refusal]

    assert all(refusal.__cause__ is None for refusal in refusals)
    if isinstance(value, str) and len(value) > len("1 to 5 digits"):
        assert not any(value in str(refusal) for refusal in refusals)


DEEP: list[Any] = []
for _ in range(3000):
    DEEP = [DEEP]
HOSTILE: list[Any] = [
    "a" * 1_000_000,
    "1" * 1_000_000,
    " " * 1_000_000,
    "van " * 250_000,
    "1 " * 500_000,
    "a/" * 500_000,
    "2024-01-01T00:00:00." + "0" * 1_000_000,
    "\ud800",
    "\x00",
    "\u0661\u0662",
    "\u202e\u0301",
    float("nan"),
    float("inf"),
    -0.0,
    1e300,
    10**5000,
    -(10**5000),
    True,
    [],
    DEEP,
    {"jaar": 10**5000, "maand": True, "dag": 1.5},
    {"jaar": 2024, "maand": 2, "dag": 30},
    {"huisnummer": 10**5000, "huisletter": ["x"], "openbareRuimteNaam": "x" * 1_000_000},
    {"geslachtsnaam": "x" * 1_000_000, "voorletters": 10**5000, "voornamen": DEEP},
    {"type": "Polygon", "coordinates": DEEP},
    {"type": "Point", "coordinates": [float("nan"), 10**5000]},
    {"type": "LineString", "coordinates": [[1, 2]] * 100_000},
    {1: object(), "x": {"y": DEEP}},
]


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_function_survives_whatever_a_sender_writes(function: Function) -> None:
    """A megabyte, numbers without end, nests without bottom: a value or Unfit, with each setting of its examples."""
    for settings in [{}, *(dict(example.settings) for example in function.examples)]:
        if all(each.name in settings for each in function.settings if each.required):
            for value in HOSTILE:
                refusal = _refusal(function, value, **settings)
                assert refusal is None or len(str(refusal)) < 200
            element = etree.fromstring("<a x='\u0661'><b>&#x202E;</b><b/>tail</a>")
            _refusal(function, element, **settings)


def _refusal(function: Function, value: object, **settings: Any) -> Unfit | None:  # noqa: ANN401 - as settings are
    try:
        _apply(function, value, settings)
    except Unfit as refusal:
        return refusal
    return None


@given(st.dates(min_value=date(1, 1, 1)))
def test_a_date_comes_back_as_it_went(day: date) -> None:
    """naar-stuf-datum undoes stuf-datum."""
    stuf = f"{day.year:04}{day:%m%d}"

    assert _named("naar-stuf-datum")(_named("stuf-datum")(stuf, {})) == stuf


@given(st.datetimes(min_value=datetime(1950, 1, 1), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001 - hypothesis wants them
def test_a_moment_comes_back_as_it_went(moment: datetime) -> None:
    """naar-stuf-tijdstip undoes stuf-tijdstip, but for the hour that the clock skips."""
    stuf = f"{moment:%Y%m%d%H%M%S}"
    skipped = moment.replace(tzinfo=AMSTERDAM).astimezone(UTC).astimezone(AMSTERDAM).replace(
        tzinfo=None
    ) != moment.replace(fold=0)

    back = _named("naar-stuf-tijdstip")(_named("stuf-tijdstip")(stuf, {}))

    assert back == stuf or skipped


def test_in_the_hour_that_comes_twice_the_first_is_meant() -> None:
    """StUF has no time zone: the end of summer time can't be told apart."""
    assert _named("stuf-tijdstip")("20251026023000", {}) == "2025-10-26T02:30:00+02:00"
    assert _named("naar-stuf-tijdstip")("2025-10-26T02:30:00+01:00") == "20251026023000"


@pytest.mark.parametrize("digits", [8, 10, 12, 14, 15, 16, 17])
def test_a_tijdstip_may_leave_out_its_last_digits(digits: int) -> None:
    """StUF 03.01 §3: the last 9, 7, 5, 3, 2 or 1 digits."""
    whole = "20260115093045125"

    moment = datetime.fromisoformat(_named("stuf-tijdstip")(whole[:digits], {}))

    assert moment.utcoffset() == timedelta(hours=1)
    assert f"{moment:%Y%m%d%H%M%S}{moment.microsecond // 1000:03}"[:digits] == whole[:digits]


@pytest.mark.parametrize(
    ("x", "y", "longitude", "latitude"),
    [
        (120700.723, 487525.501, 4.88352559, 52.37453253),  # Westertoren, Amsterdam
        (233883.131, 582065.167, 6.56820053, 53.21938317),  # Martinitoren, Groningen
    ],
)
def test_rijksdriehoek_becomes_wgs84(x: float, y: float, longitude: float, latitude: float) -> None:
    """Two towers of which both coordinates are published; 0.0000005 degree is 5 cm."""
    point = etree.fromstring(
        f'<g:Point xmlns:g="http://www.opengis.net/gml" srsName="EPSG:28992"><g:pos>{x} {y}</g:pos></g:Point>'
    )

    assert _named("gml-naar-geojson")(point)["coordinates"] == pytest.approx([longitude, latitude], abs=5e-7)


GML = 'xmlns:g="http://www.opengis.net/gml" srsName="http://www.opengis.net/def/crs/EPSG/0/4326"'


OUTER = (
    "<g:exterior><g:LinearRing>"
    "<g:posList srsDimension='3'>0 0 9 4 0 9 4 4 9 0 0 9</g:posList>"
    "</g:LinearRing></g:exterior>"
)
INNER = "<g:interior><g:LinearRing><g:posList>1 1 2 1 2 2 1 1</g:posList></g:LinearRing></g:interior>"


@pytest.mark.parametrize(
    ("gml", "expected"),
    [
        (
            f"<g:Point {GML}><g:coordinates>5.1,52.1</g:coordinates></g:Point>",
            {"type": "Point", "coordinates": [5.1, 52.1]},
        ),
        (
            f"<g:LineString {GML}><g:posList>5.1 52.1 5.2 52.2</g:posList></g:LineString>",
            {"type": "LineString", "coordinates": [[5.1, 52.1], [5.2, 52.2]]},
        ),
        (
            f"<g:LineString {GML}><g:pos>5.1 52.1</g:pos><g:pos>5.2 52.2</g:pos></g:LineString>",
            {"type": "LineString", "coordinates": [[5.1, 52.1], [5.2, 52.2]]},
        ),
        (
            f"<g:Polygon {GML}>{OUTER}{INNER}</g:Polygon>",
            {"type": "Polygon", "coordinates": [[[0, 0], [4, 0], [4, 4], [0, 0]], [[1, 1], [2, 1], [2, 2], [1, 1]]]},
        ),
        (
            f"<lokatie><g:Point {GML}><g:pos>5.1 52.1</g:pos></g:Point></lokatie>",
            {"type": "Point", "coordinates": [5.1, 52.1]},
        ),
    ],
)
def test_gml_shapes_become_geojson(gml: str, expected: dict[str, Any]) -> None:
    """Points, lines and polygons with holes, in the three ways GML 3.1.1 writes positions."""
    assert _named("gml-naar-geojson")(etree.fromstring(gml)) == expected


@pytest.mark.parametrize(
    "gml",
    [
        f"<g:Point {GML}/>",
        f"<g:Point {GML}><g:pos>5.1</g:pos></g:Point>",
        f"<g:Point {GML}><g:pos>nan 1</g:pos></g:Point>",
        f"<g:Point {GML}><g:pos>vijf 1</g:pos></g:Point>",
        f"<g:LineString {GML}><g:posList>1 2 3</g:posList></g:LineString>",
        f"<g:LineString {GML}><g:posList>1 2</g:posList></g:LineString>",
        f"<g:Polygon {GML}/>",
        f"<g:Polygon {GML}><g:exterior><g:posList>0 0 4 0 4 4 0 1</g:posList></g:exterior></g:Polygon>",
        '<g:Point xmlns:g="http://www.opengis.net/gml"><g:pos>5.1 52.1</g:pos></g:Point>',
        '<g:Point xmlns:g="http://www.opengis.net/gml" srsName="EPSG:31370"><g:pos>5.1 52.1</g:pos></g:Point>',
    ],
)
def test_what_is_no_whole_shape_is_refused(gml: str) -> None:
    """Too few positions, open rings, other reference systems, no numbers."""
    with pytest.raises(Unfit):
        _named("gml-naar-geojson")(etree.fromstring(gml))


def test_every_two_letter_language_has_three_letters() -> None:
    """ISO 639-1 has 183 codes and one that is withdrawn; each comes back as itself."""
    letters = [chr(first) + chr(second) for first in range(97, 123) for second in range(97, 123)]
    known = []
    for code in letters:
        try:
            known.append((code, _named("taal")(code)))
        except Unfit:
            continue

    assert len(known) >= 183
    assert all(_named("taal-twee-letters")(three) == two for two, three in known)
