"""Geometry of charts and maps drawn on the server: numbers and outlines in, coordinates out.

No Django and no colours: templates turn the results into SVG, the stylesheet gives the looks. Every picture stands
beside a table that says the same. Lengths are SVG user units unless they end in ``%``.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, floor, log10, radians, sin, sqrt
from typing import Any, Literal

Mark = Literal["missing", "suppressed"]
Value = float | Mark | None  # None is missing: never zero
Point = tuple[float, float]

TILE = 44
CLASSES = 5


@dataclass(frozen=True)
class Bar:
    """One bar. ``value`` is a number ≥ 0, "suppressed", or ``None`` when nothing was reported; ``note`` says why."""

    label: str
    value: Value
    note: str = ""


@dataclass(frozen=True)
class BarRow:
    """A bar laid out: how much of the width is filled, beside the words that go with it."""

    label: str
    value: float | None
    note: str
    state: Literal["value", "missing", "suppressed"]
    filled: str  # "62.5%"


@dataclass(frozen=True)
class BarChart:
    id: str
    title: str
    description: str
    rows: tuple[BarRow, ...]


def bars(
    rows: Sequence[Bar], *, title: str, description: str = "", id: str = "bars", maximum: float | None = None
) -> BarChart:
    """Horizontal bars from zero, one under the other, in the order given.

    ``maximum`` is the value of a full bar (default: the largest), so that two charts can share one scale.
    Raises ``ValueError`` for a negative value or one beyond ``maximum``.
    """
    numbers = [row.value for row in rows if isinstance(row.value, int | float)]
    top = max(numbers, default=0) if maximum is None else maximum
    if any(number < 0 or number > top for number in numbers):
        raise ValueError("a bar is negative or longer than the maximum")
    return BarChart(id, title, description, tuple(_bar_row(row, top) for row in rows))


def _bar_row(row: Bar, top: float) -> BarRow:
    state = _state(row.value)
    number = float(row.value) if isinstance(row.value, int | float) else None
    share = 100 * number / top if number is not None and top else 0.0
    return BarRow(row.label, number, row.note, state, f"{share:.2f}%")


def _state(value: Value) -> Literal["value", "missing", "suppressed"]:
    if isinstance(value, int | float):
        return "value"
    return "suppressed" if value == "suppressed" else "missing"


@dataclass(frozen=True)
class Area:
    """One state: an SVG path on a map, a square on a grid. ``level``: 0 (none) to 5 (most), ``None`` without value."""

    code: str
    label: str
    short: str
    value: float | None
    state: Literal["value", "missing", "suppressed"]
    level: int | None
    path: str = ""
    x: float = 0
    y: float = 0


@dataclass(frozen=True)
class Step:
    """One class of the legend: the values from ``low`` to ``high``, both included and both present in the data."""

    level: int
    low: float
    high: float


@dataclass(frozen=True)
class MapChart:
    id: str
    title: str
    description: str
    kind: Literal["map", "tiles"]
    areas: tuple[Area, ...]
    steps: tuple[Step, ...]
    width: float
    height: float
    tile: int = TILE

    @property
    def has_missing(self) -> bool:
        return any(area.state == "missing" for area in self.areas)

    @property
    def has_suppressed(self) -> bool:
        return any(area.state == "suppressed" for area in self.areas)


def state_map(
    features: Mapping[str, Any] | None,
    values: Mapping[str, Value],
    *,
    title: str,
    description: str = "",
    labels: Mapping[str, str] | None = None,
    tiles: Mapping[str, tuple[int, int]] | None = None,
    id: str = "map",
    width: int = 640,
) -> MapChart:
    """A map shaded in five classes, from a GeoJSON FeatureCollection whose feature ids are the codes.

    Without ``features`` it is a grid of tiles, code -> (column, row) from the top left. A code without a value is
    missing. Zero has its own class. Raises ``ValueError`` when there is neither outline nor tile.
    """
    names = labels or {}
    steps = classes([v for v in values.values() if isinstance(v, int | float)])
    if features and features.get("features"):
        paths, height = project(features, width)
        areas = tuple(_area(code, values, names, steps, path=path) for code, path in paths.items())
        return MapChart(id, title, description, "map", areas, steps, width, height)
    if not tiles:
        raise ValueError("a map needs outlines or tiles")
    pitch = TILE + 4
    areas = tuple(
        _area(code, values, names, steps, x=column * pitch, y=row * pitch) for code, (column, row) in tiles.items()
    )
    columns, lines = zip(*tiles.values(), strict=True)
    extent = ((max(columns) + 1) * pitch - 4, (max(lines) + 1) * pitch - 4)
    return MapChart(id, title, description, "tiles", areas, steps, *extent)


def _area(
    code: str, values: Mapping[str, Value], names: Mapping[str, str], steps: Sequence[Step], **place: Any
) -> Area:
    value = values.get(code)
    state = _state(value)
    number = float(value) if isinstance(value, int | float) else None
    level = next((step.level for step in steps if number is not None and step.low <= number <= step.high), None)
    return Area(code, names.get(code, code), code.rpartition("-")[2], number, state, level, **place)


def classes(numbers: Iterable[float], count: int = CLASSES) -> tuple[Step, ...]:
    """Classes of about equal numbers of areas, cut at round values; zero, where it occurs, is a class of its own.

    The legend shows the lowest and highest value present in each class, so it holds no empty stretch.
    """
    ordered = sorted(numbers)
    if ordered and ordered[0] < 0:
        raise ValueError("a map shows counts and rates, which are never negative")
    positive = [number for number in ordered if number > 0]
    steps = [Step(0, 0, 0)] if len(positive) < len(ordered) else []
    cuts = _cuts(positive, count)
    groups: list[list[float]] = [[] for _ in range(len(cuts) + 1)]
    for number in positive:
        groups[bisect_left(cuts, number)].append(number)
    filled = [group for group in groups if group]
    # Few classes spread over the whole ramp, so that the highest is always the darkest.
    for index, group in enumerate(filled, start=1):
        level = count if len(filled) == 1 else 1 + round((index - 1) * (count - 1) / (len(filled) - 1))
        steps.append(Step(level, group[0], group[-1]))
    return tuple(steps)


def _cuts(positive: Sequence[float], count: int) -> list[float]:
    """Upper bounds of all classes but the last: quantiles, rounded to two figures where that keeps them apart."""
    distinct = sorted(set(positive))
    if len(distinct) <= count:
        return distinct[:-1]
    quantiles = [positive[max(0, len(positive) * k // count - 1)] for k in range(1, count)]
    rounded = sorted({_two_figures(quantile) for quantile in quantiles})
    return rounded if len(rounded) == len(quantiles) else sorted(set(quantiles))


def _two_figures(number: float) -> float:
    scale = 10.0 ** (floor(log10(number)) - 1)
    return round(number / scale) * scale


def project(features: Mapping[str, Any], width: float) -> tuple[dict[str, str], float]:
    """Feature id -> SVG path data, and the height that goes with ``width``.

    Albers' equal-area conic projection, standard parallels a sixth inside the extent (Snyder, Map Projections: A
    Working Manual, 1987, section 14), so that no state looks larger than it is.
    """
    rings = _across_the_date_line({str(f["id"]): list(_rings(f["geometry"])) for f in features["features"]})
    lons = [lon for shape in rings.values() for ring in shape for lon, _ in ring]
    lats = [lat for shape in rings.values() for ring in shape for _, lat in ring]
    albers = _albers((min(lons) + max(lons)) / 2, min(lats), max(lats))
    flat = {code: [[albers(*point) for point in ring] for ring in shape] for code, shape in rings.items()}
    xs = [x for shape in flat.values() for ring in shape for x, _ in ring]
    ys = [y for shape in flat.values() for ring in shape for _, y in ring]
    left, top = min(xs), max(ys)
    scale = (width - 2) / (max(xs) - left)
    paths = {
        code: "".join(_path([((x - left) * scale + 1, (top - y) * scale + 1) for x, y in ring]) for ring in shape)
        for code, shape in flat.items()
    }
    return paths, round((top - min(ys)) * scale + 2, 1)


def _rings(geometry: Mapping[str, Any]) -> Iterator[list[Point]]:
    if geometry["type"] not in ("Polygon", "MultiPolygon"):
        raise ValueError("an outline must be a Polygon or a MultiPolygon")
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    for polygon in polygons:
        for ring in polygon:
            yield [(float(point[0]), float(point[1])) for point in ring]


def _across_the_date_line(rings: dict[str, list[list[Point]]]) -> dict[str, list[list[Point]]]:
    lons = [lon for shape in rings.values() for ring in shape for lon, _ in ring]
    if max(lons) - min(lons) <= 180:
        return rings
    return {c: [[(lon % 360, lat) for lon, lat in ring] for ring in shape] for c, shape in rings.items()}


def _albers(lon0: float, south: float, north: float) -> Callable[[float, float], Point]:
    first = radians(south + (north - south) / 6)
    second = radians(north - (north - south) / 6)
    n = (sin(first) + sin(second)) / 2
    if abs(n) < 1e-3:  # astride the equator the cone becomes a cylinder
        return lambda lon, lat: (radians(lon - lon0), sin(radians(lat)))
    c = cos(first) ** 2 + 2 * n * sin(first)

    def forward(lon: float, lat: float) -> Point:
        rho = sqrt(max(0.0, c - 2 * n * sin(radians(lat)))) / n
        theta = n * radians(lon - lon0)
        return rho * sin(theta), -rho * cos(theta)

    return forward


def _path(ring: Sequence[Point]) -> str:
    """One closed ring in steps of tenths; points that fall together are dropped, and with them the smallest islands."""
    tenths: list[tuple[int, int]] = []
    for x, y in ring:
        point = (round(x * 10), round(y * 10))
        if not tenths or tenths[-1] != point:
            tenths.append(point)
    if len(tenths) > 1 and tenths[0] == tenths[-1]:
        tenths.pop()
    if len(tenths) < 3:
        return ""
    steps = (f"{_tenth(x - u)},{_tenth(y - v)}" for (u, v), (x, y) in pairwise(tenths))
    return f"M{_tenth(tenths[0][0])},{_tenth(tenths[0][1])}l{' '.join(steps)}z"


def _tenth(number: int) -> str:
    return f"{number / 10:g}"
