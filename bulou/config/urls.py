"""The addresses of all doors."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

DOORS = ("bulou.doors.api.urls", "bulou.doors.desk.urls")

urlpatterns: list[URLPattern | URLResolver] = [path("", include(door)) for door in DOORS if find_spec(door)]
