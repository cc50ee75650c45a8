from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "enlace.exchange"
    label = "exchange"
