from django.apps import AppConfig


class TracingConfig(AppConfig):
    name = "bulou.lines.tracing"
    label = "tracing"
