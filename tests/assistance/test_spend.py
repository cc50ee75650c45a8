"""Things given and what help cost: recorded by the agency, shown as sums."""

from datetime import timedelta
from decimal import Decimal

import pytest

from enlace.assistance.actions import Spending, Things, record_costs, record_in_kind
from enlace.assistance.models import Cost, InKind
from enlace.assistance.queries import costs_by_source, in_kind_of_case
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.cases.actions import close_case
from tests.assistance.caring import TODAY, a_source, helped_by_another
from tests.world import World, a_case


def things(case_id: object, **changes: object) -> Things:
    said = {"item_code": "food", "quantity": 2, "given_on": TODAY()}
    return Things(case_id=case_id, **(said | changes))


def spending(**changes: object) -> Spending:
    said = {"service_code": "EDU", "funding_code": a_source(), "amount": Decimal("10.50"), "spent_on": TODAY()}
    return Spending(**(said | changes))


def test_the_lead_sees_what_others_gave(world: World) -> None:
    case_id, _service_id = helped_by_another(world)
    record_in_kind(by=world.carla, rows=[things(case_id), things(case_id, item_code="tools", funding_code=a_source())])
    for viewer, count in ((world.bruno, 2), (world.carla, 2), (world.omar, 0)):
        assert in_kind_of_case(viewer=viewer, case_id=case_id).count() == count


@pytest.mark.parametrize(
    "changes",
    [
        {"item_code": "NO_SUCH"},
        {"quantity": 0},
        {"quantity": 1_000_001},
        {"given_on": TODAY() + timedelta(days=1)},
        {"funding_code": "NO_SUCH"},
    ],
)
def test_a_batch_of_things_with_one_fault_records_nothing(world: World, changes: dict[str, object]) -> None:
    case_id = a_case(world.bruno)
    with pytest.raises(Refusal):
        record_in_kind(by=world.bruno, rows=[things(case_id), things(case_id, **changes)])
    assert not InKind.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"service_code": "NO_SUCH"},
        {"funding_code": "NO_SUCH"},
        {"funding_code": ""},
        {"amount": Decimal(0)},
        {"spent_on": TODAY() + timedelta(days=1)},
    ],
)
def test_a_batch_of_costs_with_one_fault_records_nothing(world: World, changes: dict[str, object]) -> None:
    with pytest.raises(Refusal):
        record_costs(by=world.bruno, rows=[spending(), spending(**changes)])
    assert not Cost.objects.exists()


def test_costs_are_summed_by_source_and_service_for_the_own_agency_alone(world: World) -> None:
    last_year = TODAY().replace(year=TODAY().year - 1, day=1)
    rows = [spending(), spending(), spending(service_code="HEALTH"), spending(spent_on=last_year)]
    record_costs(by=world.bruno, rows=rows)
    record_costs(by=world.carla, rows=[spending()])
    source = a_source()
    expected = [(source, "EDU", Decimal("21.00")), (source, "HEALTH", Decimal("10.50"))]
    assert costs_by_source(viewer=world.bruno, year=TODAY().year) == expected
    assert costs_by_source(viewer=world.omar, year=TODAY().year) == []


def test_a_foreign_a_closed_case_and_a_role_without_the_right(world: World) -> None:
    case_id = a_case(world.bruno)
    for act in (
        lambda by: record_in_kind(by=by, rows=[things(case_id)]),
        lambda by: record_costs(by=by, rows=[spending(case_id=case_id)]),
    ):
        for by, expected in ((world.omar, Missing), (world.alma, Forbidden)):
            with pytest.raises(expected):
                act(by)
    close_case(by=world.bruno, case_id=case_id, reason_code="moved")
    with pytest.raises(Refusal, match="closed"):
        record_in_kind(by=world.bruno, rows=[things(case_id)])
