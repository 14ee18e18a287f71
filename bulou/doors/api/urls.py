"""The addresses of the API and of the two health pages."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt

from bulou.doors.api import health, problems, records
from bulou.doors.api.app import api
from bulou.kernel.problems import Problem


@csrf_exempt
def nothing(request: HttpRequest, _rest: str | None = None) -> HttpResponse:
    """Every other address below the API is answered like what one may not see."""
    return problems.answer(request, Problem("api.not_there"), HTTPStatus.NOT_FOUND)


urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("api/v1/records", records.receive, name="records"),
    path("api/v1/", nothing),
    path("api/v1/", api.urls),
    re_path(r"^api(/.*)?$", nothing),
]
