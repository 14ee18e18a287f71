"""Reads of restrictions: what holds for whom, what waits, what is objected to, what was stopped."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection
from django.db.models import Q, QuerySet

from bulou.kernel import ids
from bulou.kernel.scope import Scope
from bulou.ledger import queries as ledger
from bulou.ledger.terms import Entry
from bulou.ledger.terms import Standing as Told
from bulou.lines.restrictions import models, rules
from bulou.lines.restrictions.terms import (
    FIRST_ANSWER,
    LAPSE,
    Act,
    Appeal,
    Attempt,
    Basis,
    Channel,
    Evidence,
    Kind,
    Measure,
    Outcome,
    Restriction,
    Standing,
)

PAGE = 200
MOST_SENT = 5_000
SENT = "restriction."
"""Kinds of this line, which no phone and no service may send."""


class _Tried(msgspec.Struct, frozen=True):
    n_persons: int = 0
    code: str = ""
    refused: int = 0


def bases(scope: Scope, *, on: date | None = None) -> tuple[Basis, ...]:
    """The laws and orders that are entered, newest first; with a day only those valid then. 1 query."""
    rows = models.Basis.objects.filter(district__in=scope.districts).order_by("-valid_from", "-id")
    if on is not None:
        rows = rows.filter(Q(valid_until=None) | Q(valid_until__gte=on), valid_from__lte=on)
    return tuple(_basis(row) for row in rows)


def basis(district: str, basis_id: UUID) -> Basis | None:
    """One law or order. 1 query in the open scope."""
    row = models.Basis.objects.filter(district=district, id=basis_id).first()
    return _basis(row) if row else None


def acts(scope: Scope, *, waiting_at: datetime | None = None, limit: int = PAGE) -> tuple[Act, ...]:
    """Acts of the scope, newest first; with a moment only those that wait for a second body then. 1 query."""
    rows = _within(models.Act.objects, scope).order_by("-proposed_at", "-id")
    if waiting_at is not None:
        rows = rows.filter(decided_at=None, refused_at=None, proposed_at__gt=waiting_at - LAPSE)
    return tuple(_act(row) for row in rows[:limit])


def act(scope: Scope, act_id: UUID) -> Act | None:
    """One act of the scope. 1 query."""
    row = _within(models.Act.objects, scope).filter(id=act_id).first()
    return _act(row) if row else None


def of_act(scope: Scope, act_id: UUID, now: datetime) -> tuple[Restriction, ...]:
    """The persons of an act, as they stand now. 2 queries."""
    rows = _within(models.Restriction.objects, scope).filter(act=act_id).order_by("path", "id")
    return _restrictions(rows, now)


def of_person(district: str, persons: Iterable[UUID], now: datetime) -> tuple[Restriction, ...]:
    """Everything that was ever ordered for one person (all ids), newest first. 2 queries, open scope."""
    rows = models.Restriction.objects.filter(district=district, person__in=list(persons))
    return _restrictions(rows.order_by("-starts_at", "-id"), now)


def one(scope: Scope, restriction_id: UUID, now: datetime) -> Restriction | None:
    """One person's restriction. 2 queries."""
    found = _restrictions(_within(models.Restriction.objects, scope).filter(id=restriction_id), now)
    return found[0] if found else None


def in_force(scope: Scope, now: datetime, *, limit: int = PAGE) -> tuple[Restriction, ...]:
    """What holds now, ending first. 2 queries."""
    rows = _within(models.Restriction.objects, scope).filter(held__contains=now)
    found = _restrictions(rows.order_by("ends_at", "id")[:limit], now)
    return tuple(r for r in found if r.standing is Standing.IN_FORCE)


def by_code(code: str) -> tuple[str, UUID] | None:
    """The district and id behind a paper code. Assumes a scope that sees every district. 1 query."""
    found = models.Restriction.objects.filter(code_hash=ids.paper_hash(code)).values_list("district", "id")
    return next(iter(found), None)


def appeals(scope: Scope, *, open_only: bool = False, limit: int = PAGE) -> tuple[Appeal, ...]:
    """Objections of the scope, the oldest first. 1 query."""
    rows = _within(models.Appeal.objects, scope).order_by("received_at", "id")
    if open_only:
        rows = rows.filter(Q(outcome=None) | Q(taken_further_at__isnull=False, second_outcome=None))
    return tuple(_appeal(row) for row in rows[:limit])


def appeals_of(district: str, restrictions: Sequence[UUID]) -> tuple[Appeal, ...]:
    """The objections against these, the oldest first. 1 query in the open scope."""
    rows = models.Appeal.objects.filter(district=district, restriction__in=list(restrictions))
    return tuple(_appeal(row) for row in rows.order_by("received_at", "id"))


