from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from enlace.base import slots


class ExchangeConfig(AppConfig):
    name = "enlace.exchange"
    label = "exchange"

    def ready(self) -> None:
        slots.register(slots.NavItem(52, _("The directory as a file"), "exchange:directory", "DIRECTORY_EDIT"))
        slots.register(slots.NavItem(62, _("Tables of standards"), "exchange:judge", "RELEASE_READ"))
        from enlace.exchange.queries import series_totals, standard_file, standard_files
        from enlace.exchange.standards import standards

        label = _("Official monthly series (state jurisdiction)")
        slots.register(slots.OfficialSeries("monthly_series", label, "STATISTICS_READ", series_totals))
        for order, standard in enumerate(standards().values()):
            slots.register(
                slots.ReleaseFormat(
                    standard.code, order, "", standard.title, standard.version, standard_files(standard), standard_file
                )
            )
