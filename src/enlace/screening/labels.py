"""Names of a screening's states, of its classes, and of the reasons why a question has no answer."""

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from enlace.country.labels import language
from enlace.country.protocols import Question
from enlace.country.queries import current
from enlace.screening import asked
from enlace.screening.models import Answer, Screening
from enlace.screening.rules.sheet import Wording

STATUS = {"draft": _("Under way"), "finished": _("Waiting for a decision"), "decided": _("Decided")}
STATUS_TONES = {"draft": "neutral", "finished": "info", "decided": "success"}

# Nothing here says that somebody is not a victim: what was not found today may be told tomorrow.
CLASSES = {
    "presumed": _("Presumed: there are indications of trafficking"),
    "possible": _("Possible: some indications, not enough to presume"),
    "insufficient": _("Not enough information yet"),
    "no_indication_found": _("No indication found so far"),
}
CLASS_TONES = {
    "presumed": "warning",
    "possible": "warning",
    "insufficient": "info",
    "no_indication_found": "neutral",
}
MEANINGS = {
    "presumed": _("The person has a right to help now, before anybody investigates or decides anything else."),
    "possible": _("Some of what was told or seen points to exploitation. Offer help and keep in contact."),
    "insufficient": _("Too little was told or seen to say. Screen again when the person is rested and feels safe."),
    "no_indication_found": _(
        "Nothing told or seen so far points to trafficking. This is no proof: leave the person a way to come back."
    ),
}
NO_ANSWER = {
    "not_asked": _("Not asked"),
    "does_not_know": _("Does not know"),
    "prefers_not_to_say": _("Prefers not to say"),
}
# Of what the screener observes, nobody was asked and nobody declined.
NOT_SEEN = {"not_asked": _("Could not be seen"), "does_not_know": _("Not sure")}
STRENGTHS = {"S": _("strong"), "M": _("medium"), "W": _("weak"), "": _("supporting")}
KINDS = {
    "standard": _("First screening"),
    "second": _("Second screening, when information was not enough"),
    "prompt": _("Prompts without a score"),
}
ALERT_ENDS = {
    "released": _("The person was released"),
    "mistaken": _("The person was not detained"),
}
CONFIRMED = {"identified": _("Identified later"), "not_confirmed": _("Not confirmed later")}


def reasons_of(question: Question) -> dict[str, object]:
    """Why a question may have no answer, as its page offers it."""
    return dict(NOT_SEEN if question.observed else NO_ANSWER)


def answer_text(question: Question, row: Answer) -> str:
    """What was answered, in the reader's words; of a sealed text only that there is one."""
    if row.state != asked.GIVEN:
        return str(reasons_of(question).get(row.state, NO_ANSWER[row.state]))
    if question.type == "text":
        return gettext("Sealed text")
    if question.type == "date":
        return date_format(date.fromisoformat(str(row.value)))
    names = dict(asked.options(question))
    chosen = row.value if isinstance(row.value, list) else [row.value]
    return ", ".join(str(names.get(str(code), code)) for code in chosen)


def protocol_title(code: str, version: int) -> str:
    """The title of a version; its code when the pack no longer has it."""
    try:
        return current().protocol(code, version).title(language())
    except KeyError:
        return code


def line(row: Screening) -> dict[str, Any]:
    """One screening as lists show it: the decision where there is one, else what was found."""
    result = row.decided_code or row.class_code
    return {
        "screening": row,
        "protocol": protocol_title(row.protocol_code, row.protocol_version),
        "status": STATUS[row.status],
        "status_tone": STATUS_TONES[row.status],
        "result": CLASSES.get(result, ""),
        "result_tone": CLASS_TONES.get(result, "neutral"),
    }


# What a printed sheet says beside the protocol's own texts; the names are those of ``rules.sheet``.
SHEET_WORDS = {
    "before": _("Before the first question"),
    "must": _("must be so"),
    "minutes": _("About %(minutes)s minutes"),
    "version": _("Protocol %(code)s, version %(version)s"),
    "provisional": _("Provisional: not yet reviewed by those who work with it"),
    "observed": _("Observe, do not ask"),
    "shared": _("The same for everybody in a group"),
    "required": _("Needs an answer or a reason"),
    "yes": _("Yes"),
    "no": _("No"),
    "only_if": _("Only if"),
    "question": _("question %(number)s"),
    "over": _("more than"),
    "under": _("less than"),
    "answered": _("there is an answer"),
    "and": _("and"),
    "or": _("or"),
    "not": _("not"),
    "not_asked": _("Not asked"),
    "does_not_know": _("Does not know"),
    "prefers_not_to_say": _("Prefers not to say"),
    "asked": _("Question"),
    "answer": _("Answer"),
}


def sheet_wording(lang: str) -> Wording:
    """How a printed sheet speaks in one of the pack's languages."""
    with override(lang):
        words = {name: str(text) for name, text in SHEET_WORDS.items()}

    def name_of(list_name: str, code: str) -> str:
        pack = current()
        return pack.state(code).name(lang) if list_name == "state" else pack.codes(list_name).label(code, lang)

    return Wording(lang=lang, words=words, name_of=name_of)
