"""Sentences for the reasons that rules give, and names of states."""

from django.utils.translation import gettext_lazy as _

REASONS = {
    "beyond_reach": _("This role reaches further than yours. Ask a national administrator to grant it."),
    "agency_kind": _("This role is not for this kind of agency."),
    "already_held": _("This person already holds this role."),
    "invitation_used": _("This invitation was already used. Sign in, or ask for a new one."),
    "invitation_expired": _("This invitation has expired. Ask the person who invited you for a new one."),
    "recovery_waiting": _("A second person has not approved this yet. Try again when they have."),
    "recovery_approved": _("This recovery was already approved."),
    "recovery_used": _("This recovery was already used."),
    "recovery_expired": _("This recovery has expired. Ask again."),
    "same_person": _("Whoever asked for a recovery cannot approve it. A second person is needed."),
    "own_recovery": _("Nobody approves the recovery of their own account."),
}

RECOVERY_STATES = {
    "waiting": _("waiting for a second person"),
    "approved": _("approved"),
    "used": _("used"),
    "expired": _("expired"),
}

USER_STATES = {"active": _("active"), "invited": _("invited, not yet joined"), "disabled": _("disabled")}

DATA_CLASSES = {
    "A": _("identity and contact"),
    "B": _("whereabouts"),
    "C": _("screening and case facts"),
    "D": _("health"),
    "E": _("justice"),
    "F": _("finance"),
    "G": _("complaints"),
    "H": _("statistics and structure"),
}

FAULTS = {
    "changed": _("changed"),
    "removed": _("removed"),
    "inserted": _("inserted"),
    "reordered": _("reordered"),
    "truncated": _("cut off"),
}

FACTOR_CHANGES = {
    "totp_activated": _("authenticator app added"),
    "totp_deactivated": _("authenticator app removed"),
    "webauthn_added": _("security key added"),
    "webauthn_removed": _("security key removed"),
    "recovery_codes_generated": _("recovery codes made"),
    "password_changed": _("password changed"),
}
