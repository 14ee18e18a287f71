"""The field's door: a batch goes in whole, each record gets an answer, nothing is lost or counts twice."""

import logging
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import DataError, IntegrityError, OperationalError, connection

from bulou.access import rules as access
from bulou.access.terms import Actor, Verb
from bulou.coverage.terms import Standing as UnitStanding
from bulou.coverage.terms import State
from bulou.intake import rules
from bulou.intake.actions import checking, lanes, projecting
from bulou.intake.actions.lanes import Answers, Job
from bulou.intake.terms import Answered, BatchAnswer, MissingNumbers, Result, Wire
from bulou.kernel import clock
from bulou.kernel import scope as scopes
from bulou.kernel.problems import ProblemError
from bulou.ledger import actions as ledger
from bulou.ledger.terms import Appended, Entry, Fate, Gap, Standing

log = logging.getLogger(__name__)
AGAIN = frozenset({"40001", "40P01"})  # serialization failure, deadlock
TRIES = 6


@dataclass(frozen=True, slots=True)
class Sender:
    """Who hands records in, where they may belong, and how far the clock that wrote them is off."""

    actor: Actor
    district: str
    districts: frozenset[str]
    received_at: datetime
    offset_ms: int
    revoked_at: datetime | None = None


def submit(actor: Actor, body: bytes) -> BatchAnswer:
    """Guarantees every readable record of the batch is in the ledger and projected, once, before the answer.

    One transaction per district. The answer keeps the order of the records; the sender may delete what it
    names.

    Raises:
        ProblemError: intake.unreadable_batch (400), intake.too_many (413), intake.other_device (400),
            intake.not_allowed (404) for an actor who may submit nowhere. Nothing is kept then.
    """
    received_at = clock.now()
    held = access.held_paths(actor.grants, Verb.RECORD_SUBMIT, received_at)
    if not held:
        raise ProblemError("intake.not_allowed", status=404)
    envelope = rules.read_batch(body)
    if envelope.device is not None and envelope.device != actor.device_id:
        raise ProblemError("intake.other_device", status=400)
    home = access.district_of(held[0])
    districts = frozenset(access.district_of(p) for p in held)
    offset = rules.offset_ms(envelope.sent_at, received_at)
    return take(Sender(actor, home, districts, received_at, offset), envelope.records)


def take(sender: Sender, records: Sequence[msgspec.Raw]) -> BatchAnswer:
    """Guarantees the same for records whose sender is known already. Assumes at most BATCH_LIMIT records."""
    actor, home, received_at = sender.actor, sender.district, sender.received_at
    answers: Answers = {}
    groups: dict[str, list[tuple[int, Wire]]] = defaultdict(list)
    for place, raw in enumerate(records):
        wire = rules.read_record(raw)
        if isinstance(wire, str):
            answers[place] = Result(
                rules.claimed_id(raw), Answered.UNREADABLE, [f"intake.unreadable: {wire}"]
            )
            continue
        named = (wire.area or "").split(".", 1)[0]
        groups[named if named in sender.districts else home].append((place, wire))
    turned_away = Counter({(actor.device_id, "intake.unreadable"): len(answers)}) if answers else Counter()
    gaps: list[Gap] = []
    for district in sorted({home, *groups}):
        batch = checking.Batch(actor, district, received_at, sender.offset_ms, revoked_at=sender.revoked_at)
        job = Job(batch, groups[district], dict(turned_away) if district == home else {})
        lanes.run(district, job, _together)
        answers |= job.answers
        gaps += job.gaps
    return BatchAnswer(
        [answers[place] for place in range(len(records))],
        [MissingNumbers(g.device, g.from_seq, g.to_seq) for g in gaps],
        clock.now(),
    )


def _together(jobs: Sequence[Job]) -> None:
    """Batches that arrived together share a transaction; if one of them spoils it, each goes alone."""
    if len(jobs) > 1:
        try:
            _retried(jobs)
        except (DataError, IntegrityError):
            log.warning("%s batches are taken one by one", len(jobs))
        else:
            return
    for job in jobs:
        _whole_or_apart(job)


def _whole_or_apart(job: Job) -> None:
    """Takes the batch as a whole; where the database refuses a record, takes halves, down to that one."""
    try:
        _retried([job])
    except (DataError, IntegrityError) as error:
        if len(job.wires) <= 1:
            log.warning("a record could not be stored: %s", error)
            away = {**job.turned_away, (job.batch.actor.device_id, "intake.unstorable"): len(job.wires)}
            nothing = Job(job.batch, [], away)
            _retried([nothing])
            why = str(error).splitlines()[0][:200]
            for place, wire in job.wires:
                job.answers[place] = Result(str(wire.id), Answered.UNREADABLE, [f"intake.unreadable: {why}"])
            job.gaps = nothing.gaps
            return
        half = len(job.wires) // 2
        first = Job(job.batch, job.wires[:half], job.turned_away)
        second = Job(job.batch, job.wires[half:], {})
        for part in (first, second):
            _whole_or_apart(part)
            job.answers |= part.answers
        job.gaps = second.gaps or first.gaps


