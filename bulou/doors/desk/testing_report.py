"""The end-of-round report of testing: read it, sign it, hand it out, let the public read its counts."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from bulou.access.terms import Verb
from bulou.coverage.queries import rounds
from bulou.doors.desk import errors, frame, reports
from bulou.doors.desk.asking import DeskRequest, may, scope_for, top_of
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.lines.testing.actions import results
from bulou.lines.testing.queries import published
from bulou.reports import actions
from bulou.reports.documents import html, labels, rendering
from bulou.reports.documents.rounds import lay_out
from bulou.reports.queries import archive
from bulou.reports.queries.rounds import ShownRound, shown_round, signable
from bulou.reports.terms import Format, ListLink, State

FORMATS = (Format.PDF, Format.DOCX, Format.XLSX, Format.HTML, Format.JSON)


@require_http_methods(["GET", "POST"])
def report(request: DeskRequest, operation_id: UUID) -> HttpResponse:
    """Show the report of a round in an area: the signed one as it was, else one made now; sign, publish."""
    scope = scope_for(request, Verb.REPORT_VIEW)
    path = _path(request, scope, operation_id)
    if request.method == "POST":
        _act(request, scope, operation_id, path)
        return redirect(_address(operation_id, path))
    shown = shown_round(scope, operation_id, path)
    return _page(request, operation_id, path, shown)


@require_GET
def report_file(request: DeskRequest, operation_id: UUID, kind: str) -> HttpResponse:
    """Answer with the report of a round in an area as a file."""
    scope = scope_for(request, Verb.REPORT_VIEW)
    shown = shown_round(scope, operation_id, _path(request, scope, operation_id))
    file = rendering.render_round(shown, format=kind, language=get_language() or "zh-hans")
    response = HttpResponse(file.content, content_type=file.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response


def _page(request: DeskRequest, operation_id: UUID, path: str, shown: ShownRound) -> HttpResponse:
    archived = shown.archived
    document = lay_out(shown.report, language=get_language() or "zh-hans", archived=archived)
    signed = archived is not None and archived.state is State.SIGNED
    context = {
        "fragment": html.fragment(
            document, address=lambda link: address(link) if _opens(request, link) else None
        ),
        "operation": operation_id,
        "path": path,
        "signed": signed,
        "holds": archived is not None and signed and archive.holds(archived),
        "draft": None if signed else archived,
        "may_be_signed": archived is not None and not signed and signable(archived),
        "is_over": shown.report.closed_at is not None,
        "differences": tuple(
            (str(labels.FIGURES.get(d.key, d.key)), d.of, d.then, d.now) for d in shown.differences
        ),
        "may_sign": may(request, Verb.REPORT_SIGN, path),
        "downloads": tuple(
            (
                f.value.upper(),
                f"{reverse('desk:testing_report_file', args=(operation_id, f.value))}?area={path}",
            )
            for f in FORMATS
        ),
        "board_href": f"{reverse('desk:testing')}?{urlencode({'round': operation_id, 'area': path})}",
        **_public(request, operation_id),
    }
    return frame.page(request, "desk/testing/report.html", context, title=_("End-of-round report"))


def _public(request: DeskRequest, operation_id: UUID) -> dict[str, object]:
    """What is public of the round, for whoever may publish it."""
    scope = scope_for(request, Verb.REPORT_VIEW)
    operation = rounds.operation(scope, operation_id)
    mine = may(request, Verb.REPORT_SIGN, operation.path)
    return {
        "may_publish": mine and operation.closed_at is not None,
        "is_public": published.is_published(operation.district, operation_id),
    }


def _act(request: DeskRequest, scope: Scope, operation_id: UUID, path: str) -> None:
    acts = {"draft": _draft, "sign": _sign, "publish": _publish, "withdraw": _withdraw}
    act = acts.get(request.POST.get("act", ""))
    if act is None:
        raise ProblemError("reports.not_found", status=404)
    try:
        frame.say(request, act(request, scope, operation_id, path))
    except ProblemError as error:
        if error.status in {403, 404}:
            raise
        frame.say(request, errors.words(error.problem))


def _draft(request: DeskRequest, _scope: Scope, operation_id: UUID, path: str) -> str:
    actions.draft_round(request.actor, operation_id, path=path)
    return _("The draft is made. Read it, then sign it.")


def _sign(request: DeskRequest, scope: Scope, operation_id: UUID, path: str) -> str:
    archived = shown_round(scope, operation_id, path).archived
    if archived is None:
        raise ProblemError("reports.not_found", status=404)
    signed = actions.sign_round(request.actor, archived.id, seen=request.POST.get("seen", ""))
    return _("Signed as number %(n)s.") % {"n": signed.number or ""}


def _publish(request: DeskRequest, scope: Scope, operation_id: UUID, _path: str) -> str:
    results.publish(request.actor, scope, operation_id)
    return _("The counts of this round are public now.")


def _withdraw(request: DeskRequest, scope: Scope, operation_id: UUID, _path: str) -> str:
    results.withdraw(request.actor, scope, operation_id)
    return _("The counts of this round are not public any more.")


def _path(request: DeskRequest, scope: Scope, operation_id: UUID) -> str:
    """The area that is looked at where the round reaches it, else the top of the round that is one's own."""
    operation = rounds.operation(scope, operation_id)
    path = request.area
    if path == operation.path or path.startswith(f"{operation.path}."):
        return path
    return operation.path if scope.covers(operation.path) else top_of(scope, path)


def _opens(request: DeskRequest, link: ListLink) -> bool:
    verbs = {"testing.tubes": Verb.UNIT_VIEW, "testing.unknown": Verb.UNIT_VIEW}
    if link.name in verbs:
        return may(request, verbs[link.name])
    return link.name == "testing.board" or reports.opens(request, link)


def address(link: ListLink) -> str | None:
    """Return the page of the list behind a figure of a round's report."""
    params = dict(link.params)
    operation, area = params.get("operation", ""), params.get("path", "")
    if link.name == "testing.tubes":
        query = [("area", area), *(("stage", s) for s in params.get("stage", "").split(",") if s)]
        query += [(key, params[key]) for key in ("site", "positive") if params.get(key)]
        return f"{reverse('desk:testing_tubes', args=(operation,))}?{urlencode(query)}"
    if link.name == "testing.board":
        return f"{reverse('desk:testing')}?{urlencode({'round': operation, 'area': area})}"
    if link.name == "testing.unknown":
        return f"{reverse('desk:testing_unknown')}?{urlencode({'round': operation, 'area': area})}"
    return reports.address(link)


def _address(operation_id: UUID, path: str) -> str:
    return f"{reverse('desk:testing_report', args=(operation_id,))}?area={path}"
