from django.apps import AppConfig


class GridConfig(AppConfig):
    name = "bulou.grid"
    label = "grid"
