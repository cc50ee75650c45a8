"""Every write about agencies, accounts, roles and sessions."""

from collections.abc import Sequence
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.accounts import rules
from enlace.accounts.codes import digest, matches, new_code
from enlace.accounts.labels import REASONS
from enlace.accounts.models import Agency, Invitation, Office, Recovery, RoleGrant, SignIn, User
from enlace.accounts.permissions import approvable, check_reach, manageable
from enlace.accounts.queries import actor_for
from enlace.audit import queries as audit
from enlace.audit.actions import audited
from enlace.audit.rules import Fault
from enlace.base.actor import NATIONAL, Actor
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.base.permissions import check
from enlace.base.rows import seeing_as
from enlace.country.directory import AgencySeed
from enlace.country.labels import language
from enlace.country.queries import current

# Agencies and offices


def load_agencies(*, by: Actor, seeds: Sequence[AgencySeed]) -> int:
    """Add the pack's agencies that are not there yet; returns how many. The others stay as people left them."""
    _check_national(by)
    there = set(Agency.objects.values_list("pk", flat=True))
    now = timezone.now()
    new = [
        Agency(code=s.code, name=s.name, kind_code=s.kind_code, state_code=s.state_code, since=now)
        for s in seeds
        if s.code not in there
    ]
    if new:
        with audited(by=by, action="agency.loaded", detail={"count": len(new)}):
            Agency.objects.bulk_create(new, batch_size=500)
    return len(new)


def open_agency(*, by: Actor, code: str, name: str, kind_code: str, state_code: str = "") -> Agency:
    """Add one agency; ``state_code`` "" means national."""
    _check_national(by)
    pack = current()
    if not rules.AGENCY_CODE.fullmatch(code) or not name.strip():
        raise Refusal(_("An agency needs a name, and a code of letters, digits, _ and -."))
    if pack.codes("agency_kind").get(kind_code) is None:
        raise Refusal(_("The kind of agency “%s” is not in the list.") % kind_code)
    if state_code and state_code not in {state.code for state in pack.states}:
        raise Refusal(_("The state “%s” is not in the list.") % state_code)
    with audited(by=by, action="agency.opened", subject=("agency", code)):
        if Agency.objects.filter(pk=code).exists():
            raise Refusal(_("There is already an agency with this code."))
        return Agency.objects.create(
            code=code, name=name.strip(), kind_code=kind_code, state_code=state_code, since=timezone.now()
        )


def open_office(*, by: Actor, agency_code: str, name: str, state_code: str = "") -> Office:
    """Add a place of work to an agency."""
    check(by, "USER_MANAGE")
    agency = _agency(agency_code)
    check_reach(by, agency)
    with audited(by=by, action="office.opened", subject=("agency", agency_code)):
        if agency.offices.filter(name=name).exists():
            raise Refusal(_("This agency already has an office of this name."))
        return Office.objects.create(agency=agency, name=name, state_code=state_code)


# Accounts and roles


def create_user(
    *,
    by: Actor,
    username: str,
    display_name: str,
    agency_code: str,
    role_codes: Sequence[str],
    office: Office | None = None,
    password: str | None = None,
) -> User:
    """Add an account with its roles. Without ``password`` nobody can sign in until an invitation is accepted."""
    check(by, "USER_MANAGE")
    agency = _agency(agency_code)
    check_reach(by, agency)
    name = rules.read_username(username)
    if name is None:
        raise Refusal(_("A username has 3 to 40 letters without accents, digits, dots, dashes or underscores."))
    if office and office.agency_id != agency.pk:
        raise Refusal(_("This office belongs to another agency."))
    user = User(
        username=name, display_name=display_name.strip() or name, agency=agency, office=office, since=timezone.now()
    )
    _set_password(user, password)
    with audited(by=by, action="user.created", subject=("user", user.pk), detail={"agency": agency.pk}) as event:
        if User.objects.filter(username=name).exists():
            raise Refusal(_("This username is taken. Choose another one."))
        user.save(force_insert=True)
        for role_code in dict.fromkeys(role_codes):
            _grant(by, user, role_code)
        event.detail["roles"] = sorted(set(role_codes))
    return user


