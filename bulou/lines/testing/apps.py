from django.apps import AppConfig


class TestingConfig(AppConfig):
    name = "bulou.lines.testing"
    label = "testing"
