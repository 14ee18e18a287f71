"""The addresses of all doors."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

DOORS = ("bulou.doors.api.urls", "bulou.doors.field.urls", "bulou.doors.public.urls", "bulou.doors.desk.urls")

urlpatterns: list[URLPattern | URLResolver] = [path("", include(door)) for door in DOORS if find_spec(door)]

if find_spec("bulou.doors.desk.errors"):
    handler400 = "bulou.doors.desk.errors.bad_request"
    handler403 = "bulou.doors.desk.errors.not_allowed"
    handler404 = "bulou.doors.desk.errors.not_found"
    handler500 = "bulou.doors.desk.errors.broken"
