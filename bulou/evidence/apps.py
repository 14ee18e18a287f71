from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "bulou.evidence"
    label = "evidence"
