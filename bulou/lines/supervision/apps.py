from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "bulou.lines.supervision"
    label = "supervision"
