"""Every call of the API with what its own description makes possible: no fault, and answers as described."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance

from enlace.accounts.models import User
from enlace.audit.queries import verify
from enlace.directory.models import Bed, Site
from tests.accounts.entering import enter
from tests.intake.contacts import a_contact
from tests.placements.living import a_shelter, a_stay, held, referred
from tests.returns.cast import opened
from tests.screening.talks import PRESUMED, a_screening, finished
from tests.world import World, a_case, a_referral

TOKEN = "a" * 32
EXAMPLES = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
pytestmark = pytest.mark.slow


def cookies_of(client: Client) -> dict[str, str]:
    return {name: morsel.value for name, morsel in client.cookies.items()} | {"csrftoken": TOKEN}


def known_ids(world: World) -> dict[str, list[str]]:
    """So that what is generated also meets records that are there."""
    case_id = a_case(world.bruno)
    referrals = [a_referral(world.bruno, case_id), a_referral(world.bruno, case_id, to="shelter-isles")]
    return {
        "case_id": [str(case_id)],
        "referral_id": [str(pk) for pk in referrals],
        "year": ["2024", "2025"],
        **known_places(world),
        "periodic_return_id": [str(opened(world.bruno).pk)],
        "contact_id": [str(a_contact(world.bruno, channel_code="prosecutor"))],
        "screening_id": [str(a_screening(world.bruno)), str(finished(world.bruno, PRESUMED).screening_id)],
    }


def known_places(world: World) -> dict[str, list[str]]:
    unit_id = a_shelter(world, beds=4)
    stays = [a_stay(world, unit_id), held(world.dora, referred(world)[0], unit_id)]
    beds = [str(pk) for pk in Bed.objects.values_list("pk", flat=True)]
    site_ids = [str(pk) for pk in Site.objects.values_list("pk", flat=True)]
    return {"stay_id": [str(pk) for pk in stays], "unit_id": [str(unit_id)], "bed_id": beds, "site_id": site_ids}


def try_out(operation: Any, ids: dict[str, list[str]], cookies: dict[str, str]) -> None:
    @EXAMPLES
    @given(case=operation.as_strategy(), known=st.sampled_from([None, 0, 1]))
    def call(case: Any, known: int | None) -> None:
        for parameter, values in ids.items():
            if known is not None and parameter in (case.path_parameters or {}):
                case.path_parameters[parameter] = values[known % len(values)]
        answer = case.call(headers={"X-CSRFToken": TOKEN, **(case.headers or {})}, cookies=cookies)
        case.validate_response(answer, checks=[not_a_server_error, response_schema_conformance])

    call()


@pytest.fixture
def connection_stays() -> Iterator[None]:
    """A request through WSGI closes stale connections, and with them this test's transaction; the test client knows that."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("connection_stays")
@pytest.mark.parametrize("name", ["bruno", "dora", "elena"])
def test_no_call_faults_and_every_answer_is_as_described(world: World, name: str) -> None:
    ids = known_ids(world)
    cookies = cookies_of(enter(Client(), User.objects.get(username=name)))
    schema: Any = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) == 40
    for operation in operations:
        try_out(operation, ids, cookies)
    assert verify() == []
