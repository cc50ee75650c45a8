"""What the browser's session carries: the id of its sign-in, the role in use, and that a second factor was shown."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.contrib.auth import logout
from django.http import HttpRequest
from django.utils import timezone

from enlace.accounts import actions, queries, rules
from enlace.accounts.models import SignIn, User
from enlace.base.actor import Actor

SIGN_IN = "accounts.sign_in"
SEEN = "accounts.seen"
ROLE = "accounts.role"
FACTOR = "accounts.second_factor"
FRESH = "accounts.fresh"

# How long the password given at sign-in also stands for a change of password or factor.
FRESH_FOR = timedelta(minutes=5)


def start(request: HttpRequest, user: User, *, has_second_factor: bool) -> None:
    """Called once the password (and the second factor, if there is one) has been accepted."""
    row = actions.record_sign_in(by=queries.actor_for(user))
    request.session[SIGN_IN] = str(row.pk)
    touch(request)
    set_factor(request, has_second_factor)


def finish(request: HttpRequest) -> None:
    """Record the end of the session and forget everything it held."""
    sign_in_id = request.session.get(SIGN_IN)
    if request.user.is_authenticated and sign_in_id:
        actions.record_sign_out(by=queries.actor_for(request.user), sign_in_id=UUID(sign_in_id))
    logout(request)


def touch(request: HttpRequest) -> None:
    request.session[SEEN] = timezone.now().timestamp()


def set_factor(request: HttpRequest, has_second_factor: bool) -> None:
    """A factor set up in this session counts as shown; when the last one goes, a new one must be set up."""
    request.session[FACTOR] = has_second_factor
    request.session[FRESH] = timezone.now().timestamp()


def has_factor(request: HttpRequest) -> bool:
    return bool(request.session.get(FACTOR))


def is_fresh(request: HttpRequest) -> bool:
    """Whether the password or a factor was given only minutes ago."""
    given = datetime.fromtimestamp(request.session.get(FRESH, 0), UTC)
    return timezone.now() - given < FRESH_FOR


def use_role(request: HttpRequest, role_code: str) -> None:
    request.session[ROLE] = role_code


def sign_in_id(request: HttpRequest) -> UUID | None:
    value = request.session.get(SIGN_IN)
    return UUID(value) if value else None


def actor(request: HttpRequest) -> Actor | None:
    """Who acts in this request; nobody until a second factor was shown. A session whose time is up ends here."""
    if not request.user.is_authenticated:
        return None
    row = queries.open_sign_in(request.session.get(SIGN_IN), request.user.pk)
    if row is None:
        logout(request)
        return None
    if _is_over(request, row):
        finish(request)
        return None
    touch(request)
    return queries.actor_for(row.user, request.session.get(ROLE)) if has_factor(request) else None


def _is_over(request: HttpRequest, row: SignIn) -> bool:
    seen = datetime.fromtimestamp(request.session.get(SEEN, 0), UTC)
    return rules.session_is_over(started_at=row.started_at, seen_at=seen, now=timezone.now())
