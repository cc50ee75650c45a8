"""The accounts one manages: list, invitation, roles, closing and opening."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enlace.accounts import actions, carried, queries
from enlace.accounts.access import Request, allowed
from enlace.accounts.forms import InviteForm, RecoveryForm, RoleForm, UserFilter
from enlace.accounts.models import User
from enlace.base.errors import Refusal
from enlace.base.pages import page
from enlace.country.labels import language
from enlace.country.queries import current


@allowed("USER_MANAGE")
@require_safe
def users(request: Request) -> HttpResponse:
    """The accounts, filtered by what the address says."""
    agencies = _agency_choices(request)
    form = UserFilter(request.GET, agencies=agencies, roles=_role_choices())
    said = form.cleaned_data if form.is_valid() else {}
    rows = queries.users(
        request.actor,
        text=said.get("q", ""),
        agency_code=said.get("agency", ""),
        role_code=said.get("role", ""),
        state=said.get("state", ""),
    )
    found = page(rows, order=("username",), cursor=request.GET.get("cursor", ""))
    roles = queries.role_codes_of(user.pk for user in found.rows)
    names = dict(_role_choices())
    context = {
        "form": form,
        "page": found,
        "rows": [
            (user, [names.get(code, code) for code in roles.get(user.pk, [])], _state(user)) for user in found.rows
        ],
        "filtered": any(said.values()),
        "waiting": queries.recoveries_to_approve(request.actor).exists(),
    }
    return render(request, "accounts/users.html", context)


@allowed("USER_MANAGE")
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: Request) -> HttpResponse:
    """Add an account and show its invitation once."""
    kept = {name: values if name == "roles" else values[-1] for name, values in (request.carried or {}).items()}
    initial = {"agency": request.actor.agency_code} | kept
    data = request.POST if request.method == "POST" else None
    form = InviteForm(data, initial=initial, agencies=_agency_choices(request), roles=_role_choices())
    if data is not None and form.is_valid():
        said = form.cleaned_data
        try:
            user = actions.create_user(
                by=request.actor,
                username=said["username"],
                display_name=said["display_name"],
                agency_code=said["agency"],
                role_codes=said["roles"],
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            return _invitation_page(request, user)
    context = {
        "form": form,
        "form_owner": carried.owner_token(request.user.get_username()),
        "cancel_url": reverse("accounts:users"),
    }
    return render(request, "accounts/invite.html", context, status=422 if form.errors else 200)


@allowed("USER_MANAGE")
@require_POST
def invite_again(request: Request, user_id: UUID) -> HttpResponse:
    """A new invitation for somebody who has not joined; the one before loses its force."""
    return _invitation_page(request, queries.user(request.actor, user_id))


@allowed("USER_MANAGE")
@require_safe
def user(request: Request, user_id: UUID) -> HttpResponse:
    found = queries.user(request.actor, user_id)
    grants = list(queries.grants_of(found))
    names = dict(_role_choices())
    context = {
        "subject": found,
        "state": _state(found),
        "facts": _facts(found),
        "is_me": str(found.pk) == request.actor.id,
        "joined": found.has_usable_password(),
        "held": [(grant, names.get(grant.role_code, grant.role_code)) for grant in grants if grant.until is None],
        "ended": [(grant, names.get(grant.role_code, grant.role_code)) for grant in grants if grant.until],
        "role_form": RoleForm(roles=_role_choices()),
    }
    return render(request, "accounts/user.html", context)


@allowed("USER_MANAGE")
@require_POST
def grant(request: Request, user_id: UUID) -> HttpResponse:
    form = RoleForm(request.POST, roles=_role_choices())
    if form.is_valid():
        try:
            actions.grant_role(by=request.actor, user_id=user_id, role_code=form.cleaned_data["role"])
            messages.success(request, _("The role was granted."))
        except Refusal as refusal:
            messages.error(request, str(refusal.reason))
    return redirect("accounts:user", user_id)


@allowed("USER_MANAGE")
@require_POST
def end_role(request: Request, user_id: UUID, role_code: str) -> HttpResponse:
    actions.end_role(by=request.actor, user_id=user_id, role_code=role_code)
    messages.success(request, _("The role has ended. It can be granted again."))
    return redirect("accounts:user", user_id)


@allowed("USER_MANAGE")
@require_http_methods(["GET", "HEAD", "POST"])
def disable(request: Request, user_id: UUID) -> HttpResponse:
    """Close an account, after a confirmation."""
    found = queries.user(request.actor, user_id)
    if request.method == "POST":
        actions.disable_user(by=request.actor, user_id=user_id)
        messages.success(request, _("The account is disabled and its sessions have ended."))
        return redirect("accounts:user", user_id)
    context = {
        "form": None,
        "title": _("Disable the account of %s") % found.display_name,
        "consequences": [
            _("The person is signed out everywhere at once and cannot sign in."),
            _("Open invitations and recoveries lose their force."),
            _("What the person did stays on record. The account can be enabled again."),
        ],
        "danger": True,
        "confirm_label": _("Disable the account"),
        "cancel_url": reverse("accounts:user", args=[user_id]),
    }
    return render(request, "base/confirm.html", context)


@allowed("USER_MANAGE")
@require_POST
def enable(request: Request, user_id: UUID) -> HttpResponse:
    actions.enable_user(by=request.actor, user_id=user_id)
    messages.success(request, _("The account is enabled."))
    return redirect("accounts:user", user_id)


@allowed("USER_MANAGE")
@require_POST
def end_sessions(request: Request, user_id: UUID) -> HttpResponse:
    count = actions.end_sessions(by=request.actor, user_id=user_id)
    messages.success(request, ngettext("%d session ended.", "%d sessions ended.", count) % count)
    return redirect("accounts:user", user_id)


@allowed("USER_MANAGE")
@require_http_methods(["GET", "HEAD", "POST"])
def ask_recovery(request: Request, user_id: UUID) -> HttpResponse:
    """Ask for a recovery and show the first half of its code once."""
    found = queries.user(request.actor, user_id)
    form = RecoveryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = actions.ask_recovery(by=request.actor, user_id=user_id, **form.cleaned_data)
        return _code_page(
            request,
            title=_("Recovery asked for"),
            text=_("This is the first half of the code, shown only now. Give it to %s yourself.") % found.display_name,
            url=request.build_absolute_uri(reverse("accounts:recover", args=[code])),
            steps=[
                _("A second person, not you, approves the recovery and gets the second half."),
                _("The person opens the address below and enters both halves and a new password within 24 hours."),
            ],
        )
    context = {
        "form": form,
        "title": _("Let %s back in") % found.display_name,
        "text": _("For somebody who has forgotten the password. It takes a second person to approve."),
        "confirm_label": _("Ask for the recovery"),
        "cancel_url": reverse("accounts:user", args=[user_id]),
    }
    return render(request, "base/confirm.html", context)


def _invitation_page(request: Request, found: User) -> HttpResponse:
    code = actions.invite_user(by=request.actor, user_id=found.pk)
    return _code_page(
        request,
        title=_("Invitation for %s") % found.display_name,
        text=_("The address below is shown only now. Give it to the person yourself, not by e-mail."),
        url=request.build_absolute_uri(reverse("accounts:join", args=[code])),
        steps=[
            _("The person opens the address within 72 hours and chooses a password."),
            _("At the first sign-in a second step is set up: an app on the phone or a security key."),
        ],
    )


def _code_page(request: Request, **context: object) -> HttpResponse:
    return render(request, "accounts/code.html", context)


def _agency_choices(request: Request) -> list[tuple[str, str]]:
    return list(queries.agencies_to_manage(request.actor).values_list("code", "name"))


def _role_choices() -> list[tuple[str, str]]:
    return [(role.code, role.label(language())) for role in current().roles]


def _facts(found: User) -> list[tuple[str, object]]:
    last = found.last_login
    return [
        (_("Username"), found.username),
        (_("Agency"), found.agency.name),
        *([(_("Office"), found.office.name)] if found.office else []),
        (_("Since"), date_format(localtime(found.since))),
        (_("Last sign-in"), date_format(localtime(last), "DATETIME_FORMAT") if last else _("never")),
    ]


def _state(found: User) -> str:
    if not found.is_active:
        return "disabled"
    return "active" if found.has_usable_password() else "invited"
