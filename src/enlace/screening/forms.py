"""Parsing of what is typed while screening; nothing is decided here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from enlace.base.choices import offer
from enlace.base.dates import DateField
from enlace.country.labels import choices, language, state_choices
from enlace.country.protocols import NoAnswer, Protocol, Question
from enlace.screening import asked
from enlace.screening.labels import ALERT_ENDS, CLASSES, STATUS, reasons_of
from enlace.vault import flow

WITHOUT = "!"  # before a reason why there is no answer, where it stands among the codes of a list
BESIDE = ("number", "date", "text")  # the reason has a list of its own
LONG_LIST = 12


@dataclass(frozen=True)
class Asked:
    """One question on a page: its field, the list of reasons beside it, the revision that the page shows, and a note."""

    question: Question
    bound: BoundField
    why: BoundField | None
    seen: int
    note: str


class SectionForm(forms.Form):
    """The questions of one section that are asked now. Every one of them may stay open; finishing asks for the required."""

    use_required_attribute = False

    def __init__(
        self,
        *args: Any,
        questions: Sequence[Question],
        answered: Iterable[str] = (),
        seen: Mapping[str, int] | None = None,
        notes: Mapping[str, str] | None = None,
        places: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.places = tuple(places) or tuple(question.code for question in questions)
        self.questions, self.answered = tuple(questions), frozenset(answered)
        self.seen, self.notes = seen or {}, notes or {}
        for question in self.questions:
            self.fields[f"q_{question.code}"] = field_of(question)
            if question.type in BESIDE:
                self.fields[f"n_{question.code}"] = forms.ChoiceField(
                    label=_("If there is no answer"), choices=[("", ""), *reasons_of(question).items()], required=False
                )
        if not self.is_bound:
            self._mark()

    def full_clean(self) -> None:
        for field in self.fields.values():
            field.required = False
        super().full_clean()
        self._mark()

    def _mark(self) -> None:
        """No question has to be answered here: "optional" beside every one of them would say nothing."""
        for field in self.fields.values():
            field.required = True

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for question in self.questions:
            name, why = f"q_{question.code}", cleaned.get(f"n_{question.code}")
            value = cleaned.get(name)
            mixed = isinstance(value, list) and len(value) > 1 and any(part.startswith(WITHOUT) for part in value)
            if mixed or (why and value not in (None, "")):
                self.add_error(name, _("Give either an answer or the reason why there is none."))
        return cleaned

    def values(self) -> dict[str, object]:
        """The answers given on this page, by question; what was answered before and is empty now counts as not asked."""
        found: dict[str, object] = {}
        for question in self.questions:
            value = self._value(question)
            if value is not None:
                found[question.code] = value
            elif question.code in self.answered and question.type != "text":
                found[question.code] = NoAnswer.NOT_ASKED
        return found

    def _value(self, question: Question) -> object | None:
        value = self.cleaned_data.get(f"q_{question.code}")
        reason = self.cleaned_data.get(f"n_{question.code}") or ""
        if isinstance(value, list) and value and value[0].startswith(WITHOUT):
            reason = value[0].removeprefix(WITHOUT)
        elif isinstance(value, str) and value.startswith(WITHOUT) and question.type != "text":
            reason = value.removeprefix(WITHOUT)
        if reason:
            return NoAnswer(reason)
        return None if value in (None, "", []) else value

    def rows(self) -> list[Asked]:
        """The questions in order, each with what its page shows of it."""
        return [
            Asked(
                question,
                self[f"q_{question.code}"],
                self[f"n_{question.code}"] if question.type in BESIDE else None,
                self.seen.get(question.code, 0),
                self.notes.get(question.code, ""),
            )
            for question in self.questions
        ]

    def blocks(self) -> list[tuple[str, Asked | None]]:
        """Every place of the section in order; empty while its question is not asked."""
        rows = {row.question.code: row for row in self.rows()}
        return [(code, rows.get(code)) for code in self.places]


class CorrectForm(SectionForm):
    """One answer of a finished screening, and why it is corrected."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = forms.CharField(
            label=_("Why the answer is corrected"), max_length=400, widget=forms.Textarea(attrs={"rows": 3})
        )

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and not self.data.get("reason", "").strip():
            self.add_error("reason", _("Say in a few words why the answer is corrected."))


def field_of(question: Question) -> forms.Field:
    """The field that takes a question's answer, with the reasons for none where it is a list."""
    lang = language()
    told: dict[str, Any] = {"label": question.text(lang), "help_text": question.hint_text(lang), "required": False}
    if question.type == "number":
        return forms.IntegerField(min_value=question.low, max_value=question.high, **told)  # type: ignore[arg-type]
    if question.type == "date":
        return DateField(**told)
    if question.type == "text":
        return forms.CharField(max_length=asked.LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 4}), **told)
    reasons = [(f"{WITHOUT}{code}", text) for code, text in reasons_of(question).items()]
    offered: list[tuple[str, object]] = [*asked.options(question), *reasons]
    if question.type == "several":
        return forms.MultipleChoiceField(choices=offered, widget=forms.CheckboxSelectMultiple, **told)
    if question.type in ("yes_no", "choice"):
        return forms.ChoiceField(choices=offered, widget=forms.RadioSelect, **told)
    attrs = {"data-search": ""} if len(offered) > LONG_LIST else {}
    return forms.ChoiceField(choices=[("", ""), *offered], widget=forms.Select(attrs=attrs), **told)


