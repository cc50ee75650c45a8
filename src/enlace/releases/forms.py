"""What is typed to close a year."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from enlace.country.labels import language
from enlace.releases.document import Draft

PREFIX = "reason-"


class ReasonsForm(forms.Form):
    """A reason for each indicator whose numbers changed; no field when none did."""

    def __init__(self, *args: Any, draft: Draft, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        named = {item["id"]: item["label"] for item in draft.indicators}
        counts: dict[str, int] = {}
        for change in draft.changes:
            counts[change.indicator] = counts.get(change.indicator, 0) + 1
        for name in draft.changed_indicators:
            self.fields[PREFIX + name] = forms.CharField(
                label=_label(named.get(name), name),
                help_text=_("Why %d numbers changed. Everybody will read it beside them.") % counts[name],
                max_length=500,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def reasons(self) -> dict[str, str]:
        """By indicator."""
        return {name.removeprefix(PREFIX): text for name, text in self.cleaned_data.items()}


class RefusalForm(forms.Form):
    """Why a release must not go out."""

    reason = forms.CharField(
        label=_("Why it must not go out"),
        help_text=_("Whoever prepared it has to know what to change. Only the commission reads this."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _label(texts: dict[str, str] | None, name: str) -> str:
    return (texts or {}).get(language()) or name
