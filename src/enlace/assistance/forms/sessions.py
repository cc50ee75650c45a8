"""Forms of sessions and of group activities."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enlace.assistance.actions import Activity, Meeting, Settled
from enlace.assistance.forms.service import SEARCHED, LanguageForm
from enlace.assistance.labels import CANCELLED_BY, SETTLE
from enlace.base.choices import offer
from enlace.base.dates import DateField
from enlace.country.labels import choices

HOUR_FORMATS = ["%H:%M", "%H.%M", "%H"]
NOON = time(12)


def moment(day: date, hour: time | None) -> datetime:
    """The day and hour in the country's time; noon when no hour is told, but never later than now on the same day."""
    at = timezone.make_aware(datetime.combine(day, hour or NOON))
    now = timezone.now()
    return min(at, now) if hour is None and day == timezone.localdate(now) else at


class SettleForm(LanguageForm):
    """What became of a session that was planned."""

    field_order: tuple[str, ...] = ("verb", "cancelled_by", "minutes")
    verb = forms.ChoiceField(label=_("What became of it"), choices=list(SETTLE.items()), widget=forms.RadioSelect)
    cancelled_by = forms.ChoiceField(
        label=_("Who cancelled it"), required=False, choices=[("", _("Nobody")), *CANCELLED_BY.items()]
    )
    minutes = forms.IntegerField(label=_("Minutes it lasted"), required=False, min_value=1, max_value=1440)
    remark = forms.CharField(
        label=_("Remark"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def settled(self) -> Settled:
        said = self.cleaned_data
        return Settled(
            verb=said["verb"],
            cancelled_by=said["cancelled_by"],
            minutes=said["minutes"],
            language_code=said["language"],
            interpreter_code=said["interpreter"],
            remark=said["remark"],
        )


class SessionForm(SettleForm):
    """A session: planned, or with what became of it."""

    field_order: tuple[str, ...] = ("day", "hour", "verb", "cancelled_by", "minutes")
    day = DateField(label=_("Day"))
    hour = forms.TimeField(label=_("Hour"), required=False, input_formats=HOUR_FORMATS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, verb=[("", _("It is planned")), *SETTLE.items()])
        self.fields["verb"].required = False

    def meeting(self, service_id: UUID) -> Meeting:
        said = self.cleaned_data
        at = moment(said["day"], said["hour"])
        settled = vars(self.settled())
        return Meeting(service_id=service_id, planned_at=at, **settled)


class PeopleOfActivityForm(forms.Form):
    """Who is invited: cases the agency works on, by their code."""

    cases = forms.MultipleChoiceField(
        label=_("Cases"), required=False, widget=forms.SelectMultiple(attrs={"data-search": "", "size": 8})
    )

    def __init__(self, *args: Any, cases: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, cases=cases)

    def case_ids(self) -> tuple[UUID, ...]:
        return tuple(UUID(pk) for pk in self.cleaned_data["cases"])


class ActivityForm(PeopleOfActivityForm):
    """An activity for several people."""

    field_order: tuple[str, ...] = ("title", "service", "day", "hour")
    title = forms.CharField(label=_("What it is"), max_length=200, help_text=_("A workshop, a class: no names."))
    service = forms.ChoiceField(label=_("Which help it is"), widget=forms.Select(attrs=SEARCHED))
    day = DateField(label=_("Day"))
    hour = forms.TimeField(label=_("Hour"), required=False, input_formats=HOUR_FORMATS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, service=choices("service", blank=""))

    def activity(self) -> Activity:
        said = self.cleaned_data
        return Activity(
            service_code=said["service"],
            title=said["title"],
            planned_at=moment(said["day"], said["hour"]),
            case_ids=self.case_ids(),
        )


class SettleActivityForm(forms.Form):
    """Whether it was held, and who came."""

    verb = forms.ChoiceField(
        label=_("What became of it"),
        choices=[("hold", SETTLE["hold"]), ("cancel", SETTLE["cancel"])],
        widget=forms.RadioSelect,
    )
    minutes = forms.IntegerField(label=_("Minutes it lasted"), required=False, min_value=1, max_value=1440)
    came = forms.MultipleChoiceField(label=_("Who came"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, came=people)
