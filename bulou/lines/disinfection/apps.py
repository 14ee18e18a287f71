from django.apps import AppConfig


class DisinfectionConfig(AppConfig):
    name = "bulou.lines.disinfection"
    label = "disinfection"
