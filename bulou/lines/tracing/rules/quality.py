"""What does not fit about a contact: the named checks of a district's quality control (F-02)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from bulou.kernel import clock
from bulou.lines.tracing.terms import (
    COUNTED,
    STAY_WITHIN_DAYS,
    Check,
    ContactClass,
    Facts,
    Job,
    Judged,
    Mode,
    Placed,
)

STREET: Final = 1  # dots in the path of a street
WATCHED: Final = frozenset({Mode.CENTRAL, Mode.HOME, Mode.HOSPITAL, Mode.AWAITING})
NOBODY: Final = Placed(
    mode=Mode.TRACED, since=datetime.min.replace(tzinfo=UTC), site=None, checked_in_on=None, home_reason="",
    passed_to="", until_on=None, job=Job.NONE, employer_known=False,
)  # fmt: skip
"""Where nobody has said who looks after a contact, that contact is still being traced."""
Look = Callable[[Facts, Judged, Placed], bool]


def _not_landed(_facts: Facts, judged: Judged, placed: Placed) -> bool:
    return judged.klass in COUNTED and placed.mode is Mode.TRACED


def _street_missing(facts: Facts, judged: Judged, placed: Placed) -> bool:
    gone = placed.mode in {Mode.ELSEWHERE, Mode.RELEASED}
    return judged.klass in COUNTED and not gone and facts.path.count(".") < STREET


def _passed_on_where(_facts: Facts, _judged: Judged, placed: Placed) -> bool:
    return placed.mode is Mode.ELSEWHERE and not placed.passed_to.strip()


def _site_missing(_facts: Facts, _judged: Judged, placed: Placed) -> bool:
    return placed.mode is Mode.CENTRAL and (placed.site is None or placed.checked_in_on is None)


def _home_reason_missing(_facts: Facts, _judged: Judged, placed: Placed) -> bool:
    return placed.mode is Mode.HOME and not placed.home_reason.strip()


def _checked_in_elsewhere(_facts: Facts, judged: Judged, placed: Placed) -> bool:
    if placed.mode not in {Mode.HOME, Mode.AWAITING} or placed.checked_in_on is None or not judged.last_at:
        return False
    after = placed.checked_in_on - clock.local_date(judged.last_at)
    return timedelta(0) <= after <= timedelta(days=STAY_WITHIN_DAYS)


def _end_missing(_facts: Facts, judged: Judged, placed: Placed) -> bool:
    return judged.end_on is not None and placed.mode in WATCHED and placed.until_on is None


def _end_off(_facts: Facts, judged: Judged, placed: Placed) -> bool:
    if judged.klass not in COUNTED or placed.until_on is None or placed.mode not in WATCHED:
        return False
    return placed.until_on != judged.end_on


def _primary_missing(_facts: Facts, judged: Judged, _placed: Placed) -> bool:
    return judged.klass is ContactClass.UNLINKED


def _class_differs(facts: Facts, judged: Judged, _placed: Placed) -> bool:
    told = {one.told_class for one in facts.exposures if one.told_class}
    return bool(told) and judged.klass is not ContactClass.CASE and judged.klass.value not in told


def _employer_missing(_facts: Facts, _judged: Judged, placed: Placed) -> bool:
    return placed.job is not Job.NONE and not placed.employer_known


LOOKS: Final[tuple[tuple[Check, Look], ...]] = (
    (Check.NOT_LANDED, _not_landed),
    (Check.STREET_MISSING, _street_missing),
    (Check.PASSED_ON_WHERE, _passed_on_where),
    (Check.SITE_MISSING, _site_missing),
    (Check.HOME_REASON_MISSING, _home_reason_missing),
    (Check.CHECKED_IN_ELSEWHERE, _checked_in_elsewhere),
    (Check.END_MISSING, _end_missing),
    (Check.END_OFF, _end_off),
    (Check.PRIMARY_MISSING, _primary_missing),
    (Check.CLASS_DIFFERS, _class_differs),
    (Check.EMPLOYER_MISSING, _employer_missing),
)


def found(facts: Facts, judged: Judged) -> tuple[Check, ...]:
    """The checks that fail, in the order of the list. Nothing depends on the time of asking."""
    placed = facts.placed or NOBODY
    return tuple(check for check, look in LOOKS if look(facts, judged, placed))
