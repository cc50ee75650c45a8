"""Sentences of placements: states and steps of a stay, alerts, and every reason that the matcher gives."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enlace.country.labels import label, state_label
from enlace.directory.rules import CODED, FLAGGED, RANGED
from enlace.placements.rules import Reason
from reckon.tables import Cell

STATUS = {
    "requested": gettext_lazy("Waiting for a bed"),
    "held": gettext_lazy("Bed held"),
    "admitted": gettext_lazy("Staying"),
    "transferred": gettext_lazy("Moved to another place"),
    "exited": gettext_lazy("Left"),
    "released": gettext_lazy("Bed released"),
    "refused": gettext_lazy("No bed given"),
}
# As the person reads it on her own page.
OWN_STATUS = {
    "requested": gettext_lazy("A place was asked for"),
    "held": gettext_lazy("A place is kept for you"),
    "admitted": gettext_lazy("You live in a place of help"),
    "transferred": gettext_lazy("You lived in a place of help, and moved to another"),
    "exited": gettext_lazy("You lived in a place of help, and left"),
    "released": gettext_lazy("The place is no longer kept"),
    "refused": gettext_lazy("There was no place"),
}
STEPS = {
    "request": gettext_lazy("A bed was asked for"),
    "hold": gettext_lazy("A bed is held"),
    "admit": gettext_lazy("Stay began, by agreement"),
    "transfer": gettext_lazy("Moved to another place"),
    "exit": gettext_lazy("Stay ended"),
    "release": gettext_lazy("The bed was released"),
    "lapse": gettext_lazy("The hold ran out"),
    "refuse": gettext_lazy("No bed was given"),
    "plan_exit": gettext_lazy("Exit plan written"),
    "agree": gettext_lazy("Asked again: wants to stay"),
    "want_out": gettext_lazy("Asked again: wants to leave"),
    "extend": gettext_lazy("Stay made longer"),
}
VERBS = {
    "hold": gettext_lazy("Hold a bed"),
    "refuse": gettext_lazy("Give no bed"),
    "release": gettext_lazy("Release the bed"),
    "admit": gettext_lazy("Record the arrival"),
    "transfer": gettext_lazy("Move to another bed"),
    "exit": gettext_lazy("Record that the person left"),
    "plan": gettext_lazy("Write the exit plan"),
    "confirm": gettext_lazy("Ask again"),
    "extend": gettext_lazy("Make the stay longer"),
}
ALERTS = {
    "detention": gettext_lazy("Looks like being held"),
    "limit": gettext_lazy("Past the limit of the site"),
    "exit_plan": gettext_lazy("Exit plan is due"),
}
WHY = {
    "wants_to_leave": gettext_lazy("The person said that she or he wants to leave, and is still there."),
    "closed_door": gettext_lazy(
        "Nobody may go out alone, and for too long nobody asked whether the person wants to stay."
    ),
    "past_limit": gettext_lazy("The stay is over on paper, and the person was not asked since."),
}
RESOLUTIONS = {
    "placed": gettext_lazy("The person has a bed"),
    "helped": gettext_lazy("An agency accepted"),
    "closed": gettext_lazy("The case was closed"),
}
FACTS = {
    "sex": gettext_lazy("Sex"),
    "gender": gettext_lazy("Gender"),
    "nationality": gettext_lazy("Nationality"),
    "migration_status": gettext_lazy("Migration status"),
    "form": gettext_lazy("Form of exploitation"),
    "exclusion": gettext_lazy("Exclusions"),
    "age": gettext_lazy("Age"),
    "boys_age": gettext_lazy("Age of boys and men"),
    "security_level": gettext_lazy("Level of security"),
    "with_children": gettext_lazy("With children"),
    "family": gettext_lazy("Family"),
    "pregnancy": gettext_lazy("Pregnancy"),
    "disability": gettext_lazy("Disability"),
    "lgbti": gettext_lazy("LGBTIQ+"),
}
NATIONALITIES = {"national": gettext_lazy("of this country"), "foreign": gettext_lazy("of another country")}
PLAIN = {
    "barred_kind": gettext_lazy("The law closes this kind of place to victims of trafficking: %(article)s."),
    "not_accepting": gettext_lazy("It takes no victims of trafficking."),
    "service": gettext_lazy("It does not offer: %(service)s."),
    "accessibility": gettext_lazy("It is not accessible: %(accessibility)s."),
    "security": gettext_lazy("Its level of security is lower than needed."),
    "no_unit": gettext_lazy("It has no beds."),
    "beds": gettext_lazy("Free beds: %(free)s of %(total)s; missing: %(missing)s."),
    "ground": gettext_lazy("There is no consent and no legal ground to ask it."),
    "no_agreement": gettext_lazy("There is no agreement between %(from)s and %(to)s."),
    "area": gettext_lazy("It is where the trafficker is or has people."),
    "refused": gettext_lazy("The person does not want it, or it was asked before."),
    "specialised": gettext_lazy("Specialised in trafficking."),
    "not_specialised": gettext_lazy("Not specialised in trafficking."),
    "safe_distance": gettext_lazy("Far from the trafficker's area: %(km)s km."),
    "near": gettext_lazy("Near the trafficker's area: %(km)s km."),
    "language": gettext_lazy("The person's language is spoken."),
    "no_language": gettext_lazy("The person's language is not spoken."),
    "same_state": gettext_lazy("In the same state."),
    "other_state": gettext_lazy("In another state."),
    "agreement": gettext_lazy("In a state with an agreement."),
    "long_enough": gettext_lazy("She or he may stay long enough."),
    "too_short": gettext_lazy("The longest stay is shorter than needed: %(days)s days."),
    "goes_out": gettext_lazy("People may go out alone."),
    "no_going_out": gettext_lazy("People may not go out alone."),
    "not_tied": gettext_lazy("The stay does not depend on a trial."),
    "tied_to_trial": gettext_lazy("It houses people only while a trial lasts. Help must not depend on that."),
    "ask": gettext_lazy("Ask first: %(fact)s."),
    "stale": gettext_lazy("Its free beds were last confirmed %(hours)s hours ago. Call before sending anybody."),
    "interpreter": gettext_lazy("An interpreter is needed."),
    "no_site": gettext_lazy("No place offers this."),
}
NEVER_CONFIRMED = gettext_lazy("Its free beds were never confirmed. Call before sending anybody.")
# A barrier by its code alone, for tables.
BARRIERS = {
    "barred_kind": gettext_lazy("Barred by law"),
    "not_accepting": gettext_lazy("Takes no victims of trafficking"),
    "service": gettext_lazy("Service not offered"),
    "accessibility": gettext_lazy("Not accessible"),
    "security": gettext_lazy("Level of security"),
    "no_unit": gettext_lazy("No beds"),
    "beds": gettext_lazy("No free bed"),
    "ground": gettext_lazy("No consent or ground"),
    "no_agreement": gettext_lazy("No agreement between states"),
    "area": gettext_lazy("In the trafficker's area"),
    "refused": gettext_lazy("Refused or asked before"),
    "no_site": gettext_lazy("No place offers this"),
    **FACTS,
}
CHANGES = {
    "rule": gettext_lazy("Drop or loosen this condition: %(reason)s"),
    "bed": gettext_lazy("Add or free beds: %(count)s"),
    "agreement": gettext_lazy("Agree with another state: from %(from)s to %(to)s"),
    "ground": gettext_lazy("Ask the person for consent, or record the legal ground"),
}

PROFILES = {
    "women": gettext_lazy("Women, with their children"),
    "men": gettext_lazy("Men"),
    "minors": gettext_lazy("Children and adolescents"),
    "diverse": gettext_lazy("Intersex and other people"),
}
ASSUMPTIONS = {
    "period": gettext_lazy("The next %(days)s days bring the same needs as the last."),
    "turnover": gettext_lazy(
        "%(profile)s: a stay takes %(stay_days)s days, so one place serves %(stays)s people in that time."
    ),
    "repeats": gettext_lazy("Who needed a place twice is counted twice."),
    "evenly": gettext_lazy("People arrive evenly over the time, and never wait for a bed that is taken."),
    "existing": gettext_lazy("The places that exist stay as they are."),
    "not_known": gettext_lazy("What nobody asked about a person keeps the person out of nowhere."),
    "travel": gettext_lazy("People may go to a place in any state."),
    "travel_agreed": gettext_lazy("People go to another state only under an agreement."),
}


def sentence(code: str, detail: Mapping[str, str]) -> str:
    """One reason of the matcher in the reader's language."""
    if code in FACTS:
        return _condition(code, detail)
    if code == "stale" and not detail.get("hours"):
        return str(NEVER_CONFIRMED)
    return str(PLAIN[code]) % _named(detail)


