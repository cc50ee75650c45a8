"""Names of a referral's states, steps and fields, and the sentences of the work queue."""

from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from enlace.country.labels import label
from enlace.referrals.models import Referral

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
# As the person reads it on her own page.
OWN_STATUS = {
    "sent": _("They were asked and have to answer"),
    "accepted": _("They said yes"),
    "declined": _("They cannot help now"),
    "expired": _("They did not answer in time"),
    "withdrawn": _("It was taken back"),
    "started": _("The help has begun"),
    "completed": _("The help was given"),
    "interrupted": _("The help stopped before its end"),
}
STEPS = {
    "send": _("Referral sent"),
    "accept": _("Referral accepted"),
    "decline": _("Referral declined"),
    "expire": _("Referral expired"),
    "withdraw": _("Referral withdrawn"),
    "supersede": _("Another place accepted first"),
    "start": _("Help started"),
    "complete": _("Help completed"),
    "interrupt": _("Help interrupted"),
    "feedback": _("Told what came of it"),
    "unplaced": _("No other place was found"),
    "undisclosed": _("Consent was withdrawn: nothing more is told"),
    "open": _("Package opened"),
}
PACKAGE_STATUS = {
    "sealed": _("Not opened yet"),
    "opened": _("Opened"),
    "withdrawn": _("Taken back before it was opened"),
    "expired": _("Not opened in time"),
    "locked": _("Destroyed after too many wrong codes"),
}
FIELDS = {
    "age_group_code": _("Age group"),
    "sex_code": _("Sex"),
    "citizenship_codes": _("Nationality"),
    "language_code": _("Language"),
    "needs_interpreter": _("Interpreter"),
    "identification": _("Identification"),
    "forms": _("Form of exploitation"),
    "state_code": _("State of the case"),
    "names": _("Names"),
    "phones": _("Telephones"),
    "message": _("Message"),
}


def why(referral: Referral) -> str:
    """Why a referral came back, in words."""
    if referral.status == "declined":
        return label("decline_reason", referral.decline_reason_code)
    if referral.status == "interrupted":
        return label("interruption_reason", referral.interruption_reason_code)
    return str(STATUS[referral.status])


def what_next(referral: Referral, names: Mapping[str, str]) -> str:
    """Why it came back, from whom, and that nobody else was asked."""
    name = names.get(referral.recipient_code, referral.recipient_code)
    after = gettext("no other place was found") if referral.unplaced_at else gettext("nobody else has been asked")
    return f"{name}: {why(referral)}; {after}"


def sent_on(referral: Referral, names: Mapping[str, str]) -> str:
    """Who did not help, and who was asked instead."""
    previous = referral.previous
    assert previous is not None
    said = {
        "first": names.get(previous.recipient_code, previous.recipient_code),
        "why": why(previous),
        "next": names.get(referral.recipient_code, referral.recipient_code),
    }
    return gettext("%(first)s: %(why)s; %(next)s is asked instead") % said
