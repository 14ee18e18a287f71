"""The office's door for records: sign-offs, findings, excuses, reviews. What is wrong is refused at once."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from bulou.access.actions.gate import require
from bulou.access.terms import Actor
from bulou.coverage.queries import rounds, units
from bulou.grid import projections as grid
from bulou.intake.actions import checking, projecting
from bulou.intake.table import HANDLERS
from bulou.intake.terms import Answered, OfficeRecord, Result
from bulou.kernel import clock
from bulou.kernel import scope as scopes
from bulou.kernel.problems import ProblemError
from bulou.ledger import actions as ledger
from bulou.ledger import queries as ledger_queries
from bulou.ledger.terms import Entry, Fate, Kind, Standing

REVIEWS = frozenset({Kind.RECORD_ACCEPTED.value, Kind.RECORD_REJECTED.value})


def submit_office(actor: Actor, records: Sequence[OfficeRecord]) -> list[Result]:
    """Guarantees all records are stored and projected, or none; one result per record, in order.

    Unlike the field, the office is refused for business reasons: the person is there and can do it right.

    Raises:
        ProblemError: access.*, or the first problem of the first record that has one (409).
    """
    results: list[Result] = []
    with_district: dict[str, list[OfficeRecord]] = {}
    for record in records:
        handler = HANDLERS.get(record.kind)
        if handler is None:
            raise ProblemError("intake.unknown_kind", status=409)
        require(actor, handler.verb, record.path)
        with_district.setdefault(record.path.split(".", 1)[0], []).append(record)
    for district, group in with_district.items():
        with scopes.transaction(scopes.whole(district)):
            results += _take(actor, district, group)
    return results


def _take(actor: Actor, district: str, records: Sequence[OfficeRecord]) -> list[Result]:
    batch = checking.Batch(replace(actor, device_id=None), district, clock.now(), 0)
    batch.operations = rounds.known(district, list({r.operation for r in records if r.operation}))
    batch.standings = units.standings(
        district, [(r.operation, r.subject) for r in records if r.operation and r.subject]
    )
    batch.targets = ledger_queries.by_ids(
        district, [t for r in records if (t := r.corrects or r.withdraws or r.accepts)]
    )
    _histories(batch, records)
    added = [r.subject for r in records if r.kind == Kind.UNIT_ADDED and r.subject]
    if added:
        batch.placed = grid.placed(district, added)
    entries = [_entry(batch, record) for record in records]
    fates = ledger.append(entries)
    stored = [e for e, fate in zip(entries, fates, strict=True) if fate.fate is Fate.STORED]
    projecting.project(
        district, stored, operations=batch.operations, placed=batch.placed, payloads=batch.payloads
    )
    return [Result(str(e.id), Answered.KEPT, []) for e in entries]


def _histories(batch: checking.Batch, records: Sequence[OfficeRecord]) -> None:
    subjects = sorted({r.subject for r in records if r.subject and HANDLERS[r.kind].needs_history})
    if subjects:
        for entry in ledger_queries.records_of(batch.district, subjects=subjects):
            if entry.subject:
                batch.history.setdefault(entry.subject, []).append(entry)


def _entry(batch: checking.Batch, record: OfficeRecord) -> Entry:
    entry = ledger.office_entry(
        batch.actor, kind=record.kind, path=record.path, subject_type=record.subject_type,
        subject=record.subject, payload=record.payload,
    )  # fmt: skip
    at = record.observed_at or entry.observed_at
    entry = replace(
        entry, id=record.id or entry.id, operation=record.operation, outcome=record.outcome,
        protocol=_protocol(batch, record), observed_at=at, effective_at=at,
        corrects=record.corrects, withdraws=record.withdraws, accepts=record.accepts,
    )  # fmt: skip
    if record.kind in REVIEWS:
        return _review(batch, entry)
    batch.payloads[entry.id] = record.payload
    unit = (
        batch.standings.get((entry.operation, entry.subject)) if entry.operation and entry.subject else None
    )
    if unit is not None:
        require(batch.actor, HANDLERS[record.kind].verb, unit.path)
        if record.kind == Kind.UNIT_ADDED:
            raise ProblemError("coverage.already_in_frame", status=409)
        if record.kind != Kind.UNIT_MOVED:
            entry = replace(entry, path=unit.path)
    found = checking.problems(batch, entry, unit)
    if found:
        raise ProblemError(found[0].split(":", 1)[0], status=409, field=found[0].partition(":")[2])
    if entry.subject and entry.subject in batch.history:
        batch.history[entry.subject].append(entry)
    return entry


def _protocol(batch: checking.Batch, record: OfficeRecord) -> str:
    operation = batch.operations.get(record.operation) if record.operation else None
    return record.protocol or (operation.protocol if operation else "")


def _review(batch: checking.Batch, entry: Entry) -> Entry:
    """A review is filed under its target's unit, so that the fold of the unit meets it."""
    target = batch.targets.get(entry.accepts) if entry.accepts else None
    if target is None:
        raise ProblemError("ledger.not_found", status=404)
    require(batch.actor, HANDLERS[entry.kind].verb, target.path)
    if target.standing is not Standing.DOUBTFUL:
        raise ProblemError("intake.not_doubtful", status=409)
    if ledger_queries.spoken_about(batch.district, [target.id]):
        raise ProblemError("intake.already_reviewed", status=409)
    batch.payloads[entry.id] = {}
    return replace(
        entry,
        path=target.path,
        operation=target.operation,
        subject_type=target.subject_type,
        subject=target.subject,
    )


def review(actor: Actor, *, record_id: UUID, path: str, accept: bool, reason: str) -> Result:
    """Guarantees a doubtful record is accepted (it then counts) or rejected (it never will), with a reason.

    Raises:
        ProblemError: intake.reason_missing (400), ledger.not_found (404), intake.not_doubtful and
            intake.already_reviewed (409), access.*.
    """
    if not reason.strip():
        raise ProblemError("intake.reason_missing", status=400)
    kind = Kind.RECORD_ACCEPTED if accept else Kind.RECORD_REJECTED
    made = OfficeRecord(kind=kind, path=path, accepts=record_id, payload={"reason": reason.strip()})
    return submit_office(actor, [made])[0]
