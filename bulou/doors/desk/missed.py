"""The missed list: who is missing, why, how often tried, who owes it; filters in the address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bulou.access import queries as access
from bulou.access.terms import Verb
from bulou.coverage.queries import accounts, rounds, units
from bulou.coverage.queries.units import MissedFilter
from bulou.coverage.terms import OPEN_STATES, MissedUnit, OpenBy, Operation, RoundState
from bulou.doors.desk import frame, labels, lists, missed_markup, protocol_words
from bulou.doors.desk.asking import DeskRequest, may, scope_for, top_of
from bulou.doors.desk.board import place
from bulou.doors.desk.missed_markup import MissedRow
from bulou.doors.desk.shared import Shared
from bulou.grid import queries as grid
from bulou.kernel import clock, reach
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.tasks import queries as tasks
from bulou.tasks.terms import Owner, Unit

MOST_SUBJECTS = 5_000
_CHOICES: Shared[tuple[tuple[str, str], ...]] = Shared()
NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Asked:
    """What part of which round's missed list the address asks for."""

    scope: Scope
    operation: Operation
    path: str
    only: MissedFilter


@require_GET
def missed(request: DeskRequest, operation_id: UUID) -> HttpResponse:
    """Show a page of the missed list."""
    asked = ask(request, operation_id)
    operation, path = asked.operation, asked.path
    account = accounts.account(asked.scope, operation, path=path)
    found = units.missed(
        asked.scope,
        operation,
        path=path,
        only=asked.only,
        limit=lists.PAGE,
        cursor=request.GET.get("cursor"),
        known=account,
    )
    names = area_names(asked, found.items)
    rows = missed_rows(asked, found.items, names, request)
    assign = assign_choices(request, asked) if may(request, Verb.TASK_ASSIGN, path) else None
    here = reverse("desk:missed", args=(operation.id,))
    query = lists.address(request.GET, area=path)
    choice, hidden = lists.hideable(request, _("Columns"), _columns())
    context = {
        "round": operation,
        "title": protocol_words.title(operation),
        "place_name": names.get(path, path),
        "crumbs": lists.crumbs(names, path, top=top_of(asked.scope, path), to=f"{here}?area="),
        "rows": rows,
        "rows_markup": missed_markup.rows(rows, pick=bool(assign)),
        "filters": filters(request, account.open_by),
        "columns": (choice,),
        "hidden": hidden,
        "clear_href": f"?area={path}" if set(request.GET) - {"area", "cursor", "v", "hide"} else "",
        "pager": lists.pager(request, found.next, found.total),
        "board_href": f"{reverse('desk:board', args=(operation.id,))}?area={path}",
        "sheets_href": reverse("desk:sheets", args=(operation.id,)) + query,
        "csv_href": reverse("desk:missed_export", args=(operation.id, "csv")) + query,
        "xlsx_href": reverse("desk:missed_export", args=(operation.id, "xlsx")) + query,
        "may_export": may(request, Verb.LIST_EXPORT, path),
        "assign": assign,
        "assign_href": reverse("desk:assign", args=(operation.id,)) + query,
        "total": found.total,
        "is_open": operation.state is RoundState.OPEN,
    }
    return frame.page(request, "desk/missed/index.html", context, title=_("Missed list"))


def _columns() -> tuple[tuple[str, object], ...]:
    """What one may hide beside the door itself."""
    return (
        ("area", _("Area")),
        ("why", _("Why")),
        ("attempts", _("Attempts")),
        ("last", _("Last attempt")),
        ("due", _("Due")),
        ("owner", _("Owed by")),
    )


def ask(request: DeskRequest, operation_id: UUID) -> Asked:
    """Read the filters of the address.

    Raises:
        ProblemError: coverage.not_found, access.not_found (404), coverage.bad_filter (400).
    """
    scope = scope_for(request, Verb.UNIT_VIEW)
    operation = rounds.operation(scope, operation_id)
    path = place(request, scope, operation)
    wanted = request.GET
    only = MissedFilter(
        why=units.whys(wanted.getlist("why")),
        alert=True if "yes" in wanted.getlist("alert") else None,
        building=wanted.get("building") or None,
        subjects=_subjects(request, scope, operation, path),
    )
    return Asked(scope, operation, path, only)


def _subjects(request: DeskRequest, scope: Scope, operation: Operation, path: str) -> tuple[UUID, ...] | None:
    """The units that the filters of tasks leave: overdue revisits, and those owed by somebody."""
    at = clock.now()
    parts: list[set[UUID]] = []
    if "yes" in request.GET.getlist("late"):
        parts.append(set(tasks.overdue_subjects(scope, operation.id, at, path=path)))
    owners = request.GET.getlist("owner")
    if owners:
        owed: set[UUID] = set()
        for owner in owners:
            owed |= _owed_by(request, operation, owner, at)
        parts.append(owed)
    return tuple(sorted(set.intersection(*parts))) if parts else None


def _owed_by(request: DeskRequest, operation: Operation, owner: str, at: datetime) -> set[UUID]:
    team = owner.removeprefix("team:") if owner.startswith("team:") else None
    account = None if team else _account(request, owner)
    found = tasks.assigned_subjects(operation.district, operation.id, account=account, team=team, at=at)
    return set(found)


def _account(request: DeskRequest, owner: str) -> UUID:
    if owner == "me":
        return request.actor.account_id
    try:
        return UUID(owner)
    except ValueError:
        raise ProblemError("coverage.bad_filter", status=400, why=owner[:40]) from None


