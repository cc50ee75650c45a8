"""Whom a place takes, asked as one page of questions. Conditions that no question can show are kept as they are."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from enlace.base.choices import offer
from enlace.country.labels import choices
from enlace.directory.labels import FACTS, NATIONALITIES
from enlace.directory.queries import security_levels
from enlace.directory.rules import FLAGGED, Criterion

# The codes that are taken, none ticked meaning all: the question's name and its fact.
ONLY = {"sex": "sex", "gender": "gender", "migration_status": "migration_status", "exploitation": "form"}
TAKEN = (("", _("Taken")), ("must", _("Nobody else")), ("cannot", _("Not taken")))


class CriteriaForm(forms.Form):
    """What is left empty is no condition."""

    sex = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    age_least = forms.IntegerField(label=_("Age from"), required=False, min_value=0, max_value=120)
    age_most = forms.IntegerField(label=_("Age to"), required=False, min_value=0, max_value=120)
    boys_most = forms.IntegerField(
        label=_("Boys and men up to the age of"),
        required=False,
        min_value=0,
        max_value=120,
        help_text=_("Also when they come with their mother. Leave empty if there is no such limit."),
    )
    gender = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    nationality = forms.ChoiceField(required=False)
    migration_status = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    exploitation = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    security_most = forms.ChoiceField(
        label=_("Highest level of security that people may need"),
        required=False,
        help_text=_("Who needs more is not taken."),
    )
    exclusion = forms.MultipleChoiceField(
        label=_("Situations in which nobody is taken"), required=False, widget=forms.CheckboxSelectMultiple
    )
    basis = forms.CharField(
        label=_("What the changes rest on"),
        required=False,
        max_length=200,
        help_text=_("An article, or a rule of the house and its date."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, fact in ONLY.items():
            self.fields[name].label = FACTS[fact]
            self.fields[name].help_text = _("Tick only if some are not taken. Nothing ticked: all are.")
        for name in FLAGGED:
            self.fields[name] = forms.ChoiceField(
                label=FACTS[name], required=False, choices=TAKEN, widget=forms.RadioSelect
            )
        self.fields["nationality"].label = FACTS["nationality"]
        offer(
            self,
            sex=choices("sex"),
            gender=choices("gender"),
            nationality=[("", _("All")), *NATIONALITIES.items()],
            migration_status=choices("migration_status"),
            exploitation=choices("exploitation_form"),
            security_most=[("", _("Any")), *_levels()],
            exclusion=choices("place_exclusion"),
        )
        self.order_fields(["sex", "age_least", "age_most", "boys_most", *FLAGGED])

    def rows(self, before: Sequence[Criterion]) -> list[Criterion]:
        """The conditions as answered. One that did not change keeps what it rests on."""
        _shown, others = split(before)
        known = {replace(row, basis=""): row for row in before}
        return [known.get(row, replace(row, basis=self.cleaned_data["basis"])) for row in self._said()] + others

    def _said(self) -> list[Criterion]:
        said = self.cleaned_data
        rows = [Criterion(True, fact, frozenset(said[name])) for name, fact in ONLY.items() if said[name]]
        if said["nationality"]:
            rows.append(Criterion(True, "nationality", frozenset((said["nationality"],))))
        if said["exclusion"]:
            rows.append(Criterion(False, "exclusion", frozenset(said["exclusion"])))
        if said["age_least"] is not None or said["age_most"] is not None:
            rows.append(Criterion(True, "age", least=said["age_least"], most=said["age_most"]))
        if said["boys_most"] is not None:
            rows.append(Criterion(True, "boys_age", most=said["boys_most"]))
        if said["security_most"]:
            rows.append(Criterion(True, "security_level", most=int(said["security_most"])))
        return rows + [Criterion(said[name] == "must", name) for name in FLAGGED if said[name]]


def split(rows: Sequence[Criterion]) -> tuple[dict[str, Criterion], list[Criterion]]:
    """The conditions that a question shows, by fact, and the others: one of each fact is shown."""
    shown: dict[str, Criterion] = {}
    others = []
    for row in rows:
        if row.fact not in shown and _is_asked(row):
            shown[row.fact] = row
        else:
            others.append(row)
    return shown, others


def answers(rows: Sequence[Criterion]) -> dict[str, Any]:
    """What the questions show for these conditions."""
    shown, _others = split(rows)
    found: dict[str, Any] = {name: sorted(shown[fact].values) for name, fact in ONLY.items() if fact in shown}
    if "exclusion" in shown:
        found["exclusion"] = sorted(shown["exclusion"].values)
    found |= {name: "must" if shown[name].must else "cannot" for name in FLAGGED if name in shown}
    if "nationality" in shown:
        found["nationality"] = next(iter(shown["nationality"].values))
    if "age" in shown:
        found |= {"age_least": shown["age"].least, "age_most": shown["age"].most}
    if "boys_age" in shown:
        found["boys_most"] = shown["boys_age"].most
    if "security_level" in shown:
        found["security_most"] = str(shown["security_level"].most)
    return found


def _is_asked(row: Criterion) -> bool:
    if row.fact in FLAGGED:
        return True
    if row.fact == "exclusion":
        return not row.must
    if row.fact == "nationality":
        return row.must and len(row.values) == 1
    if row.fact == "security_level" and str(row.most) not in {level for level, _name in _levels()}:
        return False
    return row.must and (row.fact in ("age", *ONLY.values()) or row.least is None)


def _levels() -> list[tuple[str, object]]:
    levels = security_levels()
    return [(str(levels[code]), name) for code, name in choices("security_level")]
