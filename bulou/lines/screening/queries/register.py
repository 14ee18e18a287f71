"""Reads of the register: lists, one person, what a rule would change, merges. Names come from the vault."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import Count, Q, QuerySet

from bulou.kernel import clock, paging, sqlfiles
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.lines.screening import models
from bulou.lines.screening.rules import register
from bulou.lines.screening.terms import (
    RANK,
    Channel,
    Clause,
    Contact,
    Folded,
    Left,
    Merge,
    MergeState,
    Registered,
    Risk,
    RiskRule,
    Standing,
    Stay,
    ToWatch,
    Wanted,
)

ROOM = "bulou.lines.screening"
ALL = Wanted()
Counted = Mapping[str, int]


def registered(
    scope: Scope, wanted: Wanted = ALL, *, cursor: str | None = None, limit: int = 50
) -> tuple[tuple[Registered, ...], str | None, int]:
    """A page of the register, newest first; the cursor of the next; how many in all. 2 queries."""
    rows = _wanted(scope, wanted)
    page = rows.order_by("-found_at", "-id")
    if cursor:
        at, last = _position(cursor)
        page = page.filter(Q(found_at__lt=at) | Q(found_at=at, id__lt=last))
    items = list(page[: limit + 1])
    shown = items[:limit]
    after = paging.encode(shown[-1].found_at.isoformat(), str(shown[-1].id)) if len(items) > limit else None
    return tuple(_registered(row) for row in shown), after, rows.count()


def person(scope: Scope, person_id: UUID) -> Registered:
    """One person of the register, also by an id that was merged into it. 2 queries.

    Raises:
        ProblemError: screening.not_found (404), also outside the scope.
    """
    rows = models.Person.objects.filter(_within(scope))
    row = rows.filter(id=person_id).first()
    if row is None:
        kept = models.Merge.objects.filter(_within(scope), id=person_id, state=MergeState.MERGED).first()
        row = rows.filter(id=kept.keep).first() if kept else None
    if row is None:
        raise ProblemError("screening.not_found", status=404)
    return _registered(row)


def counts(scope: Scope, wanted: Wanted = ALL) -> dict[str, Counted]:
    """How many are in each class, channel and trigger under the filters, for the chips. 3 queries."""
    rows = _wanted(scope, wanted)
    counted = {
        name: {str(key): n for key, n in rows.values_list(name).annotate(n=Count("id")).order_by()}
        for name in ("risk", "channel")
    }
    triggers: dict[str, int] = {}
    for held in rows.values_list("triggers", flat=True).iterator():
        for trigger in held:
            triggers[trigger] = triggers.get(trigger, 0) + 1
    return {**counted, "trigger": triggers}


def there_on(district: str, path: str, at: datetime) -> tuple[int, tuple[tuple[UUID, str, datetime], ...]]:
    """How many were on the register below a path at a moment, and the key persons among them. 1 query.

    By everything known now: the class is the one that the rule of today gives. Id, place, since when.
    """
    rows = models.Person.objects.filter(_below([path]), district=district, found_at__lt=at)
    rows = rows.filter(Q(left_at__isnull=True) | Q(left_at__gte=at))
    keys = {
        name: ArrayAgg(name, filter=Q(risk=Risk.KEY), order_by="id", default=[])
        for name in ("id", "path", "found_at")
    }
    told = rows.aggregate(n=Count("id"), **{f"key_{name}": made for name, made in keys.items()})
    return told["n"], tuple(zip(told["key_id"], told["key_path"], told["key_found_at"], strict=True))


def to_watch(district: str, *, persons: Sequence[UUID] | None = None) -> tuple[ToWatch, ...]:
    """Key persons on the register: those whom somebody has to follow up. 1 query in the open scope."""
    rows = models.Person.objects.filter(district=district, risk=Risk.KEY, standing=Standing.ON)
    if persons is not None:
        rows = rows.filter(id__in=list(persons))
    found = (_registered(row) for row in rows.order_by("id"))
    return tuple(
        ToWatch(
            one.person_id, one.facts.path, one.facts.path, one.risk, one.facts.found_at,
            register.duty_until(one.facts), one.facts.record,
        )
        for one in found
    )  # fmt: skip


def rule_now(district: str) -> RiskRule | None:
    """The risk rule that holds. 1 query."""
    return next(iter(rules(district, limit=1)), None)


def rules(district: str, *, limit: int = 50) -> tuple[RiskRule, ...]:
    """The versions of the risk rule, newest first. 1 query."""
    rows = models.Rule.objects.filter(district=district).order_by("-set_at", "-id")[:limit]
    return tuple(
        RiskRule(row.id, tuple(_clause(c) for c in row.clauses), row.set_at, row.set_by, row.reason)
        for row in rows
    )


def would_be(district: str, clauses: Iterable[Clause]) -> tuple[tuple[Risk, Risk, int], ...]:
    """What a rule would change: class now, class then, how many people on the register. 1 query."""
    rows = [
        {
            "rank": RANK[one.risk], "words": [w for p in one.places if (w := register.spelled(p))],
            "codes": [code for code in one.codes if code],
            "from_on": one.from_on.isoformat() if one.from_on else None, "contact": one.contact,
        }
        for one in clauses
    ]  # fmt: skip
    statement = sqlfiles.load(ROOM, "would_be").replace("/*classes*/", sqlfiles.load(ROOM, "classes"))
    values: dict[str, Any] = {
        "district": district,
        "people": None,
        "clauses": msgspec.json.encode(rows).decode(),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return tuple((Risk(was), Risk(then), int(n)) for was, then, n in cursor.fetchall())


def merges(
    scope: Scope, *, person_id: UUID | None = None, states: Sequence[MergeState] = ()
) -> tuple[Merge, ...]:
    """Merges within the scope, newest first, at most 200. 1 query."""
    rows = models.Merge.objects.filter(_within(scope))
    if person_id is not None:
        rows = rows.filter(Q(id=person_id) | Q(keep=person_id))
    if states:
        rows = rows.filter(state__in=states)
    return tuple(
        Merge(
            row.id, row.keep, row.path, MergeState(row.state), row.proposal, row.proposed_by, row.reason,
            row.proposed_at, row.decided_by, row.decided_at,
        )
        for row in rows.order_by("-proposed_at", "-id")[:200]
    )  # fmt: skip


def _wanted(scope: Scope, wanted: Wanted) -> "QuerySet[models.Person]":
    rows = models.Person.objects.filter(_within(scope))
    if wanted.path:
        rows = rows.filter(_below((wanted.path,)))
    if wanted.risks:
        rows = rows.filter(risk__in=wanted.risks)
    if wanted.channels:
        rows = rows.filter(channel__in=wanted.channels)
    if wanted.triggers:
        rows = rows.filter(triggers__overlap=list(wanted.triggers))
    if wanted.standing:
        rows = rows.filter(standing=wanted.standing)
    if wanted.since:
        rows = rows.filter(found_at__gte=clock.day_bounds(wanted.since)[0])
    return rows


def _within(scope: Scope) -> Q:
    return Q(district__in=scope.districts) & _below(scope.paths)


def _below(paths: Iterable[str]) -> Q:
    inside = Q(pk__in=())
    for path in paths:
        inside |= Q(path=path) | Q(path__gte=f"{path}.", path__lt=f"{path}/")
    return inside


def _position(cursor: str) -> tuple[datetime, UUID]:
    try:
        at, last = paging.decode(cursor)
        return datetime.fromisoformat(at), UUID(last)
    except ValueError:
        raise ProblemError("paging.bad_cursor", status=400) from None


def _clause(row: Mapping[str, Any]) -> Clause:
    day = row.get("from_on")
    return Clause(
        Risk(row["risk"]), tuple(row["places"]), tuple(row["codes"]),
        date.fromisoformat(day) if day else None, bool(row["contact"]),
    )  # fmt: skip


def _stay(row: Mapping[str, Any]) -> Stay:
    day = row.get("left_on")
    return Stay(row["place"], row["code"], date.fromisoformat(day) if day else None)


def _registered(row: models.Person) -> Registered:
    facts = Folded(
        path=row.path, standing=Standing(row.standing), triggers=register.triggers_of(row.triggers),
        channel=Channel(row.channel), found_at=row.found_at, author=row.author, arrived_on=row.arrived_on,
        contact=Contact(row.contact), stays=tuple(_stay(s) for s in row.stays), transport=row.transport,
        trip=row.trip, door=row.door, companions=tuple(row.companions),
        named=Risk(row.named) if row.named else None, left_at=row.left_at,
        left_why=Left(row.left_why) if row.left_why else None, record=row.record, n_records=row.n_records,
    )  # fmt: skip
    return Registered(row.id, row.district, Risk(row.risk), row.named is None, facts)
