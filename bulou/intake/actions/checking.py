"""From wire records to ledger entries: every check, in memory, for the whole batch at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec import structs

from bulou.access import rules as access
from bulou.access.terms import Actor, Verb
from bulou.coverage.queries import rounds, units
from bulou.coverage.terms import Operation
from bulou.coverage.terms import Standing as UnitStanding
from bulou.grid.terms import Found, Placed
from bulou.intake import rules
from bulou.intake.actions import judging, placing
from bulou.intake.table import HANDLERS
from bulou.intake.terms import About, CheckContext, Handler, Wire
from bulou.kernel import clock
from bulou.ledger import queries as ledger
from bulou.ledger.actions import canonical
from bulou.ledger.terms import Entry, Standing

Key = tuple[UUID, UUID]
GRID_TYPES = frozenset({"dwelling", "site", "household", "object", "place"})


@dataclass(slots=True)
class Batch:
    """What is known about one batch of one district, gathered with a fixed number of queries."""

    actor: Actor
    district: str
    received_at: datetime
    offset_ms: int
    operations: dict[UUID, Operation] = field(default_factory=dict)
    standings: dict[Key, UnitStanding] = field(default_factory=dict)
    placed: dict[UUID, Placed] = field(default_factory=dict)
    targets: dict[UUID, Entry] = field(default_factory=dict)
    history: dict[UUID, list[Entry]] = field(default_factory=dict)
    payloads: dict[UUID, Mapping[str, Any]] = field(default_factory=dict)
    stands: dict[UUID, str] = field(default_factory=dict)
    books: dict[Any, object] = field(default_factory=dict)
    held: dict[Verb, tuple[str, ...]] = field(default_factory=dict)
    allowed: dict[tuple[Verb, str], bool] = field(default_factory=dict)
    revoked_at: datetime | None = None

    def may(self, verb: Verb, path: str) -> bool:
        """Whether the sender may do this there, now."""
        allowed = self.allowed.get((verb, path))
        if allowed is None:
            if verb not in self.held:
                self.held[verb] = access.held_paths(self.actor.grants, verb, self.received_at)
            allowed = any(access.covers(above, path) for above in self.held[verb])
            self.allowed[verb, path] = allowed
        return allowed


def sharing(batch: Batch, shared: Batch) -> Batch:
    """The batch with its own sender and the dictionaries of another one."""
    return replace(
        batch,
        operations=shared.operations,
        standings=shared.standings,
        placed=shared.placed,
        targets=shared.targets,
        history=shared.history,
        payloads=shared.payloads,
        stands=shared.stands,
        books=shared.books,
    )


def gather(handed: Sequence[tuple[Batch, Sequence[Wire]]]) -> None:
    """Fills the batches: rounds, units, found places, targets, histories. 2 queries, however many there are.

    Assumes: all are of one district and share their dictionaries, so what is read once serves all of them.
    """
    first = handed[0][0]
    wires = [w for _, group in handed for w in group]
    about = [(w, subject_id(w)) for w in wires]
    first.operations.update(rounds.known(first.district, sorted({w.operation for w in wires if w.operation})))
    keys = [(w.operation, s) for w, s in about if w.operation and s]
    first.standings.update(units.standings(first.district, keys))
    found = [(batch, w) for batch, group in handed for w in group if _may_register(batch, w)]
    if found:
        first.placed.update(_register(first.district, found))
    targets = [t for w in wires if (t := w.corrects or w.withdraws)]
    if targets:
        first.targets.update(ledger.by_ids(first.district, targets))
    where_they_stand(first, [(w.kind, s) for w, s in about if s])
    keep_books(
        first,
        [
            About(w.id, w.kind, w.operation, s, w.payload, w.withdraws or w.corrects)
            for w, s in about
            if _has_book(w)
        ],
    )
    subjects = {s for w, s in about if s and _needs_history(w)}
    if subjects:
        for entry in ledger.records_of(first.district, subjects=sorted(subjects)):
            if entry.subject:
                first.history.setdefault(entry.subject, []).append(entry)


def where_they_stand(batch: Batch, about: Sequence[tuple[str, UUID]]) -> None:
    """Fills in where the subjects of watches and cases stand. 1 query for each room that is asked."""
    asked: dict[Any, set[UUID]] = {}
    for kind, subject in about:
        handler = HANDLERS.get(kind)
        if handler is not None and handler.place is not None:
            asked.setdefault(handler.place, set()).add(subject)
    for place, subjects in asked.items():
        batch.stands.update(place(batch.district, sorted(subjects)))


def keep_books(batch: Batch, about: Sequence[About]) -> None:
    """Fills in what lines must know of the whole batch. As many queries as the lines that ask need."""
    asked: dict[Any, list[About]] = {}
    for one in about:
        handler = HANDLERS.get(one.kind)
        if handler is not None and handler.book is not None:
            asked.setdefault(handler.book, []).append(one)
    for book, records in asked.items():
        batch.books[book] = book(batch.district, records)


def entry_of(batch: Batch, wire: Wire) -> Entry | None:
    """The ledger entry of a wire record, with its doubts; None for an impossible time."""
    effective_at = rules.effective(wire.observed_at, batch.offset_ms)
    if effective_at is None:
        return None
    subject = subject_id(wire)
    unit = batch.standings.get((wire.operation, subject)) if wire.operation and subject else None
    entry = Entry(
        id=wire.id, district=batch.district, path=_path(batch, wire, unit), kind=wire.kind,
        operation=wire.operation, subject_type=wire.subject.type if wire.subject else "",
        subject=subject, slot=wire.slot, outcome=wire.outcome,
        payload=canonical(_told(wire)), observed_at=wire.observed_at, clock_offset_ms=batch.offset_ms,
        effective_at=effective_at, device=batch.actor.device_id, device_seq=wire.device_seq,
        author=batch.actor.account_id, team=batch.actor.team, protocol=wire.protocol, based_on=wire.based_on,
        corrects=wire.corrects, withdraws=wire.withdraws, accepts=None, received_at=batch.received_at,
        standing=Standing.KEPT, problems=(),
    )  # fmt: skip
    batch.payloads[entry.id] = wire.payload
    found = problems(batch, entry, unit)
    if found:
        entry = structs.replace(entry, standing=Standing.DOUBTFUL, problems=found)
    if subject and subject in batch.history:
        batch.history[subject].append(entry)
    return entry


def problems(batch: Batch, entry: Entry, unit: UnitStanding | None) -> tuple[str, ...]:
    """Everything that makes the record doubtful, in a fixed order; empty when it may stand."""
    handler = HANDLERS.get(entry.kind)
    if handler is None:
        return ("intake.unknown_kind",)
    payload = batch.payloads.get(entry.id, {})
    operation = batch.operations.get(entry.operation) if entry.operation else None
    found: list[str] = []
    if entry.device is not None and not handler.field:
        found.append("intake.office_only")
    if entry.subject is None:
        found.append("intake.no_subject")
    if not batch.may(verb_of(handler, entry), entry.path):
        found.append("intake.outside_area")
    found += _round_problems(batch, entry, unit, operation)
    found += rules.time_problems(entry.effective_at, entry.received_at, operation, batch.revoked_at)
    if entry.withdraws is None:
        if handler.form:
            found += judging.problems(entry, payload, operation)
        found += rules.office_problems(entry, payload)
        if handler.check:
            found += handler.check(
                entry, CheckContext(unit, payload, batch.history, batch.books.get(handler.book))
            )
    found += _target_problems(batch, entry)
    return tuple(dict.fromkeys(found)) if found else ()


def verb_of(handler: Handler, entry: Entry) -> Verb:
    """What one must be allowed to do; see `correcting_verb` for what a desk says about another record."""
    desk = entry.device is None and (entry.corrects or entry.withdraws)
    return correcting_verb(handler) if desk else handler.verb


def correcting_verb(handler: Handler) -> Verb:
    """What correcting or withdrawing at a desk asks for: visits have a verb of their own.

    What supervision wrote is taken back by supervision: an officer who may correct visits must not be able to
    withdraw a finding about the own work.
    """
    return Verb.RECORD_CORRECT if handler.form else handler.verb


def subject_id(wire: Wire) -> UUID | None:
    """The id of the subject, wherever the record carries it."""
    if wire.subject is None:
        return None
    return wire.subject.new.id if wire.subject.new else wire.subject.id


def reduced(kind: str, payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """What of a payload may stand in the ledger: all of it, unless the line says otherwise."""
    handler = HANDLERS.get(kind)
    return handler.reduce(payload) if handler is not None and handler.reduce else payload


def _told(wire: Wire) -> Mapping[str, Any]:
    """The payload as it is kept: where a subject is new, what the finder said about it is kept with it."""
    if wire.subject is None or wire.subject.new is None:
        return reduced(wire.kind, wire.payload)
    new = wire.subject.new
    about = {"area": new.area, "label": new.label, "building": new.building, "kind": new.kind}
    return reduced(wire.kind, {**wire.payload, "new_subject": about})


def _path(batch: Batch, wire: Wire, unit: UnitStanding | None) -> str:
    if unit is not None:
        return unit.path
    subject = subject_id(wire)
    if subject in batch.placed:
        return batch.placed[subject].path
    if subject in batch.stands:
        return batch.stands[subject]
    target = batch.targets.get(wire.corrects or wire.withdraws or wire.id)
    if target is not None:
        return target.path
    earlier = batch.history.get(subject, []) if subject else []
    if earlier:
        return earlier[0].path
    named = wire.area or ""
    if (named == batch.district or named.startswith(batch.district + ".")) and access.path_problem(
        named
    ) is None:
        return named
    batch.may(Verb.RECORD_SUBMIT, batch.district)
    held = batch.held[Verb.RECORD_SUBMIT]
    return next((p for p in held if p.split(".", 1)[0] == batch.district), batch.district)


def _round_problems(
    batch: Batch, entry: Entry, unit: UnitStanding | None, operation: Operation | None
) -> list[str]:
    if entry.operation is None:
        handler = HANDLERS[entry.kind]
        return ["intake.unknown_round"] if handler.form else []
    if operation is None:
        return ["intake.unknown_round"]
    added = entry.subject in batch.placed or entry.kind == "unit.added"
    if unit is None and entry.subject is not None and not added:
        return ["coverage.not_in_frame"]
    return []


def _target_problems(batch: Batch, entry: Entry) -> list[str]:
    wanted = entry.corrects or entry.withdraws
    target = batch.targets.get(wanted) if wanted else None
    if target is None:
        return []
    if (target.subject, target.operation) != (entry.subject, entry.operation):
        return ["intake.other_subject"]
    # ledger.rules.live and fold.sql decide the same from the records alone, so that order does not matter
    handler = HANDLERS.get(target.kind)
    desk = entry.device is None and handler is not None and batch.may(correcting_verb(handler), target.path)
    return [] if desk or target.author == entry.author else ["intake.not_yours"]


def _needs_history(wire: Wire) -> bool:
    handler = HANDLERS.get(wire.kind)
    return handler is not None and handler.needs_history


def _has_book(wire: Wire) -> bool:
    handler = HANDLERS.get(wire.kind)
    return handler is not None and handler.book is not None


def _may_register(batch: Batch, wire: Wire) -> bool:
    """A find enters the register only where finder and open round are at home; else it waits as doubtful."""
    new = wire.subject.new if wire.subject else None
    operation = batch.operations.get(wire.operation) if wire.operation else None
    if new is None or operation is None or operation.closed_at is not None:
        return False
    if not access.covers(operation.path, new.area):
        return False
    return access.path_problem(new.area) is None and batch.may(Verb.RECORD_SUBMIT, new.area)


def _register(district: str, found: Sequence[tuple[Batch, Wire]]) -> dict[UUID, Placed]:
    by_day: dict[date, list[Found]] = {}
    for batch, wire in found:
        if wire.subject is None or wire.subject.new is None:
            continue
        new, at = wire.subject.new, rules.effective(wire.observed_at, batch.offset_ms)
        row = Found(new.id, wire.subject.type, new.area, new.label, new.building, new.kind)
        by_day.setdefault(clock.local_date(at or batch.received_at), []).append(row)
    placed: dict[UUID, Placed] = {}
    for on in sorted(by_day):
        placed |= placing.register(district, by_day[on], on)
    return placed
