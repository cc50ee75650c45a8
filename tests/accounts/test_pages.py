"""The pages about accounts and the access log."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from enlace.accounts import actions, urls
from enlace.accounts.models import SignIn, User
from enlace.accounts.queries import actor_for
from enlace.audit.models import AuditEvent
from enlace.base.actor import OWN, Actor
from enlace.base.errors import Forbidden
from tests.accounts.entering import enter

MakeUser = Callable[..., User]


def test_every_page_says_who_may_open_it() -> None:
    for route in urls.urlpatterns:
        assert hasattr(route.callback, "permissions"), route.name


def test_managing_pages_are_closed_to_casework(client: Client, liaison: User) -> None:
    enter(client, liaison)
    for route in urls.urlpatterns:
        if "USER_MANAGE" in (route.callback.permissions or ()) or "AUDIT_READ" in (route.callback.permissions or ()):
            args = [liaison.pk] if "uuid" in str(route.pattern) else []
            args += ["R06"] if "role_code" in str(route.pattern) else []
            assert client.get(reverse(f"accounts:{route.name}", args=args)).status_code == 403, route.name


def test_the_list_filters_and_pages_with_few_queries(
    client: Client, admin: User, make_user: MakeUser, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        make_user(f"person{number:02d}", "ngo-harbour", "R06", "R08")
    enter(client, admin)
    with django_assert_max_num_queries(16):
        first = client.get(reverse("accounts:users"))
    assert len(first.context["rows"]) == 25
    assert len(client.get(reverse("accounts:users"), {"cursor": first.context["page"].older}).context["rows"]) == 6

    def found(**filters: str) -> list[str]:
        return [user.username for user, *_ in client.get(reverse("accounts:users"), filters).context["rows"]]

    assert found(q="ON07") == ["person07"]
    assert found(agency="commission", role="R19") == ["ada"]
    assert found(role="R01") == []
    make_user("later", "helpline", password=None)
    assert found(state="invited") == ["later"]
    User.objects.filter(username="person03").update(is_active=False)
    assert found(state="disabled") == ["person03"]
    assert "ada" in found(state="active")


def test_an_account_is_changed_from_its_page(client: Client, admin: User, liaison: User) -> None:
    enter(client, admin)
    page = reverse("accounts:user", args=[liaison.pk])
    for name, data, told in (
        ("grant", {"role": "R08"}, "The role was granted"),
        ("grant", {"role": "R19"}, "System administrator, and Case liaison, Service provider"),
        ("end_sessions", {}, "0 sessions ended"),
        ("enable", {}, "This account is not disabled"),
    ):
        address = reverse(f"accounts:{name}", args=[liaison.pk])
        assert told in client.post(address, data, follow=True, headers={"Accept-Language": "en"}).text
    client.post(reverse("accounts:end_role", args=[liaison.pk, "R06"]))
    assert "Roles held before" in client.get(page, headers={"Accept-Language": "en"}).text
    assert client.get(reverse("accounts:disable", args=[liaison.pk])).status_code == 200
    assert User.objects.get(pk=liaison.pk).is_active
    client.post(reverse("accounts:disable", args=[liaison.pk]))
    assert not User.objects.get(pk=liaison.pk).is_active
    client.post(reverse("accounts:enable", args=[liaison.pk]))
    assert User.objects.get(pk=liaison.pk).is_active


def test_ones_own_account_has_no_buttons(client: Client, admin: User) -> None:
    shown = enter(client, admin).get(reverse("accounts:user", args=[admin.pk])).text
    assert reverse("accounts:disable", args=[admin.pk]) not in shown


def test_a_person_who_has_not_joined_is_invited_again(client: Client, admin: User, make_user: MakeUser) -> None:
    user = make_user("later", "helpline", "R01", password=None)
    enter(client, admin)
    assert reverse("accounts:invite_again", args=[user.pk]) in client.get(reverse("accounts:user", args=[user.pk])).text
    assert "/join/" in client.post(reverse("accounts:invite_again", args=[user.pk])).context["url"]


def test_the_log_filters_and_shows_names(client: Client, auditor: User, liaison: User) -> None:
    actions.record_denied(by=actor_for(liaison), route="cases:close")
    enter(client, auditor)

    def found(**filters: str) -> list[str]:
        return [row.action for row, *_ in client.get(reverse("accounts:log"), filters).context["rows"]]

    assert found(who="dora") == found(action="access.") == ["access.denied"]
    assert found(who="nobody") == found(data_class="A") == found(until="1/1/2020") == []
    assert "user.created" in found(since="ayer", action="user")
    assert "Dora" in client.get(reverse("accounts:log"), {"who": "dora"}).text
    assert client.get(reverse("accounts:log"), {"since": "some day"}).status_code == 422


def test_the_log_pages_with_few_queries(
    client: Client, auditor: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(40):
        actions.record_denied(by=actor_for(auditor), route=f"route{number}")
    enter(client, auditor)
    with django_assert_max_num_queries(13):
        assert len(client.get(reverse("accounts:log")).context["rows"]) == 25


def test_an_inserted_row_is_found_and_told_to_whom_it_concerns(client: Client, auditor: User, liaison: User) -> None:
    actions.record_denied(by=actor_for(liaison), route="x")
    AuditEvent.objects.create(
        chain="ngo-harbour", seq=9, at=timezone.now(), actor_id="x", action="x", previous="x", digest="x"
    )
    answer = enter(client, auditor).post(reverse("accounts:verify"))
    assert {chain for chain, *_ in answer.context["rows"]} == {"ngo-harbour"}
    own = Actor(id=str(auditor.pk), agency_code="commission", scope=OWN, can=frozenset({"AUDIT_VERIFY"}))
    assert actions.verify_log(by=own) == []
    with pytest.raises(Forbidden):
        actions.verify_log(by=actor_for(liaison))


def test_verifying_says_that_the_record_is_whole(client: Client, auditor: User) -> None:
    answer = enter(client, auditor).post(reverse("accounts:verify"), follow=True, headers={"Accept-Language": "en"})
    assert "The record is whole" in answer.text
    assert AuditEvent.objects.filter(action="audit.verified", detail={"faults": 0}).exists()


def test_ending_sessions_counts_them(client: Client, admin: User, liaison: User) -> None:
    enter(Client(), liaison)
    enter(client, admin).post(reverse("accounts:end_sessions", args=[liaison.pk]))
    assert SignIn.objects.get(user=liaison).ended_by == str(admin.pk)
