"""Names of what the tables of the referral mechanism count, and of their columns and lines."""

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from enlace.assistance.labels import INTERPRETER, PERMIT_STEPS, RETURN_STEPS, SESSION
from enlace.country.labels import label, state_label
from enlace.placements.labels import RESOLUTIONS, barrier
from enlace.referrals.labels import STATUS

FAMILIES = {
    "cascade": _("How far people got"),
    "referrals": _("Referrals and their answers"),
    "requests": _("Services asked for"),
    "declined": _("Why referrals were declined"),
    "stays": _("Stays"),
    "needs": _("Needs that nobody could meet"),
    "services": _("Help given"),
    "sessions": _("Sessions"),
    "permits": _("Residence permits"),
    "returns": _("Assisted returns"),
    "follow_ups": _("Follow-up"),
}
UNITS = {
    "cascade": _("people identified in the year, each once, by how far they had got a year later"),
    "referrals": _("referrals; several asked at the same time are several"),
    "requests": _("services asked for; one referral may ask for several"),
    "declined": _("declined referrals"),
    "stays": _("stays begun in the year; moving to another bed does not begin a new one"),
    "needs": _("needs recorded in the year, one for each person and service"),
    "services": _("services begun in the year"),
    "sessions": _("sessions planned for the year"),
    "permits": _("steps taken in the year"),
    "returns": _("steps taken in the year"),
    "follow_ups": _("follow-ups due in the year"),
}
STEPS = {
    "identified": _("Identified"),
    "referred": _("Referred"),
    "accepted": _("Accepted"),
    "assisted": _("Helped"),
    "followed_up": _("Followed up at six months"),
}
LOST = {
    "identified": _("Never referred nor helped"),
    "referred": _("Referred, and nobody accepted"),
    "accepted": _("Accepted, and no help was recorded"),
    "assisted": _("Helped, and not met again at six months"),
    "followed_up": _("Met again at six months"),
}
OUTCOMES = {
    "waiting": _("Waiting for an answer"),
    **{name: STATUS[name] for name in ("accepted", "declined", "expired", "withdrawn")},
}
RESULTS = {
    "reached": _("Met again"),
    "not_reached": _("Not found"),
    "reexploited": _("Exploited again"),
    "not_done": _("Nobody recorded it"),
}
ENDINGS = {"going_on": _("Going on"), "transferred": _("Moved to another bed")}
MET = {"open": _("Still open"), **RESOLUTIONS}
DIMENSIONS = {
    "state": _("State"),
    "sex": _("Sex"),
    "age_group": _("Age group"),
    "form": _("Form of exploitation"),
    "provider": _("Kind of agency that was asked or helped"),
    "service": _("Service"),
    "decline_reason": _("Reason"),
    "site_kind": _("Kind of place"),
    "reason": _("What was missing"),
    "interpreter": _("Interpreter"),
    "permit": _("Permit"),
    "return": _("Kind of return"),
    "number": _("Which follow-up"),
}
CODED = {
    "provider": "agency_kind", "service": "service", "decline_reason": "decline_reason", "site_kind": "site_kind",
    "permit": "permit_kind", "return": "return_kind", "ending": "exit_reason", "sex": "sex", "age_group": "age_group",
    "form": "exploitation_form",
}  # fmt: skip
WORDS = {
    "last_step": LOST,
    "outcome": OUTCOMES,
    "result": RESULTS,
    "ending": ENDINGS,
    "met": MET,
    "session": SESSION,
    "interpreter": INTERPRETER,
    "permit_step": PERMIT_STEPS,
    "return_step": RETURN_STEPS,
}
SAVED_STATUS = {"waiting": _("Being worked out"), "answered": _("Answered"), "refused": _("No answer")}
REASONS = {
    "uncounted": _("This year has not been counted yet. Count it on the page of the national table, then ask again."),
    "stale": _(
        "Records of this year have changed since it was counted. Count it again on the page of the national table, then ask "
        "again: so that your table and the national one say the same."
    ),
    "empty": _(
        "Every number of this table is too small to show, or would give away one that is. A coarser question may be answered."
    ),
    "exposed": _(
        "Together with what was given before, this table would let somebody work out a number that is withheld."
    ),
    "too_much": _(
        "Too many tables that overlap with this one were given before: nobody can say any more that it is safe."
    ),
    "busy": _("Several questions about the same indicator were asked at the same moment. Ask again in a minute."),
    "failed": _("The answer could not be worked out because of an error of the program. Tell your administrator."),
}
VERDICTS = {
    "equal": _("Equal"),
    "different": _("Different"),
    "not_comparable": _("Not to be compared"),
    "not_computable": _("Not computable"),
}
SOURCES = {
    "own": _("Enlace"),
    "official": _("Official monthly series"),
    "narrative": _("Published by others"),
    "hotline": _("Hotline"),
}


def category(dimension: str, code: str) -> str:
    """A line or a column of a table in the reader's language."""
    if not code:
        return _now("Not recorded")
    if code in WORDS.get(dimension, {}):
        return str(WORDS[dimension][code])
    if dimension == "state":
        return state_label(code)
    if dimension == "reason":
        return barrier(code)
    if dimension == "form" and code == "several":
        return _now("More than one form")
    if dimension == "number":
        return _now("Follow-up %s") % code
    return label(CODED[dimension], code) if dimension in CODED else code
