"""Reads of cases, contacts and their chains within the reader's areas; what does not fit, and where."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from bulou.grid.queries import Page
from bulou.kernel import paging
from bulou.kernel.problems import ProblemError
from bulou.kernel.reach import Scope
from bulou.lines.tracing import models
from bulou.lines.tracing.queries import stored
from bulou.lines.tracing.rules import folding, payloads
from bulou.lines.tracing.terms import (
    COUNTED,
    ILL,
    Case,
    CaseRow,
    Check,
    Contact,
    ContactClass,
    Exposure,
    Judged,
    Mode,
)

Rows = QuerySet[models.Person]


def cases(scope: Scope, path: str, *, cursor: str | None = None, limit: int = 50) -> Page[CaseRow]:
    """The cases at or below a path, newest report first, with their contacts by class. 2 queries."""
    rows = _under(scope, path).filter(case_class__in=sorted(ILL)).order_by("-reported_on", "id")
    if cursor:
        told, last = _parts(cursor)
        day = _day(told)
        rows = rows.filter(Q(reported_on__lt=day) | Q(reported_on=day, id__gt=last))
    found = list(rows[: limit + 1])
    counts = _by_class(scope, [row.id for row in found[:limit]])
    last_row = found[limit - 1] if len(found) > limit else None
    return Page(
        tuple(_case_row(row, counts.get(row.id, {})) for row in found[:limit]),
        paging.encode(str(last_row.reported_on), str(last_row.id)) if last_row else None,
    )


def case(scope: Scope, person: UUID) -> CaseRow:
    """One case. 2 queries.

    Raises:
        ProblemError: tracing.not_found 404, also for somebody outside the scope or who is no case.
    """
    row = models.Person.objects.filter(district__in=scope.districts, id=person).exclude(case_class="").first()
    if row is None or not scope.covers(row.path):
        raise ProblemError("tracing.not_found", status=404)
    return _case_row(row, _by_class(scope, [person]).get(person, {}))


def known_cases(district: str, persons: Sequence[UUID]) -> Mapping[UUID, Case]:
    """Which of these are cases, in the open scope. 1 query."""
    rows = models.Person.objects.filter(district=district, id__in=list(persons), case_class__in=sorted(ILL))
    return {row.id: told for row in rows if (told := stored.case_of(row)) is not None}


def contacts(scope: Scope, root: UUID, *, limit: int = 500) -> tuple[Contact, ...]:
    """Everybody whose chain begins with a case, weightiest class and longest meeting first. 1 query."""
    rows = models.Person.objects.filter(district__in=scope.districts, root=root).exclude(id=root)
    order = {klass: n for n, klass in enumerate((ContactClass.CASE, *COUNTED, ContactClass.OUTSIDE))}
    found = [_contact(row) for row in rows.order_by("id")[:limit] if scope.covers(row.path)]
    return tuple(
        sorted(found, key=lambda one: (order.get(one.judged.klass, 9), -one.judged.minutes, one.person))
    )


def contact(scope: Scope, person: UUID) -> Contact:
    """One contact. 1 query.

    Raises:
        ProblemError: tracing.not_found 404, also for somebody outside the scope.
    """
    row = models.Person.objects.filter(district__in=scope.districts, id=person).first()
    if row is None or not scope.covers(row.path):
        raise ProblemError("tracing.not_found", status=404)
    return _contact(row)


def exposures(scope: Scope, persons: Iterable[UUID]) -> tuple[Exposure, ...]:
    """The meetings by which these people became contacts, by time. 1 query."""
    rows = models.Exposure.objects.filter(district__in=scope.districts, contact__in=sorted(persons))
    found = [stored.exposure_of(row) for row in rows.order_by("began_at", "id")]
    return tuple(one for one in found if scope.covers(one.path))


def new_meetings(district: str, told: Sequence[tuple[UUID, Mapping[str, object]]]) -> list[bool]:
    """Which of these meetings of contacts are not known yet; the second of two alike is known. 1 query."""
    read = [(one, payloads.read(said, payloads.ExposureTold)) for one, said in told]
    keys = [folding.meeting_id(one, said) if said else None for one, said in read]
    rows = models.Exposure.objects.filter(district=district, id__in=[key for key in keys if key])
    seen: set[UUID | None] = set(rows.values_list("id", flat=True))
    fresh = []
    for key in keys:
        fresh.append(key not in seen)
        seen.add(key)
    return fresh


def funnel(scope: Scope, path: str) -> Mapping[Mode, int]:
    """How many contacts of the rule in force stand where, at or below a path. 1 query."""
    rows = _under(scope, path).filter(klass__in=COUNTED).values("mode").annotate(n=Count("id"))
    found = {row["mode"]: row["n"] for row in rows}
    return {mode: found.get(mode.value, 0) for mode in Mode}


def faults(scope: Scope, path: str) -> Mapping[Check, int]:
    """How many people each check finds at or below a path. 1 query."""
    found: Counter[str] = Counter()
    for checks in _under(scope, path).exclude(checks=[]).values_list("checks", flat=True):
        found.update(checks)
    return {check: found[check.value] for check in Check}


def with_fault(
    scope: Scope, path: str, check: Check | None, *, cursor: str | None = None, limit: int = 50
) -> Page[Contact]:
    """The people whom a check finds (any check, without one), by place: its owner puts it right. 1 query."""
    rows = _under(scope, path).exclude(checks=[]).order_by("path", "id")
    if check is not None:
        rows = rows.filter(checks__contains=[check.value])
    if cursor:
        place, last = _parts(cursor)
        rows = rows.filter(Q(path__gt=place) | Q(path=place, id__gt=last))
    found = list(rows[: limit + 1])
    last_row = found[limit - 1] if len(found) > limit else None
    return Page(
        tuple(_contact(row) for row in found[:limit]),
        paging.encode(last_row.path, str(last_row.id)) if last_row else None,
    )


def _under(scope: Scope, path: str) -> Rows:
    if not scope.covers(path):
        return models.Person.objects.none()
    inside = Q(path=path) | Q(path__gte=f"{path}.", path__lt=f"{path}/")
    return models.Person.objects.filter(inside, district=path.partition(".")[0])


def _by_class(scope: Scope, roots: Sequence[UUID]) -> Mapping[UUID, Mapping[ContactClass, int]]:
    found: dict[UUID, dict[ContactClass, int]] = defaultdict(dict)
    rows = models.Person.objects.filter(district__in=scope.districts, root__in=list(roots))
    for root, klass, n in rows.values_list("root", "klass").annotate(n=Count("id")):
        if klass in COUNTED:
            found[root][ContactClass(klass)] = n
    return found


def _case_row(row: models.Person, counts: Mapping[ContactClass, int]) -> CaseRow:
    told = stored.case_of(row)
    if told is None:
        raise ProblemError("tracing.not_found", status=404)
    return CaseRow(row.id, row.path, told, {klass: counts.get(klass, 0) for klass in COUNTED})


def _contact(row: models.Person) -> Contact:
    judged = Judged(
        ContactClass(row.klass) if row.klass else ContactClass.UNLINKED, row.via, row.root, row.exposure,
        row.minutes, row.first_at, row.last_at, row.end_on,
    )  # fmt: skip
    return Contact(
        row.id, row.path, judged, row.n_exposures, stored.placed_of(row), tuple(Check(c) for c in row.checks)
    )


def _parts(cursor: str) -> tuple[str, UUID]:
    try:
        first, last = paging.decode(cursor)
        return first, UUID(last)
    except ValueError:
        raise ProblemError("paging.bad_cursor", status=400) from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ProblemError("paging.bad_cursor", status=400) from None
