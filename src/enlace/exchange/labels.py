"""Names of what a file would do to the directory."""

from django.utils.translation import gettext_lazy as _

CHANGES = {
    "new": _("New place"),
    "changed": _("Changed place"),
    "same": _("The same as here"),
    "left": _("Only named, left as it is"),
}
PARTS = {
    "facts": _("the place itself"),
    "services": _("services"),
    "conditions": _("whom it takes"),
    "contacts": _("contacts"),
    "units": _("units and beds"),
}
