"""When a watch may end: the conditions of its protocol, each a plain question (解除条件)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from bulou.protocols.terms import Compiled, Predicate
from bulou.watches.terms import CLOSED, NEGATIVE, Settled, SlotState, Watch


@dataclass(frozen=True, slots=True)
class _Asked:
    watch: Watch
    settled: Sequence[Settled]
    at: datetime
    author: UUID
    cases: int


def unmet(
    watch: Watch, settled: Sequence[Settled], compiled: Compiled, *, at: datetime, author: UUID,
    cases: int = 0,
) -> tuple[Predicate, ...]:  # fmt: skip
    """The conditions that do not hold at a moment, by what was said until then; empty: it may be released.

    `cases`: how many cases about the watch are open; the room of cases knows.
    """
    known = [one for one in settled if one.at <= at]
    asked = _Asked(watch, known, at, author, cases)
    return tuple(one for one in compiled.complete_when if one in _HOLDS and not _HOLDS[one](asked))


def _days_over(asked: _Asked) -> bool:
    return asked.at >= asked.watch.plan.ends_at


def _tests_negative(asked: _Asked) -> bool:
    """The test of the last test day is negative, and nothing positive came with or after it."""
    tests = [moment for moment in asked.watch.plan.moments if moment.test]
    if not tests:
        return True
    last = tests[-1]
    said = [one for one in asked.settled if one.track == last.track and one.due_at >= last.due_at]
    negative = any(one.outcome == NEGATIVE for one in said)
    return negative and not any(one.state is SlotState.SEEN_ILL for one in said)


def _seen_at_the_end(asked: _Asked) -> bool:
    """Somebody saw the subject on the last day or later: a visit makes good what was missed."""
    since = asked.watch.plan.ends_at - timedelta(days=1)
    return any(one.at >= since and one.state > CLOSED for one in asked.settled)


def _by_other(asked: _Asked) -> bool:
    """Who verifies is neither the worker of the watch nor the last one who saw the subject."""
    seen = [one for one in asked.settled if one.state > CLOSED]
    last = max(seen, key=lambda one: (one.at, one.record), default=None)
    return asked.author != asked.watch.worker and (last is None or last.author != asked.author)


_HOLDS: Mapping[Predicate, Callable[[_Asked], bool]] = {
    Predicate.DAYS_OVER: _days_over,
    Predicate.TESTS_NEGATIVE: _tests_negative,
    Predicate.NOTHING_OPEN_TODAY: _seen_at_the_end,
    Predicate.NO_OPEN_CASE: lambda asked: asked.cases == 0,
    Predicate.VERIFIED_BY_OTHER: _by_other,
}
