from django.apps import AppConfig


class CommandConfig(AppConfig):
    name = "bulou.command"
    label = "command"
