"""The daily report and the report of a testing round, as data or as a document."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language_from_request
from ninja import Query, Router

from bulou.access.terms import Verb
from bulou.doors.api.auth import scoped
from bulou.doors.api.schemas import PATH
from bulou.reports.documents.rendering import File, render, render_round
from bulou.reports.queries import archive
from bulou.reports.queries.rounds import shown_round

router = Router(tags=["reports"])
Form = Literal["json", "html", "docx", "pdf", "xlsx"]


@router.get("/daily", operation_id="daily_report", summary="The daily report of an area")
def daily(
    request: HttpRequest,
    date: Annotated[date, Query(description="A day in district time.")],
    area: Annotated[str, Query(pattern=PATH)],
    format: Form = "json",
) -> HttpResponse:
    """The signed report where there is one, else one made now; every figure names the query behind it."""
    with scoped(request, Verb.REPORT_VIEW) as scope:
        shown = archive.shown(scope, area, date)
    return _inline(render(shown, format=format, language=get_language_from_request(request)))


@router.get("/round", operation_id="round_report", summary="The report of a testing round in an area")
def of_round(
    request: HttpRequest,
    round: UUID,
    area: Annotated[str, Query(pattern=PATH)],
    format: Form = "json",
) -> HttpResponse:
    """The signed report where there is one, else one made now; no personal names."""
    with scoped(request, Verb.REPORT_VIEW) as scope:
        shown = shown_round(scope, round, area)
    return _inline(render_round(shown, format=format, language=get_language_from_request(request)))


def _inline(file: File) -> HttpResponse:
    response = HttpResponse(file.content, content_type=file.media_type)
    response["Content-Disposition"] = f'inline; filename="{file.name}"'
    return response
