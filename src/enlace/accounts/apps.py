from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from enlace.base.slots import NavItem, register


class AccountsConfig(AppConfig):
    name = "enlace.accounts"
    label = "accounts"

    def ready(self) -> None:
        register(NavItem(0, _("My work"), "accounts:home", ""))
        register(NavItem(80, _("Accounts"), "accounts:users", "USER_MANAGE"))
        register(NavItem(90, _("Access log"), "accounts:log", "AUDIT_READ"))