def filters(request: DeskRequest, by: OpenBy) -> tuple[lists.ChipGroup, ...]:
    """Return the filters as chips, reasons with how many there are."""
    counts = {
        "untried": by.untried,
        "absent": by.absent,
        "refused": by.refused,
        "unreachable": by.unreachable,
        "handed_over": by.handed_over,
    }
    on = request.GET.getlist("why")
    whys = [
        (state.name.lower(), labels.STATES[state])
        for state in OPEN_STATES
        if counts[state.name.lower()] or state.name.lower() in on
    ]
    groups = [lists.chips(request, "why", _("Why"), whys, counts=counts)]
    only = (("late", "yes", _("revisit overdue")), ("alert", "yes", _("with an alert")))
    groups.append(lists.flags(request, _("Only"), only))
    mine = [("me", _("me"))]
    if request.actor.team:
        mine.append((f"team:{request.actor.team}", request.actor.team))
    named = [o for o in request.GET.getlist("owner") if o not in {m for m, _word in mine}]
    if named:
        mine += _owner_words(named)
    groups.append(lists.chips(request, "owner", _("Owed by"), mine))
    building = request.GET.get("building", "")
    if building:
        groups.append(lists.chips(request, "building", _("Building"), ((building, building),), single=True))
    return tuple(groups)


def _owner_words(owners: list[str]) -> list[tuple[str, str]]:
    words = []
    for owner in owners:
        if owner.startswith("team:"):
            words.append((owner, owner.removeprefix("team:")))
        else:
            words.append((owner, access.display_names([UUID(owner)]).get(UUID(owner), owner)))
    return words


def area_names(asked: Asked, items: tuple[MissedUnit, ...]) -> Mapping[str, str]:
    """Return the names of the areas of the rows and of the way down to the area asked for. 1 query."""
    wanted = {asked.path, *reach.lineage(asked.path), *(item.area for item in items)}
    return grid.tree_names(asked.scope, tuple(wanted), clock.local_date(asked.operation.opens_at))


def missed_rows(
    asked: Asked,
    items: tuple[MissedUnit, ...],
    names: Mapping[str, str],
    request: DeskRequest | None = None,
) -> tuple[MissedRow, ...]:
    """Return the rows of a page with owners and due times. 4 queries, whatever the number of rows."""
    operation, at = asked.operation, clock.now()
    if not items:
        return ()
    owed = tasks.owners(operation.district, operation.id, [Unit(i.subject, i.path) for i in items], at)
    due = tasks.due_of(operation.district, operation.id, [i.subject for i in items])
    people = access.display_names({o.account for o in owed.values() if o.account})
    words = _Words(operation, names, people, request.GET if request is not None else None, at)
    return tuple(words.row(item, owed.get(item.subject), due.get(item.subject)) for item in items)


class _Words:
    """What rows of one page share: an export has 20,000 rows, but few areas, reasons, outcomes and owners."""

    def __init__(
        self,
        operation: Operation,
        names: Mapping[str, str],
        people: dict[UUID, str],
        query: QueryDict | None,
        at: datetime,
    ) -> None:
        self._names, self._people, self._query, self._at = names, people, query, at
        self._due_at = operation.due_at
        self._mark = _("mark %(label)s")
        self._to = cache(lambda kind: reverse("desk:subject", args=(kind, NOBODY)))
        self._why = {state: str(word) for state, word in labels.STATES.items()}
        self._outcome = cache(lambda key: protocol_words.outcome(operation.protocol, key) if key else "")
        self._area_href = cache(lambda area: lists.address(query, area=area) if query is not None else "")

    def row(self, item: MissedUnit, owner: Owner | None, due: datetime | None) -> MissedRow:
        """One row, with its addresses where there is a page to put them on."""
        due_at = due or item.due_at
        return MissedRow(
            subject=item.subject,
            label=item.label,
            mark=self._mark % {"label": item.label},
            door=item.label.removeprefix(item.building).strip() or item.label,
            building=item.building,
            area=self._names.get(item.area, item.area),
            href=self._to(item.subject_type).replace(str(NOBODY), str(item.subject)),
            area_href=self._area_href(item.area),
            why=self._why[item.why],
            attempts=item.attempts,
            last_attempt_at=item.last_attempt_at,
            last_outcome=self._outcome(item.last_outcome),
            due_at=due_at,
            late=due_at < self._at,
            owner=_owner_word(owner, self._people),
            owner_href=self._owner_href(owner),
            alert=item.alert,
            excuse_ended=item.excuse_ended,
        )

    def _owner_href(self, owner: Owner | None) -> str:
        key = _owner_key(owner)
        if self._query is None or not key or owner is None or not owner.by_assignment:
            return ""
        return lists.address(self._query, owner=key)


def _owner_key(owner: Owner | None) -> str:
    if owner is None:
        return ""
    return str(owner.account) if owner.account else f"team:{owner.team}" if owner.team else ""


def _owner_word(owner: Owner | None, people: dict[UUID, str]) -> str:
    if owner is None:
        return ""
    return people.get(owner.account, "") if owner.account else owner.team


def assign_choices(request: DeskRequest, asked: Asked) -> tuple[tuple[str, str], ...]:
    """Return the people and teams that the units of the area can be given to, as value and word.

    Who is asked often; who may take a task changes seldom, and the act asks again.
    """
    key = (asked.operation.district, asked.path, get_language())
    return _CHOICES.get(request, key, lambda: _choices(asked))


def _choices(asked: Asked) -> tuple[tuple[str, str], ...]:
    people = access.accounts_that_may(Verb.RECORD_SUBMIT, asked.path)
    teams = sorted({p.team for p in people if p.team})
    return (
        *((f"team:{team}", _("Team %(name)s") % {"name": team}) for team in teams),
        *((str(p.id), f"{p.display_name} · {p.team}" if p.team else p.display_name) for p in people),
    )