def late_appeals(scope: Scope, now: datetime) -> int:
    """How many first answers are overdue. 1 query."""
    rows = _within(models.Appeal.objects, scope)
    return rows.filter(outcome=None, received_at__lt=now - FIRST_ANSWER).count()


def attempts(scope: Scope, *, limit: int = PAGE) -> tuple[Attempt, ...]:
    """Acts that were stopped, newest first, for supervision. 2 queries for each district.

    With them what phones and services sent as records of this line: such a kind exists for nobody but the
    program, so the records wait as doubtful and restrict nobody. One attempt is what came in one batch.
    """
    found: list[Attempt] = []
    for district in scope.districts:
        for entry in ledger.records_of(district, kinds=(Kind.STOPPED.value,)):
            told = _tried(entry) if entry.standing is Told.KEPT and scope.covers(entry.path) else None
            if told is not None:
                found.append(_attempt(entry, told.n_persons, told.code))
    sent: dict[tuple[UUID, datetime], list[Entry]] = defaultdict(list)
    for entry in ledger.doubtful(scope, limit=MOST_SENT):
        if entry.kind.startswith(SENT):
            sent[entry.author, entry.received_at].append(entry)
    for told_ in sent.values():
        n = len({one.subject or one.id for one in told_})
        found.append(_attempt(min(told_, key=lambda one: one.id), n, "restrictions.by_record"))
    return tuple(sorted(found, key=lambda a: (a.at, a.id), reverse=True)[:limit])


def refused() -> int:
    """How often the database itself refused a restriction, ever and in all districts. 1 query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM restrictions_refused")
        return int(cursor.fetchone()[0])


def refused_told(district: str) -> int:
    """How much of it supervision of a district was told. 1 query in the open scope."""
    told = (_tried(entry) for entry in ledger.records_of(district, kinds=(Kind.STOPPED.value,)))
    return max((one.refused for one in told if one is not None), default=0)


def _tried(entry: Entry) -> _Tried | None:
    """What a record of a stopped attempt says; None where it is something else."""
    try:
        return msgspec.json.decode(entry.payload, type=_Tried)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None


def _attempt(entry: Entry, n_persons: int, code: str) -> Attempt:
    return Attempt(entry.id, entry.effective_at, entry.author, entry.team, entry.path, n_persons, code)


def _within(manager: Any, scope: Scope) -> QuerySet[Any]:
    inside = Q(path="")
    for path in scope.paths:
        inside |= Q(path=path) | Q(path__gte=f"{path}.", path__lt=f"{path}/")
    rows: QuerySet[Any] = manager.filter(inside, district__in=scope.districts)
    return rows


def _restrictions(rows: QuerySet[models.Restriction], now: datetime) -> tuple[Restriction, ...]:
    found = list(rows)
    acts_ = {a.id: _act(a) for a in models.Act.objects.filter(id__in={r.act for r in found})}
    return tuple(_restriction(row, acts_[row.act], now) for row in found if row.act in acts_)


def _restriction(row: models.Restriction, of: Act, now: datetime) -> Restriction:
    where = rules.standing(of, starts_at=row.starts_at, ends_at=row.ends_at, lifted_at=row.lifted_at, now=now)
    return Restriction(
        row.id, of, row.person, row.path, Evidence(row.evidence), row.evidence_record, row.starts_at,
        row.ends_at, row.lifted_at, row.lifted_why, row.notice_at, row.renews, where,
    )  # fmt: skip


def _act(row: models.Act) -> Act:
    return Act(
        row.id, row.path, row.place, Measure(row.measure), row.basis,
        {Measure(key): str(why) for key, why in row.milder.items()}, row.supplies, row.conditions,
        row.starts_at, row.ends_at, row.n_persons, row.proposer, row.proposer_team, row.proposed_at,
        row.decided_at, row.second, row.second_team, row.refused_at, row.refused_why, row.frozen_until,
        row.needs_second,
    )  # fmt: skip


def _appeal(row: models.Appeal) -> Appeal:
    return Appeal(
        row.id, row.restriction, row.path, Channel(row.channel), row.words, row.received_at,
        Outcome(row.outcome) if row.outcome else None, row.answer, row.answered_at, row.answered_by,
        row.taken_further_at, Outcome(row.second_outcome) if row.second_outcome else None, row.second_answer,
        row.second_at,
    )  # fmt: skip


def _basis(row: models.Basis) -> Basis:
    return Basis(
        row.id, row.path, row.law, row.article, row.order_number, row.issuer, row.valid_from, row.valid_until
    )