def grant_role(*, by: Actor, user_id: UUID, role_code: str) -> RoleGrant:
    """Give a person a role. Refused when it clashes with a role held, reaches beyond the giver, or is one's own."""
    with audited(by=by, action="role.granted", subject=("user", user_id), detail={"role": role_code}):
        return _grant(by, _managed(by, user_id), role_code)


def end_role(*, by: Actor, user_id: UUID, role_code: str) -> None:
    """Take a role away from now on; that it was held stays on record."""
    with audited(by=by, action="role.ended", subject=("user", user_id), detail={"role": role_code}):
        user = _managed(by, user_id)
        ended = RoleGrant.objects.filter(user=user, role_code=role_code, until__isnull=True)
        if not ended.update(until=timezone.now(), ended_by=by.id):
            raise Refusal(_("This person does not hold this role."))


def disable_user(*, by: Actor, user_id: UUID) -> None:
    """Close an account at once: sessions end, invitations and recoveries lose their force."""
    with audited(by=by, action="user.disabled", subject=("user", user_id)):
        user = _managed(by, user_id)
        if not user.is_active:
            raise Refusal(_("This account is already disabled."))
        user.is_active = False
        user.save(update_fields=["is_active"])
        _end_sessions(user, by)
        _void_codes(user)


def enable_user(*, by: Actor, user_id: UUID) -> None:
    """Open a disabled account again, with its password and roles as they were."""
    with audited(by=by, action="user.enabled", subject=("user", user_id)):
        user = _managed(by, user_id)
        if user.is_active:
            raise Refusal(_("This account is not disabled."))
        user.is_active = True
        user.save(update_fields=["is_active"])


# Invitation and recovery


def invite_user(*, by: Actor, user_id: UUID) -> str:
    """A one-time code for a person who has no password yet. It is shown once; earlier ones lose their force."""
    code = new_code()
    now = timezone.now()
    with audited(by=by, action="user.invited", subject=("user", user_id)):
        user = _managed(by, user_id)
        if not user.is_active:
            raise Refusal(_("This account is disabled."))
        if user.has_usable_password():
            raise Refusal(_("This person already has a password. Use the recovery, which needs a second person."))
        _void_codes(user)
        Invitation.objects.create(
            user=user, code_digest=digest(code), made_by=by.id, made_at=now, expires_at=now + rules.INVITATION_LIFE
        )
    return code


def accept_invitation(*, by: Actor, code: str, password: str) -> User:
    """Set the first password. ``by`` is the invited person."""
    with audited(by=by, action="invitation.accepted", subject=("user", by.id)):
        row = Invitation.objects.select_for_update().filter(code_digest=digest(code), user_id=by.id).first()
        if row is None or not row.user.is_active:
            raise Missing(_("This invitation is not known. Check the address, or ask for a new one."))
        state = rules.invitation_state(expires_at=row.expires_at, used_at=row.used_at, now=timezone.now())
        if state != "open":
            raise Refusal(REASONS[f"invitation_{state}"])
        _set_password(row.user, password)
        row.user.save(update_fields=["password"])
        row.used_at = timezone.now()
        row.save(update_fields=["used_at"])
    return row.user


def ask_recovery(*, by: Actor, user_id: UUID, resets_factor: bool = False) -> str:
    """Ask that a person may set a new password (and second factor). Returns the first half of the code, shown once."""
    code = new_code()
    now = timezone.now()
    detail = {"resets_factor": resets_factor}
    with audited(by=by, action="recovery.asked", subject=("user", user_id), detail=detail):
        user = _managed(by, user_id)
        if by.is_system:
            raise Refusal(_("A recovery is asked for by a person, and approved by another."))
        if not user.is_active or not user.has_usable_password():
            raise Refusal(_("This account is disabled or was never used. Enable it or invite the person again."))
        _void_codes(user)
        Recovery.objects.create(
            user=user,
            code_digest=digest(code),
            asked_by_id=by.id,
            asked_at=now,
            expires_at=now + rules.RECOVERY_LIFE,
            resets_factor=resets_factor,
        )
    return code


