"""The same question asked of the API: every role of the pack at every call, and nobody without a session."""

import pytest
from django.test import Client

from enlace.accounts.queries import actor_for
from enlace.api_urls import api
from enlace.country.queries import current
from tests.accounts.entering import enter
from tests.architecture.routes import examples, somebody
from tests.screening.talks import TALK
from tests.world import World

ROOT = "/api/v1"
OF_DIRECTORY = {"DIRECTORY_READ", "DIRECTORY_EDIT"}  # one for the nation: every agency finds the same places there
# Published for everybody: no permission opens it, and none is needed.
OPEN: set[str] = set()
# Every call with the permissions of which one opens it, and a body that could be carried out.
CALLS: dict[tuple[str, str], tuple[set[str], dict[str, object] | None]] = {
    ("GET", "/releases"): (OPEN, None),
    ("GET", "/releases/{number}"): (OPEN, None),
    ("GET", "/statistics/national"): ({"STATISTICS_READ"}, None),
    ("GET", "/statistics/national/{year}"): ({"STATISTICS_READ"}, None),
    ("POST", "/statistics/national/{year}"): ({"STATISTICS_COMPUTE"}, None),
    ("GET", "/statistics/questions"): ({"FACTS_QUERY"}, None),
    ("POST", "/statistics/questions"): ({"FACTS_QUERY"}, {"indicator": "identified", "year": 2025}),
    ("GET", "/statistics/questions/{saved_table_id}"): ({"FACTS_QUERY"}, None),
    ("POST", "/statistics/questions/{saved_table_id}/delete"): ({"FACTS_QUERY"}, {}),
    ("GET", "/statistics/reconciliation/{year}"): ({"STATISTICS_READ"}, None),
    ("GET", "/cases"): ({"CASE_READ"}, None),
    ("GET", "/cases/{case_id}"): ({"CASE_READ"}, None),
    ("POST", "/cases/{case_id}/notes"): ({"CASE_NOTE"}, {"text": "a note"}),
    ("GET", "/referrals"): ({"REFERRAL_READ"}, None),
    ("GET", "/referrals/{referral_id}"): ({"REFERRAL_READ"}, None),
    (
        "POST",
        "/referrals",
    ): ({"REFERRAL_SEND"}, {"case_id": "{case_id}", "recipient_code": "ngo-harbour", "service_codes": ["MENTAL"]}),
    ("POST", "/referrals/{referral_id}/steps"): ({"REFERRAL_SEND"}, {"verb": "withdraw"}),
    ("POST", "/referrals/{referral_id}/feedback"): ({"REFERRAL_SEND", "REFERRAL_DELIVER"}, {"result_code": "helped"}),
    ("POST", "/referrals/at-once"): (
        {"REFERRAL_SEND"},
        {
            "case_id": "{case_id}",
            "service_codes": ["MENTAL"],
            "places": [{"recipient_code": "ngo-harbour"}, {"recipient_code": "shelter-isles"}],
        },
    ),
    ("GET", "/directory/sites"): (OF_DIRECTORY, None),
    ("GET", "/directory/sites/{site_id}"): (OF_DIRECTORY, None),
    ("GET", "/directory/units/{unit_id}/beds"): ({"BEDS_KEEP"}, None),
    ("POST", "/directory/units/{unit_id}/confirm"): ({"BEDS_KEEP"}, {}),
    ("POST", "/directory/beds/{bed_id}/steps"): ({"BEDS_KEEP"}, {"verb": "return"}),
    ("POST", "/places"): ({"PLACE_FIND"}, {"case_id": "{case_id}", "service_codes": ["SHELTER"]}),
    ("GET", "/stays"): ({"STAY_RECORD"}, None),
    ("GET", "/stays/{stay_id}"): ({"STAY_READ"}, None),
    ("POST", "/stays"): ({"STAY_RECORD"}, {"case_id": "{case_id}", "unit_id": "{unit_id}"}),
    ("POST", "/stays/{stay_id}/steps"): ({"STAY_RECORD"}, {"verb": "release"}),
    ("GET", "/returns"): ({"PERIODIC_RETURN_READ"}, None),
    ("GET", "/returns/{periodic_return_id}"): ({"PERIODIC_RETURN_READ"}, None),
    ("POST", "/returns"): ({"PERIODIC_RETURN_SUBMIT"}, {"template": "nothing", "period": "2024"}),
    ("POST", "/returns/{periodic_return_id}/values"): ({"PERIODIC_RETURN_SUBMIT"}, {"answers": []}),
    ("GET", "/contacts"): ({"CONTACT_READ"}, None),
    ("GET", "/contacts/{contact_id}"): ({"CONTACT_READ"}, None),
    ("POST", "/contacts"): ({"CONTACT_RECORD"}, {"channel_code": "visit", "disposition_code": "information"}),
    ("GET", "/screenings/protocols"): ({"SCREENING_READ"}, None),
    ("GET", "/screenings/{screening_id}"): ({"SCREENING_READ"}, None),
    (
        "POST",
        "/screenings",
    ): (
        {"SCREENING_RECORD"},
        {"person_id": "{person_id}", "protocol_code": TALK, "protocol_version": 1, "safety_codes": ["alone"]},
    ),
    (
        "POST",
        "/screenings/{screening_id}/answers",
    ): ({"SCREENING_RECORD"}, {"protocol_version": 1, "answers": [{"question": "works", "value": "yes"}]}),
}