def sentences(reasons: tuple[Reason, ...]) -> list[str]:
    return [sentence(reason.code, reason.detail) for reason in reasons]


def change_sentence(change: Mapping[str, str]) -> str:
    """One thing that a decision could change, from a stored need or from ``change_told``."""
    said = CHANGES[change["kind"]]
    if change["kind"] == "rule":
        return str(said) % {"reason": sentence(change["code"], change)}
    if change["kind"] == "bed":
        return str(said) % {"count": change.get("missing", "1")}
    return str(said) % _named(change) if change["kind"] == "agreement" else str(said)


def barrier(code: str) -> str:
    return str(BARRIERS.get(code, code))


def _condition(fact: str, detail: Mapping[str, str]) -> str:
    """What a house asks, as a sentence: what it takes only, or does not take, with what that rests on."""
    must = detail.get("must") == "must"
    if fact in FLAGGED:
        said = _("Only for: %(what)s") if must else _("Not for: %(what)s")
        text = said % {"what": FACTS[fact]}
    else:
        said = _("%(fact)s: only %(what)s") if must else _("%(fact)s: not %(what)s")
        what = _span(detail) if fact in RANGED else _values(fact, detail.get("values", ""))
        text = said % {"fact": FACTS[fact], "what": what}
    return f"{text} ({detail['basis']})." if detail.get("basis") else f"{text}."


