"""Names of units of help."""

from django.utils.translation import gettext_lazy as _

UNITS = {
    "session": _("sessions"),
    "night": _("nights"),
    "day": _("days"),
    "item": _("items"),
    "payment": _("payments"),
}
