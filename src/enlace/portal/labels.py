"""Names of the states of codes and requests, and of what was read, in words that the person reads too."""

from django.utils.translation import gettext_lazy as _

PAGE_STATUS = {
    "open": _("The number opens the page"),
    "refused": _("The person did not want a number"),
    "closed": _("Closed"),
    "replaced": _("Replaced by another number"),
    "expired": _("Ran out"),
}
KEPT_AS = {"paper": _("On paper"), "memory": _("By heart"), "nothing": _("Not at all")}
# As the agency reads it.
REQUEST_STATUS = {
    "received": _("To answer"),
    "extended": _("To answer, put off once"),
    "answered": _("Answered"),
    "declined": _("Not granted"),
    "granted": _("Granted, to carry out"),
    "done": _("Carried out"),
    "withdrawn": _("Withdrawn by the person"),
}
# As the person reads it.
OWN_STATUS = {
    "received": _("It arrived. You will be answered."),
    "extended": _("The answer needs more time."),
    "answered": _("Answered"),
    "declined": _("It was not granted; the answer says why."),
    "granted": _("It was granted and will be carried out."),
    "done": _("It was carried out."),
    "withdrawn": _("You withdrew it."),
}
VERBS = {
    "answer": _("Answer"),
    "grant": _("Grant it: it will be carried out"),
    "decline": _("Do not grant it"),
    "extend": _("Ask for more time, once"),
    "finish": _("It was carried out"),
}
# The kinds of message in a request: who writes is said beside it.
MESSAGES = {
    "asked": _("What was asked"),
    "answer": _("Answer"),
    "grant": _("It is granted"),
    "decline": _("It is not granted"),
    "extend": _("More time is needed"),
    "finish": _("It was carried out"),
}
# What a reading in the record means to the person it is about. Others are told as ``READ``.
READ = _("Opened part of your record")
READINGS = {
    "identity.read": _("Opened your name and how to reach you"),
    "identity.refused": _("Wanted to open your name and could not"),
    "whereabouts.read": _("Opened where you can be found"),
    "case.read": _("Opened your case"),
    "referral.read": _("Opened a request for help made for you"),
    "stay.read": _("Looked at where you stay"),
}
# Why an agency knows her.
KNOWN = {"registered": _("It registered you"), "referred": _("It was asked to help you")}
# What left about her, by the kinds of ``people.rules.DISCLOSED``.
LEFT = {
    "slice": _("A short description of the help you need, without your name"),
    "identity": _("Your name and how to reach you"),
    "extract": _("Part of what you told"),
    "package": _("A short description of the help you need, in a sealed file"),
}
