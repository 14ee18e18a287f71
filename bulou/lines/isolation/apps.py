from django.apps import AppConfig


class IsolationConfig(AppConfig):
    name = "bulou.lines.isolation"
    label = "isolation"
