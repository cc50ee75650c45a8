"""Words: states and kinds of answers, units, periods, and why a cell or a file could not be read."""

from django.utils.dates import MONTHS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from enlace.country.labels import language
from enlace.country.queries import current
from enlace.country.returns import Key, ReturnTemplate
from enlace.returns import rules

STATUS = {
    rules.OPEN: _("Being filled in"),
    rules.SUBMITTED: _("Submitted"),
    rules.CHECKED: _("Checked"),
    rules.ACCEPTED: _("Accepted"),
    rules.RETURNED: _("Given back"),
    rules.PUBLISHED: _("Published"),
}
TONES = {rules.RETURNED: "danger", rules.CHECKED: "info", rules.SUBMITTED: "info", rules.OPEN: "warning"}
TO_JUDGE = {rules.SUBMITTED: _("Check"), rules.CHECKED: _("Accept or give back")}
MISSING = "missing"
ANSWERS = {
    rules.VALUE: _("Number"),
    rules.ZERO: _("Zero"),
    rules.NO_DATA: _("No data"),
    rules.NOT_ASKED: _("Not asked"),
    MISSING: _("Nothing reported"),
}
FILLS = {
    rules.ZERO: _("Zero (0): it was counted and there is none"),
    rules.NO_DATA: _("No data (ND): it happens, and nobody counted it"),
    rules.NOT_ASKED: _("Not asked (NP): it is not registered here"),
}
UNITS = {
    "person": _("persons"),
    "case": _("cases"),
    "investigation": _("investigation files"),
    "judgment": _("judgments"),
    "permit": _("permits"),
    "referral": _("referrals"),
    "stay": _("stays"),
    "place": _("places"),
    "payment": _("payments"),
}
PERIODICITY = {"month": _("monthly"), "quarter": _("quarterly"), "half": _("half-yearly"), "year": _("yearly")}
UNREADABLE = {
    "formula": _("This is a formula. Write its result."),
    "negative": _("A count is never negative."),
    "fraction": _("A count has no decimals."),
    "too-many-decimals": _("Write an amount with two decimals at most, after a point."),
    "too-large": _("This number is too large to be true."),
    "not-a-number": _("Write a number, 0, ND (no data) or NP (not asked)."),
    "date": _("This is a date. Write a number, 0, ND (no data) or NP (not asked)."),
    "merged": _("This line has merged cells. Part them and give each line its own answer."),
    "unknown-cell": _("The template has no such number: look at the columns that say what it is."),
    "repeated": _("The same number stands in an earlier line of the file."),
    "cell-count": _("This line has more or fewer cells than the heading."),
}
FEDERATION = _("Federation")


def unit(code: str) -> str:
    return str(UNITS[code]) if code in UNITS else current().currency


def unread_reason(code: str) -> str:
    return str(UNREADABLE.get(code, UNREADABLE["not-a-number"]))


def state_name(code: str) -> str:
    """The state's name, or the federation's for ""."""
    pack = current()
    return pack.state(code).name(language()) if code in pack.states_by_code else code or str(FEDERATION)


def period_name(name: str) -> str:
    """2020-H1 in words."""
    period = rules.period_of(name)
    year = period.start.year
    if period.kind == "year":
        return str(year)
    if period.kind == "half":
        first = period.start.month == 1
        return (gettext("first half of %d") if first else gettext("second half of %d")) % year
    if period.kind == "quarter":
        return gettext("quarter %(number)d of %(year)d") % {"number": (period.start.month + 2) // 3, "year": year}
    return gettext("%(month)s %(year)d") % {"month": MONTHS[period.start.month], "year": year}


def key_label(template: ReturnTemplate, key: Key) -> str:
    """The categories of a cell in words; "Total" for the total."""
    if not key:
        return gettext("Total")
    return " · ".join(category_label(template, name, code) for name, code in key)


def category_label(template: ReturnTemplate, dimension: str, code: str) -> str:
    lang = language()
    return next((one.label(lang) for one in template.dimension(dimension).categories if one.code == code), code)


def rule_text(template: ReturnTemplate, rule_id: str) -> str:
    """The sentence of a rule of the template, or of the rule that every cell is answered."""
    if rule_id == rules.UNANSWERED:
        return gettext("No answer. Write a number, 0, ND (no data) or NP (not asked): nothing typed is none of them.")
    lang = language()
    return next(rule.text(lang) for rule in template.rules if rule.id == rule_id)
