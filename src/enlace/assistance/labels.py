"""Names of units, states, steps and answers of assistance."""

from django.utils.translation import gettext_lazy as _

UNITS = {
    "session": _("sessions"),
    "night": _("nights"),
    "day": _("days"),
    "item": _("items"),
    "payment": _("payments"),
}
SESSION = {
    "planned": _("Planned"),
    "held": _("Held"),
    "missed": _("The person did not come"),
    "cancelled": _("Cancelled"),
}
SETTLE = {
    "hold": _("It was held"),
    "miss": _("The person did not come"),
    "cancel": _("It was cancelled"),
}
CANCELLED_BY = {"person": _("The person"), "provider": _("The agency that helps"), "other": _("Somebody else")}
INTERPRETER = {
    "not_needed": _("Not needed"),
    "given": _("Needed, and there was one"),
    "lacking": _("Needed, and there was none"),
}
SCORE = {
    1: _("It did not help me"),
    2: _("It helped me a little"),
    3: _("It helped me"),
    4: _("It helped me a lot"),
}
PLAN = {
    "draft": _("Draft"),
    "active": _("In force"),
    "transition": _("Transition"),
    "finished": _("Finished"),
}
PLAN_STEPS = {
    "draw": _("Plan begun"),
    "agree": _("Agreed with the person"),
    "review": _("Reviewed together"),
    "move_on": _("The help ends: transition"),
    "resume": _("The help goes on"),
    "finish": _("Plan finished"),
}
GOAL = {"open": _("Open"), "done": _("Reached"), "dropped": _("Dropped")}
STEP = {"open": _("Open"), "done": _("Done"), "dropped": _("Dropped")}
AGREEMENT = {
    "agreed": _("Agrees"),
    "partly": _("Agrees to part of it"),
    "disagreed": _("Does not agree"),
}
PERMIT = {
    "eligible": _("May be asked for"),
    "informed": _("The person knows"),
    "applied": _("Applied for"),
    "granted": _("Granted"),
    "refused": _("Refused"),
    "renewed": _("Renewed"),
    "converted": _("Converted"),
    "ended": _("Ended"),
}
PERMIT_STEPS = {
    "open": _("The person may ask for it"),
    "inform": _("The person was told"),
    "apply": _("Applied for"),
    "withdraw": _("Application withdrawn"),
    "grant": _("Granted"),
    "refuse": _("Refused"),
    "renew": _("Renewed"),
    "convert": _("Converted into another permit"),
    "end": _("Ended"),
}
RETURN = {
    "preparing": _("In preparation"),
    "travelling": _("On the way"),
    "arrived": _("Arrived"),
    "cancelled": _("Given up"),
}
RETURN_STEPS = {
    "open": _("Return asked for"),
    "check_risks": _("Risks checked"),
    "confirm": _("Somebody receives the person"),
    "depart": _("Departure"),
    "turn_back": _("Turned back on the way"),
    "arrive": _("Arrival"),
    "cancel": _("Return given up"),
}
RISK_DECISION = {
    "safe": _("The return is safe"),
    "with_measures": _("Safe with the measures written down"),
    "unsafe": _("Not safe now"),
}
FOUND = {"yes": _("Yes"), "no": _("No"), "unknown": _("Not known")}
LACKING = {
    "consent": _("The person's consent to return"),
    "risks": _("A risk check with a favourable decision"),
    "confirmation": _("The confirmation of whoever receives the person"),
}
FOLLOW_UP = {
    "planned": _("Planned"),
    "met": _("The person was reached"),
    "missed": _("Not reached"),
    "cancelled": _("No longer planned"),
}
ACT = {
    "decision": _("The decision is overdue"),
    "lapse": _("Renew before it lapses"),
    "contrary": _("Refused against the law: challenge it"),
}
