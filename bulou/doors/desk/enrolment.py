"""The enrolment sheet: one-time codes for the phones of several persons, as QR and text, on paper."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import segno
from django.http import HttpResponse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bulou.access import queries as access
from bulou.access.actions import codes
from bulou.access.terms import CODE_LIFE, MOST_CODES, AccountRow, Purpose, Verb
from bulou.doors.desk import errors, frame, labels, lists
from bulou.doors.desk.asking import DeskRequest, scope_for
from bulou.grid import queries as grid
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope

FIELD = "/field/"


@dataclass(frozen=True, slots=True)
class Choice:
    """One account that a phone can be enrolled for."""

    id: UUID
    name: str
    display_name: str
    team: str
    area: str
    roles: str
    on: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One card of the sheet: whose phone, the code as text and as QR."""

    display_name: str
    name: str
    team: str
    area: str
    code: str
    qr: SafeString


@require_http_methods(["GET", "POST"])
def enrol(request: DeskRequest) -> HttpResponse:
    """Choose the persons; when sent, show their codes on one sheet, in this answer and never again."""
    scope = scope_for(request, Verb.DEVICE_ENROL)
    chosen = _chosen(request)
    said = ""
    if request.method == "POST":
        if not chosen:
            said = _("Mark the persons whose phones are to be enrolled.")
        elif len(chosen) > MOST_CODES:
            said = _("Mark at most %(most)s persons; print the others on a second sheet.") % {
                "most": MOST_CODES
            }
        else:
            try:
                return _sheet(request, scope, chosen)
            except ProblemError as error:
                if error.status in {403, 404}:
                    raise
                said = errors.words(error.problem)
    found = access.accounts(scope, after=request.GET.get("cursor", ""), limit=lists.PAGE + 1)
    shown = found[: lists.PAGE]
    teams = sorted({a.team for a in shown if a.team})
    wanted = request.GET.getlist("team")
    rows = _choices(request, tuple(a for a in shown if not wanted or a.team in wanted), set(chosen))
    context = {
        "rows": rows,
        "said": said,
        "most": MOST_CODES,
        "filters": (lists.chips(request, "team", _("Team"), [(t, t) for t in teams]),) if teams else (),
        "clear_href": "?" if wanted else "",
        "pager": lists.pager(request, shown[-1].name if len(found) > lists.PAGE else None),
    }
    title = _("Enrol phones")
    return frame.page(request, "desk/devices/enrol.html", context, title=title, status=422 if said else 200)


def _chosen(request: DeskRequest) -> tuple[UUID, ...]:
    ids = []
    for text in dict.fromkeys(request.POST.getlist("subject")):
        try:
            ids.append(UUID(text))
        except ValueError:
            raise ProblemError("access.not_found", status=404) from None
    return tuple(ids)


def _sheet(request: DeskRequest, scope: Scope, chosen: tuple[UUID, ...]) -> HttpResponse:
    accounts = [access.account(scope, one) for one in chosen]
    made = codes.issue_enrolment_codes(request.actor, account_ids=chosen)
    names = _names(scope, {a.path for a in accounts})
    at = clock.now()
    context = {
        "cards": tuple(_card(request, a, made[a.id], names.get(a.path, a.path)) for a in accounts),
        "at": at,
        "until": _until(at),
        "where": request.build_absolute_uri(FIELD),
    }
    return frame.page(request, "desk/devices/sheet.html", context, title=_("Enrolment sheet"))


def _until(at: datetime) -> datetime:
    return at + CODE_LIFE[Purpose.ENROL]


def _card(request: DeskRequest, account: AccountRow, code: str, area: str) -> Card:
    return Card(
        display_name=account.display_name,
        name=account.name,
        team=account.team,
        area=area,
        code=code,
        qr=qr(request.build_absolute_uri(f"{FIELD}#/enrol?code={code}")),
    )


def qr(text: str) -> SafeString:
    """Return a QR code as an SVG without any style of its own, so that the page's policy lets it be seen."""
    made = segno.make(text, error="m", micro=False)
    drawn = made.svg_inline(scale=1, border=2, svgclass="qr", lineclass=None, omitsize=True, title="QR")
    return mark_safe(drawn)  # noqa: S308 - drawn by segno: paths and numbers, no text of ours in it


def _choices(request: DeskRequest, found: tuple[AccountRow, ...], on: set[UUID]) -> tuple[Choice, ...]:
    """The accounts that could use a phone and for which the officer may make a code."""
    now = clock.now()
    fit = [
        a
        for a in found
        if a.is_active and access.may_act_for(request.actor, a) and access.works_outside(a.grants, now)
    ]
    names = _names(access.scope_of(request.actor, Verb.GRID_VIEW), {a.path for a in fit})
    return tuple(
        Choice(
            id=a.id,
            name=a.name,
            display_name=a.display_name,
            team=a.team,
            area=names.get(a.path, a.path),
            roles=lists.join(dict.fromkeys(str(labels.ROLES[g.role]) for g in a.grants)),
            on=a.id in on,
        )
        for a in fit
    )


def _names(scope: Scope, paths: set[str]) -> dict[str, str]:
    return dict(grid.tree_names(scope, paths, clock.local_date(clock.now()))) if paths else {}
