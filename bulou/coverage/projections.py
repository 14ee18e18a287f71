"""Records to unit states and counters: set-based, repeatable, indifferent to order."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from bulou.coverage.queries.folding import fold_parameters, with_fold
from bulou.coverage.terms import STATES, Changed, Fold, NewUnit, OutcomeMap
from bulou.kernel import ids, sqlfiles

ROOM = "bulou.coverage"
Key = tuple[UUID, UUID]


def apply(district: str, folds: Sequence[Fold]) -> tuple[list[Changed], set[Key]]:
    """Guarantees the units hold what the folds say; returns the units once tried in vain, and the keys left.

    Left for `refold` are units that were amended before (a correction or withdrawal speaks about them) and
    units that are not in the frame. Assumes: each record is in exactly one call (the ledger lets it through
    once). 1 query per round.
    """
    if not folds:
        return [], set()
    by_round: dict[UUID, list[Fold]] = defaultdict(list)
    for fold in sorted(folds, key=lambda f: f.subject.int):
        by_round[fold.operation].append(fold)
    text = sqlfiles.load(ROOM, "apply")
    changed: list[Changed] = []
    left: set[Key] = set()
    for operation, group in sorted(by_round.items(), key=lambda item: item[0].int):
        parameters = {
            "folds": msgspec.json.encode(group).decode(), "district": district, "operation": operation,
            "subjects": ids.array([f.subject for f in group]),
        }  # fmt: skip
        for row in sqlfiles.prepared(text, parameters):
            if row[2] is None:
                left.add((operation, row[1]))
            else:
                changed.append(_changed(row))
    return changed, left


def refold(
    district: str, operation: UUID, subjects: Iterable[UUID], outcomes: OutcomeMap, *, amend: bool
) -> list[Changed]:
    """Guarantees these units of the round are exactly what the ledger says. 2 queries, however many.

    The first locks the rows; the second has a newer snapshot and sees what was committed meanwhile.
    """
    wanted = sorted(set(subjects))
    if not wanted:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject FROM coverage_unit WHERE district = %s AND operation = %s AND subject = ANY(%s)"
            " ORDER BY subject FOR UPDATE",
            [district, operation, wanted],
        )
        cursor.execute(
            with_fold("refold"),
            {**fold_parameters(district, operation, outcomes, subjects=wanted), "amend": amend},
        )
        return [_changed(row) for row in cursor.fetchall()]


def add_units(district: str, units: Sequence[NewUnit]) -> set[Key]:
    """Guarantees the units are in the frames of their rounds; returns those that were not there. 1 query."""
    if not units:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            sqlfiles.load(ROOM, "add_units"),
            {"units": msgspec.json.encode(list(units)).decode(), "district": district},
        )
        return {(row[0], row[1]) for row in cursor.fetchall()}


def reset(district: str, operation: UUID, outcomes: OutcomeMap) -> int:
    """Guarantees every unit of the round is rebuilt from the ledger; returns how many there are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject FROM coverage_unit WHERE district = %s AND operation = %s", [district, operation]
        )
        subjects = [row[0] for row in cursor.fetchall()]
    for start in range(0, len(subjects), 20_000):
        refold(district, operation, subjects[start : start + 20_000], outcomes, amend=False)
    return len(subjects)


def by_operation(keys: Iterable[Key]) -> Mapping[UUID, set[UUID]]:
    """Subjects per round."""
    grouped: dict[UUID, set[UUID]] = defaultdict(set)
    for operation, subject in keys:
        grouped[operation].add(subject)
    return grouped


def _changed(row: Sequence[Any]) -> Changed:
    return Changed(
        operation=row[0], subject=row[1], path=row[2], area=row[3], state=STATES[row[4]],
        last_state=STATES[row[5]], last_attempt_at=row[6], last_attempt=row[7], excused_until=row[8],
    )  # fmt: skip
