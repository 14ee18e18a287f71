from django.apps import AppConfig


class WatchesConfig(AppConfig):
    name = "bulou.watches"
    label = "watches"
