"""Charts: nothing missing looks like zero, areas keep their size, and the drawing carries no style of its own."""

import re
from itertools import pairwise
from math import radians, sin

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from enlace.base.charts import Bar, bars, classes, project, state_map

counts = st.lists(st.one_of(st.integers(0, 5000), st.floats(0, 1e6, allow_subnormal=False)), max_size=40)


def outline(west, south, east, north, steps=40):
    """A GeoJSON polygon along two meridians and two parallels, dense enough to follow the curve of the parallels."""
    lons = [west + (east - west) * i / steps for i in range(steps + 1)]
    ring = [[lon, south] for lon in lons] + [[lon, north] for lon in reversed(lons)] + [[west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def collection(**geometries):
    return {"features": [{"id": code.replace("_", "-"), "geometry": shape} for code, shape in geometries.items()]}


def points(path):
    """The absolute corners of the first ring of an SVG path written by ``project``."""
    start, steps = re.match(r"M([-\d.,]+)l([^zM]*)z", path).groups()
    x, y = map(float, start.split(","))
    corners = [(x, y)]
    for step in steps.split():
        dx, dy = map(float, step.split(","))
        x, y = x + dx, y + dy
        corners.append((round(x, 1), round(y, 1)))
    return corners


def area(corners):
    pairs = zip(corners, corners[1:] + corners[:1], strict=True)
    return abs(sum(x * v - u * y for (x, y), (u, v) in pairs)) / 2


def test_the_largest_bar_fills_the_track_and_the_others_keep_their_proportion():
    chart = bars([Bar("a", 50), Bar("b", 200), Bar("c", 0)], title="t")
    assert [row.filled for row in chart.rows] == ["25.00%", "100.00%", "0.00%"]


def test_two_charts_can_share_one_scale():
    assert bars([Bar("a", 50)], title="t", maximum=200).rows[0].filled == "25.00%"


def test_what_was_not_reported_or_is_withheld_has_no_number_and_is_not_zero():
    rows = bars([Bar("a", None), Bar("b", "suppressed", "under 10"), Bar("c", 0)], title="t").rows
    assert [(row.state, row.value) for row in rows] == [("missing", None), ("suppressed", None), ("value", 0)]


@pytest.mark.parametrize(("value", "maximum"), [(-1, None), (11, 10)])
def test_a_bar_that_cannot_be_drawn_is_refused(value, maximum):
    with pytest.raises(ValueError):
        bars([Bar("a", value), Bar("b", 3)], title="t", maximum=maximum)


def test_bars_of_nothing_but_zeros_are_empty():
    assert [row.filled for row in bars([Bar("a", 0), Bar("b", 0)], title="t").rows] == ["0.00%", "0.00%"]


@given(counts)
def test_every_number_belongs_to_exactly_one_class(numbers):
    steps = classes(numbers)
    assert all(sum(step.low <= number <= step.high for step in steps) == 1 for number in numbers)


@given(counts)
def test_classes_rise_in_value_and_in_darkness_and_are_at_most_five_beside_zero(numbers):
    steps = classes(numbers)
    assert all(a.high < b.low and a.level < b.level for a, b in pairwise(steps))
    assert len([step for step in steps if step.level]) <= 5
    assert all((step.level == 0) == (step.high == 0) for step in steps)


def test_many_areas_spread_evenly_over_five_classes():
    steps = classes(range(1, 101))
    sizes = [step.high - step.low + 1 for step in steps]
    assert len(steps) == 5
    assert all(15 <= size <= 25 for size in sizes)


def test_values_too_close_for_round_cuts_still_fall_into_five_classes():
    assert len(classes(range(1001, 1011))) == 5


def test_the_highest_of_a_few_values_is_the_darkest():
    assert [step.level for step in classes([3, 90])] == [1, 5]


def test_a_negative_number_has_no_place_on_a_map():
    with pytest.raises(ValueError):
        classes([4, -1])


def test_a_state_without_a_value_is_missing_and_a_withheld_one_shows_no_number():
    shapes = collection(A_1=outline(0, 40, 1, 41), A_2=outline(1, 40, 2, 41), A_3=outline(2, 40, 3, 41))
    chart = state_map(shapes, {"A-1": 12, "A-2": "suppressed"}, title="t", labels={"A-1": "One"})
    seen = [(a.code, a.label, a.short, a.state, a.value, a.level) for a in chart.areas]
    assert seen == [
        ("A-1", "One", "1", "value", 12, 5),
        ("A-2", "A-2", "2", "suppressed", None, None),
        ("A-3", "A-3", "3", "missing", None, None),
    ]
    assert chart.has_missing
    assert chart.has_suppressed


def test_states_of_equal_size_are_drawn_equally_large_wherever_they_lie():
    north = outline(-100, 30, -95, 33)
    width = 5 * (sin(radians(33)) - sin(radians(30))) / (sin(radians(17)) - sin(radians(14)))
    south = outline(-110, 14, -110 + width, 17)
    paths, _ = project(collection(N=north, S=south), 900)
    assert area(points(paths["N"])) == pytest.approx(area(points(paths["S"])), rel=0.005)


def test_neighbours_keep_their_common_border_point_by_point():
    paths, _ = project(collection(W=outline(0, 40, 1, 41), E=outline(1, 40, 2, 41)), 640)
    assert len(set(points(paths["W"])) & set(points(paths["E"]))) == 2


def test_north_is_up_and_everything_fits_the_picture():
    paths, height = project(collection(N=outline(0, 45, 8, 50), S=outline(0, 40, 8, 45)), 640)
    corners = points(paths["N"]) + points(paths["S"])
    assert min(y for _, y in points(paths["N"])) < min(y for _, y in points(paths["S"]))
    assert all(0 <= x <= 640 and 0 <= y <= height for x, y in corners)


@pytest.mark.parametrize(
    ("shapes", "why"),
    [
        ({"A": (179, -18, 180, -16), "B": (-180, -18, -179, -16)}, "astride the date line"),
        ({"A": (10, -2, 11, 0), "B": (11, 0, 12, 2)}, "astride the equator"),
        ({"A": (20, -34, 22, -32), "B": (22, -34, 24, -32)}, "in the south"),
    ],
)
def test_a_country_anywhere_is_drawn_in_its_own_proportions(shapes, why):
    _, height = project(collection(**{code: outline(*box) for code, box in shapes.items()}), 600)
    assert 200 < height < 1300, why


def test_an_island_too_small_to_see_vanishes_and_the_state_stays():
    land = outline(0, 40, 5, 45)["coordinates"]
    speck = [[[6, 40], [6.00001, 40], [6.00001, 40.00001], [6, 40]]]
    paths, _ = project(collection(A={"type": "MultiPolygon", "coordinates": [land, speck]}), 300)
    assert paths["A"].count("M") == 1


def test_an_outline_that_is_no_area_is_refused():
    with pytest.raises(ValueError):
        project(collection(A={"type": "LineString", "coordinates": [[0, 0], [1, 1]]}), 640)


def test_without_outlines_the_states_become_tiles_that_do_not_touch():
    chart = state_map(None, {"A-1": 3}, title="t", tiles={"A-1": (0, 0), "A-2": (1, 0), "A-3": (1, 2)})
    places = {(area.x, area.y) for area in chart.areas}
    assert chart.kind == "tiles"
    assert len(places) == 3
    assert all(x + chart.tile <= chart.width and y + chart.tile <= chart.height for x, y in places)


def test_a_map_with_neither_outlines_nor_tiles_is_refused():
    with pytest.raises(ValueError):
        state_map(None, {"A-1": 3}, title="t")


def test_the_drawings_name_themselves_and_carry_no_style_of_their_own():
    bar_chart = bars([Bar("Niñas & niños", 3), Bar("b", "suppressed")], title="By age", description="Three.")
    tiles = state_map(None, {"A-1": 3}, title="By state", tiles={"A-1": (0, 0), "A-2": (1, 0)})
    shapes = state_map(collection(A_1=outline(0, 40, 1, 41)), {"A-1": 3}, title="By state")
    drawn = [render_to_string("base/_map.html", {"chart": chart}) for chart in (tiles, shapes)]
    assert all(part in html for html in drawn for part in ('role="img"', "<title", "<desc"))
    drawn.append(render_to_string("base/_bars.html", {"chart": bar_chart}))
    assert all("style=" not in html for html in drawn)
    assert "Niñas &amp; niños" in drawn[-1]
    assert 'width="100.00%"' in drawn[-1]
