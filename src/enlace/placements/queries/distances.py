"""How far states are from one another: between the middles of their outlines, as the pack draws them."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt
from types import MappingProxyType
from typing import Any

from enlace.country.queries import current

EARTH_KM = 6371.0


def kilometres() -> Mapping[tuple[str, str], float]:
    """Great-circle kilometres between every two states; empty where the pack has no outlines. A rough measure of safety."""
    return _between(current().code)


@lru_cache
def _between(country: str) -> Mapping[tuple[str, str], float]:
    features = (current().borders or {}).get("features", [])
    middles = {str(feature["id"]): _middle(list(_points(feature["geometry"]["coordinates"]))) for feature in features}
    return MappingProxyType({(a, b): _apart(middles[a], middles[b]) for a in middles for b in middles if a != b})


def _points(coordinates: Any) -> Iterator[tuple[float, float]]:
    if coordinates and isinstance(coordinates[0], int | float):
        yield float(coordinates[0]), float(coordinates[1])
        return
    for part in coordinates:
        yield from _points(part)


def _middle(points: list[tuple[float, float]]) -> tuple[float, float]:
    """The middle of the box around an outline, longitude and latitude."""
    lons, lats = zip(*points, strict=True)
    return (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2


def _apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The haversine formula."""
    lon_1, lat_1, lon_2, lat_2 = map(radians, (*one, *other))
    chord = sin((lat_2 - lat_1) / 2) ** 2 + cos(lat_1) * cos(lat_2) * sin((lon_2 - lon_1) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(chord))
