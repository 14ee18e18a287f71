"""Isolation: the board of sites, the people who stay at home, the queue of what they ask for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from bulou.access import queries as access
from bulou.access.terms import Verb
from bulou.cases import queries as cases
from bulou.cases.terms import Case
from bulou.doors.desk import care_words, frame, lists, protocol_words
from bulou.doors.desk.asking import DeskRequest, scope_for
from bulou.doors.desk.care_rows import places, short, title
from bulou.doors.desk.figures import Figure, figure
from bulou.grid import queries as grid
from bulou.grid.terms import Site, SiteType
from bulou.kernel import clock
from bulou.kernel.scope import Scope
from bulou.lines.isolation.queries import board as boards
from bulou.lines.isolation.queries import stays
from bulou.lines.isolation.terms import BREACH, REQUEST, Board, Home, Stay
from bulou.lines.restrictions import queries as restrictions
from bulou.lines.restrictions.terms import Standing
from bulou.protocols import queries as protocols

MOST = 300
QUEUES = {"requests": (REQUEST, "help-request"), "breaches": (BREACH,)}
NOTHING = Board(UUID(int=0), False, 0, None, *[0] * 12)  # noqa: FBT003 - a site of which nothing was said


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One site of the board."""

    href: str
    name: str
    place: str
    head: str
    line: Board
    worries: tuple[str, ...]


@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """Show every site of the area in one line, the most worrying first; no more queries for 60 than for 1."""
    scope = scope_for(request, Verb.WATCH_VIEW)
    path, at = request.area if scope.covers(request.area) else None, clock.now()
    found = _sites(scope, path)
    lines: dict[UUID, Board] = {}
    for district in scope.districts:
        lines |= boards.board(district, [one.site_id for one in found if one.district == district], at)
    heads = access.display_names({line.head for line in lines.values() if line.head})
    where = places(scope, {one.path for one in found}, at)
    rows = [_row(one, lines.get(one.site_id, NOTHING), heads, where) for one in found]
    rows.sort(key=lambda row: (-len(row.worries), row.place, row.name))
    unlawful = _without_act(scope, path, at)
    context = {
        "rows": tuple(rows),
        "figures": _figures(rows),
        "unlawful": tuple(_person(one, where.get(one.path, one.path)) for one in unlawful),
        "tabs": _tabs("sites"),
    }
    return frame.page(request, "desk/isolation/index.html", context, title=_("Isolation"))


@require_GET
def homes(request: DeskRequest) -> HttpResponse:
    """Show the households that stay at home: one file each, with its people."""
    scope = scope_for(request, Verb.WATCH_VIEW)
    path, at = request.area if scope.covers(request.area) else None, clock.now()
    files = {one.dwelling: one for one in stays.homes(scope, path=path)}
    people: dict[UUID, list[Stay]] = {dwelling: [] for dwelling in files}
    for one in stays.at_home(scope, path=path):
        if one.home is not None:
            people.setdefault(one.home, []).append(one)
    at_paths = {one.path for one in files.values()} | {one.path for group in people.values() for one in group}
    where = places(scope, at_paths, at)
    rows = [_household(dwelling, files.get(dwelling), group, where) for dwelling, group in people.items()]
    context = {
        "rows": tuple(sorted(rows, key=lambda row: (bool(row["suitable"]), str(row["place"])))),
        "tabs": _tabs("homes"),
    }
    return frame.page(request, "desk/isolation/homes.html", context, title=_("Isolation at home"))


@require_GET
def requests(request: DeskRequest) -> HttpResponse:
    """Show what was asked for, or breaches: the most urgent first, whoever took the call."""
    scope = scope_for(request, Verb.CASE_VIEW)
    which = "breaches" if request.GET.get("show") == "breaches" else "requests"
    closed = "yes" in request.GET.getlist("closed")
    path, at = request.area if scope.covers(request.area) else None, clock.now()
    cursor = request.GET.get("cursor")
    page = cases.queue(scope, QUEUES[which], path=path, closed=closed, cursor=cursor, limit=lists.PAGE)
    about = stays.by_ids(scope, [one.about for one in page.items])
    named = {site.site_id: site.name for site in _sites(scope, path)}
    where = places(scope, {one.path for one in page.items}, at)
    takers = access.display_names({s.author for one in page.items for s in one.steps if s.author})
    context = {
        "rows": tuple(_request(one, about.get(one.about), named, where, takers, at) for one in page.items),
        "late": sum(1 for one in page.items if one.due_at and one.due_at < at),
        "filters": (lists.flags(request, _("Only"), (("closed", "yes", _("closed")),)),),
        "breaches": which == "breaches",
        "pager": lists.pager(request, page.next),
        "tabs": _tabs(which),
    }
    name = _("Breaches") if which == "breaches" else _("Requests")
    return frame.page(request, "desk/isolation/requests.html", context, title=name)


