"""Names of a release's states, of what it counts and of how its cells are marked."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from enlace.releases.rules import APPROVED, PREPARED, REFUSED, SUPERSEDED
from enlace.statistics import labels as statistics
from enlace.statistics.queries import category_label, dimension_label, unit_label

STATUS = {
    PREPARED: _("Prepared"),
    APPROVED: _("Published"),
    REFUSED: _("Refused"),
    SUPERSEDED: _("Superseded"),
}
GROUPS = {
    "people": _("People"),
    "help": _("What was asked, answered and given"),
    "hotline": _("The hotline"),
    "prosecution": _("Investigation, trial and reparation"),
    "protection": _("Reported by others"),
    "prevention": _("Prevention"),
    "rates": _("Rates and shares"),
}
# What only the mechanism counts.
UNITS = {
    "request": _("services asked for"),
    "session": _("sessions"),
}
MARKS = {
    "published": _("the number"),
    "zero": _("nobody, and that was reported"),
    "missing": _("nobody reported: it is not zero"),
    "suppressed": _("withheld, so that nobody can be recognised: it is not zero"),
}
COLUMNS = {
    "release": _("Number of the release"),
    "period": _("Year that was closed"),
    "indicator": _("What is counted"),
    "unit": _("What one of them is"),
    "measure": _("A count, or what is deduced from counts: a group, sum, median or ratio"),
    "dimension_1": _("What the number is broken down by; empty for the total"),
    "category_1": _("Which group of it; empty means that it was not recorded"),
    "dimension_2": _("What it is broken down by besides"),
    "category_2": _("Which group of that"),
    "value": _("The number; empty when it is withheld or missing"),
    "status": _("How the cell is marked"),
    "label": _("The line in words"),
}
# What the mechanism's tables tell apart.
SPLITS = {
    "last_step": _("How far people got"),
    "outcome": _("Outcome"),
    "session": _("What came of it"),
}

# The annual report: what stands around the sentences of the country's script. A number is always a place such as %(n)s.
ANNUAL = {
    "title": _("Trafficking in persons: annual report %(period)s"),
    "lede": _("%(country)s. Release %(number)s, made from what was recorded up to %(cut_off)s."),
    "foot": _("Annual report on trafficking in persons"),
    "synthetic": _("Synthetic data: a program made them up to show the system. Nobody in this report is real."),
    "what": _("What this report is, and what it leaves out"),
    "what_text": _(
        "This report is made from a release: tables that one person prepared, another approved and signed, and nobody can "
        "change. Each number in the text is read from these tables, and no other number can stand in it."
    ),
    "of_states": _("%(some)d of %(all)d states"),
    "complete": _("reported casework, and %(some)s of %(all)s agencies that work in the system."),
    "silent": _("No casework was reported from"),
    "partly": _("%(n)s for part of the period"),
    "federal": _("federal: reported"),
    "federal_silent": _("federal: not reported"),
    "federal_partly": _("federal: reported for part of the period"),
    "read": _("Three marks that are not the same:"),
    "read_suppressed": _("Withheld: the number is small, or would let somebody work out one that is. It is not zero."),
    "read_missing": _("No data: nobody reported. It is not zero."),
    "read_zero": _("Zero: it was reported that there was nobody."),
    "answers": _("Legal basis:"),
    "figure": _("Figure"),
    "reported": _("Who reported"),
    "change": _("Change"),
    "share": _("Share of the total"),
    "total": _("Total"),
    "rest_zero": _("Zero, as recorded:"),
    "rest_missing": _("No data, because nobody reported:"),
    "cell_suppressed": _("withheld"),
    "cell_missing": _("no data"),
    "cell_zero": _("zero"),
    "cell_not_asked": _("not asked"),
    "cell_untold": _("not compared"),
    "list_suppressed": _("Not published, to protect people; it is not zero:"),
    "list_missing": _("No data, because nobody reported; it is not zero:"),
    "list_zero": _("Zero, as reported:"),
    "list_unrecorded": _("Not recorded of anybody:"),
    "list_not_asked": _("Not asked for this period:"),
    "map_alt": _("Map of the states; the table after it says the same in figures."),
    "beside": _("Beside what others published"),
    "beside_text": _(
        "Figures that others published of the same, and ours. Where ours is withheld, there is no difference, because it "
        "would be the number."
    ),
    "beside_none": _("Nobody else published figures that can be set beside these."),
    "published": _("Published"),
    "ours": _("Ours"),
    "difference": _("Difference"),
    "none_reported": _("none reported"),
    "other_period": _("another period"),
    "caveats": _("Before you cite"),
    "withheld": _("What is withheld, and why"),
    "withheld_text": _(
        "%(n)s of the %(all)s numbers of this release are withheld. Counts smaller than %(least)s are, unless they are zero, "
        "and as many others as it takes so that nobody can work them out."
    ),
    "withheld_why": _(
        "Somebody who knows a person could recognise her in a small number. Before it is published, a program that knows only "
        "what is public, this release and all before it, tries to work out what is withheld; nothing is published unless it "
        "fails, and each range that it finds for a small count is at least %(width)s wide. Shares and changes in this report "
        "are made of published numbers only."
    ),
    "withheld_table": _("Withheld numbers, by figure"),
    "withheld_count": _("Withheld"),
    "numbers": _("Numbers"),
    "method": _("How the numbers are made"),
    "method_counted": _(
        "Agencies register people, decisions, referrals and services. Facts leave for counting without names, documents, "
        "places or free text."
    ),
    "method_once": _(
        "Each person is counted once a year in each table, however many agencies registered them. Persons, cases, "
        "investigations, judgments, referrals and stays are different things: they are never added up or divided by one another."
    ),
    "method_missing": _("What nobody reported is missing and not zero; beside each number stands who reported."),
    "method_protected": _("Small counts are withheld, as said above."),
    "method_two": _(
        "One person prepares the release, another approves and signs it. It is never edited: a correction is a new release, "
        "with the reason for every number that changed."
    ),
    "changes": _("What changed since the release before"),
    "changes_first": _("This is the first release of the year: there is none to compare it with."),
    "changes_none": _("No number changed since release %(before)s."),
    "changes_text": _(
        "Numbers that are not those of release %(before)s, with the reason that was given. Each of them stands in the files."
    ),
    "before": _("Before"),
    "now": _("Now"),
    "changed": _("Numbers that changed"),
    "reason": _("Reason"),
    "law": _("Legal basis"),
    "law_table": _("Which provision each section answers"),
    "section": _("Section"),
    "article": _("Provision"),
    "check": _("How to check this report"),
    "check_text": _(
        "The list of all files of the release, this report among them, is signed. Whoever has the files can check with the "
        "public key that no byte has changed:"
    ),
    "check_numbers": _("The numbers were read from release.json, whose digest in that list is:"),
    "files": _("Files"),
    "contents": _("Contents"),
    "site": _("This release on the site"),
}


def dimension(name: str) -> str:
    """The heading of what a table is broken down by."""
    known = {**statistics.DIMENSIONS, **SPLITS}
    return str(known[name]) if name in known else dimension_label(name)


def category(item: Mapping[str, Any], name: str, code: str) -> str:
    """A group of it; the mechanism has words of its own for what people asked, answered and got."""
    if item["kind"] == "mechanism":
        return statistics.category(name, code)
    return category_label(name, code, item["id"])


def unit(code: str) -> str:
    """What one of them is."""
    return str(UNITS[code]) if code in UNITS else unit_label(code)


def group(code: str) -> str:
    """The heading under which an indicator stands."""
    return str(GROUPS.get(code, code))


def annual(cut_off: datetime) -> dict[str, str]:
    """The words of the annual report in the language that is active, with the day up to which records were counted."""
    language = translation.get_language_info(translation.get_language())["name_local"].capitalize()
    words = {name: str(text) for name, text in ANNUAL.items()}
    return words | {"cut_off": date_format(localtime(cut_off), "DATE_FORMAT"), "language": language}


def cell_text(value: int | str | None, status: str) -> str:
    """What a cell says in figures or in words: a withheld number and a missing one are never blank."""
    if value is not None:
        return f"{value:,}" if isinstance(value, int) else value
    return _now("no data") if status == "missing" else _now("withheld")
