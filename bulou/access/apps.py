from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "bulou.access"
    label = "access"
