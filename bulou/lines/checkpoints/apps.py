from django.apps import AppConfig


class CheckpointsConfig(AppConfig):
    name = "bulou.lines.checkpoints"
    label = "checkpoints"