def approve_recovery(*, by: Actor, recovery_id: UUID) -> str:
    """The second person agrees. Returns the second half of the code, shown once; neither half opens anything alone."""
    code = new_code()
    with audited(by=by, action="recovery.approved") as event:
        row = approvable(by).select_for_update(of=("self",)).filter(pk=recovery_id).first()
        if row is None:
            raise Missing(_("There is no such recovery among those you may approve."))
        event.about("user", row.user_id)
        reason = rules.why_not_approve(
            state=_state(row), approver=by.id, asker=str(row.asked_by_id), person=str(row.user_id)
        )
        if reason:
            raise Refusal(REASONS[reason])
        row.approved_by_id, row.approved_at, row.approval_digest = UUID(by.id), timezone.now(), digest(code)
        row.save(update_fields=["approved_by", "approved_at", "approval_digest"])
    return code


def use_recovery(*, by: Actor, code: str, approval_code: str, password: str) -> User:
    """Set a new password with both halves of the code. Every session ends; the second factor goes if that was asked."""
    with audited(by=by, action="recovery.used", subject=("user", by.id)) as event:
        row = Recovery.objects.select_for_update().filter(code_digest=digest(code), user_id=by.id).first()
        if row is None or not row.user.is_active:
            raise Missing(_("This recovery is not known. Check the address, or ask for a new one."))
        state = _state(row)
        if state != "approved":
            raise Refusal(REASONS[f"recovery_{state}"])
        if not matches(approval_code, row.approval_digest):
            raise Refusal(_("The second half of the code is not right. Ask the person who approved it."))
        event.detail["resets_factor"] = row.resets_factor
        _set_password(row.user, password)
        row.user.save(update_fields=["password"])
        if row.resets_factor:
            Authenticator.objects.filter(user=row.user).delete()
        _end_sessions(row.user, by)
        row.used_at = timezone.now()
        row.save(update_fields=["used_at"])
    return row.user


# Sessions


def end_sessions(*, by: Actor, user_id: UUID) -> int:
    """Sign a person out everywhere; returns how many sessions ended. Everyone may end their own."""
    with audited(by=by, action="sessions.ended", subject=("user", user_id)) as event:
        user = User.objects.get(pk=by.id) if by.id == str(user_id) else _managed(by, user_id)
        event.detail["count"] = _end_sessions(user, by)
    return int(event.detail["count"])


def record_sign_in(*, by: Actor) -> SignIn:
    """A session starts; the oldest ends when there are too many at once."""
    with audited(by=by, action="user.signed_in", subject=("user", by.id)):
        row = SignIn.objects.create(user_id=by.id, started_at=timezone.now())
        mine = SignIn.objects.filter(user_id=by.id, ended_at__isnull=True).order_by("-started_at", "-id")
        excess = rules.too_many(list(mine.values_list("pk", flat=True)))
        SignIn.objects.filter(pk__in=excess).update(ended_at=timezone.now(), ended_by=by.id)
    return row


def record_sign_out(*, by: Actor, sign_in_id: UUID) -> None:
    """A session ends, by the person or because its time was up."""
    with audited(by=by, action="user.signed_out", subject=("user", by.id)):
        mine = SignIn.objects.filter(pk=sign_in_id, user_id=by.id, ended_at__isnull=True)
        mine.update(ended_at=timezone.now(), ended_by=by.id)


def record_denied(*, by: Actor, route: str) -> None:
    """Something was refused for lack of permission: the route, never the address with its identifiers."""
    with audited(by=by, action="access.denied", detail={"route": route}):
        pass


def record_factor_change(*, by: Actor, change: str, keep_sign_in: UUID | None = None) -> None:
    """The password or a second factor changed; a new password ends every other session."""
    with audited(by=by, action=f"factor.{change}", subject=("user", by.id)):
        if change == "password_changed":
            others = SignIn.objects.filter(user_id=by.id, ended_at__isnull=True)
            others = others.exclude(pk=keep_sign_in) if keep_sign_in else others
            others.update(ended_at=timezone.now(), ended_by=by.id)


def set_factor(*, by: Actor, user_id: UUID, secret: str) -> None:
    """Give a synthetic account its authenticator secret; only set-up may, everybody else scans it on the screen."""
    if not by.is_system:
        raise Forbidden(_("A second factor is set up by its owner."))
    with audited(by=by, action="user.factor_set", subject=("user", user_id)):
        TOTP.activate(User.objects.get(pk=user_id), secret)


