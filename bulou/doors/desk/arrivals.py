"""Live arrival: what phones deliver, as it comes in, by area; the page asks every five seconds."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bulou.access.terms import Verb
from bulou.doors.desk import frame, history, lists
from bulou.doors.desk.asking import DeskRequest, covert, scope_for, top_of
from bulou.doors.desk.figures import Figure, figure
from bulou.doors.desk.live import live_headers
from bulou.grid import queries as grid
from bulou.intake import queries as intake
from bulou.kernel import clock, reach
from bulou.kernel.scope import Scope
from bulou.ledger import queries as ledger
from bulou.ledger.queries import Delivered
from bulou.ledger.terms import Entry

SPANS = (15, 60, 240)
SHOWN = 60
MOST = 2_000


@dataclass(frozen=True, slots=True)
class AreaRow:
    """How much came from one area right below."""

    name: str
    records: Figure
    doubtful: Figure
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Arrival:
    """One record that came in."""

    received_at: datetime
    at: datetime | None
    said: str
    place: str
    href: str
    who: str
    source: str
    doubts: tuple[str, ...]


@require_GET
def arrivals(request: DeskRequest) -> HttpResponse:
    """Show what phones delivered in the last minutes at or below the area, and go on showing it."""
    scope = scope_for(request, Verb.RECORD_VIEW)
    context = _context(request, scope, _found(request, scope))
    return frame.page(request, "desk/arrivals/index.html", context, title=_("Live arrival"), live=True)


@require_GET
def live(request: DeskRequest) -> HttpResponse:
    """Answer 204 while nothing came since version `v`, else the part of the page that changes."""
    scope = scope_for(request, Verb.RECORD_VIEW)
    found = _found(request, scope)
    if _version(found) == request.GET.get("v"):
        return HttpResponse(status=204, headers=live_headers())
    response = render(request, "desk/arrivals/_live.html", _context(request, scope, found))
    for name, value in live_headers().items():
        response.headers[name] = value
    return response


def _span(request: DeskRequest) -> int:
    asked = request.GET.get("minutes", "")
    return int(asked) if asked in {str(n) for n in SPANS} else SPANS[1]


def _found(request: DeskRequest, scope: Scope) -> list[Delivered]:
    since = clock.now() - timedelta(minutes=_span(request))
    without = () if covert(request).covers(request.area) else intake.COVERT
    found = ledger.delivered(scope, request.area, since=since, most=MOST, without=without)
    return [one for one in found if one.doubtful] if _only_doubtful(request) else found


def _only_doubtful(request: DeskRequest) -> bool:
    return request.GET.get("only") == "doubtful"


def _version(found: list[Delivered]) -> str:
    """A word that changes when something comes, and when something falls out of the span."""
    return f"{len(found)}-{found[0].id}" if found else "0"


def _context(request: DeskRequest, scope: Scope, found: list[Delivered]) -> dict[str, Any]:
    path, minutes = request.area, _span(request)
    shown = found[:SHOWN]
    entries = ledger.by_ids(path.split(".")[0], [one.id for one in shown])
    told = [entries[one.id] for one in shown if one.id in entries]
    children = {_child(path, one.path) for one in found} - {path}
    steps = {step for one in shown for step in reach.lineage(one.path)}
    names = grid.tree_names(scope, steps | children | {path}, clock.local_date(clock.now()))
    here = reverse("desk:arrivals")
    query = lists.address(request.GET, area=path, minutes=str(minutes))
    return {
        "place_name": names.get(path, path),
        "crumbs": lists.crumbs(names, path, top=top_of(scope, path), to=f"{here}?minutes={minutes}&area="),
        "filters": _filters(request, minutes),
        "rows": _areas(found, path, dict(names), f"{here}?minutes={minutes}&area="),
        "arrivals": _told(told, dict(names)),
        "together": figure(len(found), key="records", label=_("Records"), href=query),
        "cut": len(found) > SHOWN,
        "shown": SHOWN,
        "at_least": len(found) >= MOST,
        "live_href": f"{reverse('desk:arrivals_live')}{query}&v={_version(found)}",
    }


def _filters(request: DeskRequest, minutes: int) -> tuple[lists.ChipGroup, ...]:
    words = {15: _("15 minutes"), 60: _("one hour"), 240: _("four hours")}
    spans = tuple(
        lists.Chip(words[n], lists.address(request.GET, minutes=str(n)), n == minutes) for n in SPANS
    )
    only = lists.flags(request, _("Only"), (("only", "doubtful", _("doubtful records")),))
    return lists.ChipGroup(_("The last"), spans), only


def _areas(found: list[Delivered], path: str, names: dict[str, str], to: str) -> tuple[AreaRow, ...]:
    """The areas right below from which something came, most first."""
    n: Counter[str] = Counter()
    doubtful: Counter[str] = Counter()
    last: dict[str, datetime] = {}
    for one in found:
        child = _child(path, one.path)
        n[child] += 1
        doubtful[child] += one.doubtful
        last.setdefault(child, one.received_at)
    return tuple(
        AreaRow(
            names.get(child, child),
            figure(count, key="records", label=_("Records"), href=f"{to}{child}"),
            figure(doubtful[child], key="doubtful", label=_("Doubtful"), href=f"{to}{child}&only=doubtful"),
            last[child],
        )
        for child, count in n.most_common()
    )


def _child(path: str, below: str) -> str:
    """The area right below `path` in which `below` lies, or `path` itself."""
    return ".".join(below.split(".")[: path.count(".") + 2])


def _told(entries: list[Entry], names: dict[str, str]) -> tuple[Arrival, ...]:
    people = history.names_in(entries)
    rows = []
    for entry in entries:
        item = history.timeline([entry], people)[0]
        rows.append(
            Arrival(
                received_at=entry.received_at,
                at=item.at if item.received_at else None,
                said=item.said,
                place=reach.spelled(entry.path, names),
                href=_href(entry),
                who=item.who,
                source=item.source,
                doubts=item.doubts,
            )
        )
    return tuple(rows)


def _href(entry: Entry) -> str:
    """Where the subject of the record is shown, if there is such a page."""
    if entry.subject is None:
        return ""
    if entry.subject_type == "finding":
        return reverse("desk:finding", args=(entry.subject,))
    if entry.subject_type in {"dwelling", "household", "site", "object"}:
        return reverse("desk:subject", args=(entry.subject_type, entry.subject))
    return ""
