"""The addresses of the app for everyone who works outside."""

from django.urls import path
from django.views.generic import RedirectView

from bulou.doors.field import shell

app_name = "field"

urlpatterns = [
    path("field", RedirectView.as_view(url="/field/", permanent=False), name="door"),
    path("field/", shell.page, name="page"),
    path("field/sw.js", shell.worker, name="worker"),
    path("field/manifest.webmanifest", shell.manifest, name="manifest"),
    path("field/words/<str:language>.json", shell.words, name="words"),
    path("field/a/<str:version>/<path:name>", shell.file, name="file"),
]
