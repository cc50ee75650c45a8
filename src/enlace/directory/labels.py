"""Names of what the directory tells: facts of conditions, ways of contact, parts of a sealed place."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enlace.country.labels import label
from enlace.directory.rules import CODED, FLAGGED, Criterion

FACTS = {
    "sex": gettext_lazy("Sex"),
    "gender": gettext_lazy("Gender"),
    "age": gettext_lazy("Age"),
    "boys_age": gettext_lazy("Age of boys and men"),
    "with_children": gettext_lazy("People with children"),
    "family": gettext_lazy("Families together"),
    "pregnancy": gettext_lazy("Pregnant people"),
    "disability": gettext_lazy("People with disabilities"),
    "nationality": gettext_lazy("Nationality"),
    "migration_status": gettext_lazy("Migration status"),
    "form": gettext_lazy("Form of exploitation"),
    "security_level": gettext_lazy("Level of security needed"),
    "lgbti": gettext_lazy("LGBTI people"),
    "exclusion": gettext_lazy("Situation"),
}
NATIONALITIES = {"national": gettext_lazy("Nationals"), "foreign": gettext_lazy("Foreign nationals")}
CONTACT_KINDS = {"phone": gettext_lazy("Telephone"), "email": gettext_lazy("E-mail"), "web": gettext_lazy("Web page")}
CONFIDENTIALITY = {"agencies": gettext_lazy("Agencies only"), "public": gettext_lazy("Everybody")}
PLACE = {
    "address": gettext_lazy("Address"),
    "directions": gettext_lazy("How to arrive safely"),
    "contact": gettext_lazy("Contact of the house"),
}


def condition_label(row: Criterion) -> str:
    """One condition as a sentence: "Sex: only Female", "Age: from 16 to 60", "Pregnant people: not taken"."""
    if row.fact in FLAGGED:
        said = _("nobody else") if row.must else _("not taken")
    elif row.fact in CODED:
        names = ", ".join(_value_label(row.fact, value) for value in sorted(row.values))
        said = (_("only %(what)s") if row.must else _("not %(what)s")) % {"what": names}
    else:
        said = _span(row.least, row.most)
        said = said if row.must else _("not %(what)s") % {"what": said}
    return f"{FACTS[row.fact]}: {said}"


def condition_labels(rows: Iterable[Criterion]) -> list[tuple[str, str]]:
    """Each condition as a sentence, with what it rests on."""
    return [(condition_label(row), row.basis) for row in rows]


def _value_label(fact: str, value: str) -> str:
    list_name = CODED[fact]
    return label(list_name, value) if list_name else str(NATIONALITIES.get(value, value))


def _span(least: int | None, most: int | None) -> str:
    if least is None:
        return _("up to %(most)d") % {"most": most}
    if most is None:
        return _("from %(least)d") % {"least": least}
    return _("from %(least)d to %(most)d") % {"least": least, "most": most}
