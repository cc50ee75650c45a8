"""Who may open what: every role of the pack at every address, signed in and not, in every state that matters."""

import re
from uuid import UUID

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from enlace.accounts.models import User
from enlace.accounts.queries import actor_for
from enlace.audit.models import AuditEvent
from enlace.cases.actions import close_case
from enlace.cases.models import Case
from enlace.complaints.models import Complaint
from enlace.country.queries import current
from enlace.directory.models import Site
from enlace.intake.models import Contact, Notice, Report
from enlace.people.models import Person
from enlace.placements.models import Stay
from enlace.portal.models import PersonRequest
from enlace.referrals.actions import Answer, answer_referrals, deliver_referrals, withdraw_referral
from enlace.referrals.models import Referral
from enlace.referrals.rules import REFERRAL
from enlace.screening.models import GroupScreening, Screening
from tests.accounts.entering import enter
from tests.architecture.routes import Route, asks_to_sign_in, examples, own_routes, somebody, visit
from tests.world import World, a_case, a_referral

ROLES = [role.code for role in current().roles]
# An address that names one of these is answered "there is no such thing" to everybody whose agency has no part in it.
# Complaints have a wall of their own, in the tests of complaints.
RECORDS = {
    *("person_request_id", "person_id", "case_id", "referral_id", "service_id", "consent_id"),
    *("contact_id", "notice_id", "report_id", "screening_id", "group_id", "alert_id", "stay_id"),
    *("session_id", "activity_id", "plan_id", "goal_id", "step_id", "permit_id", "return_id", "follow_up_id"),
    *("periodic_return_id", "unnamed_id"),
}


@pytest.mark.parametrize("role_code", ROLES)
def test_a_role_opens_what_its_permissions_say_and_nothing_else(client: Client, world: World, role_code: str) -> None:
    user = somebody(current().role(role_code))
    actor, values = actor_for(user), examples(world)
    wrong, denied = [], 0
    for route in own_routes():
        answer = visit(enter(client, user), route, values)
        denied += answer.status_code == 403
        if asks_to_sign_in(answer) and route.name != "accounts:end_mine":
            wrong.append(f"{route.name}: asked to sign in")
        elif (answer.status_code != 403) is not route.is_open_to(actor):
            wrong.append(f"{route.name}: {answer.status_code}, permissions {route.permissions}")
    assert wrong == []
    recorded = AuditEvent.objects.filter(action="access.denied", actor_id=actor.id)
    assert recorded.count() == denied


def test_without_a_session_only_the_public_pages_open(client: Client, world: World) -> None:
    values = examples(world)
    opened = {route.name for route in own_routes() if not asks_to_sign_in(visit(client, route, values))}
    assert opened == {route.name for route in own_routes() if route.permissions is None}
    assert not AuditEvent.objects.filter(action="access.denied").exists()


def test_somebody_without_a_role_opens_only_their_own_account(client: Client, world: World) -> None:
    user = User.objects.get(username="omar")
    user.grants.all().delete()
    values = examples(world)
    opened = {route.name for route in own_routes() if visit(enter(client, user), route, values).status_code != 403}
    assert opened == {route.name for route in own_routes() if not route.permissions}


def test_the_agency_that_works_on_a_case_finds_every_page_of_it(client: Client, world: World) -> None:
    user, values = User.objects.get(username="bruno"), examples(world)
    missing = [
        route.name
        for route in own_routes()
        if RECORDS & set(route.arguments) and visit(enter(client, user), route, values).status_code == 404
    ]
    assert missing == []


def test_the_same_role_in_another_agency_finds_nothing_of_it(client: Client, world: World) -> None:
    """Not there and not yours are told in the same words, and a posted form changes nothing."""
    user, values = somebody(current().role("R06"), agency_code="health-south"), examples(world)
    actor, found = actor_for(user), {}
    for route in own_routes():
        if RECORDS & set(route.arguments) and route.is_open_to(actor):
            answer = visit(enter(client, user), route, values)
            found[route.name] = answer.status_code
    assert {name: status for name, status in found.items() if status != 404} == {}
    assert len(found) > 40


OPEN_ONLY = ("cases:edit", "cases:episode", "cases:decide", "cases:note", "cases:close")


OPEN_ONLY_HELP = ("assistance:record", "assistance:record_in_kind", "assistance:draw_plan", "assistance:open_return")


