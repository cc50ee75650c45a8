"""The first page (what waits for me) and one's own account."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from enlace.accounts import actions, queries, sessions
from enlace.accounts.access import Request, allowed
from enlace.accounts.context import nav
from enlace.accounts.forms import LanguageForm, RoleForm
from enlace.base.actor import Actor
from enlace.base.permissions import PERMISSIONS
from enlace.base.slots import QueueItem, QueueSource, registered
from enlace.country.labels import language

QUEUE_LIMIT = 20


@dataclass(frozen=True)
class Group:
    """One part of the work queue. ``count`` says "20+" when there is more than is shown."""

    name: str
    label: object
    count: str
    items: list[QueueItem]


def queue(viewer: Actor) -> list[Group]:
    """The groups of the viewer's work queue, empty ones included."""
    groups = []
    for source in registered(QueueSource, viewer):
        items = source.items(viewer, QUEUE_LIMIT + 1)
        count = f"{QUEUE_LIMIT}+" if len(items) > QUEUE_LIMIT else str(len(items))
        groups.append(Group(source.name, source.label, count, items[:QUEUE_LIMIT]))
    return groups


@allowed()
@require_safe
def home(request: Request) -> HttpResponse:
    groups = queue(request.actor)
    context = {
        "groups": [group for group in groups if group.items],
        "empty_groups": [group for group in groups if not group.items],
        "has_queue": bool(groups),
        "doors": [link for link in nav(request.actor, request.path) if not link.current],
    }
    return render(request, "accounts/home.html", context)


@allowed()
@require_safe
def me(request: Request) -> HttpResponse:
    roles = queries.roles_of(request.user)
    role = next((role for role in roles if role.code == request.actor.role_code), None)
    context = {
        "role": role,
        "role_label": request.actor.role_label,
        "description": role.description(language()) if role else "",
        "may": [PERMISSIONS[name] for name in PERMISSIONS if name in request.actor.can],
        "role_form": RoleForm(roles=_role_choices(request), initial={"role": request.actor.role_code}),
        "several_roles": len(roles) > 1,
        "language_form": LanguageForm(languages=settings.LANGUAGES, initial={"language": translation.get_language()}),
        "sign_ins": queries.sign_ins(request.actor),
        "current_sign_in": sessions.sign_in_id(request),
    }
    return render(request, "accounts/me.html", context)


@allowed()
@require_POST
def switch(request: Request) -> HttpResponse:
    """Act in another of the own roles from now on."""
    form = RoleForm(request.POST, roles=_role_choices(request))
    if form.is_valid():
        actor = actions.switch_role(by=request.actor, role_code=form.cleaned_data["role"])
        sessions.use_role(request, actor.role_code)
        messages.success(request, _("You now act as: %s") % actor.role_label)
    return redirect("accounts:home")


@allowed()
@require_POST
def choose_language(request: Request) -> HttpResponse:
    """Keep a language with the account, and use it on this machine at once."""
    form = LanguageForm(request.POST, languages=settings.LANGUAGES)
    response = redirect("accounts:me")
    if form.is_valid():
        chosen = form.cleaned_data["language"]
        actions.choose_language(by=request.actor, language=chosen)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
    return response


@allowed()
@require_POST
def end_mine(request: Request) -> HttpResponse:
    """Sign out everywhere, here included: the sure way when a machine was left open."""
    actions.end_sessions(by=request.actor, user_id=request.user.pk)
    return redirect(settings.LOGIN_URL)


def _role_choices(request: Request) -> list[tuple[str, str]]:
    return [(role.code, role.label(language())) for role in queries.roles_of(request.user)]
