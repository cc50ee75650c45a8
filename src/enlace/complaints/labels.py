"""Names of a complaint's states and steps."""

from django.utils.translation import gettext_lazy as _

STATUS = {
    "received": _("New"),
    "read": _("Opened, not answered"),
    "asked": _("Waiting for the person"),
    "answered": _("Answered"),
    "closed": _("Closed"),
    "withdrawn": _("Withdrawn by the person"),
}
STEPS = {
    "send": _("Complaint received"),
    "read": _("Complaint opened"),
    "ask": _("Question to the person"),
    "answer": _("Answer to the person"),
    "add": _("The person added something"),
    "close": _("Complaint closed"),
    "withdraw": _("Withdrawn by the person"),
}
WORDS = {
    "agency_name": _("Agency, as the person calls it"),
    "what": _("What happened"),
    "place": _("Where"),
    "posts": _("Post of the official"),
}
