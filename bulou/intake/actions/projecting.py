"""From stored entries to projections: units, counters, revisits, lines. Set-based, in one transaction."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from bulou.coverage import projections as coverage
from bulou.coverage import rules as coverage_rules
from bulou.coverage.queries import rounds, units
from bulou.coverage.queries.folding import outcome_map
from bulou.coverage.terms import OPEN_STATES, Changed, Fold, NewUnit, Operation, Origin, State
from bulou.coverage.terms import Standing as UnitStanding
from bulou.grid.terms import Placed
from bulou.intake import rules
from bulou.intake.table import HANDLERS
from bulou.ledger import queries as ledger
from bulou.ledger import rules as ledger_rules
from bulou.ledger.terms import Entry, Kind
from bulou.tasks import projections as tasks
from bulou.tasks.terms import Moved

Key = tuple[UUID, UUID]
OWED = frozenset({State.ABSENT, State.REFUSED, State.UNREACHABLE})


def project(
    district: str,
    stored: Sequence[Entry],
    *,
    operations: Mapping[UUID, Operation],
    placed: Mapping[UUID, Placed],
    payloads: Mapping[UUID, Mapping[str, Any]],
) -> None:
    """Guarantees units, counters, revisits and lines reflect the new entries. 3 queries for a plain batch."""
    if not stored:
        return
    targets = _targets(district, stored)
    added = _add_units(district, stored, placed, targets)
    amended = _spoken_about(district, stored, targets)
    folds = _folds(stored, operations, payloads, skip=amended | added)
    changed, left = coverage.apply(district, folds)
    amended |= left
    touched = {(c.operation, c.subject): c for c in changed}
    for change in _refold(district, added - amended, operations, amend=False):
        touched[change.operation, change.subject] = change
    for change in _refold(district, amended, operations, amend=True):
        touched[change.operation, change.subject] = change
    # a unit that was never tried in vain has no revisit to open or close
    tasks.apply(
        district,
        [moved(c) for c in touched.values() if c.last_attempt or (c.operation, c.subject) in amended],
    )
    _apply_lines(district, [*stored, *targets.values()])


def moved(change: Changed) -> Moved:
    """What tasks must know of a unit."""
    return Moved(
        operation=change.operation,
        subject=change.subject,
        path=change.path,
        area=change.area,
        owed=change.state in OWED,
        why=int(change.state) if change.state in OPEN_STATES else 0,
        last_attempt_at=change.last_attempt_at,
        last_attempt=change.last_attempt,
    )


def lock_keys(keys: Sequence[Key]) -> None:
    """Holds these (round, subject) pairs till the transaction ends, so a visit meets the unit's arrival."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(k, 0)) FROM unnest(%s::text[]) AS k",
            [sorted(f"{operation}{subject}" for operation, subject in keys)],
        )


def _targets(district: str, stored: Sequence[Entry]) -> dict[UUID, Entry]:
    wanted = [t for e in stored if (t := e.target)]
    return ledger.by_ids(district, wanted) if wanted else {}


def _add_units(
    district: str, stored: Sequence[Entry], placed: Mapping[UUID, Placed], targets: Mapping[UUID, Entry]
) -> set[Key]:
    kept = [e for e in stored if ledger_rules.counts(e) and e.accepts is None]
    # a doubtful find joins when an officer accepts it
    kept += [t for e in stored if e.kind == Kind.RECORD_ACCEPTED and (t := targets.get(e.accepts or e.id))]
    new = [
        NewUnit(
            operation=e.operation, subject=e.subject, subject_type=e.subject_type, path=p.path, area=p.area,
            building=p.building, label=p.label, sort=p.sort,
            origin=Origin.OFFICE if e.kind == Kind.UNIT_ADDED else Origin.FOUND, record=e.id,
        )
        for e in kept
        if e.operation and e.subject and (p := placed.get(e.subject))
    ]  # fmt: skip
    if not new:
        return set()
    lock_keys([(n.operation, n.subject) for n in new])
    return coverage.add_units(district, new)


def _spoken_about(district: str, stored: Sequence[Entry], targets: Mapping[UUID, Entry]) -> set[Key]:
    """Units where some record speaks about another one: those are folded anew, in any order of arrival."""
    speaking = [e for e in stored if e.target]
    spoken = ledger.spoken_about(district, [e.id for e in stored])
    entries = [*speaking, *targets.values(), *(e for e in stored if e.id in spoken)]
    return {(e.operation, e.subject) for e in entries if e.operation and e.subject}


def _folds(
    stored: Sequence[Entry],
    operations: Mapping[UUID, Operation],
    payloads: Mapping[UUID, Mapping[str, Any]],
    *,
    skip: set[Key],
) -> list[Fold]:
    # by the numbers of the ids: hashing the ids themselves was a tenth of what a record costs
    steering = {o.id.int: outcome_map(o.protocol) for o in operations.values()}
    passed = {(operation.int, subject.int) for operation, subject in skip}
    groups: dict[tuple[int, int], list[Entry]] = defaultdict(list)
    for entry in stored:
        if entry.operation and entry.subject and ledger_rules.counts(entry):
            key = (entry.operation.int, entry.subject.int)
            if key[0] in steering and key not in passed:
                groups[key].append(entry)
    folds = []
    for (operation, _), entries in groups.items():
        one = coverage_rules.fold(entries, steering[operation], rules.untils(payloads, entries))
        if one is not None:
            folds.append(one)
    return folds


def _refold(
    district: str, keys: set[Key], operations: Mapping[UUID, Operation], *, amend: bool
) -> list[Changed]:
    changed: list[Changed] = []
    grouped = coverage.by_operation(keys)
    missing = [operation for operation in grouped if operation not in operations]
    known = {**operations, **(rounds.known(district, missing) if missing else {})}
    for operation, subjects in sorted(grouped.items()):
        if operation in known:
            outcomes = outcome_map(known[operation].protocol)
            changed += coverage.refold(district, operation, subjects, outcomes, amend=amend)
    return changed


def _apply_lines(district: str, entries: Sequence[Entry]) -> None:
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        handler = HANDLERS.get(entry.kind)
        if handler is not None and handler.apply is not None:
            groups[entry.kind].append(entry)
    done: set[int] = set()
    for kind in sorted(groups):
        apply = HANDLERS[kind].apply
        if apply is None or id(apply) in done:
            continue
        done.add(id(apply))
        apply(district, [e for k in sorted(groups) if HANDLERS[k].apply is apply for e in groups[k]])


def recheck_missing(district: str, keys: Sequence[Key]) -> dict[Key, UnitStanding]:
    """Looks again for units that were not in their frame, under the lock that adding a unit takes."""
    lock_keys(keys)
    return units.standings(district, keys)
