"""People in no register: an estimate beside the count, with everything that it assumes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bulou.access.terms import Verb
from bulou.coverage.terms import Operation
from bulou.doors.desk import frame, lists
from bulou.doors.desk.asking import DeskRequest, scope_for
from bulou.doors.desk.figures import number
from bulou.doors.desk.testing_plan_words import DOUBTS
from bulou.grid import queries as grid
from bulou.kernel import clock
from bulou.kernel.scope import Scope
from bulou.lines.testing.queries import plans
from bulou.lines.testing.queries import unknown as queries
from bulou.lines.testing.rules import unknown
from bulou.lines.testing.rules.unknown import Estimate, Lists


@dataclass(frozen=True, slots=True)
class EstimateRow:
    """One community: counted, estimated, and why that may be wrong."""

    place: str
    first: str
    second: str
    both: str
    seen: str
    total: str
    unseen: str
    between: str
    doubts: str


@require_GET
def page(request: DeskRequest) -> HttpResponse:
    """Compare two rounds, or the register with a round, by community."""
    scope = scope_for(request, Verb.UNIT_VIEW)
    path = request.area if scope.covers(request.area) else scope.paths[0]
    found = plans.last_rounds(scope, path, most=12)
    second = _named(found, request.GET.get("round", "")) or (found[0] if found else None)
    first = _named(found, request.GET.get("with", ""))
    lists_ = _lists(first, second, path)
    names = _names(scope, {x.path for x in lists_} | {path})
    rows = tuple(row for x in lists_ if (row := _row(x, names)) is not None)
    whole = _row(queries.whole(lists_, path), names) if len(rows) > 1 else None
    context = {
        "place": names.get(path, path),
        "rounds": tuple((str(o.id), _title(o), o == second) for o in found),
        "others": tuple((str(o.id), _title(o), o == first) for o in found if o != second),
        "of_register": first is None,
        "second": second,
        "rows": rows,
        "whole": whole,
        "none": len(lists_) - len(rows),
    }
    return frame.page(request, "desk/testing_plans/unknown.html", context, title=_("People in no register"))


def _lists(first: Operation | None, second: Operation | None, path: str) -> tuple[Lists, ...]:
    if second is None:
        return ()
    if first is None or first == second:
        return queries.between_register_and_round(second, path)
    return queries.between_rounds(first, second, path)


def _named(found: Sequence[Operation], wanted: str) -> Operation | None:
    return next((o for o in found if str(o.id) == wanted), None)


def _title(operation: Operation) -> str:
    at = operation.opens_at.astimezone(clock.DISTRICT_ZONE)
    return f"{at:%m-%d %H:%M} {operation.title}".strip()


def _row(lists_: Lists, names: Mapping[str, str]) -> EstimateRow | None:
    made: Estimate | None = unknown.estimate(lists_)
    if made is None:
        return None
    return EstimateRow(
        names.get(lists_.path, lists_.path), number(made.first), number(made.second), number(made.both),
        number(made.seen), number(round(made.total)), number(made.unseen),
        _("%(low)s to %(high)s") % {"low": number(made.unseen_low), "high": number(made.unseen_high)},
        lists.join(DOUBTS[d] for d in made.doubts),
    )  # fmt: skip


def _names(scope: Scope, paths: Iterable[str]) -> Mapping[str, str]:
    return grid.tree_names(scope, sorted(paths), clock.local_date(clock.now()))
