from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "enlace.portal"
    verbose_name = "Portal"
