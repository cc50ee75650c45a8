"""A way back into an account takes two people besides its owner, and both halves of a code."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from enlace.accounts import actions, queries
from enlace.accounts.models import Invitation, Recovery, SignIn, User
from enlace.accounts.queries import actor_for
from enlace.audit.actions import audited
from enlace.audit.models import AuditEvent
from enlace.base.actor import Actor
from enlace.base.errors import Forbidden, Missing, Refusal
from tests.accounts.entering import SETUP, enter, give_app, has_factor

NEW = "another quiet sentence"


def new_user(by: Actor) -> User:
    return actions.create_user(
        by=by, username="nora", display_name="Nora", agency_code="ngo-harbour", role_codes=["R06"]
    )


def accept(code: str, password: str = NEW) -> User:
    return actions.accept_invitation(by=actor_for(queries.invitation(code).user), code=code, password=password)


def recover(code: str, approval: str, password: str = NEW) -> User:
    return actions.use_recovery(
        by=actor_for(queries.recovery(code).user), code=code, approval_code=approval, password=password
    )


def test_an_invitation_sets_the_first_password_once(by: Actor) -> None:
    code = actions.invite_user(by=by, user_id=new_user(by).pk)
    assert not User.objects.get(username="nora").has_usable_password()
    accept(code.lower().replace("-", " "))
    assert User.objects.get(username="nora").check_password(NEW)
    with pytest.raises(Refusal):
        accept(code)
    assert code not in str(Invitation.objects.values_list()) + str(AuditEvent.objects.values_list())


def test_a_new_invitation_voids_the_one_before(by: Actor) -> None:
    user = new_user(by)
    old = actions.invite_user(by=by, user_id=user.pk)
    actions.invite_user(by=by, user_id=user.pk)
    with pytest.raises(Refusal):
        accept(old)


def test_an_invitation_expires_and_ends_with_the_account(by: Actor) -> None:
    user = new_user(by)
    code = actions.invite_user(by=by, user_id=user.pk)
    actions.disable_user(by=by, user_id=user.pk)
    with pytest.raises(Missing):
        accept(code)
    with pytest.raises(Refusal):
        actions.invite_user(by=by, user_id=user.pk)
    actions.enable_user(by=by, user_id=user.pk)
    code = actions.invite_user(by=by, user_id=user.pk)
    Invitation.objects.update(expires_at=timezone.now())
    with pytest.raises(Refusal):
        accept(code)


def test_an_invitation_is_no_way_to_reset_a_password(by: Actor, liaison: User) -> None:
    with pytest.raises(Refusal):
        actions.invite_user(by=by, user_id=liaison.pk)


@pytest.mark.parametrize("weak", ["short", "123456789012", "password1234"])
def test_weak_passwords_are_refused_and_the_invitation_still_holds(by: Actor, weak: str) -> None:
    code = actions.invite_user(by=by, user_id=new_user(by).pk)
    with pytest.raises(Refusal):
        accept(code, weak)
    accept(code)


def test_recovery_needs_two_people_and_both_halves(by: Actor, liaison: User, auditor: User) -> None:
    first = actions.ask_recovery(by=by, user_id=liaison.pk)
    with pytest.raises(Refusal):
        recover(first, "anything")
    second = actions.approve_recovery(by=actor_for(auditor), recovery_id=Recovery.objects.get().pk)
    for wrong in (first, "", second[:-1]):
        with pytest.raises(Refusal):
            recover(first, wrong)
    with pytest.raises(Missing):
        queries.recovery(second)
    recover(first, second)
    assert User.objects.get(pk=liaison.pk).check_password(NEW)
    with pytest.raises(Refusal):
        recover(first, second, "and yet another one")


def test_the_asker_cannot_approve_nor_can_the_person(by: Actor, admin: User, second_admin: User, auditor: User) -> None:
    actions.ask_recovery(by=by, user_id=second_admin.pk)
    row = Recovery.objects.get()
    for wrong in (admin, second_admin):
        with pytest.raises(Refusal):
            actions.approve_recovery(by=actor_for(wrong), recovery_id=row.pk)
    actions.approve_recovery(by=actor_for(auditor), recovery_id=row.pk)
    with pytest.raises(Refusal):
        actions.approve_recovery(by=actor_for(auditor), recovery_id=row.pk)


def test_nobody_asks_for_their_own_recovery_nor_does_a_program(by: Actor, liaison: User) -> None:
    with pytest.raises(Refusal):
        actions.ask_recovery(by=by, user_id=by.id)
    with pytest.raises(Refusal):
        actions.ask_recovery(by=Actor.system("x"), user_id=liaison.pk)
    with pytest.raises(Forbidden):
        actions.ask_recovery(by=actor_for(liaison), user_id=by.id)


def test_approval_needs_a_permission_and_reach(
    by: Actor, liaison: User, local_admin: Actor, second_admin: User
) -> None:
    actions.ask_recovery(by=by, user_id=second_admin.pk)
    row = Recovery.objects.get()
    with pytest.raises(Forbidden):
        actions.approve_recovery(by=actor_for(liaison), recovery_id=row.pk)
    with pytest.raises(Missing):
        actions.approve_recovery(by=local_admin, recovery_id=row.pk)


def test_the_database_itself_wants_two_people(by: Actor, liaison: User, auditor: User) -> None:
    actions.ask_recovery(by=by, user_id=liaison.pk)
    approved = {"approved_at": timezone.now(), "approval_digest": "x"}
    for wrong in (
        {"approved_by": by.id, **approved},
        {"approved_by": liaison, **approved},
        {"approved_by": auditor},
        {"asked_by": liaison},
        {"used_at": timezone.now()},
    ):
        with pytest.raises(IntegrityError), audited(by=SETUP, action="test"):
            Recovery.objects.update(**wrong)
    Recovery.objects.update(approved_by=auditor, **approved)


def test_using_a_recovery_ends_sessions_and_drops_the_lost_factor(by: Actor, liaison: User, auditor: User) -> None:
    give_app(liaison)
    open_client = enter(Client(), liaison)
    first = actions.ask_recovery(by=by, user_id=liaison.pk, resets_factor=True)
    second = actions.approve_recovery(by=actor_for(auditor), recovery_id=Recovery.objects.get().pk)
    assert has_factor(liaison)
    assert open_client.get("/").status_code == 200
    recover(first, second)
    assert not has_factor(liaison)
    assert open_client.get("/").status_code == 302
    assert not SignIn.objects.filter(user=liaison, ended_at__isnull=True).exists()


def test_a_recovery_expires_and_a_new_one_voids_it(by: Actor, liaison: User, auditor: User) -> None:
    old = actions.ask_recovery(by=by, user_id=liaison.pk)
    row = Recovery.objects.get()
    approval = actions.approve_recovery(by=actor_for(auditor), recovery_id=row.pk)
    actions.ask_recovery(by=by, user_id=liaison.pk)
    with pytest.raises(Refusal):
        recover(old, approval)
    Recovery.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert not queries.recoveries_to_approve(by).exists()


def test_the_pages_lead_through_a_recovery(client: Client, admin: User, liaison: User, auditor: User) -> None:
    enter(client, admin)
    asked = client.post(reverse("accounts:ask_recovery", args=[liaison.pk]), {"resets_factor": "on"})
    address = asked.context["url"].removeprefix("http://testserver")
    other = enter(Client(), auditor)
    row = Recovery.objects.get()
    assert reverse("accounts:approve", args=[row.pk]) in other.get(reverse("accounts:recoveries")).text
    assert reverse("accounts:approve", args=[row.pk]) not in client.get(reverse("accounts:recoveries")).text
    assert "Dora" in other.get(reverse("accounts:approve", args=[row.pk])).text
    half = other.post(reverse("accounts:approve", args=[row.pk])).context["code"]
    visitor = Client()
    assert visitor.get(address).status_code == 200
    form = {"approval_code": half, "password": NEW, "again": NEW + "!"}
    assert visitor.post(address, form).status_code == 422
    assert visitor.post(address, form | {"again": NEW, "approval_code": "nonsense"}).status_code == 422
    assert visitor.post(address, form | {"again": NEW}).headers["Location"] == reverse("account_login")
    assert visitor.get(reverse("accounts:recover", args=["unknown"])).status_code == 404


def test_the_pages_lead_through_an_invitation(client: Client, admin: User) -> None:
    enter(client, admin)
    form = {"display_name": "Nora", "username": "nora", "agency": "ngo-harbour", "roles": ["R06"]}
    shown = client.post(reverse("accounts:invite"), form)
    address = shown.context["url"].removeprefix("http://testserver")
    assert client.post(reverse("accounts:invite"), form).status_code == 422, "the name is taken"
    visitor = Client()
    assert "nora" in visitor.get(address).text
    assert visitor.post(address, {"password": "weak", "again": "weak"}).status_code == 422
    answer = visitor.post(address, {"password": NEW, "again": NEW}, follow=True)
    assert answer.redirect_chain == [(reverse("account_login"), 302)]
    entered = visitor.post(reverse("account_login"), {"login": "nora", "password": NEW}, follow=True)
    assert entered.redirect_chain[-1][0] == reverse("mfa_activate_totp")
