from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "bulou.intake"
    label = "intake"
