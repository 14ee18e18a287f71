from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "bulou.tasks"
    label = "tasks"
