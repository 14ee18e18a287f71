"""The addresses for residents: no account, only the code on their paper."""

from django.urls import path

from bulou.doors.public import pages, results, zones

app_name = "public"

urlpatterns = [
    path("r/", pages.start, name="start"),
    path("r/mine", pages.mine, name="mine"),
    path("r/today", pages.report, name="report"),
    path("r/help", pages.ask_help, name="help"),
    path("r/leave", pages.leave, name="leave"),
    path("r/object", pages.object_to_it, name="object"),
    path("r/further", pages.further, name="further"),
    path("r/results", results.results, name="results"),
    path("z/", zones.zones, name="zones"),
    path("r/language", pages.language, name="language"),
]
