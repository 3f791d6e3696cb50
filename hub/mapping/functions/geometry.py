"""GML 3.1.1 to GeoJSON (RFC 7946) and back: Point, LineString and Polygon.

Coordinates of EPSG:28992 (Rijksdriehoek) become WGS84 with the series of Schreutelkamp and Strang van Hees (2001),
good to 0.25 m. Those of EPSG:4326 stay as they come: senders write longitude first, as GeoJSON does.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

from lxml import etree

from hub.mapping.functions.contract import FAILS, Example, Function, Unfit, always, is_element, object_of

_Position = list[float]

# Terms (power of dX, power of dY, seconds of arc), with dX and dY in 100 km from Amersfoort.
_LATITUDE = (
    (0, 1, 3235.65389), (2, 0, -32.58297), (0, 2, -0.24750), (2, 1, -0.84978), (0, 3, -0.06550), (2, 2, -0.01709),
    (1, 0, -0.00738), (4, 0, 0.00530), (2, 3, -0.00039), (4, 1, 0.00033), (1, 1, -0.00012),
)  # fmt: skip
_LONGITUDE = (
    (1, 0, 5260.52916), (1, 1, 105.94684), (1, 2, 2.45656), (3, 0, -0.81885), (1, 3, 0.05594), (3, 1, -0.05607),
    (0, 1, 0.01199), (3, 2, -0.00256), (1, 4, 0.00128), (0, 2, 0.00022), (2, 0, -0.00022), (5, 0, 0.00026),
)  # fmt: skip
_AMERSFOORT_RD = (155_000.0, 463_000.0)
_AMERSFOORT_WGS84 = (52.15517440, 5.38720621)
# The area in which RD is defined, in metres; outside it the series means nothing.
_RD_X, _RD_Y = (-7_000.0, 300_000.0), (289_000.0, 629_000.0)
_DECIMALS = 7  # about 1 cm
_POSITIONS_MAX = 50_000  # a municipal boundary has 20,000
_PLANE, _SPACE = 2, 3
_RING_MIN, _LINE_MIN = 4, 2
_DEGREES_MAX = 360
_NAMESPACE = "http://www.opengis.net/gml"


def _gml_naar_geojson(value: object) -> dict[str, Any]:
    if not is_element(value):
        raise Unfit("this is not a GML element")
    shape = _shape(value)
    name = _local(shape)
    system = _system(shape, value)
    if name == "Point":
        positions = _positions(shape, system)
        if len(positions) != 1:
            raise Unfit("a Point has one position")
        return {"type": "Point", "coordinates": positions[0]}
    if name == "LineString":
        positions = _positions(shape, system)
        if len(positions) < _LINE_MIN:
            raise Unfit("a LineString has two positions or more")
        return {"type": "LineString", "coordinates": positions}
    outer = [_positions(each, system) for each in shape if _local(each) in {"exterior", "outerBoundaryIs"}]
    inner = [_positions(each, system) for each in shape if _local(each) in {"interior", "innerBoundaryIs"}]
    if len(outer) != 1 or any(len(ring) < _RING_MIN or ring[0] != ring[-1] for ring in outer + inner):
        raise Unfit("a Polygon has one exterior, and closed rings of four positions or more")
    return {"type": "Polygon", "coordinates": outer + inner}


def _geojson_naar_gml(value: object) -> etree._Element:
    shape = object_of(value, "a GeoJSON geometry")
    found = shape.get("coordinates")
    kind = shape.get("type")
    if kind == "Point":
        return _gml("Point", _written("pos", [_numbers(found)]))
    if kind == "LineString":
        line = _line(found, _LINE_MIN)
        return _gml("LineString", _written("posList", line))
    if kind != "Polygon" or not isinstance(found, list) or not found:
        raise Unfit("this is not a GeoJSON Point, LineString or Polygon")
    rings = [_line(each, _RING_MIN) for each in found]
    if any(ring[0] != ring[-1] for ring in rings):
        raise Unfit("a Polygon has closed rings")
    if sum(map(len, rings)) > _POSITIONS_MAX:
        raise Unfit(f"a geometry has at most {_POSITIONS_MAX} positions")
    return _gml("Polygon", *(_ring("interior" if at else "exterior", ring) for at, ring in enumerate(rings)))


def _gml(name: str, *parts: etree._Element) -> etree._Element:
    made = etree.Element(f"{{{_NAMESPACE}}}{name}", nsmap={"gml": _NAMESPACE})
    made.set("srsName", "EPSG:4326")
    made.extend(parts)
    return made


def _ring(name: str, positions: list[_Position]) -> etree._Element:
    made = etree.Element(f"{{{_NAMESPACE}}}{name}")
    etree.SubElement(made, f"{{{_NAMESPACE}}}LinearRing").append(_written("posList", positions))
    return made


def _written(name: str, positions: list[_Position]) -> etree._Element:
    made = etree.Element(f"{{{_NAMESPACE}}}{name}")
    made.text = " ".join(_plain(each) for position in positions for each in position)
    return made


def _plain(number: float) -> str:
    return format(Decimal(repr(int(number) if number.is_integer() else number)), "f")


def _line(value: object, least: int) -> list[_Position]:
    if not isinstance(value, list) or not least <= len(value) <= _POSITIONS_MAX:
        raise Unfit(f"a line has {least} to {_POSITIONS_MAX} positions")
    return [_numbers(each) for each in value]


def _numbers(value: object) -> _Position:
    """Read a position of GeoJSON; its height is left out."""
    if not isinstance(value, list) or len(value) not in {_PLANE, _SPACE}:
        raise Unfit("a position has two or three numbers")
    for each in value:
        if isinstance(each, bool) or not isinstance(each, int | float) or not abs(each) <= _DEGREES_MAX:
            raise Unfit("a coordinate is not a number of degrees")
    return [float(each) for each in value[:_PLANE]]


def _shape(element: etree._Element) -> etree._Element:
    """Give the geometry: the element itself, or the first one inside it."""
    for each in element.iter():
        if _local(each) in {"Point", "LineString", "Polygon"}:
            return each
    raise Unfit("there is no Point, LineString or Polygon here")


def _system(shape: etree._Element, outer: etree._Element) -> str:
    """Give the reference system by its EPSG number."""
    for each in (shape, *shape.iterdescendants(), outer):
        name = each.get("srsName")
        if name:
            code = name.rstrip("/").replace("#", ":").replace("/", ":").rpartition(":")[2]
            if code not in {"28992", "4326"}:
                raise Unfit("the reference system is not EPSG:28992 or EPSG:4326")
            return code
    raise Unfit("the geometry has no srsName")


def _positions(element: etree._Element, system: str) -> list[_Position]:
    numbers: list[list[float]] = []
    for each in element.iter():
        name = _local(each)
        if name == "coordinates":
            numbers += [_floats(one.replace(",", " ")) for one in (each.text or "").split()]
        elif name == "pos":
            numbers.append(_floats(each.text or ""))
        elif name == "posList":
            flat = _floats(each.text or "")
            size = _SPACE if (each.get("srsDimension") or element.get("srsDimension")) == "3" else _PLANE
            if len(flat) % size:
                raise Unfit("a posList has whole positions")
            numbers += [flat[start : start + size] for start in range(0, len(flat), size)]
    if len(numbers) > _POSITIONS_MAX:
        raise Unfit(f"a geometry has at most {_POSITIONS_MAX} positions")
    if any(len(each) not in {_PLANE, _SPACE} for each in numbers):
        raise Unfit("a position has two or three numbers")
    # The height is left out: ZGW keeps places on the map.
    return [_wgs84(each[0], each[1]) if system == "28992" else each[:2] for each in numbers]


def _floats(text: str) -> list[float]:
    try:
        numbers = [float(each) for each in text.split()]
    except ValueError:
        raise Unfit("a coordinate is not a number") from None
    if not all(math.isfinite(each) for each in numbers):
        raise Unfit("a coordinate is not a number")
    return numbers


def _wgs84(x: float, y: float) -> _Position:
    if not (_RD_X[0] <= x <= _RD_X[1] and _RD_Y[0] <= y <= _RD_Y[1]):
        raise Unfit("a position lies outside the area of Rijksdriehoek")
    dx, dy = (x - _AMERSFOORT_RD[0]) / 100_000, (y - _AMERSFOORT_RD[1]) / 100_000
    latitude = _AMERSFOORT_WGS84[0] + sum(term * dx**p * dy**q for p, q, term in _LATITUDE) / 3600
    longitude = _AMERSFOORT_WGS84[1] + sum(term * dx**p * dy**q for p, q, term in _LONGITUDE) / 3600
    return [round(longitude, _DECIMALS), round(latitude, _DECIMALS)]


def _local(element: etree._Element) -> str:
    # A comment has a function for a tag, whatever the stubs say.
    return str(element.tag).rpartition("}")[2]


_GML = 'xmlns:gml="http://www.opengis.net/gml"'

FUNCTIONS = (
    Function(
        "gml-naar-geojson",
        "A GML 3.1.1 Point, LineString or Polygon as GeoJSON in WGS84; EPSG:28992 is converted, EPSG:4326 kept.",
        "element",
        "object",
        always(_gml_naar_geojson),
        (
            Example(
                f'<gml:Point {_GML} srsName="EPSG:4326"><gml:pos>4.8835256 52.3745325</gml:pos></gml:Point>',
                {"type": "Point", "coordinates": [4.8835256, 52.3745325]},
            ),
            Example(
                f'<gml:Point {_GML} srsName="urn:ogc:def:crs:EPSG::28992"><gml:pos>155000 463000</gml:pos></gml:Point>',
                {"type": "Point", "coordinates": [5.3872062, 52.1551744]},
            ),
            Example(f'<gml:Point {_GML} srsName="EPSG:28992"><gml:pos>4.88 52.37</gml:pos></gml:Point>', FAILS),
            Example(f"<gml:Curve {_GML}/>", FAILS),
        ),
        inverse="geojson-naar-gml",
    ),
    Function(
        "geojson-naar-gml",
        "A GeoJSON Point, LineString or Polygon as GML 3.1.1 in EPSG:4326, longitude first.",
        "object",
        "element",
        always(_geojson_naar_gml),
        (
            Example(
                {"type": "Point", "coordinates": [4.8835256, 52.3745325]},
                f'<gml:Point {_GML} srsName="EPSG:4326"><gml:pos>4.8835256 52.3745325</gml:pos></gml:Point>',
            ),
            Example(
                {"type": "LineString", "coordinates": [[5, 52], [6, 53]]},
                f'<gml:LineString {_GML} srsName="EPSG:4326"><gml:posList>5 52 6 53</gml:posList></gml:LineString>',
            ),
            Example({"type": "Point", "coordinates": [4.8835256]}, FAILS),
            Example({"type": "MultiPoint", "coordinates": []}, FAILS),
        ),
        inverse="gml-naar-geojson",
    ),
)
