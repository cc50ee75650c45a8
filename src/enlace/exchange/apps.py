from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from enlace.base import slots


class ExchangeConfig(AppConfig):
    name = "enlace.exchange"
    label = "exchange"

    def ready(self) -> None:
        slots.register(slots.NavItem(52, _("The directory as a file"), "exchange:directory", "DIRECTORY_EDIT"))
        from enlace.exchange.queries import series_totals

        label = _("Official monthly series (state jurisdiction)")
        slots.register(slots.OfficialSeries("monthly_series", label, "STATISTICS_READ", series_totals))