def _values(fact: str, values: str) -> str:
    codes = [code for code in values.split(",") if code]
    if fact == "nationality":
        return ", ".join(str(NATIONALITIES.get(code, code)) for code in codes)
    return ", ".join(label(CODED[fact], code) for code in codes)


def _span(detail: Mapping[str, str]) -> str:
    least, most = detail.get("least", ""), detail.get("most", "")
    if least and most:
        return _("from %(least)s to %(most)s") % {"least": least, "most": most}
    return _("from %(least)s") % {"least": least} if least else _("up to %(most)s") % {"most": most}


def _named(detail: Mapping[str, str]) -> dict[str, str]:
    """The details with names in the place of codes."""
    lists = {"service": "service", "accessibility": "accessibility"}
    named = {name: label(lists[name], value) if name in lists else value for name, value in detail.items()}
    for name in ("from", "to"):
        if name in named:
            named[name] = state_label(named[name])
    if "fact" in named:
        named["fact"] = str(FACTS[named["fact"]])
    return named


def assumption(reason: Reason) -> str:
    """What a plan takes for granted."""
    code, detail = reason.code, dict(reason.detail)
    if code == "travel" and detail.get("needs_agreement") == "yes":
        code = "travel_agreed"
    if "profile" in detail:
        detail["profile"] = str(PROFILES[detail["profile"]])
    return str(ASSUMPTIONS[code]) % detail


def cell_text(cell: Cell) -> str:
    """What a cell says in words or figures: a withheld number and a missing one are never blank."""
    if cell.value is not None:
        return f"{cell.value:,}"
    return _("no data") if cell.status == "missing" else _("withheld")
