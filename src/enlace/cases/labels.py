"""Names of a case's states and of its steps."""

from django.utils.translation import gettext_lazy as _

STATUS = {"open": _("Open"), "closed": _("Closed")}
IDENTIFICATION = {
    "presumed": _("Presumed"),
    "identified": _("Identified"),
    "not_confirmed": _("Not confirmed"),
}
VERBS = {
    "identify": _("Identified as a victim of trafficking"),
    "not_confirm": _("Not confirmed"),
    "presume_again": _("Presumed again: new facts"),
    "re_exploited": _("Exploited again: presumed once more"),
    "close": _("Case closed"),
    "reopen": _("Case reopened"),
}
LISTS = {
    "exploitation_form": _("Form of exploitation"),
    "means": _("Means used"),
    "recruitment_method": _("How the person was recruited"),
    "website_app": _("Sites and applications"),
    "sexual_exploitation_type": _("Kind of sexual exploitation"),
    "industry": _("Branch of work"),
    "vulnerability": _("Situation of vulnerability"),
}
KINDS = {
    "identification": _("Identification"),
    "referral": _("Referrals"),
    "service": _("Assistance"),
    "note": _("Notes"),
    "case": _("Opening and closing"),
    "contact": _("Contacts"),
    "screening": _("Screenings"),
}
