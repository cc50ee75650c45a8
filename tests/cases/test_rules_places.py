"""Where a person was taken: said only as far as it is known."""

import pytest

from enlace.cases.rules import Place, border_of, destination_of, route_of

NORTH, SOUTH, HERE, ABROAD = Place("XX", "XX-N"), Place("XX", "XX-S"), Place("XX", ""), Place("YY", "")


@pytest.mark.parametrize(
    ("exploited", "said"),
    [
        ([], ""),
        ([HERE], ""),
        ([NORTH], "XX-N"),
        ([NORTH, NORTH, HERE], "XX-N"),
        ([NORTH, SOUTH], "several"),
        ([ABROAD], "abroad"),
        ([ABROAD, NORTH], "several"),
    ],
)
def test_the_destination_is_where_the_exploitation_took_place(exploited: list[Place], said: str) -> None:
    assert destination_of(exploited, "XX") == said


@pytest.mark.parametrize(
    ("recruited", "exploited", "said"),
    [
        ([], [NORTH], ""),
        ([NORTH], [], ""),
        ([HERE], [NORTH], ""),
        ([NORTH], [NORTH], "same_state"),
        ([NORTH], [SOUTH], "other_state"),
        ([NORTH], [ABROAD], "other_country"),
        ([HERE], [ABROAD], "other_country"),
    ],
)
def test_the_route_leads_from_recruitment_to_exploitation(
    recruited: list[Place], exploited: list[Place], said: str
) -> None:
    assert route_of(recruited, exploited) == said


@pytest.mark.parametrize(
    ("places", "said"),
    [
        ({}, ""),
        ({"exploitation": [NORTH]}, ""),
        ({"recruitment": [NORTH], "exploitation": [SOUTH]}, "not_crossed"),
        ({"recruitment": [NORTH], "transit": [ABROAD], "exploitation": [SOUTH]}, "crossed"),
        ({"transit": [ABROAD, HERE]}, "crossed"),
    ],
)
def test_a_border_counts_as_not_crossed_only_when_both_ends_are_known(
    places: dict[str, list[Place]], said: str
) -> None:
    assert border_of(places) == said
