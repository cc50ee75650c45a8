from django.apps import AppConfig


class PlacementsConfig(AppConfig):
    name = "enlace.placements"
    verbose_name = "Placements"