def _retried(jobs: Sequence[Job]) -> None:
    for attempt in range(TRIES):
        try:
            with scopes.transaction(scopes.whole(jobs[0].batch.district), by_key=True):
                _take(jobs)
        except OperationalError as error:
            state = getattr(error.__cause__, "sqlstate", None)
            if state not in AGAIN or attempt == TRIES - 1 or connection.in_atomic_block:
                raise
            time.sleep(0.01 * 2**attempt)
        else:
            return


def _take(jobs: Sequence[Job]) -> None:
    """All batches in one transaction: what is read, appended and projected, is so once for all of them."""
    shared = checking.Batch(jobs[0].batch.actor, jobs[0].batch.district, jobs[0].batch.received_at, 0)
    handed = [(checking.sharing(job.batch, shared), job) for job in jobs]
    checking.gather([(batch, [w for _, w in job.wires]) for batch, job in handed])
    placed: list[tuple[Job, int, Entry]] = []
    for batch, job in handed:
        entries, job.answers = _entries(batch, job.wires)
        placed += [(job, place, entry) for place, entry in entries]
    fates = ledger.append([entry for _, _, entry in placed])
    stored = [e for (_, _, e), fate in zip(placed, fates, strict=True) if fate.fate is Fate.STORED]
    projecting.project(
        shared.district, stored, operations=shared.operations, placed=shared.placed, payloads=shared.payloads
    )
    for (job, place, entry), fate in zip(placed, fates, strict=True):
        job.answers[place] = _answer(shared, entry, fate)
    away: Counter[tuple[UUID | None, str]] = Counter()
    numbers: dict[UUID, list[int]] = defaultdict(list)
    for job in jobs:
        away.update(job.turned_away)
        if job.batch.actor.device_id:
            numbers[job.batch.actor.device_id] += _numbers(job.wires)
    ledger.turn_away(shared.district, away)
    holes: dict[UUID | None, list[Gap]] = defaultdict(list)
    for gap in ledger.note_sequences(shared.district, {d: n for d, n in numbers.items() if n}):
        holes[gap.device].append(gap)
    for job in jobs:
        job.gaps = holes[job.batch.actor.device_id]


def _entries(
    batch: checking.Batch, wires: Sequence[tuple[int, Wire]]
) -> tuple[list[tuple[int, Entry]], Answers]:
    answers: Answers = {}
    entries: list[tuple[int, Entry]] = []
    homeless: list[tuple[int, Wire]] = []
    for place, wire in wires:
        entry = checking.entry_of(batch, wire)
        if entry is None:
            why = ["intake.unreadable: the time is no possible time"]
            answers[place] = Result(str(wire.id), Answered.UNREADABLE, why)
        elif "coverage.not_in_frame" in entry.problems:
            homeless.append((place, wire))
        else:
            entries.append((place, entry))
    if homeless:
        keys = [(w.operation, s) for _, w in homeless if w.operation and (s := checking.subject_id(w))]
        batch.standings.update(projecting.recheck_missing(batch.district, keys))
        entries += [(place, e) for place, wire in homeless if (e := checking.entry_of(batch, wire))]
    return entries, answers


def _numbers(wires: Sequence[tuple[int, Wire]]) -> list[int]:
    return [w.device_seq for _, w in wires if w.device_seq is not None and w.device_seq > 0]


def _answer(batch: checking.Batch, entry: Entry, appended: Appended) -> Result:
    if appended.fate is Fate.DUPLICATE:
        # its first answer may have been lost on the way: why it is doubtful is told again, as it was then
        return Result(str(entry.id), Answered.DUPLICATE, list(appended.doubts))
    is_new = appended.fate is Fate.STORED
    if is_new:
        standing = Answered.KEPT if entry.standing is Standing.KEPT else Answered.DOUBTFUL
    else:
        standing = Answered(appended.fate.value)
    told = list(entry.problems)
    if is_new and not told and entry.operation and entry.subject:
        unit = batch.standings.get((entry.operation, entry.subject))
        if unit and unit.author and _settled_by_other(unit, entry):
            told = ["intake.settled_by_other"]
    return Result(str(entry.id), standing, told)


def _settled_by_other(unit: UnitStanding, entry: Entry) -> bool:
    return unit.author != entry.author and unit.record != entry.based_on and unit.state >= State.EXCUSED
