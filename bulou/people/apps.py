from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "bulou.people"
    label = "people"
