"""Names of the states, steps and outcomes of contacts and notices."""

from django.utils.translation import gettext_lazy as _

CONTACT_STATUS = {"open": _("Open"), "follow_up": _("Call promised"), "closed": _("Closed")}
CONTACT_STEPS = {
    "schedule": _("Call promised"),
    "reach": _("The call took place"),
    "close": _("Contact closed"),
    "reopen": _("Contact reopened"),
}
NOTICE_STATUS = {
    "sent": _("Waiting to be taken up"),
    "taken": _("Taken up"),
    "returned": _("Returned"),
    "settled": _("Returned, settled"),
    "closed": _("Closed"),
}
OUTCOMES = {
    "screened_presumed": _("Presumed a victim at screening"),
    "screened_possible": _("Possible at screening"),
    "screened_insufficient": _("Too little known at screening"),
    "screened_no_indication": _("No indication found at screening"),
    "case_opened": _("Case opened"),
    "victim_identified": _("Identified as a victim of trafficking"),
    "not_confirmed": _("Not confirmed"),
    "referred": _("Referred for help"),
    "investigation_opened": _("Investigation opened"),
}
TOLD = {
    "told": _("What was told"),
    "caller": _("Name"),
    "number": _("Number or account"),
    "when": _("When it is safe"),
    "code_word": _("Code word"),
    "place": _("Exact place"),
    "note": _("Note"),
}
EXTRACT = {
    "names": _("Names of holders or of suspects"),
    "phones": _("Telephones"),
    "accounts": _("Accounts, cards or wallets"),
    "payments": _("Payments: dates, amounts, ways"),
    "companies": _("Companies and places of work"),
}
# Read by recipients; what the author of a report reads is in AUTHOR_STATUS.
REPORT_STATUS = {
    "received": _("New"),
    "read": _("Opened, not answered"),
    "asked": _("Waiting for the person"),
    "answered": _("Answered"),
    "closed": _("Closed"),
    "withdrawn": _("Withdrawn by the person"),
}
AUTHOR_STATUS = {
    "received": _("It was received. Nobody has opened it yet."),
    "read": _("Somebody has read it and is looking into it."),
    "asked": _("There is a question for you."),
    "answered": _("There is an answer for you."),
    "closed": _("The work on it has ended."),
    "withdrawn": _("You withdrew it."),
}
REPORT_STEPS = {
    "send": _("Report received"),
    "read": _("Report opened"),
    "ask": _("Question to the person"),
    "answer": _("Answer to the person"),
    "add": _("The person added something"),
    "pass_on": _("Passed on"),
    "close": _("Report closed"),
    "withdraw": _("Withdrawn by the person"),
}
MESSAGES = {
    "report": _("Report"),
    "added": _("Added by the person"),
    "file": _("File"),
    "answer": _("Answer to the person"),
    "ask": _("Question to the person"),
    "note": _("Note between agencies"),
}
WORDS = {
    "what": _("What happened"),
    "place": _("Where"),
    "who": _("Who is at risk"),
}
