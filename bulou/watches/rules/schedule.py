"""What a watch owes: from a protocol and a regime to due slots. Nothing is stored for a slot to come."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from uuid import UUID

from bulou.kernel import clock
from bulou.protocols.terms import Compiled, Phase, Regime, Track
from bulou.watches.terms import Beat, Due, Moment, Plan, Timing

EARLY = timedelta(hours=2)  # a reading taken before its hour counts for it


def midnight(day: date) -> datetime:
    """The first moment of a day in the district."""
    return clock.day_bounds(day)[0]


def phases_of(regime: Regime, phase: str) -> tuple[Phase, ...]:
    """The phases of a regime that a watch covers: the one that is named, else all of them."""
    return tuple(one for one in regime.phases if one.key == phase) or regime.phases


def ends_at(regime: Regime, phase: str, counted_from: date) -> datetime:
    """When the days are over. The day of `counted_from` is day 0; the watch ends after day n at midnight."""
    days = sum(one.days for one in phases_of(regime, phase))
    return midnight(counted_from + timedelta(days=days + 1))


@dataclass(frozen=True, slots=True)
class Term:
    """From when, counted from which day, which phase of the regime, which hours; the seed of random hours."""

    started_at: datetime
    counted_from: date
    phase: str
    variant: str
    seed: UUID


def plan(compiled: Compiled, regime: Regime, term: Term) -> Plan:
    """The plan of a watch. Days count from the last exposure, test days from the start (P-16)."""
    over = ends_at(regime, term.phase, term.counted_from)
    tracks = _tracks(compiled, term.variant)
    tests = _test_days(regime, term, over)
    beats = tuple(
        Beat(track.key, hour.hour * 60 + hour.minute, *_waits(track))
        for track in tracks
        if _daily(track)
        for hour in track.times
    )
    moments = (
        moment
        for track in tracks
        if not _daily(track)
        for moment in _moments(track, tests, term, over)
        if term.started_at <= moment.due_at + timedelta(minutes=moment.wait) and moment.due_at < over
    )
    return Plan(tracks[0].key, term.started_at, over, beats, tuple(sorted(moments, key=lambda m: m.due_at)))


def slots(made: Plan, since: datetime, until: datetime) -> Iterator[Due]:
    """The slots with since <= due time < until, day by day; bounded by the plan's own start and end."""
    low, high = max(since, made.starts_at), min(until, made.ends_at)
    day = clock.local_date(low)
    while midnight(day) < high:
        for beat in made.beats:
            due = _due(beat.track, _at(day, beat.minute), beat.window, beat.wait)
            if low <= due.due_at < high:
                yield due
        day += timedelta(days=1)
    for moment in made.moments:
        if since <= moment.due_at < high:
            yield _due(moment.track, moment.due_at, moment.window, moment.wait)


def slot_for(made: Plan, track: str, at: datetime, named: datetime | None) -> Due:
    """The slot that a record of this track speaks for.

    The named one, as long as the next slot of the track has not come; else the one at whose turn it was said.
    Outside every slot the record stands at its own time.
    """
    around = [
        due
        for due in slots(made, at - timedelta(days=1), at + EARLY + timedelta(microseconds=1))
        if due.track == track
    ]
    around.sort(key=lambda due: due.due_at)
    come = [due for due in around if due.due_at <= at]
    if come and come[-1].due_at == named:
        return come[-1]
    return around[-1] if around else Due(track, at, at, at)


def timing(due: Due, at: datetime) -> Timing:
    """Where an open slot stands at a moment."""
    if at < due.due_at:
        return Timing.UPCOMING
    if at < due.late_at:
        return Timing.DUE
    return Timing.LATE if at < due.missed_at else Timing.MISSED


def slot_name(track: str, due_at: datetime) -> str:
    """How a record names its slot: `visit@2020-01-28T08:00`, in the district's time."""
    return f"{track}@{due_at.astimezone(clock.DISTRICT_ZONE):%Y-%m-%dT%H:%M}"


def read_slot(name: str) -> tuple[str, datetime | None]:
    """Track and due time of a slot name; either may be missing."""
    track, _, hour = name.partition("@")
    try:
        at = datetime.fromisoformat(hour)
    except ValueError:
        return track, None
    return track, at if at.tzinfo else at.replace(tzinfo=clock.DISTRICT_ZONE)


def _tracks(compiled: Compiled, variant: str) -> tuple[Track, ...]:
    first, *others = compiled.tracks
    times = compiled.variants.get(variant)
    return (replace(first, times=times) if times else first, *others)


def _daily(track: Track) -> bool:
    return track.every == 1 and not track.on_tests and not track.random


def _waits(track: Track) -> tuple[int, int]:
    window = track.window // timedelta(minutes=1)
    return window, window + track.grace // timedelta(minutes=1)


def _test_days(regime: Regime, term: Term, over: datetime) -> tuple[date, ...]:
    """Test days as dates; those that fall behind the end are taken together on the last day."""
    last = clock.local_date(over) - timedelta(days=1)
    first = clock.local_date(term.started_at)
    days: set[date] = set()
    begins, gone = first, 0
    for phase in phases_of(regime, term.phase):
        days |= {min(begins + timedelta(days=n - 1), last) for n in phase.test_days}
        gone += phase.days
        begins = max(first, term.counted_from + timedelta(days=gone + 1))
    return tuple(sorted(days))


def _moments(track: Track, tests: tuple[date, ...], term: Term, over: datetime) -> Iterator[Moment]:
    days: list[tuple[date, time]]
    if track.on_tests:
        days = [(day, hour) for day in tests for hour in track.times]
    else:
        days = list(_turns(track, clock.local_date(term.started_at), over, term.seed))
    for day, hour in days:
        yield Moment(track.key, _at(day, hour.hour * 60 + hour.minute), *_waits(track), test=track.on_tests)


def _turns(track: Track, first: date, over: datetime, seed: UUID) -> Iterator[tuple[date, time]]:
    """Each so many days; at random means: nobody knows the hour before, and a replay finds the same."""
    turn = 0
    while midnight(day := first + timedelta(days=turn * track.every)) < over:
        if track.random:
            chance = int.from_bytes(sha256(f"{seed}{track.key}{turn}".encode()).digest()[:8], "big")
            hours = len(track.times)
            yield day + timedelta(days=chance // hours % track.every), track.times[chance % hours]
        else:
            yield from ((day, hour) for hour in track.times)
        turn += 1


def _at(day: date, minute: int) -> datetime:
    return midnight(day) + timedelta(minutes=minute)


def _due(track: str, due_at: datetime, window: int, wait: int) -> Due:
    return Due(track, due_at, due_at + timedelta(minutes=window), due_at + timedelta(minutes=wait))
