"""The field's door: a batch goes in whole, each record gets an answer, nothing is lost or counts twice."""

import logging
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.db import DatabaseError, DataError, IntegrityError, OperationalError, connection

from bulou.access import rules as access
from bulou.access.terms import Actor, Verb
from bulou.intake import rules
from bulou.intake.actions import checking, projecting
from bulou.intake.terms import Answered, BatchAnswer, MissingNumbers, Result, Wire
from bulou.kernel import clock
from bulou.kernel import scope as scopes
from bulou.kernel.problems import ProblemError
from bulou.ledger import actions as ledger
from bulou.ledger.terms import Entry, Fate, Gap, Standing

log = logging.getLogger(__name__)
AGAIN = frozenset({"40001", "40P01"})  # serialization failure, deadlock
TRIES = 6
Answers = dict[int, Result]


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
    offset = rules.offset_ms(envelope.sent_at, received_at)
    home = held[0].split(".", 1)[0]
    districts = {p.split(".", 1)[0] for p in held}
    answers: Answers = {}
    groups: dict[str, list[tuple[int, Wire]]] = defaultdict(list)
    for place, raw in enumerate(envelope.records):
        wire = rules.read_record(raw)
        if isinstance(wire, str):
            answers[place] = Result(
                rules.claimed_id(raw), Answered.UNREADABLE, [f"intake.unreadable: {wire}"]
            )
            continue
        named = (wire.area or "").split(".", 1)[0]
        groups[named if named in districts else home].append((place, wire))
    turned_away = Counter({(actor.device_id, "intake.unreadable"): len(answers)}) if answers else Counter()
    gaps: list[Gap] = []
    for district in sorted({home, *groups}):
        batch = checking.Batch(actor, district, received_at, offset)
        found, holes = _whole_or_apart(batch, groups[district], dict(turned_away) if district == home else {})
        answers |= found
        gaps += holes
    return BatchAnswer(
        [answers[place] for place in range(len(envelope.records))],
        [MissingNumbers(g.device, g.from_seq, g.to_seq) for g in gaps],
        clock.now(),
    )


def _whole_or_apart(
    batch: checking.Batch, wires: Sequence[tuple[int, Wire]], turned_away: dict[tuple[UUID | None, str], int]
) -> tuple[Answers, list[Gap]]:
    """Takes the batch as a whole; where the database refuses a record, takes halves, down to that one."""
    try:
        return _retried(batch, wires, turned_away)
    except (DataError, IntegrityError) as error:
        if len(wires) <= 1:
            log.warning("a record could not be stored: %s", error)
            away = {**turned_away, (batch.actor.device_id, "intake.unstorable"): len(wires)}
            _, gaps = _retried(batch, [], away)
            why = str(error).splitlines()[0][:200]
            return {
                p: Result(str(w.id), Answered.UNREADABLE, [f"intake.unreadable: {why}"]) for p, w in wires
            }, gaps
        half = len(wires) // 2
        first, gaps = _whole_or_apart(batch, wires[:half], turned_away)
        second, later = _whole_or_apart(batch, wires[half:], {})
        return first | second, later or gaps


def _retried(
    batch: checking.Batch, wires: Sequence[tuple[int, Wire]], turned_away: dict[tuple[UUID | None, str], int]
) -> tuple[Answers, list[Gap]]:
    for attempt in range(TRIES):
        try:
            with scopes.transaction(scopes.whole(batch.district)):
                return _take(batch, wires, turned_away)
        except OperationalError as error:
            state = getattr(error.__cause__, "sqlstate", None)
            if state not in AGAIN or attempt == TRIES - 1 or connection.in_atomic_block:
                raise
            time.sleep(0.01 * 2**attempt)
    raise DatabaseError("unreachable")


def _take(
    batch: checking.Batch, wires: Sequence[tuple[int, Wire]], turned_away: dict[tuple[UUID | None, str], int]
) -> tuple[Answers, list[Gap]]:
    batch = replace(batch, history={}, payloads={}, placed={}, targets={})
    checking.gather(batch, [w for _, w in wires])
    entries, answers = _entries(batch, wires)
    fates = ledger.append([e for _, e in entries])
    stored = [e for (_, e), fate in zip(entries, fates, strict=True) if fate.fate is Fate.STORED]
    projecting.project(
        batch.district, stored, operations=batch.operations, placed=batch.placed, payloads=batch.payloads
    )
    for (place, entry), fate in zip(entries, fates, strict=True):
        answers[place] = _answer(batch, entry, fate.fate)
    ledger.turn_away(batch.district, turned_away)
    return answers, ledger.note_sequences(batch.district, _numbers(wires, batch.actor.device_id))


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


def _numbers(wires: Sequence[tuple[int, Wire]], device: UUID | None) -> dict[UUID, list[int]]:
    numbers = [w.device_seq for _, w in wires if w.device_seq is not None and w.device_seq > 0]
    return {device: numbers} if device and numbers else {}


def _answer(batch: checking.Batch, entry: Entry, fate: Fate) -> Result:
    if fate is Fate.STORED:
        standing = Answered.KEPT if entry.standing is Standing.KEPT else Answered.DOUBTFUL
    else:
        standing = Answered(fate.value)
    told = list(entry.problems)
    if fate is Fate.STORED and not told and entry.operation and entry.subject:
        unit = batch.standings.get((entry.operation, entry.subject))
        if (
            unit
            and unit.author
            and unit.author != entry.author
            and unit.record != entry.based_on
            and unit.state >= 5
        ):
            told.append("intake.settled_by_other")
    return Result(str(entry.id), standing, told)
