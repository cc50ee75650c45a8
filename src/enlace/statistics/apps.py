from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from enlace.base import slots


class StatisticsConfig(AppConfig):
    name = "enlace.statistics"
    label = "statistics"

    def ready(self) -> None:
        slots.register(slots.NavItem(60, _("Statistics"), "statistics:national", "STATISTICS_READ"))
