"""What is typed to ask a question of the facts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from enlace.country.queries import current
from enlace.statistics.queries import category_label, dimension_label
from enlace.statistics.questions import MOST_DIMENSIONS, Question, listed
from reckon.indicators import Definition

FILTERS = 3
BETWEEN = ":"


class QuestionForm(forms.Form):
    """By what the indicator is broken down, and what alone is counted. Works without script: every list is a select."""

    name = forms.CharField(
        label=_("Name of the table"), max_length=120, required=False,
        help_text=_("Under this name your agency finds it again. Left empty, it is named for what it shows."),
    )  # fmt: skip

    def __init__(self, *args: Any, definition: Definition, period: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.definition, self.period = definition, period
        dimensions = [("", _("nothing")), *((name, dimension_label(name)) for name in definition.dimensions)]
        for n in range(1, MOST_DIMENSIONS + 1):
            label = [_("By"), _("and by"), _("and by also")][n - 1]
            self.fields[f"by_{n}"] = forms.ChoiceField(label=label, choices=dimensions, required=False)
        groups = self._groups()
        for n in range(1, FILTERS + 1):
            label = [_("Only"), _("Only, too"), _("Only, besides")][n - 1]
            self.fields[f"only_{n}"] = forms.ChoiceField(label=label, choices=groups, required=False)
        self.fields["only_1"].help_text = _(
            "Two of the same kind mean one or the other; two of different kinds mean both at once."
        )
        self.order_fields(["by_1", "by_2", "by_3", "only_1", "only_2", "only_3", "name"])

    def question(self) -> Question:
        said = self.cleaned_data
        by = tuple(said[f"by_{n}"] for n in range(1, MOST_DIMENSIONS + 1) if said[f"by_{n}"])
        only: dict[str, tuple[str, ...]] = {}
        for n in range(1, FILTERS + 1):
            if chosen := said[f"only_{n}"]:
                name, _between, code = chosen.partition(BETWEEN)
                only[name] = tuple(dict.fromkeys([*only.get(name, ()), code]))
        return Question(self.definition.id, self.period, by, only)

    def _groups(self) -> list[tuple[Any, Any]]:
        pack, own = current(), self.definition
        return [
            ("", _("everything")),
            *(
                (
                    dimension_label(name),
                    [(f"{name}{BETWEEN}{c}", category_label(name, c, own.id)) for c in listed(pack, own, name)],
                )
                for name in own.dimensions
            ),
        ]