def initial_of(question: Question, value: object) -> dict[str, object]:
    """A stored answer as the initial values of its fields."""
    if isinstance(value, NoAnswer):
        if question.type in BESIDE:
            return {f"n_{question.code}": value.value}
        reason = f"{WITHOUT}{value.value}"
        return {f"q_{question.code}": [reason] if question.type == "several" else reason}
    if question.type == "text":
        return {}
    return {f"q_{question.code}": list(value) if isinstance(value, tuple) else value}


class StartForm(forms.Form):
    """Which protocol for whom."""

    protocol = forms.ChoiceField(label=_("Protocol"), widget=forms.RadioSelect)
    risk = forms.MultipleChoiceField(
        label=_("Groups at risk, as far as you know"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only for the figures: it does not change what is found."),
    )
    state = forms.ChoiceField(label=_("State where the screening takes place"), required=False)

    def __init__(self, *args: Any, protocols: Sequence[Protocol], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            protocol=[(p.code, protocol_choice(p)) for p in protocols],
            risk=choices("vulnerability"),
            state=state_choices(blank=_("Abroad or not known")),
        )


class GroupStartForm(forms.Form):
    """An event at which several people are met."""

    protocol = forms.ChoiceField(label=_("Protocol"), widget=forms.RadioSelect)
    state = forms.ChoiceField(label=_("State where the screening takes place"), required=False)

    def __init__(self, *args: Any, protocols: Sequence[Protocol], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            protocol=[(p.code, protocol_choice(p)) for p in protocols],
            state=state_choices(blank=_("Abroad or not known")),
        )


class JoinForm(forms.Form):
    """People to be screened at an event: those of its contact, others by their code, and people met for the first time."""

    people = forms.MultipleChoiceField(
        label=_("People of the contact"), required=False, widget=forms.CheckboxSelectMultiple
    )
    codes = forms.CharField(
        label=_("Codes of people already registered"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One on each line, as P-7K2X-9QRM-4."),
    )
    count = forms.IntegerField(
        label=_("How many people met for the first time"),
        required=False,
        min_value=1,
        max_value=50,
        help_text=_("They are registered without a name; each one can be completed later."),
    )
    sex = forms.ChoiceField(label=_("Their sex"), required=False)
    age_group = forms.ChoiceField(label=_("Their age group, as it looks"), required=False)
    citizenship = forms.ChoiceField(
        label=_("Their nationality"), required=False, widget=forms.Select(attrs={"data-search": ""})
    )

    def __init__(self, *args: Any, known: Sequence[tuple[str, object]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            people=known,
            sex=choices("sex", blank=""),
            age_group=choices("age_group", blank=_("Not known")),
            citizenship=choices("country", blank=_("Not known")),
        )
        if not known:
            del self.fields["people"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("count") and not cleaned.get("sex"):
            self.add_error("sex", _("Choose the sex of the people met for the first time; “unknown” is an answer."))
        if not (cleaned.get("count") or cleaned.get("codes", "").strip() or cleaned.get("people")) and not self.errors:
            self.add_error(None, _("Say who is to be screened."))
        return cleaned


class SafetyForm(forms.Form):
    """The steps before the first question."""

    def __init__(self, *args: Any, protocol: Protocol, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.steps = {f"step_{step.code}": step.code for step in protocol.safety}
        for step in protocol.safety:
            self.fields[f"step_{step.code}"] = forms.BooleanField(
                label=step.text(language()),
                required=step.required,
                error_messages={"required": _("Without this step nothing is asked yet.")},
            )

    def codes(self) -> list[str]:
        return [code for name, code in self.steps.items() if self.cleaned_data.get(name)]


class FinishForm(forms.Form):
    """Nothing to fill in: the answers were checked."""


class DecideForm(forms.Form):
    """What somebody with the right decides."""

    class_code = forms.ChoiceField(label=_("Decision"), choices=list(CLASSES.items()), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reasons"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What you rely on, above all where you decide otherwise than was found. Names do not belong here."),
    )


class PurposeForm(flow.PurposeForm):
    """Why a sealed text is opened."""

    purpose = forms.ChoiceField(label=_("Why do you need to read it?"))


class EndAlertForm(forms.Form):
    end = forms.ChoiceField(label=_("How it ended"), choices=list(ALERT_ENDS.items()), widget=forms.RadioSelect)


class ListForm(forms.Form):
    """What a list of screenings may be narrowed by."""

    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("All")), *STATUS.items()])
    result = forms.ChoiceField(label=_("Result"), required=False, choices=[("", _("All")), *CLASSES.items()])
    whose = forms.ChoiceField(
        label=_("Whose"), required=False, choices=[("", _("Of my agency")), ("mine", _("My own"))]
    )


def protocol_choice(protocol: Protocol) -> str:
    """A protocol as it is offered: its title, its length, what it is for."""
    lang = language()
    minutes = _("%(n)d min") % {"n": protocol.minutes}
    return f"{protocol.title(lang)} ({minutes}). {protocol.purpose(lang)}"
