"""Rates of indicator 16.2.2 by sex, age and form: only from groups whose own lists bear an estimate."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from enlace.cases.actions import Coded, Opening, open_cases
from enlace.country.queries import current
from enlace.people.actions import Registration, register_people
from enlace.prevalence import queries, tasks
from enlace.prevalence.actions import Asked, ask_estimation
from enlace.prevalence.captures import captures_of_cases
from enlace.prevalence.models import Estimation
from reckon.prevalence import captures_from_masks
from reckon.prevalence.strata import NotPublished, Rate
from tests.cases.pages import english, signed_in
from tests.prevalence.material import LISTS, QUICK, ROWS
from tests.prevalence.test_ask import sentences
from tests.world import World

__all__ = ["english"]

FORM = "bonded_work"
# The women are those of the common table; of the men five were met, and no two lists share one.
GROUPS = [
    *((sum(1 << n for n, on in enumerate(history) if on), "female", "adult", FORM, count) for *history, count in ROWS),
    (1, "male", "adult", FORM, 3),
    (2, "male", "adult", FORM, 2),
]


@pytest.fixture
def computed(world: World) -> Estimation:
    masks, counts = [row[0] for row in GROUPS], [row[-1] for row in GROUPS]
    asked = Asked(
        title="Invented people",
        period="2020",
        source="cases",
        captures=captures_from_masks(LISTS, masks, counts),
        options=QUICK,
        groups=GROUPS,
        populations=queries.populations(2020, {FORM}),
    )
    row = ask_estimation(by=world.elena, asked=asked)
    tasks.compute.call(str(row.pk))
    row.refresh_from_db()
    return row


def test_a_group_with_enough_overlap_has_a_rate_with_its_interval(computed: Estimation) -> None:
    by_sex = {group.group: group for group in queries.rates_of(computed)[0].groups}
    women = by_sex["female"]
    assert isinstance(women, Rate)
    population = current().population(None, 2020, "female")
    assert women.population == population
    assert women.per_100k == pytest.approx(women.total / population * 100_000)
    low, high = women.limits_per_100k
    assert low < women.per_100k < high
    assert women.warnings


def test_a_group_met_by_few_has_none_and_says_why(computed: Estimation) -> None:
    by_sex = {group.group: group for group in queries.rates_of(computed)[0].groups}
    assert isinstance(by_sex["male"], NotPublished)
    assert [found.covariate for found in queries.rates_of(computed)] == ["sex", "age", "form"]


def test_the_page_shows_rates_and_never_how_few_were_met(computed: Estimation) -> None:
    page = sentences(signed_in("elena").get(reverse("prevalence:estimation", args=[computed.pk])).content.decode())
    women = queries.rates_of(computed)[0].groups[0]
    assert isinstance(women, Rate)
    assert f"{women.per_100k:,.2f}" in page
    assert "not published" in page.lower()


def test_people_of_cases_are_split_by_sex_age_and_form(world: World) -> None:
    met = datetime(2020, 5, 4, 12, tzinfo=UTC)
    people = [
        Registration(sex_code="female", birth_year=2012, registered_at=met),
        Registration(sex_code="male", birth_year=1980, registered_at=met),
        Registration(sex_code="male", birth_year=1981, registered_at=met),
    ]
    register_people(by=world.bruno, rows=people)
    form = (Coded(list_name="exploitation_form", code=FORM),)
    rows = [Opening(person_id=p.id, origin_code="other", opened_at=met, codes=form) for p in people[:2]]
    rows += [Opening(person_id=people[2].id, origin_code="other", opened_at=met)]
    open_cases(by=world.bruno, rows=rows)
    found = captures_of_cases(viewer=world.elena, start=date(2020, 1, 1), end=date(2020, 12, 31))
    assert found.rows == (
        (1, "female", "minor", FORM, 1),
        (1, "male", "adult", FORM, 1),
        (1, "male", "adult", "unknown", 1),
    )
