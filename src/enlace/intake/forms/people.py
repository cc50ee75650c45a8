"""Rows of people on the form of a contact."""

import unicodedata
from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from enlace.country.labels import choices
from enlace.country.queries import current
from enlace.intake.actions import Someone

ROWS = 8  # on the form of a contact; more are added on its page
IN_SIGHT = 3  # of them, the others are folded away
MOST_IN_A_ROW = 200
CELLS = {
    "count": _("How many"),
    "role": _("Role"),
    "relation": _("Relation"),
    "sex": _("Sex"),
    "age": _("Age group"),
    "nation": _("Nationality"),
}
COUNTRIES = "countries"  # the id of the list of countries that the boxes of nationality share


class CountryField(forms.CharField):
    """A country by its name, as one types it, or by its code; the page holds the names once for all boxes."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"list": COUNTRIES, "autocomplete": "off"}
        super().__init__(max_length=80, widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        wanted = plain(text)
        for code in current().codes("country"):
            if wanted in {plain(code.code), *(plain(name) for name in code.labels.values())}:
                return code.code
        raise forms.ValidationError(_("This country is not in the list."))


def plain(text: str) -> str:
    """Without accents, case or spaces around, so that what is typed in a hurry is found."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold().strip()


class PeopleForm(forms.Form):
    """Rows of people: role, sex, age group and nationality each; a row may stand for several who are alike."""

    rows, in_sight = ROWS, IN_SIGHT

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lists = {"role": "contact_role", "relation": "contact_relation", "sex": "sex", "age": "age_group"}
        for number in range(self.rows):
            self.fields[f"p{number}_count"] = _cell(
                forms.IntegerField(label=CELLS["count"], required=False, min_value=1, max_value=MOST_IN_A_ROW), number
            )
            for name, list_name in lists.items():
                options = choices(list_name, blank="")
                field = forms.ChoiceField(label=CELLS[name], required=False, choices=options)
                self.fields[f"p{number}_{name}"] = _cell(field, number)
            self.fields[f"p{number}_nation"] = _cell(CountryField(label=CELLS["nation"], required=False), number)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for number in range(self.rows):
            cells = {name: cleaned.get(f"p{number}_{name}") for name in ("role", "relation", "sex", "age", "nation")}
            if any(cells.values()) and not cells["role"]:
                self.add_error(f"p{number}_role", _("Say in what role the person takes part."))
        return cleaned

    def people(self) -> tuple[Someone, ...]:
        return tuple(someone for number in range(self.rows) for someone in self._alike(number))

    def _alike(self, number: int) -> Iterator[Someone]:
        said = {name: self.cleaned_data.get(f"p{number}_{name}") or "" for name in ("role", "relation", "sex", "age")}
        nation = self.cleaned_data.get(f"p{number}_nation")
        for _each in range(self.cleaned_data.get(f"p{number}_count") or 1 if said["role"] else 0):
            yield Someone(
                role_code=said["role"],
                relation_code=said["relation"],
                sex_code=said["sex"],
                age_group_code=said["age"],
                citizenship_codes=(nation,) if nation else (),
            )

    def first_rows(self) -> list[list[tuple[object, Any]]]:
        """The rows in sight at once: the title of the column and the bound field of each cell."""
        return [self._cells(number) for number in range(min(self.rows, self.in_sight))]

    def more_rows(self) -> list[list[tuple[object, Any]]]:
        return [self._cells(number) for number in range(self.in_sight, self.rows)]

    def is_long(self) -> bool:
        """Whether something stands in the rows that are folded away."""
        names = [f"p{number}_{name}" for number in range(self.in_sight, self.rows) for name in CELLS]
        return any(self[name].value() for name in names)

    def _cells(self, number: int) -> list[tuple[object, Any]]:
        return [(title, self[f"p{number}_{name}"]) for name, title in CELLS.items()]


class AddPeopleForm(PeopleForm):
    """More people of a contact."""

    rows, in_sight = 12, 12

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not self.people():
            raise forms.ValidationError(_("Fill in at least one row."))
        return cleaned


def _cell(field: forms.Field, number: int) -> forms.Field:
    """A control without a label of its own on the screen: its column and its row say what it is."""
    name = _("%(what)s, person %(number)d")
    field.widget.attrs["aria-label"] = name % {"what": field.label, "number": number + 1}
    field.label = field.widget.attrs["aria-label"]
    return field
