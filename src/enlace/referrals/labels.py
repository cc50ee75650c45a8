"""Names of a referral's states and steps."""

from django.utils.translation import gettext_lazy as _

STATUS = {
    "sent": _("Waiting for an answer"),
    "accepted": _("Accepted"),
    "declined": _("Declined"),
    "expired": _("Expired without an answer"),
    "withdrawn": _("Withdrawn"),
    "started": _("Started"),
    "completed": _("Completed"),
    "interrupted": _("Interrupted"),
}
STEPS = {
    "send": _("Referral sent"),
    "accept": _("Referral accepted"),
    "decline": _("Referral declined"),
    "expire": _("Referral expired"),
    "withdraw": _("Referral withdrawn"),
    "start": _("Help started"),
    "complete": _("Help completed"),
    "interrupt": _("Help interrupted"),
}
