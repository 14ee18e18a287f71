"""When whole-area rounds may stop, as advice: three clean rounds in a row, three days, one more (P-55)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

CLEAN_ROUNDS: Final = 3
GAP_DAYS: Final = 3


class Advice(StrEnum):
    """What the rule says about the next round (停检建议)."""

    NOT_KNOWN = "not_known"
    GO_ON = "go_on"
    WAIT = "wait"
    ONE_MORE = "one_more"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Past:
    """One round of an area: when it began and ended, whether everything of it is known, what it found."""

    began_on: date
    ended_on: date | None
    positive: int
    without_result: int

    @property
    def known(self) -> bool:
        """Whether it is over and every tube has its result."""
        return self.ended_on is not None and self.without_result == 0


@dataclass(frozen=True, slots=True)
class Stop:
    """The advice, how many clean rounds it rests on, and from which day the next step may be taken."""

    advice: Advice
    clean: int
    not_before: date | None = None
    crowded: tuple[date, ...] = ()
    """Days on which more than one round began."""


def advice(rounds: Sequence[Past], on: date) -> Stop:
    """Say what the rule advises after these rounds of one area, in any order. It advises; people decide.

    Every positive single sample counts, under control or not: the tubes do not say which.
    Source: P-55, national measures for mass testing of 21 November 2022.
    """
    told = sorted(rounds, key=lambda one: one.began_on)
    days = Counter(one.began_on for one in told)
    crowded = tuple(sorted(day for day, n in days.items() if n > 1))
    if not told or not told[-1].known:
        return Stop(Advice.NOT_KNOWN, len(_clean(told[:-1])), None, crowded)
    run = _clean(told)
    if len(run) < CLEAN_ROUNDS:
        return Stop(Advice.GO_ON, len(run), None, crowded)
    for before, later in zip(run[CLEAN_ROUNDS - 1 :], run[CLEAN_ROUNDS:], strict=False):
        if later.began_on >= _after_gap(before):
            return Stop(Advice.STOP, len(run), None, crowded)
    ready = _after_gap(run[-1])
    step = Advice.ONE_MORE if on >= ready else Advice.WAIT
    return Stop(step, len(run), ready, crowded)


def _clean(told: Sequence[Past]) -> list[Past]:
    """The rounds since the last one that found somebody or is not known."""
    run: list[Past] = []
    for one in reversed(told):
        if not one.known or one.positive:
            break
        run.append(one)
    return run[::-1]


def _after_gap(one: Past) -> date:
    return (one.ended_on or one.began_on) + timedelta(days=GAP_DAYS)
