"""The board of a testing day: expected and sampled by area and hour, queues, tubes, the chase."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bulou.access.terms import Verb
from bulou.coverage.queries import accounts
from bulou.coverage.terms import Account, Operation, RoundState
from bulou.doors.desk import lists, testing_words
from bulou.doors.desk.asking import DeskRequest, may, top_of
from bulou.doors.desk.figures import account_view, number
from bulou.doors.desk.rounds import Lists
from bulou.doors.desk.session import anew
from bulou.doors.desk.shared import Shared
from bulou.grid import queries as grid
from bulou.kernel import clock, reach
from bulou.kernel.scope import Scope
from bulou.lines.testing.queries import boards, calls, plans
from bulou.lines.testing.queries.boards import Board, Counts
from bulou.lines.testing.rules.chasing import Chase
from bulou.lines.testing.terms import Stage

HOURS = 8
PLACES = 40
QUEUES = 20


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One area below, or one site of the board."""

    label: str
    href: str
    expected: str
    sampled: str
    open: str
    missed_href: str
    share: int
    filled: str
    at_site: str
    under_way: str
    at_laboratory: str
    back: str


@dataclass(frozen=True, slots=True)
class QueueRow:
    """The queue of one site as it was last counted."""

    site: int
    place: str
    href: str
    waiting: str
    samplers: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Shown:
    """A board as markup: all of it, the part that changes, and the word that tells whether it did."""

    body: SafeString
    live: SafeString
    version: str
    is_live: bool


_SHOWN: Shared[Shown] = Shared()


def shown(request: DeskRequest, scope: Scope, operation: Operation, path: str) -> Shown:
    """The board as markup, made once for all who may see the same of it in this language."""
    may_name = may(request, Verb.PERSON_VIEW, path) and may(request, Verb.UNIT_VIEW, path)
    may_report = may(request, Verb.REPORT_VIEW, path)
    key = (
        operation.id,
        operation.state,
        path,
        scope.paths,
        may_name,
        may_report,
        get_language(),
        lists.address(request.GET),
    )

    def make() -> Shown:
        return _made(request, scope, operation, (path, may_name))

    return _SHOWN.get(request, key, make, anew=anew(request, make))


def _made(request: DeskRequest, scope: Scope, operation: Operation, look: tuple[str, bool]) -> Shown:
    path, may_name = look
    context = _context(scope, operation, path, may_name=may_name)
    report = f"{reverse('desk:testing_report', args=(operation.id,))}?area={path}"
    plan = plans.ids_of_rounds(scope, [operation]).get(operation.id)
    context["plan_href"] = reverse("desk:testing_plan", args=(plan,)) if plan else ""
    context["report_href"] = report if may(request, Verb.REPORT_VIEW, path) else ""
    live_part = render_to_string("desk/testing/_figures.html", context | {"version": ""})
    version = hashlib.blake2s(live_part.encode(), digest_size=8).hexdigest()
    query = lists.address(request.GET, area=path)
    address = reverse("desk:testing_live", args=(operation.id,)) + query
    is_live = operation.state is RoundState.OPEN
    told = {"figures": live_part, "live_href": f"{address}&v={version}", "is_live": is_live}
    live = render_to_string("desk/testing/_live.html", told)
    body = render_to_string("desk/testing/_board.html", context | {"live_part": live})
    return Shown(body, live, version, is_live)


