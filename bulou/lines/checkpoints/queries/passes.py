"""Reads of household passes: the list of an area, those of a door, those to print."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from bulou.kernel import paging
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.lines.checkpoints import models
from bulou.lines.checkpoints.queries.gates import within
from bulou.lines.checkpoints.terms import Pass, PassState


@dataclass(frozen=True, slots=True)
class PassPage:
    """A page of passes in walking order; `total` counts the whole filtered list."""

    items: tuple[Pass, ...]
    next: str | None
    total: int


def passes(
    scope: Scope,
    on: date,
    *,
    path: str | None = None,
    states: Sequence[PassState] = (),
    cursor: str | None = None,
    limit: int = 50,
) -> PassPage:
    """A page of passes in walking order. Grain: one row per pass. 2 queries."""
    rows = _in_state(models.Pass.objects.filter(within(scope, path)), on, states)
    page = rows.order_by("path", "id")
    if cursor:
        after, last = _position(cursor)
        page = page.filter(Q(path__gt=after) | Q(path=after, id__gt=last))
    items = list(page[: limit + 1])
    more, shown = len(items) > limit, items[:limit]
    following = paging.encode(shown[-1].path, str(shown[-1].id)) if more else None
    return PassPage(tuple(pass_of(row) for row in shown), following, rows.count())


def by_ids(scope: Scope, pass_ids: Sequence[UUID]) -> tuple[Pass, ...]:
    """These passes as far as they are yours, in walking order. 1 query."""
    rows = models.Pass.objects.filter(within(scope, None), id__in=pass_ids).order_by("path", "id")
    return tuple(pass_of(row) for row in rows)


def one(scope: Scope, pass_id: UUID) -> Pass:
    """One pass. 1 query.

    Raises:
        ProblemError: checkpoints.not_found (404), the same for absent and not yours.
    """
    found = by_ids(scope, [pass_id])
    if not found:
        raise ProblemError("checkpoints.not_found", status=404)
    return found[0]


def counts(scope: Scope, on: date, *, path: str | None = None) -> dict[PassState, int]:
    """How many passes are in each state. 4 queries."""
    rows = models.Pass.objects.filter(within(scope, path))
    return {state: _in_state(rows, on, (state,)).count() for state in PassState}


def _in_state(
    rows: "QuerySet[models.Pass]", on: date, states: Sequence[PassState]
) -> "QuerySet[models.Pass]":
    if not states:
        return rows
    tests = {
        PassState.REVOKED: Q(revoked_at__isnull=False),
        PassState.NOT_YET: Q(revoked_at=None, valid_from__gt=on),
        PassState.EXPIRED: Q(revoked_at=None, valid_until__lt=on),
        PassState.VALID: Q(revoked_at=None, valid_from__lte=on, valid_until__gte=on),
    }
    wanted = Q(pk__in=())
    for state in states:
        wanted |= tests[state]
    return rows.filter(wanted)


def _position(cursor: str) -> tuple[str, UUID]:
    try:
        path, last = paging.decode(cursor)
        return path, UUID(last)
    except ValueError:
        raise ProblemError("paging.bad_cursor", status=400) from None


def pass_of(row: models.Pass) -> Pass:
    """The pass of a row."""
    return Pass(
        id=row.id, serial=row.serial, path=row.path, area=row.area, dwelling=row.dwelling, number=row.number,
        of=row.of, valid_from=row.valid_from, valid_until=row.valid_until, exits=row.exits, days=row.days,
        check=row.check_letters, code=row.code, issued_at=row.issued_at, issued_by=row.issued_by,
        revoked_at=row.revoked_at, reason=row.reason,
    )  # fmt: skip
