"""A testing day: the rounds with their board, who is missed by name."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from bulou.access.terms import Verb
from bulou.coverage.queries import accounts, rounds, units
from bulou.coverage.terms import MissedPage, MissedUnit
from bulou.doors.desk import frame, lists, protocol_words, testing_board
from bulou.doors.desk.asking import DeskRequest, may, may_anywhere, scope_for, top_of
from bulou.doors.desk.board import place
from bulou.doors.desk.figures import number
from bulou.doors.desk.live import live_headers
from bulou.doors.desk.missed import Asked, area_names, ask, filters, missed_rows
from bulou.doors.desk.missed_markup import MissedRow
from bulou.intake.actions import merged
from bulou.lines.testing.terms import SLUG
from bulou.people.actions import reading
from bulou.people.terms import Asked as Reading
from bulou.people.terms import Purpose

LOOK = Reading(Purpose.TEST_ROUND)


@dataclass(frozen=True, slots=True)
class NamedRow:
    """One missed person: the row of the missed list, with the masked name."""

    name: str
    phones: str
    href: str
    missed: MissedRow


@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """Show the testing rounds, and one of them with its board."""
    scope = scope_for(request, Verb.ROUND_VIEW)
    found, _next = rounds.operations(scope, protocol=SLUG, limit=20)
    title = _("Testing")
    results = reverse("desk:testing_results") if may_anywhere(request, Verb.RESULT_RECORD) else ""
    if not found:
        return frame.page(
            request, "desk/testing/index.html", {"rounds": (), "results_href": results}, title=title
        )
    operation = next((o for o in found if str(o.id) == request.GET.get("round", "")), found[0])
    shown = testing_board.shown(request, scope, operation, place(request, scope, operation))
    chosen = tuple(
        (
            protocol_words.title(o),
            o.opens_at,
            lists.address(request.GET, round=str(o.id)),
            o.id == operation.id,
        )
        for o in found
    )
    context = {"results_href": results, "rounds": chosen, "shown": shown}
    return frame.page(request, "desk/testing/index.html", context, title=title, live=shown.is_live)


@require_GET
def live(request: DeskRequest, operation_id: UUID) -> HttpResponse:
    """Answer 204 while nothing changed since version `v`, else the part of the board that changes."""
    scope = scope_for(request, Verb.ROUND_VIEW)
    operation = rounds.operation(scope, operation_id)
    shown = testing_board.shown(request, scope, operation, place(request, scope, operation))
    if shown.version == request.GET.get("v"):
        return HttpResponse(status=204, headers=live_headers())
    return HttpResponse(shown.live, headers=live_headers())


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
