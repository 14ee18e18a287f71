"""Today: what is open and whose, what is late, what waits for me. Three numbers, then the lists."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bulou.access import queries as access
from bulou.access.terms import Verb
from bulou.coverage.queries import accounts, rounds
from bulou.coverage.terms import Account, Operation
from bulou.doors.desk import frame, gate_today, lists, orders, protocol_words
from bulou.doors.desk.asking import DeskRequest, covert, may_anywhere, scope_for
from bulou.doors.desk.figures import Bar, Figure, account_view, figure
from bulou.doors.desk.proposals import second_looks
from bulou.doors.desk.rounds import Lists, round_rows
from bulou.doors.desk.zones import badge
from bulou.grid import queries as grid
from bulou.intake import queries as intake
from bulou.kernel import clock
from bulou.kernel.scope import Scope
from bulou.lines.supervision import queries as supervision
from bulou.lines.supervision.terms import OPEN_STAGES, Wanted
from bulou.tasks import queries as tasks
from bulou.tasks.terms import Duty

MOST_ROUNDS = 20
MOST_WAITING = 200


@dataclass(frozen=True, slots=True)
class Owed:
    """One area right below: how much of one round is open there, and who answers for it."""

    name: str
    href: str
    round: str
    open: Figure
    bar: Bar
    who: str


@require_GET
def today(request: DeskRequest) -> HttpResponse:
    """Show the day: open rounds, late revisits, findings, what waits for me."""
    scope = _inside(scope_for(request, Verb.GRID_VIEW), request.area)
    at = clock.now()
    seen = access.scope_of(request.actor, Verb.ROUND_VIEW)
    found, _next = rounds.operations(seen, state="open", limit=MOST_ROUNDS) if seen.paths else ([], None)
    here = [o for o in found if rounds.meets(_inside(seen, request.area), o.path)]
    rows = round_rows(request, _inside(seen, request.area), here) if here else ()
    waiting = _waiting(request, at)
    last = _last_closed(seen) if not here else None
    n_open = sum(row.n_open for row in rows)
    gated = _inside(access.scope_of(request.actor, Verb.GATE_VIEW), request.area)
    context = {
        "numbers": _numbers(request, scope, n_open, at, here),
        "rows": rows,
        "owed": _owed(request, _inside(seen, request.area), here, at),
        "waiting": (*waiting, *(f for f in gate_today.waiting(request, gated) if not f.zero)),
        "gates": gate_today.line(request, gated, at),
        "zone": badge(request.area),
        "last_closed": last,
    }
    return frame.page(request, "desk/today/index.html", context, title=_("Today"))


def _inside(scope: Scope, area: str) -> Scope:
    """The part of a scope that lies in the area that is looked at."""
    paths = rounds.part(scope, area)
    return Scope(tuple(sorted({p.split(".")[0] for p in paths})), paths)


def _numbers(
    request: DeskRequest, scope: Scope, n_open: int, at: datetime, found: list[Operation]
) -> tuple[Figure, ...]:
    """At most three: what is open, which revisits are late, which findings are open."""
    one = reverse("desk:rounds") + "?state=open"
    opens = may_anywhere(request, Verb.UNIT_VIEW)
    if len(found) == 1 and opens:
        one = reverse("desk:missed", args=(found[0].id,))
    figures = []
    if may_anywhere(request, Verb.ROUND_VIEW):
        definition = _("Units of the open rounds in this area that somebody still owes.")
        label = _("Open in all rounds")
        figures.append(figure(n_open, key="open", label=label, href=one, definition=definition))
    seen = _inside(access.scope_of(request.actor, Verb.TASK_VIEW), request.area)
    if seen.paths:
        late = tasks.count_revisits(seen, path=request.area, due_before=at)
        href = f"{reverse('desk:missed', args=(found[0].id,))}?late=yes&area={request.area}" if found else one
        href = href if opens else ""
        figures.append(
            figure(
                late,
                key="late",
                label=_("Revisits overdue"),
                href=href,
                definition=_("Doors that must be tried again and whose time is over."),
            )
        )
    seen = _inside(access.scope_of(request.actor, Verb.FINDING_VIEW), request.area)
    if seen.paths:
        page = supervision.findings(seen, wanted=Wanted(path=request.area, stages=OPEN_STAGES), limit=1)
        figures.append(
            figure(
                page.total,
                key="open",
                label=_("Open findings"),
                href=f"{reverse('desk:findings')}?area={request.area}",
                definition=_("Findings of supervision that are not closed by someone else than the worker."),
            )
        )
    return tuple(figures)


def _owed(request: DeskRequest, scope: Scope, found: list[Operation], at: datetime) -> tuple[Owed, ...]:
    """Areas right below with something open, most first, and who answers. 2 queries a round and 3."""
    parts: list[tuple[Operation, Account]] = []
    for operation in found[:3]:
        path = request.area if request.area.startswith(operation.path) else operation.path
        tree = accounts.account(scope, operation, path=path, depth=1)
        parts += [(operation, child) for child in tree.children if child.open]
    parts.sort(key=lambda part: (-part[1].open, part[1].path))
    shown = parts[:12]
    if not shown:
        return ()
    titles = {o.id: protocol_words.title(o) for o in found}
    paths = {child.path for _operation, child in shown}
    names = grid.tree_names(scope, paths, clock.local_date(at))
    opens = may_anywhere(request, Verb.UNIT_VIEW)
    duties = tasks.duties_over(request.area.split(".")[0], paths, at)
    people = access.display_names({d.account for d in duties})
    return tuple(
        _owed_row(operation, child, titles, names, _answers(child.path, duties, people), opens=opens)
        for operation, child in shown
    )


def _owed_row(
    operation: Operation,
    child: Account,
    titles: dict[UUID, str],
    names: Mapping[str, str],
    who: str,
    *,
    opens: bool,
) -> Owed:
    view = account_view(child, Lists(operation.id, opens=opens).of(child.path))
    return Owed(
        name=names.get(child.path, child.path),
        href=f"{reverse('desk:board', args=(operation.id,))}?area={child.path}",
        round=titles.get(operation.id, ""),
        open=view.open,
        bar=view.bar,
        who=who,
    )


def _answers(path: str, duties: list[Duty], people: Mapping[UUID, str]) -> str:
    near = [d for d in duties if path == d.path or path.startswith(f"{d.path}.")]
    if not near:
        return ""
    nearest = max(len(d.path) for d in near)
    return lists.join(people.get(d.account, "") for d in near if len(d.path) == nearest)


def _waiting(request: DeskRequest, at: datetime) -> tuple[Figure, ...]:
    """What waits for this officer: doubtful records, conflicts, late findings; nothing that is zero."""
    figures = []
    review = _inside(access.scope_of(request.actor, Verb.RECORD_REVIEW), request.area)
    if review.paths:
        n = len(intake.doubtful(review, limit=MOST_WAITING, covert=covert(request)))
        figures.append(
            figure(
                n, key="late", label=_("Doubtful records to accept or reject"), href=reverse("desk:doubtful")
            )
        )
        n = len(intake.conflicts(review, limit=MOST_WAITING))
        figures.append(
            figure(
                n, key="late", label=_("Records that came with two contents"), href=reverse("desk:conflicts")
            )
        )
    seen = _inside(access.scope_of(request.actor, Verb.FINDING_VIEW), request.area)
    if seen.paths:
        page = supervision.findings(seen, wanted=Wanted(path=request.area, overdue_at=at), limit=1)
        figures.append(
            figure(
                page.total,
                key="late",
                label=_("Findings whose next step is late"),
                href=reverse("desk:findings") + "?late=yes",
            )
        )
    figures += second_looks(request)
    figures += orders.waiting(request)
    return tuple(f for f in figures if not f.zero)


def _last_closed(scope: Scope) -> datetime | None:
    if not scope.paths:
        return None
    closed, _next = rounds.operations(scope, state="closed", limit=1)
    return closed[0].closed_at if closed else None
