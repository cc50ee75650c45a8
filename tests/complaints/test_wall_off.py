"""Who can open a complaint: the agency that receives complaints, and nobody else, whatever role they hold and wherever."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from enlace.accounts.models import User
from enlace.accounts.queries import actor_for, agencies
from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import EnlaceError, Forbidden, Missing
from enlace.base.ids import new_id
from enlace.base.permissions import PERMISSIONS
from enlace.base.rows import show_rows_of
from enlace.complaints import actions, queries
from enlace.complaints.models import Complaint
from enlace.complaints.permissions import mark, visible
from enlace.country.queries import current
from enlace.country.roles import Role
from tests.accounts.entering import enter
from tests.architecture.routes import somebody
from tests.complaints.accusing import ACCUSED, a_complaint
from tests.own import undone
from tests.world import World

RECEIVER = "ombudsman"
ROLES = [role.code for role in current().roles]


def anyone(agency_code: str, role: Role) -> Actor:
    """An account of any agency in any role, also in those that the pack would not give it."""
    return Actor(id=str(new_id()), agency_code=agency_code, role_code=role.code, scope=role.scope, can=role.permissions)


def sees(viewer: Actor, found: Complaint) -> bool:
    """Whether any query or action lets the viewer know of the complaint."""
    ways = [
        lambda: queries.complaint(viewer=viewer, complaint_id=found.pk),
        lambda: queries.complaint_messages(viewer=viewer, complaint_id=found.pk, purpose="safety"),
        lambda: queries.complaint_page(viewer=viewer).rows,
        lambda: queries.complaints_waiting(viewer=viewer, limit=9),
        lambda: queries.complaint_steps(viewer=viewer, complaint_id=found.pk),
        lambda: actions.read_complaint(by=viewer, complaint_id=found.pk),
        lambda: actions.answer_complaint(by=viewer, complaint_id=found.pk, verb="answer", text="algo"),
        lambda: actions.close_complaint(by=viewer, complaint_id=found.pk),
        lambda: actions.exclude_official(by=viewer, complaint_id=found.pk, username="irene"),
    ]
    return any(_answers(way) for way in ways)


def _answers(way: object) -> bool:
    try:
        return bool(way())
    except EnlaceError:
        return False


def test_of_every_role_in_every_agency_only_the_receiver_s_own_sees_it(world: World) -> None:
    found, _number = a_complaint()
    everybody = [anyone(agency.pk, role) for role in current().roles for agency in agencies(active=None)]
    assert len(everybody) > 150
    seeing = [(actor.agency_code, actor.role_code) for actor in everybody if sees(actor, found)]
    assert seeing == [(RECEIVER, "R15")]


def test_not_even_with_every_permission_does_another_agency_or_a_process_see_it(world: World) -> None:
    found, _number = a_complaint()
    for agency in agencies(active=None):
        almighty = Actor(id=str(new_id()), agency_code=agency.pk, scope="national", can=frozenset(PERMISSIONS))
        assert not sees(almighty, found), agency.pk  # in the receiver too: who manages accounts reads no complaint
    for name in ("public report", "clock", "complaints", "tests"):
        assert not sees(Actor.system(name), found)


@pytest.mark.parametrize("role_code", ROLES)
def test_no_page_of_anybody_else_shows_that_it_exists(client: Client, world: World, role_code: str) -> None:
    """By its address, in lists, in the work queue, by search, in the API and in the access log."""
    found, _number = a_complaint()
    actions.read_complaint(by=world.irene, complaint_id=found.pk)
    role = current().role(role_code)
    places = [a.pk for a in agencies() if not role.agency_kinds or a.kind_code in role.agency_kinds]
    for place in places:
        browser = enter(client, somebody(role, place))
        names = ("complaint", "answer", "close", "exclude")
        pages = [browser.get(reverse(f"complaints:{name}", args=[found.pk])) for name in names]
        addresses = ("/", "/complaints/", "/log/", "/log/?action=complaint", "/api/v1/cases", "/api/v1/referrals")
        pages += [browser.get(address) for address in addresses]
        if (place, role_code) == (RECEIVER, "R15"):
            assert found.code in pages[5].text
            continue
        assert {page.status_code for page in pages[:4]} <= {403, 404}, place
        assert [page.request["PATH_INFO"] for page in pages if tells(page, found)] == [], place
        search = browser.post("/people/", {"q": found.code})
        assert f"/complaints/{found.pk}" not in search.text


def tells(page: Any, found: Complaint) -> bool:
    """Whether a page names the complaint, besides the address that was typed."""
    text = page.text.replace(page.request["PATH_INFO"], "")
    return found.code in text or str(found.pk) in text


def test_who_moves_from_the_accused_agency_to_the_receiver_still_cannot(world: World) -> None:
    found, _number = a_complaint()
    User.objects.filter(username="lucas").update(agency_id=RECEIVER)
    moved = actor_for(User.objects.get(username="lucas"))
    moved = Actor(id=moved.id, agency_code=RECEIVER, role_code="R15", can=current().role("R15").permissions)
    assert not sees(moved, found)


def test_who_had_moved_before_the_complaint_came_in_cannot_either(world: World) -> None:
    once = Actor(id=world.irene.id, agency_code=ACCUSED, role_code="R06")
    with audited(by=once, action="case.read"):
        pass
    found, _number = a_complaint()
    assert not sees(world.irene, found)
    other, _number = a_complaint("police-north")
    assert sees(world.irene, other)


def test_who_is_named_cannot_open_it_any_more_and_it_cannot_be_undone(world: World) -> None:
    found, _number = a_complaint()
    second = actor_for(somebody(current().role("R15"), RECEIVER))
    assert sees(second, found)
    with pytest.raises(EnlaceError):
        actions.exclude_official(by=world.irene, complaint_id=found.pk, username="nobody-here")
    actions.exclude_official(by=world.irene, complaint_id=found.pk, username=f"r15-{RECEIVER}")
    assert not sees(second, found)
    assert visible(world.irene).filter(pk=found.pk).exists()


def test_somebody_who_also_manages_accounts_cannot_whatever_role_is_in_use(world: World) -> None:
    """The pack forbids holding both; the wall does not rely on the pack."""
    found, _number = a_complaint()
    assert visible(world.irene).exists()
    User.objects.get(username="irene").grants.create(role_code="R19", since=found.begun_at, granted_by="test")
    assert not sees(world.irene, found)


def test_a_role_without_the_permission_is_refused_and_one_with_it_elsewhere_finds_nothing(world: World) -> None:
    found, _number = a_complaint()
    with pytest.raises(Forbidden):
        queries.complaint(viewer=world.bruno, complaint_id=found.pk)
    elsewhere = Actor(id=str(new_id()), agency_code="health-south", role_code="R15", can=frozenset({"COMPLAINT_READ"}))
    with pytest.raises(Missing):
        queries.complaint(viewer=elsewhere, complaint_id=found.pk)


def test_the_record_calls_it_by_a_name_that_only_the_key_gives(world: World) -> None:
    found, other = a_complaint()[0], a_complaint()[0]
    assert mark(found.pk) == mark(found.pk) != mark(other.pk)
    assert str(found.pk).replace("-", "")[:8] not in mark(found.pk)


@pytest.mark.postgresql
def test_below_the_filters_the_accused_agency_meets_no_row(world: World) -> None:
    """With raw SQL, in the application's own role: every agency of the directory but the receiver."""
    a_complaint()
    tables = ("complaints_complaint", "complaints_complaintexclusion", "complaints_complaintstep", "intake_receipt")
    for agency in agencies(active=None):
        with undone(), connection.cursor() as cursor:
            show_rows_of(Actor(id="raw", agency_code=agency.pk))
            counts = []
            for table in tables:
                cursor.execute(f"SELECT count(*) FROM {table}")
                counts.append(cursor.fetchone()[0])
        assert counts == ([1, 2, 1, 0] if agency.pk == RECEIVER else [0, 0, 0, 0]), agency.pk
