"""The daily report, as data or as a document."""

from datetime import date
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language_from_request
from ninja import Query, Router

from bulou.access.terms import Verb
from bulou.doors.api.auth import scoped
from bulou.doors.api.schemas import PATH
from bulou.reports.documents.rendering import render
from bulou.reports.queries import archive

router = Router(tags=["reports"])


@router.get("/daily", operation_id="daily_report", summary="The daily report of an area")
def daily(
    request: HttpRequest,
    date: Annotated[date, Query(description="A day in district time.")],
    area: Annotated[str, Query(pattern=PATH)],
    format: Literal["json", "html", "docx", "pdf", "xlsx"] = "json",
) -> HttpResponse:
    """The signed report where there is one, else one made now; every figure names the query behind it."""
    with scoped(request, Verb.REPORT_VIEW) as scope:
        shown = archive.shown(scope, area, date)
    file = render(shown, format=format, language=get_language_from_request(request))
    response = HttpResponse(file.content, content_type=file.media_type)
    response["Content-Disposition"] = f'inline; filename="{file.name}"'
    return response
