"""The state of a watch as a pure fold over the set of its records: any order of arrival gives the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from bulou.ledger.rules import live
from bulou.ledger.terms import Entry
from bulou.protocols.terms import Compiled, Family, Outcome, Regime, Why
from bulou.watches.rules import payloads, release, schedule
from bulou.watches.terms import (
    CLOSED,
    RELEASED,
    SAMPLED,
    SELF_REPORT,
    End,
    Kind,
    Plan,
    Settled,
    SlotState,
    Step,
    Timeline,
    Watch,
)

Book = Mapping[str, Compiled]
"""The protocol versions by their reference; a record is judged by the version it was made under."""
KINDS = frozenset(kind.value for kind in Kind)


@dataclass(slots=True)
class _Told:
    """What has been gathered on the way through the records."""

    head: Entry
    start: payloads.Started
    compiled: Compiled
    regime: Regime
    counted_from: date
    ends: list[End] = field(default_factory=list)
    path: str = ""
    worker: UUID | None = None
    team: str = ""
    steps: list[Step] = field(default_factory=list)


def fold(entries: Sequence[Entry], book: Book) -> Timeline | None:
    """The watch with its slots; None where no record in force starts it."""
    told = [entry for entry in live(entries) if entry.kind in KINDS]
    first = next((one for entry in told if (one := _opened(entry, book))), None)
    if first is None:
        return None
    places = {first.path, *(entry.path for entry in told if entry.kind == Kind.MOVED)}
    strange = {e.id: "other_area" for e in told if not any(_near(e.path, place) for place in places)}
    everything, told = told, [entry for entry in told if entry.id not in strange]
    for entry in told:
        _turn(first, entry)
    term = schedule.Term(
        first.head.effective_at, first.counted_from, first.start.phase, first.start.variant,
        first.head.subject or first.head.id,
    )  # fmt: skip
    made = schedule.plan(first.compiled, first.regime, term)
    verdicts = _verdicts(told)
    settled = _settled(told, made, book, verdicts)
    watch = _watch(first, made, settled)
    ended, problem = _ended(told, watch, settled, first.compiled)
    if ended is not None:
        watch = replace(watch, is_open=False, outcome=ended.outcome, ended_at=ended.effective_at)
    problem |= strange
    steps = [_said(entry, ended, problem.get(entry.id, ""), first.head.id) for entry in everything]
    return Timeline(watch, settled, tuple(first.ends), tuple(steps))


def _near(path: str, place: str) -> bool:
    """Whether a record was filed where the watch stands or stood, above or below it.

    What came before its start was filed where the phone said; a phone of another area says nothing here.
    """
    return f"{path}.".startswith(f"{place}.") or f"{place}.".startswith(f"{path}.")


def state_of(outcome: Outcome, *, channel: str = "") -> SlotState:
    """What an outcome makes of a slot. What one says of oneself, and a sample without result, waits."""
    if outcome.family is Family.NOT_SEEN:
        return SlotState.NOT_ATTEMPTED if outcome.why is Why.UNTRIED else SlotState.NOT_SEEN
    if channel == SELF_REPORT or outcome.key == SAMPLED:
        return SlotState.REPORTED
    return SlotState.SEEN_ILL if outcome.alert else SlotState.SEEN_WELL


def alarming(entry: Entry, compiled: Compiled) -> bool:
    """Whether a record asks for action: its outcome says so, or an answer reaches its alert (37.3 °C)."""
    outcome = compiled.outcomes.get(entry.outcome)
    if outcome is None or outcome.record != entry.kind:
        return False
    return outcome.alert or bool(compiled.form.alerts(payloads.body(entry)))


def _opened(entry: Entry, book: Book) -> _Told | None:
    start = payloads.read(entry, payloads.Started) if entry.kind == Kind.STARTED else None
    compiled = book.get(entry.protocol)
    if start is None or compiled is None or start.regime not in compiled.regimes:
        return None
    regime = compiled.regimes[start.regime]
    told = _Told(
        entry, start, compiled, regime, start.counted_from, path=entry.path, worker=start.worker,
        team=start.team,
    )  # fmt: skip
    told.ends.append(_end(told, entry, start.reason))
    return told


def _turn(told: _Told, entry: Entry) -> None:
    """What changes the watch itself."""
    if entry.kind == Kind.REGIME_CHANGED:
        change = payloads.read(entry, payloads.Changed)
        if change is not None and change.regime in told.compiled.regimes and change.reason.strip():
            told.regime = told.compiled.regimes[change.regime]
            told.counted_from = change.counted_from or told.counted_from
            told.ends.append(_end(told, entry, change.reason))
    elif entry.kind == Kind.ASSIGNED:
        given = payloads.read(entry, payloads.Assigned)
        if given is not None:
            told.worker, told.team = given.worker, given.team
    elif entry.kind == Kind.MOVED:
        told.path = entry.path


def _end(told: _Told, entry: Entry, reason: str) -> End:
    over = schedule.ends_at(told.regime, told.start.phase, told.counted_from)
    return End(
        entry.effective_at, told.regime.key, told.counted_from, over, reason.strip(), entry.author, entry.id
    )


def _verdicts(told: Sequence[Entry]) -> dict[UUID, bool]:
    """Reports that somebody else looked at: whether it was so. The last word counts."""
    by_id = {entry.id: entry for entry in told}
    found: dict[UUID, bool] = {}
    for entry in told:
        looked = payloads.read(entry, payloads.Confirmed) if entry.kind == Kind.CONFIRMED else None
        report = by_id.get(looked.record) if looked else None
        if report is not None and report.author != entry.author:
            found[report.id] = entry.outcome == "confirmed"
    return found


def _settled(
    told: Sequence[Entry], made: Plan, book: Book, verdicts: Mapping[UUID, bool]
) -> tuple[Settled, ...]:
    best: dict[tuple[str, datetime], Settled] = {}
    alerts: set[tuple[str, datetime]] = set()
    for entry in told:
        said = _slot(entry, made, book, verdicts)
        if said is None:
            continue
        key = (said.track, said.due_at)
        if said.alert:
            alerts.add(key)
        if key not in best or (said.state, said.at, said.record) > (
            best[key].state, best[key].at, best[key].record,
        ):  # fmt: skip
            best[key] = said
    return tuple(replace(best[key], alert=key in alerts) for key in sorted(best, key=lambda k: (k[1], k[0])))


def _slot(entry: Entry, made: Plan, book: Book, verdicts: Mapping[UUID, bool]) -> Settled | None:
    compiled = book.get(entry.protocol)
    if entry.kind not in (Kind.SEEN, Kind.TESTED) or compiled is None:
        return None
    outcome = compiled.outcomes.get(entry.outcome)
    if outcome is None or outcome.record != entry.kind:
        return None
    reading = payloads.read(entry, payloads.Reading) or payloads.Reading()
    verdict = verdicts.get(entry.id)
    state = state_of(outcome, channel="" if verdict else reading.channel)
    track, named = schedule.read_slot(entry.slot)
    due = schedule.slot_for(made, track or _usual(entry, made), entry.effective_at, named)
    return Settled(
        due.track, due.due_at, SlotState.NOT_SEEN if verdict is False else state, entry.outcome,
        alarming(entry, compiled), entry.effective_at, entry.id, entry.author,
        entry.effective_at <= due.late_at, reading.temperature_c, reading.channel,
    )  # fmt: skip


def _usual(entry: Entry, made: Plan) -> str:
    """The track of a record that names none."""
    tests = [moment.track for moment in made.moments if moment.test]
    return tests[0] if entry.kind == Kind.TESTED and tests else made.main


def _watch(told: _Told, made: Plan, settled: Sequence[Settled]) -> Watch:
    head = told.head
    assert head.subject is not None  # noqa: S101 - the caller folds by subject
    seen = [one.at for one in settled if one.state > CLOSED]
    closed = [one.due_at for one in settled if one.state >= CLOSED and one.track == made.main]
    alerts = [one.at for one in settled if one.alert]
    return Watch(
        id=head.subject, district=head.district, path=told.path, person=told.start.person,
        protocol=head.protocol, regime=told.regime.key, phase=told.start.phase, plan=made,
        started_at=head.effective_at, counted_from=told.counted_from, record=head.id, worker=told.worker,
        team=told.team, is_open=True, outcome="", ended_at=None,
        seen_at=max([*seen, head.effective_at]), last_due=max([*closed, head.effective_at]),
        alert_at=max(alerts, default=None),
    )  # fmt: skip


def _ended(
    told: Sequence[Entry], watch: Watch, settled: Sequence[Settled], compiled: Compiled
) -> tuple[Entry | None, dict[UUID, str]]:
    """The record that ends the watch, and why others do not."""
    problems: dict[UUID, str] = {}
    found: Entry | None = None
    for entry in told:
        if entry.kind != Kind.ENDED:
            continue
        outcome = compiled.outcomes.get(entry.outcome)
        if found is not None:
            problems[entry.id] = "repeated"
        elif outcome is None or outcome.record != Kind.ENDED:
            problems[entry.id] = "other_kind"
        elif entry.outcome == RELEASED and release.unmet(
            watch, settled, compiled, at=entry.effective_at, author=entry.author
        ):
            problems[entry.id] = "cannot_release"
        else:
            found = entry
    return found, problems


def _said(entry: Entry, ended: Entry | None, problem: str, head: UUID) -> Step:
    words = payloads.read(entry, payloads.Words) or payloads.Words()
    if entry.kind == Kind.STARTED and entry.id != head:
        problem = "repeated"
    if ended is not None and entry.id != ended.id and entry.effective_at > ended.effective_at:
        problem = problem or "after_end"
    return Step(
        entry.id, Kind(entry.kind), entry.effective_at, entry.author, entry.team, entry.outcome,
        words.reason or words.needs or words.note, not problem, problem, words.decided_against_signs,
    )  # fmt: skip
