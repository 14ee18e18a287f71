from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "bulou.cases"
    label = "cases"
