"""Ways in for people without a session: joining by invitation, coming back by recovery; and approving the latter."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from enlace.accounts import actions, queries
from enlace.accounts.access import Request, allowed, public
from enlace.accounts.forms import PasswordForm, RecoverForm
from enlace.base.errors import Refusal


@public
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: Request, code: str) -> HttpResponse:
    """Set the first password with an invitation; the second step of sign-in follows at the first sign-in."""
    invited = queries.invitation(code).user
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.accept_invitation(by=queries.actor_for(invited), code=code, password=form.cleaned_data["password"])
        except Refusal as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            messages.success(request, _("Your password is set. Sign in with it; the second step is set up next."))
            return redirect(settings.LOGIN_URL)
    return render(request, "accounts/join.html", {"form": form, "subject": invited}, status=422 if form.errors else 200)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def recover(request: Request, code: str) -> HttpResponse:
    """Set a new password with both halves of a recovery code."""
    found = queries.recovery(code)
    form = RecoverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.use_recovery(
                by=queries.actor_for(found.user),
                code=code,
                approval_code=form.cleaned_data["approval_code"],
                password=form.cleaned_data["password"],
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            messages.success(request, _("Your new password is set. Sign in with it."))
            return redirect(settings.LOGIN_URL)
    context = {"form": form, "subject": found.user, "resets_factor": found.resets_factor}
    return render(request, "accounts/recover.html", context, status=422 if form.errors else 200)


@allowed("USER_MANAGE", "AUDIT_VERIFY")
@require_safe
def recoveries(request: Request) -> HttpResponse:
    """What others have asked for, waiting for a second person."""
    rows = [(row, request.actor.id not in (str(row.asked_by_id), str(row.user_id))) for row in
            queries.recoveries_to_approve(request.actor)[:100]]  # fmt: skip
    return render(request, "accounts/recoveries.html", {"rows": rows})


@allowed("USER_MANAGE", "AUDIT_VERIFY")
@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: Request, recovery_id: UUID) -> HttpResponse:
    """Approve, after a confirmation, and show the second half of the code once."""
    found = queries.recovery_to_approve(request.actor, recovery_id)
    if request.method == "POST":
        code = actions.approve_recovery(by=request.actor, recovery_id=recovery_id)
        half = {
            "title": _("Recovery approved"),
            "text": _("This is the second half of the code, shown only now. Give it to %s yourself.")
            % found.user.display_name,
            "code": code,
            "steps": [_("The person enters it together with the first half, which the person who asked has given.")],
        }
        return render(request, "accounts/code.html", half)
    names = {"asker": found.asked_by.display_name, "person": found.user.display_name}
    consequences = [
        _("%(asker)s asks that %(person)s may set a new password.") % names,
        _("Approve only after you have spoken with %(person)s yourself, in person or by a number you know.") % names,
    ]
    if found.resets_factor:
        consequences.append(_("The second step of sign-in is removed too, and set up again."))
    context = {
        "form": None,
        "title": _("Approve a recovery"),
        "consequences": consequences,
        "danger": True,
        "confirm_label": _("Approve"),
        "cancel_url": reverse("accounts:recoveries"),
    }
    return render(request, "base/confirm.html", context)
