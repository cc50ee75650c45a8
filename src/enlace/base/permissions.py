"""The names of what can be permitted, and the two questions asked of them. Which role holds which name is data in the pack."""

from django.utils.translation import gettext_lazy as _

from enlace.base.actor import Actor
from enlace.base.errors import Forbidden

PERMISSIONS = {
    "PERSON_REGISTER": _("register a person"),
    "PERSON_SEARCH": _("search people of the own agency"),
    "PERSON_MATCH": _("ask whether another agency knows a person"),
    "PERSON_EDIT": _("correct a person's record"),
    "CONSENT_RECORD": _("record or revoke consent"),
    "IDENTITY_READ": _("open a sealed identity"),
    "IDENTITY_WRITE": _("write a sealed identity"),
    "WHEREABOUTS_READ": _("read where a person is"),
    "CONTACT_READ": _("read contacts"),
    "CONTACT_RECORD": _("record a contact"),
    "NOTICE_READ": _("read notices"),
    "NOTICE_ANSWER": _("take up a notice"),
    "REPORT_READ": _("read reports from the public"),
    "REPORT_ANSWER": _("answer reports from the public"),
    "SCREENING_READ": _("read screenings"),
    "SCREENING_RECORD": _("screen a person"),
    "SCREENING_DECIDE": _("decide what a screening means"),
    "COMPLAINT_READ": _("read complaints about officials"),
    "COMPLAINT_ANSWER": _("answer complaints about officials"),
    "CASE_OPEN": _("open a case"),
    "CASE_READ": _("read a case"),
    "CASE_EDIT": _("edit a case"),
    "CASE_DECIDE": _("decide identification"),
    "CASE_NOTE": _("write a note"),
    "CASE_CLOSE": _("close a case"),
    "CASE_REOPEN": _("reopen a case"),
    "REFERRAL_READ": _("read referrals"),
    "REFERRAL_SEND": _("send a referral"),
    "REFERRAL_ANSWER": _("accept or decline a referral"),
    "REFERRAL_DELIVER": _("start, complete or interrupt a referral"),
    "SERVICE_READ": _("read services given"),
    "SERVICE_RECORD": _("record a service"),
    "DIRECTORY_READ": _("read the directory"),
    "DIRECTORY_EDIT": _("edit the directory"),
    "PLACE_FIND": _("find a place for a person"),
    "STAY_READ": _("read stays"),
    "STAY_RECORD": _("record stays"),
    "BEDS_KEEP": _("keep the beds of the own sites"),
    "NEED_READ": _("read unmet needs and capacity"),
    "PLAN_READ": _("read care plans and follow-up"),
    "PLAN_EDIT": _("edit care plans"),
    "FOLLOWUP_RECORD": _("record follow-up"),
    "PERMIT_READ": _("read residence permits"),
    "PERMIT_RECORD": _("record residence permits"),
    "RETURN_READ": _("read assisted returns"),
    "RETURN_RECORD": _("record assisted returns"),
    "EMERGENCY_OPEN": _("open a record in an emergency"),
    "EMERGENCY_APPROVE": _("approve emergency access as the second person"),
    "EMERGENCY_REVIEW": _("review emergency access"),
    "PORTAL_ISSUE": _("give a person the code of her or his own page"),
    "PORTAL_ANSWER": _("answer what a person asks on the own page"),
    "PORTAL_OWN": _("read the own page"),
    "STATISTICS_READ": _("read statistics"),
    "STATISTICS_COMPUTE": _("compute statistics"),
    "PREVALENCE_READ": _("read prevalence estimates"),
    "PREVALENCE_RUN": _("run a prevalence estimate"),
    "USER_MANAGE": _("manage accounts"),
    "AUDIT_READ": _("read the access log"),
    "AUDIT_VERIFY": _("verify the access log"),
    "EXCHANGE_IMPORT": _("import files"),
    "EXCHANGE_EXPORT": _("export files"),
}


def check(actor: Actor, permission: str) -> None:
    """Raise ``Forbidden`` with the reason unless the actor's role holds the permission."""
    if not actor.may(permission):
        raise Forbidden(_("Your role does not include this: %(what)s.") % {"what": PERMISSIONS[permission]})
