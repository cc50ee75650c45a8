from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "enlace.people"
    label = "people"
