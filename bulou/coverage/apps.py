from django.apps import AppConfig


class CoverageConfig(AppConfig):
    name = "bulou.coverage"
    label = "coverage"
