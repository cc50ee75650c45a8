"""Accounts, roles and who may change them."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError
from django.utils import timezone

from enlace.accounts import actions, queries
from enlace.accounts.models import Agency, RoleGrant, SignIn, User
from enlace.accounts.queries import actor_for
from enlace.audit.actions import audited
from enlace.audit.models import AuditEvent
from enlace.base.actor import NATIONAL, NONE, STATE, Actor
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.base.permissions import PERMISSIONS
from enlace.country.queries import current
from enlace.country.roles import CASEWORK
from tests.accounts.entering import SETUP

MakeUser = Callable[..., User]


def new(by: Actor, username: str = "nora", agency: str = "ngo-harbour", *roles: str) -> User:
    return actions.create_user(
        by=by, username=username, display_name="Nora", agency_code=agency, role_codes=roles or ("R06",)
    )


def test_loading_the_pack_twice_changes_nothing(agencies: None) -> None:
    Agency.objects.filter(pk="helpline").update(name="Renamed by people", is_active=False)
    assert actions.load_agencies(by=Actor.system("test"), seeds=current().agencies) == 0
    assert Agency.objects.count() == len(current().agencies)
    assert queries.agency("helpline").name == "Renamed by people"
    assert AuditEvent.objects.filter(action="agency.loaded").count() == 1


def test_agencies_are_found_by_kind_and_state(agencies: None) -> None:
    assert [a.pk for a in queries.agencies(kind="prosecutor", state="XX-S")] == ["prosecutor-south"]
    national = {seed.code for seed in current().agencies if not seed.state_code}
    assert {"commission", "helpline", "consular-network"} < national
    assert {a.pk for a in queries.agencies(state="")} == national
    assert queries.agency_names()["police-north"] == "Northmark Police"
    with pytest.raises(Missing):
        queries.agency("nowhere")


def test_a_national_administrator_opens_an_agency(by: Actor) -> None:
    opened = actions.open_agency(by=by, code="ngo-new", name="New Shore", kind_code="ngo", state_code="XX-N")
    assert queries.agency("ngo-new") == opened
    for wrong in (
        {"code": "ngo-new"},
        {"code": "a b"},
        {"kind_code": "nothing"},
        {"state_code": "XX-Q"},
        {"name": " "},
    ):
        given = {"code": "other", "name": "Other", "kind_code": "ngo"} | wrong
        with pytest.raises(Refusal):
            actions.open_agency(by=by, **given)


def test_who_manages_one_agency_opens_none(local_admin: Actor) -> None:
    with pytest.raises(Forbidden):
        actions.open_agency(by=local_admin, code="ngo-new", name="New Shore", kind_code="ngo")


def test_an_office_belongs_to_its_agency(by: Actor) -> None:
    office = actions.open_office(by=by, agency_code="ngo-harbour", name="Pier 3", state_code="XX-S")
    with pytest.raises(Refusal):
        actions.open_office(by=by, agency_code="ngo-harbour", name="Pier 3")
    with pytest.raises(Refusal):
        actions.create_user(
            by=by, username="nora", display_name="", agency_code="helpline", role_codes=["R01"], office=office
        )


def test_an_actor_carries_what_the_pack_says(liaison: User) -> None:
    actor = actor_for(liaison)
    role = current().role("R06")
    assert (actor.id, actor.agency_code, actor.state_code) == (str(liaison.pk), "ngo-harbour", "XX-S")
    assert (actor.can, actor.scope, actor.agency_name) == (role.permissions, "own", "Safe Harbour (NGO)")


def test_without_a_role_or_with_a_closed_agency_nothing_is_permitted(make_user: MakeUser, liaison: User) -> None:
    bare = actor_for(make_user("nobody", "helpline"))
    assert (bare.role_code, bare.can, bare.scope) == ("", frozenset(), NONE)
    Agency.objects.update(is_active=False)
    assert actor_for(User.objects.get(pk=liaison.pk)).can == frozenset()


def test_a_role_not_held_is_not_used(liaison: User) -> None:
    assert actor_for(liaison, "R19").role_code == "R06"
    with pytest.raises(Forbidden):
        actions.switch_role(by=actor_for(liaison), role_code="R19")


def test_no_administrator_can_read_casework() -> None:
    for role in current().roles:
        if "USER_MANAGE" in role.permissions:
            assert not role.permissions & CASEWORK
            assert not {name for name in role.permissions if name.startswith("EXCHANGE_")}
    assert CASEWORK.issubset(PERMISSIONS)


@pytest.mark.parametrize("role", sorted(r.code for r in current().roles if r.permissions & CASEWORK))
def test_an_administrator_cannot_be_given_casework_as_well(by: Actor, second_admin: User, role: str) -> None:
    User.objects.filter(pk=second_admin.pk).update(agency=_agency_for(role))
    with pytest.raises(Refusal, match=current().role("R19").label("en")):
        actions.grant_role(by=by, user_id=second_admin.pk, role_code=role)
    assert list(queries.role_codes_of([second_admin.pk])[second_admin.pk]) == ["R19"]


def _agency_for(role_code: str) -> Agency:
    kinds = current().role(role_code).agency_kinds
    return next(agency for agency in Agency.objects.all() if not kinds or agency.kind_code in kinds)


def test_incompatible_roles_are_refused_at_creation_too(by: Actor) -> None:
    with pytest.raises(Refusal, match=current().role("R06").label("en")):
        new(by, "nora", "commission", "R06", "R17")
    assert not User.objects.filter(username="nora").exists()


def test_a_clashing_role_can_be_taken_once_the_other_has_ended(by: Actor) -> None:
    user = new(by, "nora", "commission", "R17")
    actions.end_role(by=by, user_id=user.pk, role_code="R17")
    actions.grant_role(by=by, user_id=user.pk, role_code="R06")
    assert [role.code for role in queries.roles_of(user)] == ["R06"]
    with pytest.raises(Refusal):
        actions.end_role(by=by, user_id=user.pk, role_code="R17")


@pytest.mark.parametrize("role", ["R06", "R16", "R18"])
def test_nobody_grants_a_role_to_themself(by: Actor, role: str) -> None:
    with pytest.raises(Refusal):
        actions.grant_role(by=by, user_id=by.id, role_code=role)
    assert RoleGrant.objects.filter(user_id=by.id).count() == 1


def test_roles_fit_the_kind_of_agency_and_exist_and_are_held_once(by: Actor) -> None:
    user = new(by)
    for role in ("R09", "R99", "R06"):
        with pytest.raises(Refusal):
            actions.grant_role(by=by, user_id=user.pk, role_code=role)


def test_who_manages_one_agency_reaches_no_other(local_admin: Actor, make_user: MakeUser) -> None:
    theirs, other = new(local_admin), make_user("otto", "helpline", "R01")
    assert {user.username for user in queries.users(local_admin)} == {"elsa", "nora"}
    for act in (actions.disable_user, actions.end_sessions, actions.invite_user, actions.ask_recovery):
        with pytest.raises(Missing):
            act(by=local_admin, user_id=other.pk)
    with pytest.raises(Missing):
        queries.user(local_admin, other.pk)
    with pytest.raises(Forbidden):
        new(local_admin, "nina", "helpline", "R01")
    with pytest.raises(Refusal):
        actions.grant_role(by=local_admin, user_id=theirs.pk, role_code="R18")


def test_who_manages_a_state_reaches_its_agencies(make_user: MakeUser) -> None:
    make_user("south", "health-south", "R02")
    make_user("north", "police-north", "R02")
    viewer = Actor(id="x", agency_code="ngo-harbour", state_code="XX-S", scope=STATE, can=frozenset({"USER_MANAGE"}))
    assert [user.username for user in queries.users(viewer)] == ["south"]
    of_the_state = {"ngo-harbour", "health-south", "prosecutor-south", "school-south"}
    assert {a.pk for a in queries.agencies_to_manage(viewer)} == of_the_state


@pytest.mark.parametrize("scope", [NONE, NATIONAL])
def test_managing_needs_the_permission(liaison: User, scope: str) -> None:
    viewer = Actor(id="x", agency_code="ngo-harbour", scope=scope, can=frozenset({"CASE_READ"}))
    with pytest.raises(Forbidden):
        queries.users(viewer)
    with pytest.raises(Forbidden):
        new(viewer)


def test_a_scope_of_nothing_manages_nobody(liaison: User) -> None:
    viewer = Actor(id="x", agency_code="ngo-harbour", scope=NONE, can=frozenset({"USER_MANAGE"}))
    assert not queries.users(viewer).exists()


def test_names_are_unique_in_any_case_and_agencies_open(by: Actor, liaison: User) -> None:
    with pytest.raises(Refusal):
        new(by, "DORA")
    with pytest.raises(Refusal):
        new(by, "no spaces")
    Agency.objects.filter(pk="helpline").update(is_active=False)
    with pytest.raises(Refusal):
        new(by, "nora", "helpline", "R01")


def test_disabling_ends_sessions_and_enabling_does_not_bring_them_back(by: Actor, liaison: User) -> None:
    actions.record_sign_in(by=actor_for(liaison))
    actions.disable_user(by=by, user_id=liaison.pk)
    assert SignIn.objects.get().ended_by == by.id
    with pytest.raises(Refusal):
        actions.disable_user(by=by, user_id=liaison.pk)
    actions.enable_user(by=by, user_id=liaison.pk)
    assert User.objects.get(pk=liaison.pk).is_active
    with pytest.raises(Refusal):
        actions.enable_user(by=by, user_id=liaison.pk)
    assert SignIn.objects.get().ended_at


def test_nobody_disables_their_own_account(by: Actor) -> None:
    with pytest.raises(Refusal):
        actions.disable_user(by=by, user_id=by.id)


def test_a_refused_change_leaves_no_record(by: Actor, liaison: User) -> None:
    before = AuditEvent.objects.count()
    with pytest.raises(Refusal):
        actions.grant_role(by=by, user_id=liaison.pk, role_code="R18")
    assert AuditEvent.objects.count() == before


def test_the_database_refuses_a_role_held_twice_or_ended_by_nobody(liaison: User) -> None:
    now = timezone.now()
    with pytest.raises(IntegrityError), audited(by=SETUP, action="test"):
        RoleGrant.objects.create(user=liaison, role_code="R06", since=now, granted_by="x")
    with pytest.raises(IntegrityError), audited(by=SETUP, action="test"):
        RoleGrant.objects.filter(user=liaison).update(until=now)