def _tabs(here: str) -> tuple[tuple[str, str, bool], ...]:
    queue = reverse("desk:isolation_requests")
    return (
        (_("Sites"), reverse("desk:isolation"), here == "sites"),
        (_("At home"), reverse("desk:isolation_homes"), here == "homes"),
        (_("Requests"), queue, here == "requests"),
        (_("Breaches"), f"{queue}?show=breaches", here == "breaches"),
    )


def _sites(scope: Scope, path: str | None) -> list[Site]:
    return [
        one
        for top in ((path,) if path else scope.paths)
        for one in grid.sites(scope, top, types=(SiteType.ISOLATION_SITE,), limit=MOST).items
    ]


def _row(site: Site, line: Board, heads: dict[UUID, str], where: dict[str, str]) -> SiteRow:
    worries = (
        (line.head is None, _("nobody is the head")),
        (not line.ready, _("not ready: nobody may move in")),
        (line.early > 0, _("people moved in before it was ready")),
        (line.overdue > 0, _("days over, still here: %(n)s") % {"n": line.overdue}),
        (line.arriving > line.free and line.ready, _("more arrive than rooms are free")),
    )
    return SiteRow(
        href=reverse("desk:isolation_site", args=(site.site_id,)),
        name=site.name,
        place=where.get(site.path, site.path),
        head=heads.get(line.head, "") if line.head else "",
        line=line,
        worries=tuple(word for holds, word in worries if holds),
    )


def _figures(rows: Sequence[SiteRow]) -> tuple[Figure, ...]:
    here = reverse("desk:isolation")
    told = (
        ("free", sum(r.line.free for r in rows if r.line.ready), gettext_lazy("Free rooms"),
         gettext_lazy("Clean rooms of sites that are ready.")),
        ("staying", sum(r.line.staying for r in rows), gettext_lazy("People at sites"),
         gettext_lazy("Everybody who has arrived and not left.")),
        ("late", sum(1 for r in rows if r.line.head is None), gettext_lazy("Sites without a head"),
         gettext_lazy("Nobody answers for these sites now.")),
    )  # fmt: skip
    return tuple(
        figure(n, key=key, label=label, href=f"{here}#sites", definition=definition)
        for key, n, label, definition in told
    )


def _without_act(scope: Scope, path: str | None, at: datetime) -> list[Stay]:
    """Those who are kept though no act of law holds them any more: the list that must be empty. 4 queries."""
    kept = stays.held_by_act(scope, path=path)
    held: set[UUID] = set()
    for district in scope.districts:
        mine = [one.person for one in kept if one.district == district]
        if mine:
            measures = restrictions.of_person(district, mine, at)
            held |= {one.person for one in measures if one.standing is Standing.IN_FORCE}
    return [one for one in kept if one.person not in held]


def _person(one: Stay, place: str) -> dict[str, object]:
    return {
        "href": reverse("desk:stay", args=(one.id,)),
        "person": short(one.person),
        "place": place,
        "since": one.arrived_at,
    }


def _household(
    dwelling: UUID, file: Home | None, group: Sequence[Stay], where: dict[str, str]
) -> dict[str, object]:
    path = file.path if file else group[0].path
    return {
        "href": reverse("desk:isolation_home", args=(dwelling,)),
        "number": short(dwelling),
        "place": where.get(path, path),
        "checked_at": file.checked_at if file else None,
        "suitable": bool(file and file.suitable),
        "lacking": len(file.lacking) if file else 0,
        "residents": file.residents if file else None,
        "to_begin": sum(1 for one in group if one.arrived_at is None),
        "staying": sum(1 for one in group if one.arrived_at is not None),
    }


def _request(
    one: Case, stay: Stay | None, named: dict[UUID, str], where: dict[str, str], takers: dict[UUID, str],
    at: datetime,
) -> dict[str, object]:  # fmt: skip
    owed = min(one.owed, key=lambda step: step.due_at, default=None)
    taken = next((step.author for step in one.steps if step.author), None)
    site = named.get(stay.site if stay is not None and stay.site else one.about, "")
    field = protocols.compiled(one.protocol).due_field or ""
    return {
        "href": reverse("desk:case", args=(one.id,)),
        "what": protocol_words.choice(one.protocol, field, one.wish) if one.wish else title(one.protocol),
        "text": one.happened[0].text,
        "who": short(stay.person) if stay is not None else short(one.person or one.about),
        "stay": reverse("desk:stay", args=(stay.id,)) if stay is not None else "",
        "place": site or where.get(one.path, one.path),
        "opened_at": one.opened_at,
        "age": _age(at - one.opened_at),
        "next": protocol_words.question(one.protocol, f"step.{owed.key}") if owed else "",
        "taken": takers.get(taken, "") if taken else "",
        "due_at": one.due_at,
        "late": bool(owed and owed.late(at)),
        "rung": str(care_words.RUNGS[cases.rung(one, at)]) if one.is_open else "",
        "outcome": protocol_words.outcome(one.protocol, one.outcome) if one.outcome else "",
    }


def _age(since: timedelta) -> str:
    minutes = int(since.total_seconds() // 60)
    if minutes < 60:
        return _("%(n)s min") % {"n": max(minutes, 0)}
    return _("%(n)s h") % {"n": minutes // 60}
