"""Reads of cases: the list, one case, how many are open about something, what makes a record doubtful."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

import msgspec
from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from bulou.cases import models
from bulou.cases.rules import folding
from bulou.cases.terms import Case, Kind, Page
from bulou.kernel import paging
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.ledger.terms import Entry
from bulou.protocols import queries as protocols
from bulou.protocols.terms import Rung

FAR = datetime(9999, 1, 1, tzinfo=UTC)
_decoder = msgspec.json.Decoder(Case)


class Known(Protocol):
    """What intake knows when it checks."""

    @property
    def payload(self) -> Mapping[str, Any]:
        """The payload as it came."""


def cases(
    scope: Scope, *, path: str | None = None, closed: bool = False, late_at: datetime | None = None,
    cursor: str | None = None, limit: int = 50,
) -> Page:  # fmt: skip
    """A page of cases, the most urgent first. Grain: one per case. 1 query."""
    rows = _below(models.Case.objects.filter(closed_at__isnull=not closed), scope, path)
    if late_at is not None:
        rows = rows.filter(due_at__lt=late_at)
    return _page(rows, cursor, limit)


def queue(
    scope: Scope, slugs: Sequence[str], *, path: str | None = None, closed: bool = False,
    cursor: str | None = None, limit: int = 50,
) -> Page:  # fmt: skip
    """A page of the cases of these protocols, the most urgent first. Grain: one per case. 1 query."""
    rows = _below(models.Case.objects.filter(closed_at__isnull=not closed), scope, path)
    return _page(rows.filter(_of(slugs)), cursor, limit)


def _of(slugs: Sequence[str]) -> Q:
    return Q(protocol__regex=f"^({'|'.join(slugs)})@")


def _page(rows: "QuerySet[models.Case]", cursor: str | None, limit: int) -> Page:
    page = rows.annotate(urgency=Coalesce("due_at", Value(FAR))).order_by("urgency", "id")
    if cursor:
        at, last = _position(cursor)
        page = page.filter(Q(urgency__gt=at) | Q(urgency=at, id__gt=last))
    items = list(page[: limit + 1])
    shown = items[:limit]
    more = len(items) > limit
    after = paging.encode((shown[-1].due_at or FAR).isoformat(), str(shown[-1].id)) if more else None
    return Page(tuple(_decoder.decode(row.body) for row in shown), after)


def case(scope: Scope, case_id: UUID) -> Case:
    """One case with everything that happened to it. 1 query.

    Raises:
        ProblemError: cases.not_found (404), the same for absent and not yours.
    """
    row = models.Case.objects.filter(id=case_id, district__in=scope.districts).first()
    if row is None or not scope.covers(row.path):
        raise ProblemError("cases.not_found", status=404)
    return _decoder.decode(row.body)


def about(district: str, subject: UUID) -> tuple[Case, ...]:
    """All cases about a watch or a place, newest first. 1 query."""
    rows = models.Case.objects.filter(district=district, about=subject).order_by("-opened_at", "id")
    return tuple(_decoder.decode(row.body) for row in rows)


def all_about(
    scope: Scope, subjects: Sequence[UUID], *, slugs: Sequence[str] = (), limit: int = 500
) -> tuple[Case, ...]:
    """Cases about any of these, open ones first, the latest first; of all protocols or of these. 1 query."""
    rows = models.Case.objects.filter(district__in=scope.districts, about__in=list(subjects))
    if slugs:
        rows = rows.filter(_of(slugs))
    found = rows.order_by(F("closed_at").desc(nulls_first=True), "-opened_at", "id")[:limit]
    return tuple(_decoder.decode(row.body) for row in found if scope.covers(row.path))


def by_ids(district: str, wanted: Sequence[UUID]) -> tuple[Case, ...]:
    """The cases with these ids, newest first; unknown ones are left out. 1 query."""
    rows = models.Case.objects.filter(district=district, id__in=list(wanted)).order_by("-opened_at", "id")
    return tuple(_decoder.decode(row.body) for row in rows)


def open_about(district: str, subjects: Sequence[UUID]) -> dict[UUID, int]:
    """How many cases about each of these are open; those without any are left out. 1 query."""
    rows = models.Case.objects.filter(district=district, about__in=subjects, closed_at__isnull=True)
    return dict(rows.values_list("about").annotate(n=Count("id")))


def paths(district: str, subjects: Sequence[UUID]) -> dict[UUID, str]:
    """Where these cases stand; unknown ones are left out. 1 query."""
    return dict(models.Case.objects.filter(district=district, id__in=subjects).values_list("id", "path"))


def rung(one: Case, at: datetime) -> Rung:
    """Who hears by now that the case is open."""
    return folding.rung(one, protocols.compiled(one.protocol).escalate, at)


def check(entry: Entry, context: Known) -> tuple[str, ...]:
    """Problem codes that make a record doubtful; empty when it may stand. Never raises.

    At a desk a word about no case, or about one's own work, is refused; from the field it is kept, and the
    fold decides whether it counts.
    """
    try:
        compiled = protocols.compiled(entry.protocol)
    except ProblemError:
        return ("intake.unknown_protocol",)
    found = compiled.form.problems(dict(context.payload), entry.outcome)
    if not found and entry.outcome not in compiled.records.get(entry.kind, ()):
        found = ("cases.other_kind",)
    if found or entry.device is not None or entry.kind == Kind.OPENED or entry.subject is None:
        return found
    row = models.Case.objects.filter(district=entry.district, id=entry.subject).first()
    if row is None:
        return ("cases.not_opened",)
    problem = folding.step_problem(_decoder.decode(row.body), entry, compiled)
    return (f"cases.{problem}",) if problem else ()


def out_of_step(district: str) -> list[str]:
    """Open cases whose columns do not say what their body says, at most 100. 1 query."""
    rows = models.Case.objects.filter(district=district, closed_at__isnull=True)[:10_000]
    told = ((row, _decoder.decode(row.body)) for row in rows)
    wrong = [f"case {row.id}" for row, one in told if (row.due_at, row.path) != (one.due_at, one.path)]
    return wrong[:100]


def _below(rows: "QuerySet[models.Case]", scope: Scope, path: str | None) -> "QuerySet[models.Case]":
    within = Q(pk__in=())
    for one in scope.paths if path is None else (path,):
        within |= Q(path=one) | Q(path__gte=f"{one}.", path__lt=f"{one}/")
    return rows.filter(within, district__in=scope.districts)


def _position(cursor: str) -> tuple[datetime, UUID]:
    try:
        at, last = paging.decode(cursor)
        return datetime.fromisoformat(at), UUID(last)
    except ValueError:
        raise ProblemError("paging.bad_cursor", status=400) from None