CLOSED = [call for call, (permissions, _body) in CALLS.items() if permissions is not OPEN]


def call(client: Client, method: str, path: str, values: dict[str, object]) -> int:
    filled = {"year": 2025, **values}
    body = CALLS[(method, path)][1]
    data = {name: str(v).format(**filled) if isinstance(v, str) else v for name, v in body.items()} if body else {}
    address = ROOT + path.format(**filled)
    if method == "GET":
        return client.get(address).status_code
    return client.post(address, data, content_type="application/json").status_code


def test_every_call_is_in_the_table() -> None:
    found = set()
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            found |= {(method, f"{prefix}{path}") for operation in view.operations for method in operation.methods}
    assert {(method, path.replace("//", "/").rstrip("/")) for method, path in found} == set(CALLS)


@pytest.mark.parametrize("role_code", [role.code for role in current().roles])
def test_a_role_may_call_what_its_permissions_say(client: Client, world: World, role_code: str) -> None:
    user = somebody(current().role(role_code))
    actor, values = actor_for(user), examples(world)
    enter(client, user)
    wrong = {}
    for (method, path), (permissions, _body) in CALLS.items():
        status = call(client, method, path, values)
        may = permissions is OPEN or any(actor.may(name) for name in permissions)
        if (status != 403) is not may or status in {401, 422}:
            wrong[f"{method} {path}"] = status
    assert wrong == {}


def test_nobody_calls_without_a_session(client: Client, world: World) -> None:
    values = examples(world)
    assert {call(client, method, path, values) for method, path in CLOSED} == {401}
    assert {call(client, method, path, values) for method, path in CALLS.keys() - set(CLOSED)} == {200}


def test_a_session_without_a_second_factor_is_no_session(client: Client, world: World) -> None:
    user, values = somebody(current().role("R06")), examples(world)
    client.force_login(user)
    assert {call(client, method, path, values) for method, path in CLOSED} == {401}


def test_a_call_from_another_site_is_refused(world: World) -> None:
    user, values = somebody(current().role("R06"), agency_code="prosecutor-north"), examples(world)
    strict = enter(Client(enforce_csrf_checks=True), user)
    assert call(strict, "POST", "/cases/{case_id}/notes", values) == 403


def test_another_agency_finds_nothing(client: Client, world: World) -> None:
    user, values = somebody(current().role("R06"), agency_code="health-south"), examples(world)
    enter(client, user)
    records = [
        (method, path)
        for (method, path), (permissions, _body) in CALLS.items()
        if "_id}" in path and permissions != OF_DIRECTORY and any(actor_for(user).may(name) for name in permissions)
    ]
    assert len(records) > 8
    assert {call(client, method, path, values) for method, path in records} == {404}
