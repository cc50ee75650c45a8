from django.apps import AppConfig


class CountryConfig(AppConfig):
    name = "enlace.country"
    label = "country"
