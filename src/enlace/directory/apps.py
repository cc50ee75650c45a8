from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from enlace.base import slots


class DirectoryConfig(AppConfig):
    name = "enlace.directory"
    label = "directory"

    def ready(self) -> None:
        slots.register(slots.NavItem(50, _("Directory"), "directory:list", "DIRECTORY_READ"))
