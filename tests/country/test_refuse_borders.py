import json
from pathlib import Path
from typing import Any

import pytest

from enlace.country.loader import load
from enlace.country.rows import PackError

SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [1, 1], [0, 0]]]}


def collection(*codes: str, geometry: Any = SQUARE) -> dict[str, Any]:
    features = [{"type": "Feature", "id": code, "properties": {}, "geometry": geometry} for code in codes]
    return {"type": "FeatureCollection", "features": features}


def write(folder: Path, borders: Any) -> Path:
    (folder / "geography" / "states.geojson").write_text(json.dumps(borders), encoding="utf-8")
    return folder


def test_borders_of_every_state_are_kept_as_they_are(folder: Path) -> None:
    borders = collection("XX-N", "XX-S", "XX-I")
    assert load(write(folder, borders)).borders == borders


@pytest.mark.parametrize(
    ("borders", "field", "expected"),
    [
        (collection("XX-N", "XX-S"), "id", "XX-I"),
        (collection("XX-N", "XX-S", "XX-I", "XX-W"), "id", "XX-W"),
        (collection("XX-N", "XX-S", "XX-I", "XX-I"), "id", "twice"),
        (collection("XX-N", "XX-S", "XX-I", geometry=None), "geometry", "Polygon"),
        (collection("XX-N", "XX-S", "XX-I", geometry={"type": "Point"}), "geometry", "Polygon"),
        ({"type": "FeatureCollection", "features": [1, 2, 3]}, "id", "None"),
        ({"type": "Feature"}, "features", "FeatureCollection"),
        ([], "features", "FeatureCollection"),
    ],
)
def test_borders_that_do_not_fit_the_states_are_refused(folder: Path, borders: Any, field: str, expected: str) -> None:
    with pytest.raises(PackError) as caught:
        load(write(folder, borders))
    assert (caught.value.file, caught.value.field) == ("xx/geography/states.geojson", field)
    assert expected in caught.value.expected


def test_borders_that_are_not_json_are_refused_with_the_line(folder: Path) -> None:
    (folder / "geography" / "states.geojson").write_text('{\n"type": "FeatureCollection",\n', encoding="utf-8")
    with pytest.raises(PackError, match="JSON") as caught:
        load(folder)
    assert caught.value.line == 3
