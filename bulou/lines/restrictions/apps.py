from django.apps import AppConfig


class RestrictionsConfig(AppConfig):
    name = "bulou.lines.restrictions"
    label = "restrictions"
