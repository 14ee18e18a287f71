from django.apps import AppConfig


class FieldConfig(AppConfig):
    name = "bulou.doors.field"
    label = "field"
