from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "enlace.vault"
    label = "vault"
