from collections.abc import Callable

import pytest
from django.core.cache import cache

from enlace.accounts.actions import create_user, load_agencies
from enlace.accounts.models import User
from enlace.accounts.queries import actor_for
from enlace.base.actor import OWN, Actor
from enlace.country.queries import current
from tests.accounts.entering import PASSWORD, SETUP


@pytest.fixture(autouse=True)
def fresh_counters() -> None:
    cache.clear()


@pytest.fixture
def agencies(db: None) -> None:
    load_agencies(by=SETUP, seeds=current().agencies)


@pytest.fixture
def make_user(agencies: None, settings: object) -> Callable[..., User]:
    """Invented people; the password is hashed fast because no test is about the hash."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

    def make(username: str, agency: str, *roles: str, password: str | None = PASSWORD) -> User:
        return create_user(
            by=SETUP,
            username=username,
            display_name=username.capitalize(),
            agency_code=agency,
            role_codes=roles,
            password=password,
        )

    return make


@pytest.fixture
def admin(make_user: Callable[..., User]) -> User:
    return make_user("ada", "commission", "R19")


@pytest.fixture
def second_admin(make_user: Callable[..., User]) -> User:
    return make_user("berta", "commission", "R19")


@pytest.fixture
def auditor(make_user: Callable[..., User]) -> User:
    return make_user("carla", "commission", "R18")


@pytest.fixture
def liaison(make_user: Callable[..., User]) -> User:
    return make_user("dora", "ngo-harbour", "R06")


@pytest.fixture
def local_admin(make_user: Callable[..., User]) -> Actor:
    """Somebody who manages the accounts of one agency only, as a pack may have it."""
    user = make_user("elsa", "ngo-harbour")
    return Actor(
        id=str(user.pk), agency_code="ngo-harbour", scope=OWN, can=frozenset({"USER_MANAGE"}), state_code="XX-S"
    )


@pytest.fixture
def by(admin: User) -> Actor:
    return actor_for(admin)
