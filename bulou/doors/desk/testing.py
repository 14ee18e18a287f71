"""A testing day: sampled and expected, tubes out and back, who is missed by name, how the chase goes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bulou.access.terms import Verb
from bulou.coverage.queries import accounts, rounds, units
from bulou.coverage.terms import Account, MissedPage, MissedUnit, Operation
from bulou.doors.desk import frame, lists, protocol_words, testing_words
from bulou.doors.desk.asking import DeskRequest, may, may_anywhere, scope_for, top_of
from bulou.doors.desk.board import place
from bulou.doors.desk.figures import number
from bulou.doors.desk.missed import Asked, area_names, ask, filters, missed_rows
from bulou.doors.desk.missed_markup import MissedRow
from bulou.doors.desk.rounds import RoundRow, round_rows
from bulou.grid import queries as grid
from bulou.intake.actions import merged
from bulou.kernel import clock
from bulou.kernel.scope import Scope
from bulou.lines.testing.queries import boards
from bulou.lines.testing.queries.boards import Board, Counts
from bulou.lines.testing.rules.chasing import Chase
from bulou.lines.testing.terms import SLUG, Stage
from bulou.people.actions import reading
from bulou.people.terms import Asked as Reading
from bulou.people.terms import Purpose

LOOK = Reading(Purpose.TEST_ROUND)
SITES = 20


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One area below, one site or one hour of the board."""

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
class NamedRow:
    """One missed person: the row of the missed list, with the masked name."""

    name: str
    phones: str
    href: str
    missed: MissedRow


@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """Show the testing rounds, and one of them with its boards."""
    scope = scope_for(request, Verb.ROUND_VIEW)
    found, _next = rounds.operations(scope, protocol=SLUG, limit=20)
    title = _("Testing")
    results = reverse("desk:testing_results") if may_anywhere(request, Verb.RESULT_RECORD) else ""
    if not found:
        return frame.page(
            request, "desk/testing/index.html", {"rounds": (), "results_href": results}, title=title
        )
    operation = next((o for o in found if str(o.id) == request.GET.get("round", "")), found[0])
    path = place(request, scope, operation)
    context = _board(request, scope, operation, path)
    context["results_href"] = results
    context["rounds"] = tuple(
        (
            protocol_words.title(o),
            o.opens_at,
            lists.address(request.GET, round=str(o.id)),
            o.id == operation.id,
        )
        for o in found
    )
    return frame.page(request, "desk/testing/index.html", context, title=title)


def _board(request: DeskRequest, scope: Scope, operation: Operation, path: str) -> dict[str, object]:
    account = accounts.account(scope, operation, path=path, depth=1)
    made = boards.board(scope, operation, path=path)
    now = clock.now()
    chase = boards.chase(operation, made, missing=account.open, now=now)
    children = {child.path: child for child in account.children}
    names = grid.tree_names(scope, {path, *children, *lists.ancestors(path)}, clock.local_date(now))
    chosen: tuple[RoundRow, ...] = round_rows(request, scope, [operation])
    here = f"{reverse('desk:testing')}?round={operation.id}&area="
    return {
        "round": chosen[0],
        "crumbs": lists.crumbs(names, path, top=top_of(scope, path), to=here),
        "place": names.get(path, path),
        "account": account,
        "total": _row(_("Altogether"), made.total, account, {"path": path}, operation),
        "places": tuple(
            _row(
                names.get(p, p), made.below.get(p, Counts()), child, {"href": here + p, "path": p}, operation
            )
            for p, child in sorted(children.items(), key=lambda item: -item[1].open)
        ),
        "sites": _sites(made, operation),
        "hours": _hours(made),
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
        "may_name": may(request, Verb.PERSON_VIEW, path) and may(request, Verb.UNIT_VIEW, path),
    }


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
        share=round(100 * (expected - open_units) / expected) if expected else 0,
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
        for site in made.slowest[:SITES]
        if made.sites[site].filled
    )


def _hours(made: Board) -> tuple[tuple[datetime, str, int], ...]:
    most = max((counts.sampled for counts in made.hours.values()), default=0)
    return tuple(
        (hour.astimezone(clock.DISTRICT_ZONE), number(counts.sampled), round(100 * counts.sampled / most))
        for hour, counts in made.hours.items()
        if counts.sampled
    )


def _chase(chase: Chase) -> dict[str, object]:
    return {
        "begins_at": chase.begins_at, "half_by": chase.half_by, "all_by": chase.all_by,
        "at_begin": number(chase.at_begin), "found": number(chase.found), "missing": number(chase.missing),
        "wanted": number(chase.wanted), "pace": testing_words.PACES[chase.pace],
        "mark": testing_words.PACE_MARKS[chase.pace],
    }  # fmt: skip


@require_GET
def missed(request: DeskRequest, operation_id: UUID) -> HttpResponse:
    """Show a page of the missed people of a round by name, masked; every look is logged."""
    scope_for(request, Verb.PERSON_VIEW)
    asked = ask(request, operation_id)
    account = accounts.account(asked.scope, asked.operation, path=asked.path)
    page = _page(asked, request.GET.get("cursor"))
    names = area_names(asked, page.items)
    rows = missed_rows(asked, page.items, names, request)
    shown = reading.masked(request.actor, [row.subject for row in rows], LOOK)
    here = f"{reverse('desk:testing_missed', args=(operation_id,))}?area="
    operation, path = asked.operation, asked.path
    off_href = reverse("desk:testing_merged", args=(operation.id,))
    context = {
        "title": protocol_words.title(operation),
        "place": names.get(path, path),
        "crumbs": lists.crumbs(names, path, top=top_of(asked.scope, path), to=here),
        "rows": tuple(
            NamedRow(
                shown[row.subject].name if row.subject in shown else "",
                lists.join(shown[row.subject].phones) if row.subject in shown else "",
                reverse("desk:person", args=(row.subject,)),
                row,
            )
            for row in rows
        ),
        "filters": filters(request, account.open_by),
        "clear_href": f"?area={path}" if set(request.GET) - {"area", "cursor", "v"} else "",
        "pager": lists.pager(request, page.next, page.total),
        "board_href": f"{reverse('desk:testing')}?round={operation.id}&area={path}",
        "plain_href": reverse("desk:missed", args=(operation.id,)) + lists.address(request.GET, area=path),
        "buildings": _buildings(request, page.items),
        "twice": number(len(merged.twice(asked.scope, operation))),
        "off_href": off_href if may(request, Verb.UNIT_CHANGE, path) else "",
    }
    return frame.page(request, "desk/testing/missed.html", context, title=_("Missed people"))


@require_POST
def take_off(request: DeskRequest, operation_id: UUID) -> HttpResponse:
    """Take off the round who stands in it twice since entries were merged."""
    scope = scope_for(request, Verb.UNIT_CHANGE)
    n = merged.take_off(request.actor, scope, rounds.operation(scope, operation_id))
    frame.say(
        request, _("%(n)s entries are off the round: one person each is expected once.") % {"n": number(n)}
    )
    return redirect("desk:testing_missed", operation_id=operation_id)


def _page(asked: Asked, cursor: str | None) -> MissedPage:
    """The page of the missed list behind the names."""
    return units.missed(
        asked.scope, asked.operation, path=asked.path, only=asked.only, limit=lists.PAGE, cursor=cursor
    )


def _buildings(request: DeskRequest, items: tuple[MissedUnit, ...]) -> tuple[tuple[str, str], ...]:
    found = sorted({item.building for item in items if item.building})
    return tuple((one, lists.address(request.GET, building=one)) for one in found)
