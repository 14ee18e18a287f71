"""The words of testing: samples, tubes, results, who was found in a tube (核酸检测)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from bulou.kernel.problems import Entry as ProblemText


class Kind(StrEnum):
    """Record kinds of the line (核酸检测记录)."""

    SAMPLE = "testing.sample"
    SEALED = "testing.sealed"
    TAKEN = "testing.taken"
    RECEIVED = "testing.received"
    RESULT = "testing.result"
    SWEEP = "testing.sweep"


class Outcome(StrEnum):
    """Outcomes of a sample that put somebody into a tube (采样结果)."""

    SAMPLED = "sampled"
    RESAMPLED = "resampled"


class Pooling(StrEnum):
    """How people are pooled, by zone (混采方式)."""

    SINGLE = "single"
    HOUSEHOLD = "household"
    TEN = "ten"
    TWENTY = "twenty"


class Result(StrEnum):
    """What became of a tube in the laboratory (检测结果)."""

    NEGATIVE = "negative"
    POSITIVE = "positive"
    GREY = "grey"
    POSITIVE_SINGLE = "positive_single"
    LOST = "lost"


class Stage(StrEnum):
    """Where a tube is (采样管去向)."""

    FILLING = "filling"
    SEALED = "sealed"
    TAKEN = "taken"
    RECEIVED = "received"
    RESULTED = "resulted"
    LOST = "lost"


SLUG: Final = "testing-round"
TUBE_SLUG: Final = "testing-tube"
POOL_SLUG: Final = "pool-follow-up"
SAMPLES: Final = frozenset({Outcome.SAMPLED.value, Outcome.RESAMPLED.value})
POSITIVE: Final = frozenset({Result.POSITIVE.value, Result.GREY.value, Result.POSITIVE_SINGLE.value})
SIZES: Final[Mapping[str, int]] = {
    Pooling.SINGLE: 1,
    Pooling.HOUSEHOLD: 20,
    Pooling.TEN: 10,
    Pooling.TWENTY: 20,
}
"""Most people in a tube by the way of pooling (P-57, P-58); a household is as many as it is."""
HALF_BY: Final = timedelta(hours=4)
ALL_BY: Final = timedelta(hours=8)
"""Targets for the missed (P-62): half of them by four hours, all by eight."""


@dataclass(frozen=True, slots=True)
class Swab:
    """One sample in force: who went into which tube, when, where (采样)."""

    record: UUID
    operation: UUID
    person: UUID
    path: str
    area: str
    tube: UUID
    barcode: str
    outcome: str
    of_tube: UUID | None
    position: int | None
    size: int
    rule: str
    household: str
    site: str
    table: str
    at: datetime
    author: UUID
    counts: bool
    replaced: bool


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a tube: sealed, taken, received, resulted (采样管记录)."""

    record: UUID
    operation: UUID
    tube: UUID
    barcode: str
    path: str
    kind: Kind
    outcome: str
    n: int | None
    bag: UUID | None
    who: str
    reason: str
    at: datetime
    author: UUID


@dataclass(frozen=True, slots=True)
class Tube:
    """One tube as it stands (采样管)."""

    id: UUID
    operation: UUID
    barcode: str
    path: str
    site: str
    table: str
    size: int
    rule: str
    n: int
    first_at: datetime
    sealed_at: datetime | None
    n_sealed: int | None
    taken_at: datetime | None
    received_at: datetime | None
    resulted_at: datetime | None
    result: str
    reason: str
    stage: Stage


@dataclass(frozen=True, slots=True)
class Row:
    """One place of published counts; nothing where its number could tell of somebody."""

    place: str
    sampled: int | None


@dataclass(frozen=True, slots=True)
class Published:
    """What the public reads of one round: counts only, frozen as they were published (公布的汇总数)."""

    place: str
    on: date
    titles: Mapping[str, str]
    sampled: int
    positive: str
    fewest: int
    rows: tuple[Row, ...]


PROBLEMS: Final[Mapping[str, ProblemText]] = {
    "testing.no_tube": ProblemText(409, "A sample needs the barcode of its tube."),
    "testing.tube_full": ProblemText(409, "This tube has all its people already. Take a new one."),
    "testing.twice_in_tube": ProblemText(409, "This person is in this tube already."),
    "testing.in_other_tube": ProblemText(409, "This person was sampled in this round already."),
    "testing.tube_sealed": ProblemText(409, "This tube is sealed already. Take a new one."),
    "testing.single_only": ProblemText(409, "This tube is for one person alone."),
    "testing.one_household": ProblemText(409, "This tube is for one household alone."),
    "testing.mixed_pooling": ProblemText(409, "This tube was begun with another way of pooling."),
    "testing.not_sampled_before": ProblemText(
        409, "A second sample names the tube because of which it is taken, and this person is not in it."
    ),
    "testing.unknown_tube": ProblemText(409, "No tube with this barcode is known in the round."),
    "testing.no_round": ProblemText(409, "The record does not say to which round the tube belongs."),
    "testing.other_count": ProblemText(409, "Another number of people was scanned into this tube."),
    "testing.unknown_result": ProblemText(422, "This word for a result is not known."),
    "testing.two_results": ProblemText(422, "The file has another result for this tube."),
    "testing.columns_missing": ProblemText(422, "The file has no column for: %(missing)s."),
    "testing.no_such_tube": ProblemText(404, "There is no such tube."),
    "testing.reason_missing": ProblemText(409, "A lost tube needs the reason."),
    "testing.bad_call": ProblemText(409, "A call names its batch; a count of the queue names a number."),
    "testing.called_before": ProblemText(409, "This batch has been called already."),
    "testing.nobody_to_plan_for": ProblemText(409, "By this count nobody lives here. Choose another count."),
    "testing.not_published": ProblemText(409, "The plan is a draft: publish it before anybody is called."),
    "testing.no_such_plan": ProblemText(404, "There is no such plan."),
    "testing.results_of_what": ProblemText(404, "Nothing of this round is published."),
    "testing.round_open": ProblemText(409, "The round is not closed yet."),
    "testing.results_waiting": ProblemText(409, "%(n)s tubes have no result yet."),
    "testing.too_few": ProblemText(409, "Fewer than %(fewest)s people were sampled: nothing is published."),
    "testing.results_public": ProblemText(409, "The counts of this round are public already."),
    "testing.plan_not_for_this": ProblemText(
        409,
        "This plan is a draft, or for another area, or the round is closed. Publish it, or open the"
        " round over its area.",
    ),
    "testing.second_today": ProblemText(
        409, "A round of this area begins on that day already. Say who decided on another one, and why."
    ),
    "testing.plan_published": ProblemText(409, "This plan is published already. Keep a new version."),
}
