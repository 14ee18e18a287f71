from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "bulou.doors.desk"
    label = "desk"
