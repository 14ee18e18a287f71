from django.apps import AppConfig


class ProtocolsConfig(AppConfig):
    name = "bulou.protocols"
    label = "protocols"