def switch_role(*, by: Actor, role_code: str) -> Actor:
    """Act in another of the roles one holds; returns the actor in that role."""
    with audited(by=by, action="role.switched", subject=("user", by.id), detail={"role": role_code}):
        actor = actor_for(User.objects.select_related("agency").get(pk=by.id), role_code)
        if actor.role_code != role_code:
            raise Forbidden(_("You do not hold this role."))
    return actor


def choose_language(*, by: Actor, language: str) -> None:
    """The language a person works in, on every machine."""
    with audited(by=by, action="user.language_chosen", subject=("user", by.id), detail={"language": language}):
        User.objects.filter(pk=by.id).update(language=language)


def verify_log(*, by: Actor) -> list[Fault]:
    """Prove the record whole, and record that it was asked. Answers the faults within the reach of ``by``."""
    check(by, "AUDIT_VERIFY")
    with seeing_as(Actor.system("audit")):
        found = audit.verify()
    with audited(by=by, action="audit.verified", detail={"faults": len(found)}):
        pass
    return [fault for fault in found if by.scope == NATIONAL or by.is_system or fault.chain == by.agency_code]


def _check_national(by: Actor) -> None:
    check(by, "USER_MANAGE")
    if not by.is_system and by.scope != NATIONAL:
        raise Forbidden(_("Only a national administrator opens agencies."))


def _agency(code: str) -> Agency:
    agency = Agency.objects.filter(pk=code, is_active=True).first()
    if agency is None:
        raise Refusal(_("There is no open agency with this code."))
    return agency


def _managed(by: Actor, user_id: UUID) -> User:
    """The account, locked, of somebody else whom ``by`` manages."""
    user = manageable(by).select_for_update(of=("self",)).select_related("agency").filter(pk=user_id).first()
    if user is None:
        raise Missing(_("There is no such account among those you manage."))
    if str(user.pk) == by.id:
        raise Refusal(_("Nobody manages their own account. Ask another person who manages accounts."))
    return user


def _grant(by: Actor, user: User, role_code: str) -> RoleGrant:
    pack = current()
    roles = {role.code: role for role in pack.roles}
    if role_code not in roles:
        raise Refusal(_("The role “%s” is not in the list.") % role_code)
    held = set(RoleGrant.objects.filter(user=user, until__isnull=True).values_list("role_code", flat=True))
    reason = rules.why_not_grant(
        by_scope=NATIONAL if by.is_system else by.scope,
        role_scope=roles[role_code].scope,
        role_kinds=roles[role_code].agency_kinds,
        agency_kind=user.agency.kind_code,
        is_held=role_code in held,
    )
    if reason:
        raise Refusal(REASONS[reason])
    clash = rules.clashes(held, role_code, {code: role.incompatible_with for code, role in roles.items()})
    if clash:
        names = {code: role.label(language()) for code, role in roles.items()}
        said = {"wanted": names[role_code], "held": ", ".join(names[code] for code in clash)}
        raise Refusal(_("One person may not hold both: %(wanted)s, and %(held)s.") % said)
    return RoleGrant.objects.create(user=user, role_code=role_code, since=timezone.now(), granted_by=by.id)


def _set_password(user: User, password: str | None) -> None:
    if password is None:
        user.set_unusable_password()
        return
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refusal(" ".join(error.messages)) from error
    user.set_password(password)


def _end_sessions(user: User, by: Actor) -> int:
    return SignIn.objects.filter(user=user, ended_at__isnull=True).update(ended_at=timezone.now(), ended_by=by.id)


def _void_codes(user: User) -> None:
    now = timezone.now()
    still_open = Q(used_at__isnull=True, expires_at__gt=now)
    Invitation.objects.filter(still_open, user=user).update(expires_at=now)
    Recovery.objects.filter(still_open, user=user).update(expires_at=now)


def _state(row: Recovery) -> str:
    return rules.recovery_state(
        approved_at=row.approved_at, expires_at=row.expires_at, used_at=row.used_at, now=timezone.now()
    )
