from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "bulou.reports"
    label = "reports"
