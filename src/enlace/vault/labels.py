"""Names of what a search found a person by."""

from django.utils.translation import gettext_lazy as _

MATCHED = {
    "name": _("name"),
    "birth_year": _("year of birth"),
    "phone": _("telephone"),
    "document": _("document"),
}
