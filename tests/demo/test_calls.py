"""The invented year of a hotline: the same every time, and equal to the published parts."""

from collections import Counter
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings

from enlace.country.loader import Pack, load
from enlace.country.queries import current
from enlace.demo import calls
from enlace.demo.calls import invent, years
from enlace.demo.rules import Invented, calibrated
from enlace.demo.rules import invent as invent_people

CHANNELS = ("hotline_call", "hotline_chat", "hotline_message", "hotline_walk_in")


@pytest.fixture(scope="module")
def mexico() -> Pack:
    return load(settings.ENLACE_COUNTRIES_DIR / "mx")


@pytest.fixture(scope="module")
def identified(mexico: Pack) -> list[Invented]:
    return invent_people(mexico, calibrated(mexico), [state.code for state in mexico.states])


def test_only_years_with_published_calls_and_people_are_invented(mexico: Pack) -> None:
    assert years(mexico) == [2020]
    assert years(current()) == []


def test_all_published_parts_are_met(mexico: Pack, identified: list[Invented]) -> None:
    found = invent(mexico, 2020, identified, CHANNELS)
    people = [one for call in found for one in call.people]
    assert len(found) == len({call.number for call in found}) == 1931
    assert Counter(one.sex for one in people) == {"female": 196, "male": 39, "unknown": 10}
    assert Counter(one.nationality for one in people) == {"national": 140, "foreign": 49, "unspecified": 56}
    assert Counter(one.services for one in people) == {("HEALTH", "LEGAL", "MENTAL"): 181, ("LEGAL", "MENTAL"): 64}
    assert sum(call.begins_investigation for call in found) == 45
    assert {call.opened_at.year for call in found} == {2020}
    about = {c.code for c in mexico.codes("contact_disposition") if c.extra["about_trafficking"] == "yes"}
    assert {call.disposition for call in found} <= about


def test_the_same_input_invents_the_same_calls(mexico: Pack, identified: list[Invented]) -> None:
    assert invent(mexico, 2020, identified, CHANNELS) == invent(mexico, 2020, identified, CHANNELS)
    assert invent(mexico, 2020, [], CHANNELS) != invent(mexico, 2020, identified, CHANNELS)


def test_a_quarter_of_the_women_and_men_were_identified_after_their_call(
    mexico: Pack, identified: list[Invented]
) -> None:
    shared = [
        (call, one.known) for call in invent(mexico, 2020, identified, CHANNELS) for one in call.people if one.known
    ]
    assert Counter(known.sex for _call, known in shared) == {"female": 49, "male": 9}
    assert len({known.number for _call, known in shared}) == 58
    for call, known in shared:
        assert not known.is_abroad
        assert known.identified_on.year == 2020
        assert call.opened_at.date() < known.opened_on
        assert call.state == known.state


def test_parts_that_do_not_add_up_are_refused(mexico: Pack) -> None:
    wrong = [
        replace(figure, value=None) if figure.breakdown.get("sex") == "male" else figure for figure in mexico.figures
    ]
    made: Any = SimpleNamespace(
        figures=wrong,
        states=mexico.states,
        population=mexico.population,
        figures_for=lambda indicator, period: [f for f in wrong if f.indicator_id == indicator and f.period == period],
    )
    with pytest.raises(ValueError, match="do not add up to 245"):
        calls.invent(made, 2020, [], CHANNELS)
