"""The office's door for records: sign-offs, findings, excuses, reviews. What is wrong is refused at once."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import msgspec
from msgspec import structs

from bulou.access.actions.gate import require
from bulou.access.rules import covers
from bulou.access.terms import Actor, Verb
from bulou.coverage.queries import rounds, units
from bulou.coverage.terms import Standing as UnitStanding
from bulou.coverage.terms import State
from bulou.grid.terms import Found
from bulou.intake.actions import checking, placing, projecting
from bulou.intake.table import HANDLERS
from bulou.intake.terms import About, Answered, OfficeRecord, Result
from bulou.kernel import clock, ids
from bulou.kernel import scope as scopes
from bulou.kernel.problems import ProblemError
from bulou.ledger import actions as ledger
from bulou.ledger import queries as ledger_queries
from bulou.ledger.terms import Entry, Fate, Kind, Standing

REVIEWS = frozenset({Kind.RECORD_ACCEPTED.value, Kind.RECORD_REJECTED.value})


class _About(msgspec.Struct, frozen=True):
    area: str
    label: str
    building: str = ""
    kind: str = ""


class _Find(msgspec.Struct, frozen=True):
    new_subject: _About | None = None


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
        corrects = record.corrects or record.withdraws
        require(actor, checking.correcting_verb(handler) if corrects else handler.verb, record.path)
        with_district.setdefault(record.path.split(".", 1)[0], []).append(record)
    for district, group in with_district.items():
        with scopes.transaction(scopes.whole(district)):
            results += _take(actor, district, group)
    return results


def _take(actor: Actor, district: str, records: Sequence[OfficeRecord]) -> list[Result]:
    batch = checking.Batch(replace(actor, device_id=None), district, clock.now(), 0)
    batch.targets = ledger_queries.by_ids(
        district, [t for r in records if (t := r.corrects or r.withdraws or r.accepts)]
    )
    about = [(r.operation, r.subject) for r in records]
    about += [(t.operation, t.subject) for t in batch.targets.values()]
    batch.operations = rounds.known(district, sorted({o for o, _ in about if o}))
    batch.standings = units.standings(district, sorted({(o, s) for o, s in about if o and s}))
    _histories(batch, records)
    checking.where_they_stand(batch, [(r.kind, r.subject) for r in records if r.subject])
    checking.keep_books(
        batch,
        [
            About(ids.uuid7(), r.kind, r.operation, r.subject, r.payload, r.withdraws or r.corrects)
            for r in records
        ],
    )
    added = [r.subject for r in records if r.kind == Kind.UNIT_ADDED and r.subject]
    if added:
        batch.placed = placing.placed(district, added)
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
    entry = _drafted(batch, record)
    if record.kind in REVIEWS:
        return _review(batch, entry)
    if record.corrects or record.withdraws:
        entry = _about_its_target(batch, entry)
    entry = _where_it_stands(batch, entry)
    batch.payloads[entry.id] = record.payload
    if record.kind == Kind.UNIT_ADDED:
        entry = _joining(batch, entry)
    unit = (
        batch.standings.get((entry.operation, entry.subject)) if entry.operation and entry.subject else None
    )
    if unit is not None and not _received(unit, entry):
        require(batch.actor, checking.verb_of(HANDLERS[record.kind], entry), unit.path)
        entry = structs.replace(entry, path=unit.path)
    found = checking.problems(batch, entry, unit)
    if found:
        raise ProblemError(found[0].split(":", 1)[0], status=409, field=found[0].partition(":")[2])
    if unit is not None and entry.path != unit.path:
        told = ledger.canonical({**record.payload, "receiver": entry.path})
        entry = structs.replace(entry, path=unit.path, payload=told)
    if entry.subject and entry.subject in batch.history:
        batch.history[entry.subject].append(entry)
    return entry


def _drafted(batch: checking.Batch, record: OfficeRecord) -> Entry:
    entry = ledger.office_entry(
        batch.actor, kind=record.kind, path=record.path, subject_type=record.subject_type,
        subject=record.subject, payload=checking.reduced(record.kind, record.payload),
    )  # fmt: skip
    at = record.observed_at or entry.observed_at
    return structs.replace(
        entry, id=record.id or entry.id, operation=record.operation, outcome=record.outcome,
        protocol=_protocol(batch, record), observed_at=at, effective_at=at,
        corrects=record.corrects, withdraws=record.withdraws, accepts=record.accepts,
    )  # fmt: skip


def _about_its_target(batch: checking.Batch, entry: Entry) -> Entry:
    """What is said about a record is filed where that record is, so that the fold of the unit meets it."""
    target = batch.targets.get(entry.corrects or entry.withdraws or entry.id)
    if target is None or target.kind not in HANDLERS:
        raise ProblemError("ledger.not_found", status=404)
    require(batch.actor, checking.correcting_verb(HANDLERS[target.kind]), target.path)
    if entry.subject is not None:
        return entry
    return structs.replace(
        entry,
        path=target.path,
        operation=target.operation,
        subject_type=target.subject_type,
        subject=target.subject,
        protocol=entry.protocol or target.protocol,
    )


def _where_it_stands(batch: checking.Batch, entry: Entry) -> Entry:
    """What is said about a watch or a case is filed where that stands, and needs the right there."""
    stands = batch.stands.get(entry.subject) if entry.subject else None
    if stands is None or stands == entry.path or HANDLERS[entry.kind].place is None:
        return entry
    require(batch.actor, checking.verb_of(HANDLERS[entry.kind], entry), stands)
    return structs.replace(entry, path=stands)


def _joining(batch: checking.Batch, entry: Entry) -> Entry:
    """A unit that the office adds stands in the register, and in the area of the round."""
    operation = batch.operations.get(entry.operation) if entry.operation else None
    place = batch.placed.get(entry.subject) if entry.subject else None
    if place is None:
        raise ProblemError("coverage.not_in_register", status=404)
    require(batch.actor, HANDLERS[entry.kind].verb, place.path)
    if operation is not None and not covers(operation.path, place.path):
        raise ProblemError("coverage.outside_round", status=409)
    if (entry.operation, entry.subject) in batch.standings:
        raise ProblemError("coverage.already_in_frame", status=409)
    return structs.replace(entry, path=place.path)


def _received(unit: UnitStanding, entry: Entry) -> bool:
    """Whether the receiving side accepts what was handed over: it needs no rights where the unit stands."""
    return entry.kind == Kind.UNIT_MOVED and unit.state is State.HANDED_OVER


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
    projecting.lock_keys([(target.id, target.id)])  # of two officers at once, one is told that it is done
    if ledger_queries.spoken_about(batch.district, [target.id]):
        raise ProblemError("intake.already_reviewed", status=409)
    if entry.kind == Kind.RECORD_ACCEPTED:
        _enter_found(batch, target)
    batch.payloads[entry.id] = {}
    return structs.replace(
        entry,
        path=target.path,
        operation=target.operation,
        subject_type=target.subject_type,
        subject=target.subject,
    )


def _enter_found(batch: checking.Batch, target: Entry) -> None:
    """A doubtful find that is accepted enters the register, so that its unit can join the round."""
    operation = batch.operations.get(target.operation) if target.operation else None
    known = (target.operation, target.subject) in batch.standings
    new = _find(target.payload)
    if new is None or operation is None or target.subject is None or known:
        return
    if not covers(operation.path, new.area):
        raise ProblemError("coverage.outside_round", status=409)
    require(batch.actor, Verb.RECORD_REVIEW, new.area)
    row = Found(target.subject, target.subject_type, new.area, new.label, new.building, new.kind)
    placed = placing.register(batch.district, [row], clock.local_date(target.effective_at))
    if target.subject not in placed:
        raise ProblemError("intake.not_placed", status=409)
    batch.placed.update(placed)


def _find(payload: bytes) -> _About | None:
    try:
        return msgspec.json.decode(payload, type=_Find).new_subject
    except msgspec.ValidationError:  # a field of that name that a phone made up
        return None


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
