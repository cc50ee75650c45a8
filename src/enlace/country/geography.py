"""States, their population, their borders and their place on a tile grid."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from enlace.country.rows import PackError, read_csv, read_text, unique

SEXES = ("female", "male")
AGE_GROUPS = ("minor", "adult")

PopulationKey = tuple[str, int, str, str]


@dataclass(frozen=True)
class State:
    """A first-level division.

    ``code`` is ISO 3166-2, ``national_code`` that of the statistics office, ``person_code`` the one inside
    the national personal number ("" if there is none).
    """

    code: str
    national_code: str
    person_code: str
    names: Mapping[str, str]

    def name(self, lang: str) -> str:
        return self.names.get(lang) or next(iter(self.names.values()))


def read_states(folder: Path, languages: Sequence[str], expected: int) -> dict[str, State]:
    """The states by code; there must be as many as ``pack.toml`` announces."""
    columns = ["code", "national_code", *(f"name_{lang}" for lang in languages)]
    rows = read_csv(folder, "geography/states.csv", columns)
    unique(rows)
    unique(rows, "national_code")
    if len(rows) != expected:
        raise PackError(
            rows[-1].file,
            rows[-1].line,
            "code",
            f"expected {expected} states as in pack.toml, found {len(rows)}",
        )
    states = [
        State(row.code(), row.code("national_code"), row.optional("person_code"), row.texts("name", languages))
        for row in rows
    ]
    return {state.code: state for state in states}


def read_population(folder: Path, states: Mapping[str, State]) -> dict[PopulationKey, int]:
    """People by (state, year, sex, age group); totals under "", each only if all its parts are there."""
    parts: dict[PopulationKey, int] = {}
    for row in read_csv(folder, "geography/population.csv", ["state", "year", "sex", "age_group", "population"]):
        state = row.choice("state", states)
        key = (state, row.whole("year", 1900), row.choice("sex", SEXES), row.choice("age_group", AGE_GROUPS))
        if key in parts:
            raise row.bad("state", "one row for each state, year, sex and age group")
        parts[key] = row.whole("population")
    return _with_totals(parts, list(states))


def _with_totals(parts: Mapping[PopulationKey, int], states: Sequence[str]) -> dict[PopulationKey, int]:
    found = dict(parts)
    choices = [
        (sexes, ages)
        for sexes in (SEXES, *((sex,) for sex in SEXES))
        for ages in (AGE_GROUPS, *((age,) for age in AGE_GROUPS))
    ]
    for year in sorted({key[1] for key in parts}):
        for area in ("", *states):
            for sexes, ages in choices:
                keys = [(state, year, s, a) for state in ([area] if area else states) for s in sexes for a in ages]
                if all(key in parts for key in keys):
                    total = sum(parts[key] for key in keys)
                    found[(area, year, sexes[0] if len(sexes) == 1 else "", ages[0] if len(ages) == 1 else "")] = total
    return found


def read_census(folder: Path, states: Mapping[str, State]) -> dict[tuple[str, str], int]:
    """The last census by (state, sex), with totals under ""; empty if the pack has no census."""
    if not (folder / "geography" / "census.csv").exists():
        return {}
    rows = read_csv(folder, "geography/census.csv", ["state", "total", *SEXES])
    unique(rows, "state")
    found: dict[tuple[str, str], int] = {}
    for row in rows:
        state = row.choice("state", states)
        for column, sex in (("total", ""), ("female", "female"), ("male", "male")):
            found[(state, sex)] = row.whole(column)
        if found[(state, "")] != found[(state, "female")] + found[(state, "male")]:
            raise row.bad("total", "the sum of female and male")
    if len(rows) == len(states):
        for sex in ("", *SEXES):
            found[("", sex)] = sum(found[(state, sex)] for state in states)
    return found


def read_tiles(folder: Path, states: Mapping[str, State]) -> dict[str, tuple[int, int]]:
    """Where each state stands on the tile-grid map: (column, row) from the top left, one state a tile."""
    rows = read_csv(folder, "geography/tiles.csv", ["state", "column", "row"])
    unique(rows, "state")
    tiles: dict[str, tuple[int, int]] = {}
    for row in rows:
        place = (row.whole("column"), row.whole("row"))
        if place in tiles.values():
            raise row.bad("column", "a tile that no other state has")
        tiles[row.choice("state", states)] = place
    if missing := set(states) - set(tiles):
        raise PackError(
            rows[-1].file,
            rows[-1].line,
            "state",
            f"expected a tile for every state, and {min(missing)} has none",
        )
    return tiles


def read_borders(folder: Path, states: Mapping[str, State]) -> dict[str, Any] | None:
    """A GeoJSON FeatureCollection, one feature for each state with its code as id, or None."""
    name = "geography/states.geojson"
    if not (folder / name).exists():
        return None
    shown = f"{folder.name}/{name}"
    try:
        borders: Any = json.loads(read_text(folder, name))
    except (ValueError, RecursionError) as error:
        raise PackError(shown, getattr(error, "lineno", 0), "", f"expected JSON ({error})") from error
    features = borders.get("features") if isinstance(borders, dict) else None
    if not isinstance(features, list) or borders.get("type") != "FeatureCollection":
        raise PackError(shown, 1, "features", "expected a GeoJSON FeatureCollection")
    found = [feature.get("id") if isinstance(feature, dict) else None for feature in features]
    if sorted(map(str, found)) != sorted(states):
        odd = sorted(set(map(str, found)) ^ set(states)) or ["one state twice"]
        raise PackError(shown, 1, "id", f"expected one feature for each state; look at {odd[0]}")
    for feature in features:
        shape = feature.get("geometry")
        if not isinstance(shape, dict) or shape.get("type") not in ("Polygon", "MultiPolygon"):
            raise PackError(shown, 1, "geometry", f"expected a Polygon or a MultiPolygon for {feature['id']}")
    return dict(borders)
