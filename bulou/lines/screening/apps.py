from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "bulou.lines.screening"
    label = "screening"
