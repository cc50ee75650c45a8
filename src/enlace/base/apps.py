from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "enlace.base"
    label = "base"
