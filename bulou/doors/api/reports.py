"""The daily report, as data or as a document."""

from datetime import date
from typing import Annotated, Literal

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from bulou.access.terms import Verb
from bulou.doors.api.auth import scoped
from bulou.doors.api.schemas import PATH
from bulou.reports.queries import archive
from bulou.reports.queries.archive import Shown

router = Router(tags=["reports"])
"""Every figure carries the query that counts it, so that any number can be followed to its rows."""


@router.get("/daily", operation_id="daily_report", summary="The daily report of an area")
def daily(
    request: HttpRequest,
    date: Annotated[date, Query(description="A day in district time.")],
    area: Annotated[str, Query(pattern=PATH)],
    format: Literal["json", "html", "docx", "pdf", "xlsx"] = "json",
) -> HttpResponse:
    """The signed report where there is one, as it was signed; else one made now from the records."""
    with scoped(request, Verb.REPORT_VIEW) as scope:
        shown = archive.shown(scope, area, date)
    return _json(shown)


def _json(shown: Shown) -> HttpResponse:
    body = msgspec.to_builtins(shown.report)
    signed = shown.archived
    body["state"] = signed.state.value if signed else "draft"
    body["number"] = signed.number if signed else None
    body["sha256"] = signed.sha256 if signed else None
    body["differences"] = msgspec.to_builtins(shown.differences)
    return HttpResponse(msgspec.json.encode(body), content_type="application/json")
