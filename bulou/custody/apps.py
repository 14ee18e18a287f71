from django.apps import AppConfig


class CustodyConfig(AppConfig):
    name = "bulou.custody"
    label = "custody"
