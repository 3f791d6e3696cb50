"""What a function gives, put through its inverse and through it again, is the same: for every function with one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from hub.mapping.functions import FUNCTIONS, Function, Marked, Unfit
from hub.wire.claim import Claim

ANY = st.text(max_size=20)
CLAIM = Claim("2024-07-d1", 4, "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
WORD = st.text("abcdefghijABCDEFGHIJ'-IJ\u00e9", min_size=1, max_size=8)
DIGITS = st.text("0123456789", min_size=1, max_size=12)
ISO_DATE = st.dates().map(date.isoformat)
STUF_DATE = st.dates().map(lambda each: f"{each.year:04}{each:%m%d}")
MOMENT = st.datetimes(datetime(1890, 1, 1), datetime(2100, 1, 1), timezones=st.timezones())  # noqa: DTZ001
NUMBER = st.integers(-(10**17), 10**17) | st.floats(-1e14, 1e14).map(lambda each: round(each, 3))
POSITION = st.tuples(st.floats(-180, 180), st.floats(-90, 90)).map(list)
RING = st.lists(POSITION, min_size=3, max_size=6).map(lambda each: [*each, each[0]])
GEOJSON = (
    st.fixed_dictionaries({"type": st.just("Point"), "coordinates": POSITION})
    | st.fixed_dictionaries({"type": st.just("LineString"), "coordinates": st.lists(POSITION, min_size=2, max_size=5)})
    | st.fixed_dictionaries({"type": st.just("Polygon"), "coordinates": st.lists(RING, min_size=1, max_size=3)})
)
GML = st.sampled_from(
    [
        '<g:Point xmlns:g="http://www.opengis.net/gml" srsName="EPSG:28992"><g:pos>155000 463000.25</g:pos></g:Point>',
        '<g:Point xmlns:g="http://www.opengis.net/gml" srsName="EPSG:4326"><g:pos>5.1 1e-7</g:pos></g:Point>',
    ]
).map(etree.fromstring)
TABLE = st.dictionaries(ANY.map(str.strip).filter(bool), st.sampled_from(["a", "b", "c"]), min_size=1, max_size=6)
COMPLETE = st.dates().map(lambda each: {"jaar": each.year, "maand": each.month, "dag": each.day})
INCOMPLETE = st.builds(lambda whole, known: dict(list(whole.items())[:known]), COMPLETE, st.integers(1, 3))
KNOWN = st.builds(lambda whole, known: dict(list(whole.items())[:known]), COMPLETE, st.integers(0, 3))
BRP_DATE = KNOWN.map(FUNCTIONS["naar-brp-datum"].make())
FIELDS = st.lists(st.sampled_from(["burgerservicenummer", "geslacht", "leeftijd"]), min_size=1, unique=True)
ONDERZOEK = st.fixed_dictionaries({"velden": FIELDS}, optional={"datumIngang": KNOWN, "datumIngangGezag": KNOWN})
BRP_ONDERZOEK = ONDERZOEK.map(FUNCTIONS["naar-brp-in-onderzoek"].make("Persoon"))
PERSON = st.fixed_dictionaries(
    {"geslachtsnaam": st.lists(WORD, min_size=1, max_size=3).map(" ".join)},
    optional={"voorvoegselGeslachtsnaam": st.sampled_from(["van der", "'s-", "d'", "Van", "onbekend"])},
)
NAME = st.lists(WORD | st.sampled_from(["van", "der", "d'", "'s-", "van 's-Graveland", "d'Arc"]), max_size=4).map(
    " ".join
)
NUMMER = st.fixed_dictionaries(
    {"huisnummer": st.integers(1, 99_999)},
    optional={"huisletter": st.sampled_from("aBz"), "huisnummertoevoeging": st.text("aB12", min_size=1, max_size=4)},
)
HOUSE = st.builds(
    "".join,
    st.tuples(
        st.integers(0, 100_000).map(str), st.sampled_from(["", " ", "-", "a", " B", "a-", " bis", "2", " c 3"]), ANY
    ),
)
STREET = NUMMER.flatmap(lambda parts: NAME.map(lambda name: {"openbareRuimteNaam": f"{name} 1", **parts}))
LENGTH = st.fixed_dictionaries({"lengte": st.integers(1, 40)})
NONE: st.SearchStrategy[dict[str, Any]] = st.just({})
WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2)
BSN = (
    st.lists(st.integers(0, 9), min_size=8, max_size=8)
    .map(lambda each: [*each, sum(weight * digit for weight, digit in zip(WEIGHTS, each, strict=True)) % 11])
    .filter(lambda each: each[-1] < 10)
    .map(lambda each: "".join(map(str, each)))
)

DOMAINS: dict[str, tuple[st.SearchStrategy[Any], st.SearchStrategy[dict[str, Any]]]] = {
    "tekst": (ANY, st.fixed_dictionaries({"max": st.integers(1, 20), "longer": st.just("cut")})),
    "een-regel": (ANY, NONE),
    "tekst-ervoor": (ANY, st.fixed_dictionaries({"tekst": ANY})),
    "zonder-tekst-ervoor": (ANY.map(lambda each: "ZAAK " + each), st.just({"tekst": "ZAAK "})),
    "tekst-erachter": (ANY, st.fixed_dictionaries({"tekst": ANY})),
    "zonder-tekst-erachter": (ANY.map(lambda each: each + "*"), st.just({"tekst": "*"})),
    "voorloopnullen": (DIGITS, LENGTH),
    "zonder-voorloopnullen": (DIGITS, NONE),
    "geheel-getal": (DIGITS | st.integers(), NONE),
    "getal": (NUMBER.map(lambda each: f"{each:f}".replace(".", ",")) | DIGITS | NUMBER, NONE),
    "getal-naar-tekst": (NUMBER | st.floats(), NONE),
    "afgerond": (NUMBER, st.fixed_dictionaries({"decimalen": st.integers(0, 6)})),
    "stuf-datum": (STUF_DATE, NONE),
    "naar-stuf-datum": (ISO_DATE, NONE),
    "stuf-tijdstip": (
        MOMENT.flatmap(
            lambda at: st.sampled_from([8, 10, 12, 14, 15, 16, 17]).map(
                lambda n: f"{at.year:04}{at:%m%d%H%M%S}{at.microsecond // 1000:03}"[:n]
            )
        ),
        NONE,
    ),
    "naar-stuf-tijdstip": (MOMENT.map(datetime.isoformat), NONE),
    "stuf-onvolledige-datum": (STUF_DATE, NONE),
    "naar-stuf-onvolledige-datum": (INCOMPLETE, NONE),
    "onvolledige-datum-naar-datum": (INCOMPLETE, NONE),
    "datum-naar-onvolledige-datum": (ISO_DATE, NONE),
    "brp-datum": (BRP_DATE, NONE),
    "naar-brp-datum": (KNOWN, NONE),
    "brp-in-onderzoek": (BRP_ONDERZOEK, st.just({"van": "Persoon"})),
    "naar-brp-in-onderzoek": (ONDERZOEK, st.just({"van": "Persoon"})),
    "duur-dagen": (st.text("0123456789", min_size=1, max_size=5), NONE),
    "naar-duur-dagen": (st.integers(0, 99_999).map(lambda each: f"P{each}D"), NONE),
    "code": (
        ANY | st.sampled_from("abc"),
        st.fixed_dictionaries({"table": TABLE}, optional={"otherwise": st.sampled_from(["omit", "keep"])}),
    ),
    "code-terug": (
        ANY | st.sampled_from("abc"),
        st.fixed_dictionaries({"table": TABLE}, optional={"otherwise": st.sampled_from(["omit", "keep"])}),
    ),
    "stuf-indicatie": (st.sampled_from("JN"), NONE),
    "naar-stuf-indicatie": (st.booleans(), NONE),
    "xml-boolean": (st.sampled_from(["true", "1", "false", "0"]), NONE),
    "naar-xml-boolean": (st.booleans(), NONE),
    "taal": (st.text("adefilnrtuy", min_size=2, max_size=3), NONE),
    "taal-twee-letters": (st.text("adefilnrtuy", min_size=2, max_size=3), NONE),
    "geslachtsnaam-splitsen": (NAME, NONE),
    "geslachtsnaam-samenvoegen": (PERSON, NONE),
    "huisnummer-splitsen": (HOUSE, NONE),
    "huisnummer-samenvoegen": (NUMMER, NONE),
    "adresregel-splitsen": (st.builds("{} {}".format, NAME, HOUSE), NONE),
    "adresregel-samenvoegen": (STREET, NONE),
    "bsn": (BSN, NONE),
    "rsin": (BSN, NONE),
    "a-nummer": (st.sampled_from(["1234567849"]), NONE),
    "kvk-nummer": (DIGITS | st.integers(1, 10**8), NONE),
    "vestigingsnummer": (DIGITS | st.integers(1, 10**12), NONE),
    "gemeentecode": (DIGITS | st.integers(1, 10**4), NONE),
    "oin": (st.text("0123456789", min_size=20, max_size=20), NONE),
    "oin-van-rsin": (st.sampled_from(["999990019", "999990020"]), NONE),
    "rsin-van-oin": (st.sampled_from(["00000001999990019000", "00000003123456780000"]), NONE),
    "bag-identificatie": (st.sampled_from(["0363010000000001", "0363200000000001"]), NONE),
    "postcode": (st.from_regex(r"[1-9][0-9]{3} ?[A-Za-z]{2}", fullmatch=True), NONE),
    "postcode-met-spatie": (st.from_regex(r"[1-9][0-9]{3} ?[A-Za-z]{2}", fullmatch=True), NONE),
    "gml-naar-geojson": (GML, NONE),
    "geojson-naar-gml": (GEOJSON, NONE),
    "xml-tekst": (st.sampled_from(["<plek><punt>1 2</punt></plek>", "<plek/>"]).map(etree.fromstring), NONE),
    "xml-van-tekst": (st.sampled_from(["<punt>1 2</punt>", '<x:lijn xmlns:x="urn:x"><x:punt/></x:lijn>']), NONE),
    "claim": (st.just(CLAIM.text()), NONE),
    "naar-claim": (st.just({"verwijzing": CLAIM.reference, "omvang": 4, "sha256": CLAIM.sha256}), NONE),
    "hoofdletters": (ANY, NONE),
    "mime-type": (st.sampled_from(["pdf", ".DOCX", "text/plain; charset=utf-8", "xyz"]), NONE),
}
"""What each function may be given, and its settings."""

INVERTIBLE = [function for function in FUNCTIONS.values() if function.inverse]


def test_every_inverse_is_proven() -> None:
    """Who adds an inverse says here what the function may be given."""
    assert sorted(DOMAINS) == sorted(function.name for function in INVERTIBLE)


@pytest.mark.parametrize("function", INVERTIBLE, ids=[each.name for each in INVERTIBLE])
@given(data=st.data())
def test_what_a_function_gives_comes_back(function: Function, data: st.DataObject) -> None:
    """apply(inverse(apply(x))) is apply(x); settings of the same name are carried over."""
    values, settings = DOMAINS[function.name]
    given_ = data.draw(settings)
    inverse = FUNCTIONS[function.inverse]
    carried = {name: each for name, each in given_.items() if name in {setting.name for setting in inverse.settings}}
    try:
        gives = _apply(function, data.draw(values), given_)
    except Unfit:
        return  # outside its domain
    if gives is None:
        return

    back = _apply(function, _held(_apply(inverse, _held(gives), carried)), given_)

    assert _shown(back) == _shown(gives)


def _held(value: Any) -> Any:  # noqa: ANN401 - as functions are
    """Give a value as it stands in a message: an element inside the one that a rule names."""
    if not etree.iselement(value):
        return value
    holder = etree.Element("plek")
    holder.append(value)
    return holder


def _apply(function: Function, value: Any, settings: dict[str, Any]) -> Any:  # noqa: ANN401 - as functions are
    apply = function.make(**settings)
    text, attributes = value if isinstance(value, Marked) else (value, {})
    return apply(text, attributes) if function.attributes else apply(text)


def _shown(value: Any) -> Any:  # noqa: ANN401 - as functions are
    return etree.tostring(value) if etree.iselement(value) else value


def test_of_several_values_with_one_code_the_first_is_written_back() -> None:
    """The order of the table is the order of preference."""
    table = {"besloten vennootschap": "bv", "B.V.": "bv"}

    assert FUNCTIONS["code-terug"].make(table=table)("bv") == "besloten vennootschap"


@pytest.mark.parametrize(("known", "digits"), [({"jaar": 1960}, "M"), ({"jaar": 1960, "maand": 2}, "D")])
def test_an_incomplete_date_is_marked(known: dict[str, int], digits: str) -> None:
    """StUF 03.01 §3.3: the text is a date of the calendar, the attribute says which part of it counts."""
    marked = FUNCTIONS["naar-stuf-onvolledige-datum"].make()(known)

    assert isinstance(marked, Marked)
    assert marked.attributes == {"indOnvolledigeDatum": digits}
    assert FUNCTIONS["stuf-datum"].make()(marked.text, {})
