from django.apps import AppConfig
from django.utils.translation import gettext

from enlace.base.errors import EnlaceError


class BaseConfig(AppConfig):
    name = "enlace.base"
    label = "base"

    def ready(self) -> None:
        EnlaceError.translate = gettext