def _context(scope: Scope, operation: Operation, path: str, *, may_name: bool) -> dict[str, object]:
    account = accounts.account(scope, operation, path=path, depth=1)
    made = boards.board(scope, operation, path=path)
    queues = calls.queues(scope, path, operation.opens_at)[:QUEUES]
    now = clock.now()
    chase = boards.chase(operation, made, missing=account.open, now=now)
    children = {child.path: child for child in account.children}
    wanted = {path, *children, *reach.lineage(path), *(one.path for one in queues)}
    names = grid.tree_names(scope, wanted, clock.local_date(now))
    here = f"{reverse('desk:testing')}?round={operation.id}&area="
    places = sorted(children, key=lambda p: (-children[p].open, p))
    return {
        "crumbs": lists.crumbs(names, path, top=top_of(scope, path), to=here),
        "place": names.get(path, path),
        "account": account_view(account, Lists(operation.id, opens=may_name).of(path)),
        "total": _row(_("Altogether"), made.total, account, {"path": path}, operation),
        "places": tuple(
            _row(
                names.get(p, p), made.below.get(p, Counts()), children[p], {"href": here + p, "path": p},
                operation,
            )
            for p in places
        ),
        "sites": _sites(made, operation),
        "hours": _hours(made),
        **_matrix(made, places[:PLACES], names),
        "queues": tuple(_queue(one, names) for one in queues),
        "stages": tuple(
            (
                testing_words.TUBE_STAGES[stage],
                number(made.total.n(stage)),
                _tubes(operation, stage=stage.value),
            )
            for stage in Stage
            if made.total.n(stage)
        ),
        "balanced": made.total.filled == made.total.at_site + made.total.out + made.total.back,
        "people_in_tubes": number(made.total.people),
        "chase": _chase(chase),
        "missed_href": f"{reverse('desk:testing_missed', args=(operation.id,))}?area={path}",
        "tubes_href": _tubes(operation),
        "may_name": may_name,
    }  # fmt: skip


def _queue(one: calls.Counted, names: Mapping[str, str]) -> QueueRow:
    return QueueRow(
        one.site, names.get(one.path, one.path),
        f"{reverse('desk:testing_plan_calls', args=(one.plan,))}?site={one.site}", number(one.waiting),
        "–" if one.samplers is None else number(one.samplers), one.at,
    )  # fmt: skip


def _tubes(operation: Operation, **query: str) -> str:
    text = "&".join(f"{key}={value}" for key, value in query.items())
    return reverse("desk:testing_tubes", args=(operation.id,)) + (f"?{text}" if text else "")


def _row(
    label: str, counts: Counts, account: Account | None, to: Mapping[str, str], operation: Operation
) -> PlaceRow:
    expected = account.expected if account else 0
    open_units = account.open if account else 0
    missed = reverse("desk:testing_missed", args=(operation.id,)) if "path" in to else ""
    return PlaceRow(
        label=label, href=to.get("href", ""), expected=number(expected), sampled=number(counts.sampled),
        open=number(open_units), missed_href=f"{missed}?area={to['path']}" if missed else "",
        share=100 * (expected - open_units) // expected if expected else 0,
        filled=number(counts.filled), at_site=number(counts.at_site),
        under_way=number(counts.n(Stage.TAKEN)), at_laboratory=number(counts.n(Stage.RECEIVED)),
        back=number(counts.back),
    )  # fmt: skip


def _sites(made: Board, operation: Operation) -> tuple[PlaceRow, ...]:
    return tuple(
        _row(
            site or _("no site named"),
            made.sites[site],
            None,
            {"href": _tubes(operation, site=site)},
            operation,
        )
        for site in made.slowest
        if made.sites[site].filled
    )


def _hours(made: Board) -> tuple[tuple[datetime, str, int], ...]:
    most = max(made.hours.values(), default=0)
    return tuple(
        (hour.astimezone(clock.DISTRICT_ZONE), number(n), round(100 * n / most))
        for hour, n in made.hours.items()
        if n
    )


def _matrix(made: Board, places: list[str], names: Mapping[str, str]) -> dict[str, object]:
    """Who was sampled in the last hours in each area below; nothing where there is only one area or hour."""
    hours = [hour for hour in made.by_hour if made.hours[hour]][-HOURS:]
    if len(hours) < 2 or len(places) < 2:
        return {"matrix_hours": (), "matrix": ()}
    rows = (
        (names.get(place, place), [made.by_hour[hour].get(place, 0) for hour in hours]) for place in places
    )
    shown_hours = [hour.astimezone(clock.DISTRICT_ZONE) for hour in hours]
    return {
        "matrix_hours": tuple(shown_hours),
        "matrix": tuple(
            (name, tuple(zip(shown_hours, (number(n) for n in row), strict=True))) for name, row in rows
        ),
    }


def _chase(chase: Chase) -> dict[str, object]:
    return {
        "begins_at": chase.begins_at, "half_by": chase.half_by, "all_by": chase.all_by,
        "at_begin": number(chase.at_begin), "found": number(chase.found), "missing": number(chase.missing),
        "wanted": number(chase.wanted), "pace": testing_words.PACES[chase.pace],
        "mark": testing_words.PACE_MARKS[chase.pace],
    }  # fmt: skip
