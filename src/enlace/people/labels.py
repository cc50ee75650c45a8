"""Names of what people's records are spoken of by: what left, what a child says, how an emergency was judged."""

from django.utils.translation import gettext_lazy as _

from enlace.people.rules import BY_LAW

CHILD_VIEWS = {
    "agrees": _("The child agrees"),
    "disagrees": _("The child does not agree"),
    "too_young": _("Too young to say"),
    "unable": _("Could not be asked: say why below"),
}
DISCLOSED = {
    "slice": _("Facts without a name"),
    "identity": _("Who the person is"),
    "extract": _("Extract for financial intelligence"),
    "package": _("Package for a partner outside"),
}
FIELDS = {
    "age_group_code": _("age group"),
    "sex_code": _("sex"),
    "citizenship_codes": _("nationality"),
    "language_code": _("language"),
    "needs_interpreter": _("need of an interpreter"),
    "identification": _("identification"),
    "forms": _("forms of exploitation"),
    "vulnerabilities": _("vulnerabilities"),
    "state_code": _("state"),
    "identity": _("name, contact and documents"),
    "names": _("names"),
    "phones": _("telephones"),
    "accounts": _("accounts"),
    "payments": _("payments"),
    "companies": _("companies"),
}
GROUNDS = {BY_LAW: _("The law demands this notice")}  # beside the pack's own
VERDICTS = {
    "": _("Not reviewed yet"),
    "accepted": _("Accepted"),
    "raised": _("Raised"),
}
EVENTS = {
    "emergency.opened": _("Opened the record"),
    "emergency.read": _("Read the record"),
    "emergency.second_asked": _("Asked for a second person"),
    "emergency.approved": _("A second person agreed"),
    "emergency.declined": _("A second person did not agree"),
    "emergency.ended": _("Gave the access back"),
    "emergency.reviewed": _("Reviewed"),
    "identity.read": _("Read who the person is"),
    "whereabouts.read": _("Read where the person is"),
    "case.read": _("Read the cases"),
    "stay.read": _("Read where the person stays"),
}
