"""Daily reports: the archive, one report as people know such papers, drafting, signing, downloads."""

from datetime import date, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bulou.access.terms import Verb
from bulou.doors.desk import errors, frame, lists
from bulou.doors.desk.asking import DeskRequest, may, scope_for
from bulou.doors.desk.rounds import list_address
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.reports import actions
from bulou.reports.documents import html, labels, rendering
from bulou.reports.documents.layout import lay_out
from bulou.reports.queries import archive
from bulou.reports.terms import Archived, Format, ListLink, State

FORMATS = (Format.PDF, Format.DOCX, Format.XLSX, Format.HTML)


@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """List the reports of the archive, the newest day first."""
    scope = scope_for(request, Verb.REPORT_VIEW)
    found, following = archive.archive(
        scope,
        path=request.area if scope.covers(request.area) else None,
        cursor=request.GET.get("cursor"),
        limit=lists.PAGE,
    )
    today = clock.local_date(clock.now())
    context = {
        "rows": tuple(
            (listed, _address(listed.path, listed.on), listed.state is State.SIGNED) for listed in found
        ),
        "pager": lists.pager(request, following),
        "today": today.isoformat(),
        "yesterday_href": _address(request.area, today - timedelta(days=1)),
        "today_href": _address(request.area, today),
    }
    return frame.page(request, "desk/reports/index.html", context, title=_("Reports"))


@require_GET
def daily(request: DeskRequest) -> HttpResponse:
    """Show the report of an area and a day: the signed one as it was, else one made now."""
    scope = scope_for(request, Verb.REPORT_VIEW)
    on = _day(request.GET.get("date", ""))
    shown = archive.shown(scope, request.area, on)
    document = lay_out(shown.report, language=get_language() or "zh-hans", archived=shown.archived)
    signed = shown.archived is not None and shown.archived.state is State.SIGNED
    query = urlencode({"area": request.area, "date": on.isoformat()})
    context = {
        "fragment": html.fragment(
            document, address=lambda link: address(link) if opens(request, link) else None
        ),
        "place": shown.report.place,
        "on": on,
        "signed": signed,
        "holds": signed and shown.archived is not None and archive.holds(shown.archived),
        "draft": None if signed else shown.archived,
        "differences": tuple(
            (str(labels.FIGURES.get(d.key, d.key)), d.then, d.now) for d in shown.differences
        ),
        "may_sign": not signed and may(request, Verb.REPORT_SIGN),
        "is_over": on < clock.local_date(clock.now()),
        "downloads": tuple(
            (f.value.upper(), f"{reverse('desk:daily_file', args=(f.value,))}?{query}") for f in FORMATS
        ),
        "before_href": _address(request.area, on - timedelta(days=1)),
        "after_href": _address(request.area, on + timedelta(days=1))
        if on < clock.local_date(clock.now())
        else "",
    }
    return frame.page(request, "desk/reports/daily.html", context, title=_("Daily report"))


@require_GET
def daily_file(request: DeskRequest, kind: str) -> HttpResponse:
    """Answer with the report of an area and a day as a file."""
    scope = scope_for(request, Verb.REPORT_VIEW)
    shown = archive.shown(scope, request.area, _day(request.GET.get("date", "")))
    file = rendering.render(shown, format=kind, language=get_language() or "zh-hans")
    response = HttpResponse(file.content, content_type=file.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response


@require_POST
def draft(request: DeskRequest) -> HttpResponse:
    """Put a fresh draft into the archive."""
    on = _day(request.POST.get("date", ""))
    actions.draft_daily(request.actor, path=request.area, on=on)
    frame.say(request, _("The draft is made. Read it, then sign it."))
    return redirect(_address(request.area, on))


@require_POST
def sign(request: DeskRequest, report_id: UUID) -> HttpResponse:
    """Sign the draft that was shown, and no other."""
    try:
        signed: Archived = actions.sign_daily(request.actor, report_id, seen=request.POST.get("seen", ""))
    except ProblemError as error:
        if error.status in {403, 404}:
            raise
        frame.say(request, errors.words(error.problem))
        return redirect(_address(request.area, _day(request.POST.get("date", ""))))
    frame.say(request, _("Signed as number %(n)s.") % {"n": signed.number or ""})
    return redirect(_address(signed.path, signed.on))


def opens(request: DeskRequest, link: ListLink) -> bool:
    """Tell whether the list behind a figure is this reader's to open; else the figure is plain text."""
    verbs = {
        "coverage.missed": Verb.UNIT_VIEW,
        "coverage.units": Verb.UNIT_VIEW,
        "grid.dwellings": Verb.UNIT_VIEW,
        "supervision.findings": Verb.FINDING_VIEW,
        "screening.register": Verb.PERSON_VIEW,
        "screening.teams": Verb.PERSON_VIEW,
        "watches.day": Verb.WATCH_VIEW,
        "custody.chains": Verb.CUSTODY_VIEW,
        "isolation.sites": Verb.WATCH_VIEW,
        "intake.doubtful": Verb.RECORD_REVIEW,
        "intake.conflicts": Verb.RECORD_REVIEW,
    }
    return may(request, verbs.get(link.name, Verb.REPORT_VIEW))


def address(link: ListLink) -> str | None:
    """Return the page of the list behind a figure of a report."""
    params = dict(link.params)
    area = params.get("path", "")
    if link.name in {"coverage.missed", "coverage.units"} and "operation" in params:
        key = params.get("why") or params.get("state") or ("alert" if "alert" in params else "")
        if link.name == "coverage.missed":
            return list_address(UUID(params["operation"]), key or "open", area)
        return list_address(UUID(params["operation"]), key or "expected", area)
    pages = {
        "grid.areas": "desk:areas",
        "grid.dwellings": "desk:dwellings",
        "grid.populations": "desk:areas",
        "disinfection.jobs": "desk:disinfection",
        "supervision.findings": "desk:findings",
        "screening.register": "desk:people",
        "screening.teams": "desk:teams",
        "watches.day": "desk:watches",
        "custody.chains": "desk:custody",
        "isolation.sites": "desk:isolation",
        "intake.doubtful": "desk:doubtful",
        "intake.conflicts": "desk:conflicts",
    }
    return f"{reverse(pages[link.name])}?area={area}" if link.name in pages else None


def _address(path: str, on: date) -> str:
    return f"{reverse('desk:daily')}?{urlencode({'area': path, 'date': on.isoformat()})}"


def _day(text: str) -> date:
    """Return the day of an address; today where it names none that can be read."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return clock.local_date(clock.now())
