from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "bulou.doors.public"
    label = "public"
