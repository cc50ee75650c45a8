"""What the matcher and the map read: all of it, nothing of where a place is, in four queries."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enlace.accounts.models import Agency
from enlace.base.errors import Forbidden
from enlace.directory.actions import Agreed, Place, save_agreements, save_criteria, save_sites, save_unit
from enlace.directory.models import BedUnit, Site
from enlace.directory.queries import Supply, Wanted, agreements, places_by_state, site_facts, site_names, site_page
from enlace.directory.rules import Criterion
from tests.directory.houses import ADULTS, WOMEN, a_house, a_unit, some_supply
from tests.world import SYSTEM, World


def test_every_open_site_is_told_with_all_that_decides(world: World) -> None:
    made = some_supply(world)
    facts = {row.site_id: row for row in site_facts(viewer=world.bruno)}
    assert set(facts) == set(made.values())
    refuge, lockup = facts[made["refuge"]], facts[made["lockup"]]
    assert (refuge.agency_code, refuge.kind, refuge.state, refuge.security) == (
        "shelter-isles",
        "safe_house",
        "XX-I",
        2,
    )
    assert (refuge.specialised, refuge.barred, refuge.services) == (True, False, {"SHELTER"})
    assert set(refuge.criteria) == {WOMEN, ADULTS}
    (unit,) = refuge.units
    assert (unit.total, unit.free, unit.criteria) == (3, -1, ())
    assert (lockup.barred, lockup.article, lockup.units) == (True, "Fictional Act 8", ())
    assert facts[made["centre"]].services == {"MENTAL", "LEGAL"}


def test_units_bring_their_own_conditions_and_only_beds_in_service(world: World) -> None:
    site_id = a_house(world.dora)
    unit_id = a_unit(world.dora, site_id, beds=3, rows=(WOMEN,))
    closed = a_unit(world.dora, site_id, name="closed")
    save_unit(by=world.dora, site_id=site_id, unit_id=closed, name="closed", is_open=False)
    BedUnit.objects.get(pk=unit_id).beds.filter(number=2).update(
        out_of_service_since=timezone.now(), out_of_service_reason_code="flood"
    )
    (site,) = site_facts(viewer=world.bruno)
    assert [(unit.unit_id, unit.total, unit.criteria) for unit in site.units] == [(unit_id, 2, (WOMEN,))]


def test_services_and_state_narrow_and_the_closed_are_gone(world: World) -> None:
    made = some_supply(world)

    def found(**narrowed: Any) -> set[object]:
        return {row.site_id for row in site_facts(viewer=world.bruno, **narrowed)}

    assert found(state="XX-S") == {made["centre"], made["child"]}
    assert found(services=["LEGAL", "MENTAL"]) == {made["centre"]}
    assert found(services=["EDU"]) == set()
    Site.objects.filter(pk=made["refuge"]).update(is_open=False)
    Agency.objects.filter(pk="health-south").update(is_active=False)
    assert found() == {made["centre"], made["child"]}


def test_as_many_queries_for_many_sites_as_for_few(world: World) -> None:
    some_supply(world)
    with CaptureQueriesContext(connection) as taken:
        site_facts(viewer=world.bruno)
    assert len(taken) == 4
    more = [
        Place(
            agency_code="ngo-harbour",
            name=f"House {n}",
            kind_code="safe_house",
            state_code="XX-S",
            security_code="open",
        )
        for n in range(60)
    ]
    for site in save_sites(by=SYSTEM, rows=more):
        a_unit(SYSTEM, site.pk, rows=(WOMEN,))
    with CaptureQueriesContext(connection) as taken:
        assert len(site_facts(viewer=world.bruno)) == 64
    assert len(taken) == 4


@pytest.mark.parametrize(
    "read",
    [
        lambda viewer: site_facts(viewer=viewer),
        lambda viewer: places_by_state(viewer=viewer),
        lambda viewer: agreements(viewer=viewer, on=date(2025, 1, 1)),
        lambda viewer: site_names(viewer=viewer, site_ids=[]),
    ],
)
def test_who_may_not_read_the_directory_reads_nothing(world: World, read: Callable[[Any], object]) -> None:
    with pytest.raises(Forbidden):
        read(world.irene)
    read(world.bruno)


def test_a_name_and_a_state_are_all_that_is_told_of_where(world: World) -> None:
    made = some_supply(world)
    told = [str(asdict(row)) for row in site_facts(viewer=world.bruno)]
    assert not any("Tide" in text or "record" in text for text in told)
    assert site_names(viewer=world.bruno, site_ids=[made["refuge"]]) == {made["refuge"]: "House of the Tide"}


def test_agreements_are_told_on_the_days_they_are_in_force(world: World) -> None:
    row = Agreed(
        from_state="XX-N", to_state="XX-I", valid_from=date(2025, 1, 10), valid_to=date(2025, 3, 1), basis="Treaty"
    )
    save_agreements(by=SYSTEM, rows=[row])
    in_force = {day: len(agreements(viewer=world.bruno, on=day)) for day in DAYS}
    assert in_force == dict(zip(DAYS, (0, 1, 1, 0), strict=True))


DAYS = (date(2025, 1, 9), date(2025, 1, 10), date(2025, 3, 1), date(2025, 3, 2))


def test_the_offer_of_each_state_leaves_out_what_is_no_offer(world: World) -> None:
    made = some_supply(world)
    none = Supply(0, 0, 0, 0)
    assert places_by_state(viewer=world.bruno) == {"XX-N": none, "XX-S": Supply(2, 0, 4, 0), "XX-I": Supply(1, 1, 3, 0)}
    for_a_man = places_by_state(viewer=world.bruno, sex_code="male", age=30)
    assert for_a_man == {"XX-N": none, "XX-S": Supply(1, 0, 0, 0), "XX-I": none}
    assert places_by_state(viewer=world.elena, sex_code="male", age=12)["XX-S"] == Supply(2, 0, 4, 0)
    assert places_by_state(viewer=world.elena, sex_code="male", age=13)["XX-S"] == Supply(1, 0, 0, 0)
    assert places_by_state(viewer=world.elena, service_code="LEGAL")["XX-S"].sites == 1
    old = timezone.now() - timedelta(days=9)
    BedUnit.objects.filter(site=made["child"]).update(confirmed_at=old)
    assert places_by_state(viewer=world.bruno)["XX-S"] == Supply(2, 0, 4, 4)
    Site.objects.filter(pk=made["refuge"]).update(accepts_trafficking=False)
    assert places_by_state(viewer=world.bruno)["XX-I"] == none


SPAN = st.tuples(st.none() | st.integers(0, 20), st.none() | st.integers(0, 20))
SPANS = SPAN.filter(lambda s: s != (None, None) and (None in s or s[0] <= s[1]))
OF_SEX = st.builds(
    Criterion, st.booleans(), st.just("sex"), st.frozensets(st.sampled_from(["female", "male", "other"]), min_size=1)
)
OF_AGE = st.builds(
    lambda must, fact, span: Criterion(must, fact, least=span[0], most=span[1]),
    st.booleans(), st.sampled_from(["age", "boys_age"]), SPANS,
)  # fmt: skip


def takes(rows: list[Criterion], sex: str, age: int | None) -> bool:
    """The slow judge: each condition read as its sentence says."""
    for row in rows:
        if row.fact == "sex":
            holds = sex in row.values
        elif age is None or (row.fact == "boys_age" and sex != "male"):
            continue
        else:
            holds = (row.least or 0) <= age <= (999 if row.most is None else row.most)
        if holds is not row.must:
            return False
    return True


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(OF_SEX | OF_AGE, max_size=3),
    sex=st.sampled_from(["female", "male", "other"]),
    age=st.none() | st.integers(0, 20),
)
def test_the_filter_of_who_is_served_agrees_with_a_slow_reading(
    world: World, rows: list[Criterion], sex: str, age: int | None
) -> None:
    site_id = Site.objects.values_list("pk", flat=True).first() or a_house(world.dora)
    unit_id = BedUnit.objects.values_list("pk", flat=True).first() or a_unit(world.dora, site_id, beds=1)
    wanted = Wanted(sex_code=sex, age=age)
    save_criteria(by=world.dora, site_id=site_id, rows=rows)
    assert bool(site_page(viewer=world.bruno, wanted=wanted).rows) is takes(rows, sex, age)
    save_criteria(by=world.dora, site_id=site_id, rows=[])
    save_criteria(by=world.dora, site_id=site_id, rows=rows, unit_id=unit_id)
    beds = places_by_state(viewer=world.bruno, sex_code=sex, age=age)["XX-I"].beds
    assert beds == takes(rows, sex, age)
