"""Who is a contact by the rule in force, and through which meeting: pure, from facts and nothing else."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from bulou.kernel import clock
from bulou.lines.tracing.terms import (
    COUNTED,
    ILL,
    Case,
    ContactClass,
    Exposure,
    Facts,
    Judged,
    Regime,
)

RANK: Final = (
    ContactClass.UNLINKED, ContactClass.OUTSIDE, ContactClass.GENERAL, ContactClass.SECONDARY,
    ContactClass.CLOSE, ContactClass.CASE,
)  # fmt: skip
MINUTE: Final = timedelta(minutes=1)
Known = Mapping[UUID, Facts]


def is_case(facts: Facts | None) -> bool:
    """Whether somebody is a case now."""
    return facts is not None and facts.case is not None and facts.case.standing in ILL


def window(case: Case, regime: Regime) -> tuple[datetime, datetime | None]:
    """Since when, and until when if it is known, a case could infect others by the rule.

    The days count back from the first symptoms, else from the first positive sample; source P-01, P-02, P-07.
    """
    day = case.onset_on or case.sampled_on or case.reported_on
    return clock.day_bounds(day - timedelta(days=regime.lookback_days))[0], case.isolated_at


def direct(one: Exposure, source: Case, regime: Regime) -> Judged:
    """What a meeting with a case makes of the other one."""
    since, until = window(source, regime)
    began, ended = max(one.began_at, since), min(one.ended_at, until or one.ended_at)
    met = Judged(ContactClass.OUTSIDE, one.source, one.source, one.id)
    if ended <= began:
        return met
    minutes = int((ended - began) / MINUTE)
    return replace(
        met, klass=_near(one, minutes, regime, ContactClass.CLOSE), minutes=minutes, first_at=began,
        last_at=ended,
    )  # fmt: skip


def _near(one: Exposure, minutes: int, regime: Regime, near: ContactClass) -> ContactClass:
    close = not one.protected and (one.way in regime.close_ways or minutes >= regime.close_minutes)
    return near if close else ContactClass.GENERAL


def onward(one: Exposure, source: Judged, regime: Regime) -> Judged:
    """What a meeting with a close contact makes of the other one: only after that one met the case (P-03)."""
    began = max(one.began_at, source.first_at or one.began_at)
    met = Judged(ContactClass.OUTSIDE, one.source, source.root, one.id)
    if not regime.secondary or one.ended_at <= began:
        return met
    minutes = int((one.ended_at - began) / MINUTE)
    klass = _near(one, minutes, regime, ContactClass.SECONDARY)
    return replace(met, klass=klass, minutes=minutes, first_at=began, last_at=one.ended_at)


def first_degree(person: UUID, known: Known, regime: Regime) -> Judged | None:
    """What meetings with cases make of somebody; None where there are none."""
    mine = known[person].exposures if person in known else ()
    made = []
    for one in mine:
        source = known.get(one.source) if one.source else None
        if source is not None and source.case is not None and is_case(source):
            made.append(direct(one, source.case, regime))
    return _best(made, regime)


def judge(person: UUID, known: Known, regime: Regime) -> Judged | None:
    """What somebody is by the rule; None for somebody who is neither case nor met anybody.

    `known` must hold the facts of the person, of everybody they met, and of everybody those met.
    """
    facts = known.get(person)
    if facts is None:
        return None
    first = first_degree(person, known, regime)
    made = [first] if first else []
    for one in facts.exposures:
        source = known.get(one.source) if one.source else None
        if is_case(source):
            continue
        theirs = first_degree(one.source, known, regime) if one.source and source else None
        if theirs is not None and theirs.klass is ContactClass.CLOSE:
            made.append(onward(one, theirs, regime))
        else:
            klass = ContactClass.OUTSIDE if _linked(source, known) else ContactClass.UNLINKED
            made.append(Judged(klass, one.source, None, one.id))
    found = _best(made, regime)
    if is_case(facts):
        base = found or Judged(ContactClass.CASE)
        return replace(base, klass=ContactClass.CASE, end_on=None)
    return found


def _linked(source: Facts | None, known: Known) -> bool:
    """Whether somebody hangs on a chain at all: they met somebody of whom something is known."""
    return source is not None and any(one.source in known for one in source.exposures)


def _best(made: Iterable[Judged], regime: Regime) -> Judged | None:
    """The weightiest meeting; its times are the first and the last of all that weigh as much."""
    ordered = sorted(made, key=_weight)
    if not ordered:
        return None
    best = ordered[-1]
    same = [one for one in ordered if one.klass is best.klass]
    firsts = [one.first_at for one in same if one.first_at]
    lasts = [one.last_at for one in same if one.last_at]
    last = max(lasts, default=None)
    return replace(
        best, first_at=min(firsts, default=None), last_at=last, end_on=end_of(best.klass, last, regime)
    )


def _weight(one: Judged) -> tuple[int, int, str]:
    return RANK.index(one.klass), one.minutes, str(one.exposure)


def end_of(klass: ContactClass, last_at: datetime | None, regime: Regime) -> date | None:
    """The day on which the rule lets a contact go; None where it asks for nothing."""
    days = regime.days.get(klass, 0) if klass in COUNTED else 0
    return clock.local_date(last_at) + timedelta(days=days) if last_at and days else None
