"""The API as one object: its calls, its errors, its OpenAPI document."""

import logging
from http import HTTPStatus
from typing import Any

from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from bulou.doors.api import (
    attachments,
    devices,
    gates,
    handing_in,
    openapi,
    operations,
    people,
    problems,
    reports,
    results,
    sampling,
    sampling_home,
    share,
    subjects,
    worklist,
)
from bulou.doors.api.auth import Bearer
from bulou.kernel.problems import Problem, ProblemError, Where

log = logging.getLogger(__name__)


class Api(NinjaAPI):
    """Ninja's API with `POST /records`, which ninja does not serve, written into the document by hand."""

    def get_openapi_schema(self, **how: Any) -> OpenAPISchema:
        """The OpenAPI document of every call, including the one that bypasses ninja."""
        return openapi.complete(super().get_openapi_schema(**how))


api = Api(
    title="Bulou",
    version="1",
    description=openapi.DESCRIPTION,
    auth=Bearer(),
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api",
)
api.add_router("/devices", devices.router)
api.add_router("/devices", share.router)
api.add_router("/sealed", handing_in.router)
api.add_router("/worklist", worklist.router)
api.add_router("/operations", operations.router)
api.add_router("/attachments", attachments.router)
api.add_router("/gates", gates.router)
api.add_router("/people", people.router)
api.add_router("/sample", sampling.router)
api.add_router("/sample/home", sampling_home.router)
api.add_router("/results", results.router)
api.add_router("/subjects", subjects.router)
api.add_router("/reports", reports.router)


@api.exception_handler(ProblemError)
def _refused(request: HttpRequest, error: ProblemError) -> HttpResponse:
    return problems.refuse(request, error)


@api.exception_handler(AuthenticationError)
def _nobody(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    return problems.answer(request, Problem("api.unauthorised"), HTTPStatus.UNAUTHORIZED)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    first = error.errors[0] if error.errors else {}
    place = ".".join(str(part) for part in first.get("loc", ())[1:])
    problem = Problem("api.invalid", {"why": str(first.get("msg", ""))}, Where(field=place or None))
    return problems.answer(request, problem, HTTPStatus.BAD_REQUEST)


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problems.answer(request, Problem("api.unreadable", {"why": str(error)}), error.status_code)


@api.exception_handler(DataError)
@api.exception_handler(OverflowError)
def _impossible(request: HttpRequest, error: Exception) -> HttpResponse:
    log.warning("cannot be stored, at %s", request.path, exc_info=error)
    return problems.answer(request, Problem("api.impossible"), HTTPStatus.BAD_REQUEST)


@api.exception_handler(Http404)
def _not_there(request: HttpRequest, _error: Http404) -> HttpResponse:
    return problems.answer(request, Problem("api.not_there"), HTTPStatus.NOT_FOUND)


@api.exception_handler(OperationalError)
@api.exception_handler(InterfaceError)
def _away(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("the database is away", exc_info=error)
    return problems.answer(request, Problem("api.away"), HTTPStatus.SERVICE_UNAVAILABLE)


@api.exception_handler(Exception)
def _fault(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("unexpected fault at %s", request.path, exc_info=error)
    return problems.answer(request, Problem("api.fault"), HTTPStatus.INTERNAL_SERVER_ERROR)
