from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    name = "enlace.statistics"
    label = "statistics"