@pytest.mark.parametrize("name", [*OPEN_ONLY, *OPEN_ONLY_HELP, "cases:reopen", "referrals:send"])
def test_a_closed_case_takes_nothing_but_being_reopened(client: Client, world: World, name: str) -> None:
    case_id = a_case(world.bruno)
    address = reverse(name, kwargs={"case_id": case_id})
    client = enter(client, User.objects.get(username="bruno"))
    assert client.get(address).status_code == (409 if name == "cases:reopen" else 200)
    close_case(by=world.bruno, case_id=case_id, reason_code="moved")
    assert client.get(address).status_code == (200 if name == "cases:reopen" else 409)


def reach(world: World, status: str) -> UUID:
    """A referral in the given status, by the steps that lead there."""
    referral_id = a_referral(world.bruno, a_case(world.bruno))

    def answer(verb: str, reason: str = "") -> None:
        act = answer_referrals if verb in ("accept", "decline") else deliver_referrals
        act(by=world.carla, rows=[Answer(referral_id=referral_id, verb=verb, reason_code=reason)])

    reasons = {"decline": next(iter(current().codes("decline_reason"))).code}
    reasons["interrupt"] = next(iter(current().codes("interruption_reason"))).code
    paths = {
        "accepted": ("accept",),
        "declined": ("decline",),
        "started": ("accept", "start"),
        "completed": ("accept", "start", "complete"),
        "interrupted": ("accept", "interrupt"),
    }
    for verb in paths.get(status, ()):
        answer(verb, reasons.get(verb, ""))
    if status == "withdrawn":
        withdraw_referral(by=world.bruno, referral_id=referral_id)
    return referral_id


@pytest.mark.parametrize("status", [state for state in REFERRAL.states if state != "expired"])
def test_a_referral_offers_the_steps_of_its_state(client: Client, world: World, status: str) -> None:
    """Each step opens for who may take it in this state, and says why it is not possible in the others."""
    referral_id = reach(world, status)
    for verb in ("accept", "decline", "withdraw", "start", "complete", "interrupt"):
        taker = "bruno" if verb == "withdraw" else "carla"
        page = enter(client, User.objects.get(username=taker)).get(reverse("referrals:step", args=[referral_id, verb]))
        assert page.status_code == (200 if verb in REFERRAL.verbs(status) else 409), (status, verb)


CODED: dict[str, type[Model]] = {
    "person_id": Person,
    "case_id": Case,
    "referral_id": Referral,
    "contact_id": Contact,
    "notice_id": Notice,
    "report_id": Report,
    "screening_id": Screening,
    "group_id": GroupScreening,
    "complaint_id": Complaint,
    "site_id": Site,
    "stay_id": Stay,
    "person_request_id": PersonRequest,
}


@pytest.mark.parametrize(("username", "pages_of_their_work"), [("bruno", 60), ("irene", 3)])
def test_no_title_carries_a_code(client: Client, world: World, username: str, pages_of_their_work: int) -> None:
    """The window's title is read over a shoulder and stays in the history of a shared machine."""
    values = examples(world)
    codes = [model.objects.get(pk=values[name]).code for name, model in CODED.items()]
    shown = re.compile("|".join(map(re.escape, codes)))
    user = User.objects.get(username=username)
    answers = [visit(enter(client, user), route, values) for route in own_routes()]
    pages = [page.text for page in answers if page["Content-Type"].startswith("text/html") and "<html" in page.text]
    assert len([page for page in answers if page.status_code == 200]) > pages_of_their_work
    assert any(shown.search(page) for page in pages), "codes that no page shows prove nothing"
    titles = [re.search(r"<title>(.*?)</title>", page, re.DOTALL) for page in pages]
    assert all(title and title[1].strip() for title in titles)
    assert [title[1] for title in titles if title and shown.search(title[1])] == []


def test_the_matrix_sees_a_door_that_is_open_too_wide(client: Client, world: World) -> None:
    """A check of the check: with another answer than the marker promises, the comparison fails."""
    user = User.objects.get(username="fidel")
    route = next(route for route in own_routes() if route.name == "cases:list")
    wrongly = Route(route.name, route.pattern, next(r.view for r in own_routes() if r.name == "accounts:users"), ())
    answer = visit(enter(client, user), wrongly, {})
    assert (answer.status_code != 403) is not wrongly.is_open_to(actor_for(user))
