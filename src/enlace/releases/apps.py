from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from enlace.base import slots


class ReleasesConfig(AppConfig):
    name = "enlace.releases"
    label = "releases"

    def ready(self) -> None:
        slots.register(slots.NavItem(61, _("Releases"), "releases:list", "RELEASE_READ"))
