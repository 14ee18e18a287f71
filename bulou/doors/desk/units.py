"""The lists behind the other figures of an account: expected, done, excused, moved, alerts."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bulou.access.terms import Verb
from bulou.coverage.queries import rounds, units
from bulou.coverage.terms import OPEN_STATES, Origin, State, Unit
from bulou.doors.desk import frame, labels, lists, protocol_words
from bulou.doors.desk.asking import DeskRequest, scope_for, top_of
from bulou.doors.desk.board import place
from bulou.grid import queries as grid
from bulou.kernel import clock

SHOWN = {
    "expected": (*OPEN_STATES, State.EXCUSED, State.MOVED, State.DONE),
    "done": (State.DONE,),
    "excused": (State.EXCUSED,),
    "moved": (State.MOVED,),
    "alert": (*OPEN_STATES, State.EXCUSED, State.MOVED, State.DONE),
    "removed": (State.REMOVED,),
}


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit of a round in the list."""

    label: str
    href: str
    area: str
    state: str
    mark: str
    outcome: str
    alert: bool
    origin: str
    at: datetime | None
    excused_until: datetime | None


@require_GET
def index(request: DeskRequest, operation_id: UUID) -> HttpResponse:
    """Show the units that one figure counts; which one is in the address as `show`."""
    scope = scope_for(request, Verb.UNIT_VIEW)
    operation = rounds.operation(scope, operation_id)
    path = place(request, scope, operation)
    show = request.GET.get("show", "expected")
    show = show if show in SHOWN else "expected"
    page = units.listed(
        scope,
        operation,
        states=SHOWN[show],
        path=path,
        alert=True if show == "alert" else None,
        limit=lists.PAGE,
        cursor=request.GET.get("cursor"),
    )
    names = grid.tree_names(
        scope, {path, *(u.area for u in page.items)}, clock.local_date(operation.opens_at)
    )
    here = reverse("desk:units", args=(operation.id,))
    words = {
        "expected": labels.EXPECTED,
        "done": labels.DONE,
        "excused": labels.EXCUSED,
        "moved": labels.MOVED,
        "alert": labels.ALERTS,
        "removed": _("Removed"),
    }
    context = {
        "heading": words[show],
        "definition": labels.DEFINITIONS.get(show, _("Taken out of the round by a record, with a reason.")),
        "title": protocol_words.title(operation),
        "place_name": names.get(path, path),
        "board_href": f"{reverse('desk:board', args=(operation.id,))}?area={path}",
        "crumbs": lists.crumbs(names, path, top=top_of(scope, path), to=f"{here}?show={show}&area="),
        "tabs": tuple(
            (word, lists.address(request.GET, show=key), key == show) for key, word in words.items()
        ),
        "missed_href": f"{reverse('desk:missed', args=(operation.id,))}?area={path}",
        "rows": tuple(_row(unit, operation.protocol, dict(names)) for unit in page.items),
        "pager": lists.pager(request, page.next, page.total),
    }
    return frame.page(request, "desk/rounds/units.html", context, title=str(words[show]))


def _row(unit: Unit, protocol: str, names: dict[str, str]) -> UnitRow:
    origins = {Origin.FOUND: _("found in the field"), Origin.OFFICE: _("added at a desk")}
    return UnitRow(
        label=unit.label,
        href=reverse("desk:subject", args=(unit.subject_type, unit.subject)),
        area=names.get(unit.area, unit.area),
        state=str(labels.STATES[unit.state]),
        mark="part" if unit.state in OPEN_STATES else "" if unit.state is State.REMOVED else "good",
        outcome=protocol_words.outcome(protocol, unit.outcome) if unit.outcome else "",
        alert=unit.alert,
        origin=origins.get(unit.origin, ""),
        at=unit.effective_at,
        excused_until=unit.excused_until,
    )
